/** Finds a Chromium for the UI tests, or installs it where that is possible without asking. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { isExecutable, onPath } from './path.js';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * Path of a Chromium: `$CHROMIUM`, else one on PATH, else the one that playwright keeps, else (on
 * Debian, as root) apt-get installs it.
 *
 * @returns {Promise<string>}
 * @throws {Error} with the one command to run where there is none and it cannot be installed.
 */
export async function findChromium() {
  const found = process.env.CHROMIUM ?? onPath(...names) ?? ofPlaywright();
  if (found) {
    return found;
  }
  const debian = existsSync('/etc/debian_version');
  if (debian && process.getuid?.() === 0) {
    await installWithApt();
    const installed = onPath(...names);
    if (installed) {
      return installed;
    }
  }
  const command = debian
    ? 'sudo apt-get install -y chromium'
    : 'npx playwright-core install chromium';
  throw new Error(`The UI tests need Chromium, and there is none on PATH. Run: ${command}`);
}

function ofPlaywright() {
  const path = chromium.executablePath();
  return isExecutable(path) ? path : undefined;
}

async function installWithApt() {
  console.log('Installing Chromium with apt-get (once, about 20 s) ...');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = (...args) => promisify(execFile)('apt-get', args, { env });
  try {
    await aptGet('update', '-qq');
    await aptGet('install', '-y', '-qq', '--no-install-recommends', 'chromium');
  } catch (error) {
    console.error(error.message);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(await findChromium());
}
