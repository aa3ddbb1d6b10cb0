/** Starts and stops the headless VS Code: a server whose workbench a browser opens. */
import { execFileSync, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd } from './cleanup.js';
import { installVscode } from './install.js';

const project = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const { publisher, name, version } = JSON.parse(
  readFileSync(join(project, 'package.json'), 'utf8'),
);
const startTimeoutMs = 30_000;

const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'files.autoSave': 'off', // In a browser it is on: an edited sample would change on disk.
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
};

/**
 * @typedef {object} Server
 * @property {string} authority `127.0.0.1:PORT`, the server's place in every URL.
 * @property {() => string} log What it has written so far.
 * @property {() => void} stop Ends it with all its children, and removes its folder.
 */

/**
 * Starts VS Code with this project as an installed extension. It ends with this process.
 *
 * @param {object} [options]
 * @param {'linked' | 'packaged' | 'none'} [options.extension] A link, where a rebuild and a reload
 *   are enough; or what `npm run package` has made; or nothing. Default: linked.
 * @param {readonly string[]} [options.others] Folders of other extensions to have beside it.
 * @param {Record<string, unknown>} [options.settings] User settings.
 * @param {Record<string, string>} [options.env] For the server and so for the extension host.
 * @param {readonly string[]} [options.args] More arguments for the server.
 * @returns {Promise<Server>}
 */
export async function startServer({
  extension = 'linked',
  others = [],
  settings = {},
  env = {},
  args = [],
} = {}) {
  const vscode = await installVscode();
  const data = mkdtempSync(join(tmpdir(), 'kube-proxy-inspector-'));
  const removeData = atEnd(() => rmSync(data, { recursive: true, force: true, maxRetries: 10 }));
  writeSettings(data, settings);
  const extensions = join(data, 'extensions');
  mkdirSync(extensions);
  if (extension === 'linked') {
    symlinkSync(project, join(extensions, `${publisher}.${name}-${version}`));
  } else if (extension === 'packaged') {
    installPackage(vscode, data, extensions);
  }

  for (const folder of others) {
    symlinkSync(folder, join(extensions, basename(folder)));
  }

  const port = await freePort();
  const logFile = join(data, 'server.log');
  const logTo = openSync(logFile, 'a');
  const child = spawn(
    vscode.node,
    [
      vscode.serverMain,
      ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
      ...['--server-data-dir', data, '--extensions-dir', extensions],
      ...['--accept-server-license-terms', '--telemetry-level', 'off'],
      ...args,
    ],
    // A process group of its own: its extension hosts are stopped with it.
    { env: { ...process.env, ...env }, detached: true, stdio: ['ignore', logTo, logTo] },
  );
  const endGroup = atEnd(() => killGroup(child.pid));
  const log = () => readFileSync(logFile, 'utf8');
  const stop = () => {
    endGroup();
    removeData();
  };
  const authority = `127.0.0.1:${port}`;
  try {
    await answers(`http://${authority}/`, child);
  } catch (error) {
    const message = `VS Code's server did not start: ${error.message}\n${log()}`;
    stop();
    throw new Error(message, { cause: error });
  }
  return { authority, log, stop };
}

/**
 * The address that opens the workbench.
 *
 * @param {Server} server
 * @param {object} options
 * @param {string} [options.folder] Absolute path of the folder to open.
 * @param {string} [options.file] Absolute path of a file to open.
 * @param {string} [options.extension] Absolute path of an extension under development.
 * @param {string} [options.tests] Absolute path of the module whose `run` runs the tests in the
 *   extension host.
 */
export function workbenchUrl({ authority }, { folder, file, extension, tests }) {
  const remote = (path) => `vscode-remote://${authority}${path}`;
  const payload = [
    extension && ['extensionDevelopmentPath', remote(extension)],
    tests && ['extensionTestsPath', remote(tests)],
    file && ['openFile', remote(file)],
  ].filter(Boolean);
  const url = new URL(`http://${authority}/`);
  if (folder) {
    url.searchParams.set('folder', folder);
  }
  if (payload.length > 0) {
    url.searchParams.set('payload', JSON.stringify(payload));
  }
  return url.href;
}

function writeSettings(data, settings) {
  const user = join(data, 'data/User');
  mkdirSync(user, { recursive: true });
  writeFileSync(join(user, 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }));
}

function installPackage(vscode, data, extensions) {
  const vsix = join(project, `${name}-${version}.vsix`);
  execFileSync(vscode.node, [
    vscode.serverMain,
    ...['--install-extension', vsix, '--accept-server-license-terms'],
    ...['--server-data-dir', data, '--extensions-dir', extensions],
  ]);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.on('listening', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function answers(url, child) {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`);
    }
    try {
      if ((await fetch(url)).ok) {
        return;
      }
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no answer within ${startTimeoutMs / 1000} s`);
}

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') {
      throw error;
    }
  }
}
