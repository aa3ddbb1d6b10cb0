/** Runs test/extension inside a real extension host: `run` of test/extension/run.ts is its entry. */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import * as esbuild from 'esbuild';
import { launchBrowser } from '../vscode/browser.js';
import { startServer, workbenchUrl } from '../vscode/server.js';

const project = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const bundled = join(project, 'out/extension');
const output = join(project, 'out/extension-output.txt');
const running = join(project, 'out/running-extension');
const timeoutMs = 240_000;

/**
 * @param {object} options
 * @param {string} options.results File for the reporter's counts.
 * @param {string} [options.grep] Run only tests whose title contains this.
 * @returns {Promise<boolean>} whether every test passed.
 */
export async function runInExtensionHost({ results, grep }) {
  await bundleTests();
  rmSync(output, { force: true });
  rmSync(running, { recursive: true, force: true });
  const server = await startServer({
    extension: 'none', // It is the one under development.
    args: ['--enable-smoke-test-driver'],
    env: {
      TEST_RESULTS: results,
      TEST_RUNNING: running,
      TEST_OUTPUT: output,
      TEST_REPORTER: join(project, 'scripts/test/reporter.js'),
      ...(grep && { TEST_GREP: grep }),
    },
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const consoleLines = [];
    await page.exposeFunction('codeAutomationLog', (_type, args) =>
      consoleLines.push(format(...args)),
    );
    const exit = new Promise((resolve, reject) => {
      setTimeout(resolve, timeoutMs, undefined).unref();
      page.exposeFunction('codeAutomationExit', resolve).catch(reject);
    });
    await page.goto(
      workbenchUrl(server, {
        folder: join(project, 'samples'),
        extension: project,
        tests: join(bundled, 'run.js'),
      }),
    );
    const code = await exit.catch((error) => {
      consoleLines.push(`Extension host: ${error.message}`);
      return 1;
    });
    const report = read(output);
    console.log(report);
    if (code === undefined) {
      console.error(`No end within ${timeoutMs / 1000} s. What runs: ${runs()}`);
    }
    if (code !== 0 && report === '') {
      const log = join(project, 'out/extension-console.txt');
      writeFileSync(log, [...consoleLines, server.log()].join('\n'));
      console.error(`No test has begun. What VS Code said is in ${log}; its last words:`);
      console.error(consoleLines.slice(-5).join('\n'));
    }
    return code === 0;
  } finally {
    await browser.close();
    server.stop();
  }
}

/** Bundles every test for itself: mocha loads and names them by file. */
async function bundleTests() {
  const sources = join(project, 'test/extension');
  rmSync(bundled, { recursive: true, force: true });
  mkdirSync(bundled, { recursive: true });
  await esbuild.build({
    entryPoints: readdirSync(sources, { recursive: true })
      .filter((name) => name === 'run.ts' || name.endsWith('.test.ts'))
      .map((name) => join(sources, name)),
    outdir: bundled,
    outbase: sources,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

/** What mocha ran when the extension host was ended. */
function runs() {
  const titles = existsSync(running) ? readdirSync(running) : [];
  return titles.map((pid) => read(join(running, pid))).join(', ') || 'nothing yet';
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // No test has begun.
  }
}
