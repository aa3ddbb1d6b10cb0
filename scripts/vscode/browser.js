/** Starts the browser that shows the workbench. */
import { chromium } from 'playwright-core';
import { findChromium } from './chromium.js';

const flags = [
  '--no-sandbox', // CI runs as root, where Chromium's sandbox refuses to start.
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * @param {object} [options]
 * @param {boolean} [options.headless] Default: true.
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function launchBrowser({ headless = true } = {}) {
  return chromium.launch({
    executablePath: await findChromium(),
    headless,
    args: flags,
    // cleanup.js ends this process on a signal; playwright then ends the browser at exit.
    handleSIGHUP: false,
    handleSIGINT: false,
    handleSIGTERM: false,
  });
}
