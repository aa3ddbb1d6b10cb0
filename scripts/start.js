/**
 * `npm start [-- FOLDER]`: builds, and opens a real VS Code with the extension on FOLDER
 * (samples/). On a desktop with `code` on PATH that is your VS Code; else one without a display,
 * whose address is printed. Rebuilds on every change; Ctrl+C ends everything.
 */
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.js';
import { onPath } from './vscode/path.js';
import { startServer, workbenchUrl } from './vscode/server.js';

const project = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(process.env.INIT_CWD ?? '.', process.argv[2] ?? resolve(project, 'samples'));

if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
  console.error(`${folder} is not a folder. Usage: npm start [-- FOLDER]`);
  process.exit(2);
}

await build({ watch: true });
const code = hasDisplay() ? onPath('code') : undefined;
if (code) {
  openDesktop(code);
} else {
  const server = await startServer();
  console.log(`
VS Code with the extension is open on ${folder}:

  ${workbenchUrl(server, { folder })}

Open this address in a browser. A change of the code is there after a reload. Ctrl+C ends it.`);
}

function hasDisplay() {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return process.platform !== 'linux' || Boolean(DISPLAY ?? WAYLAND_DISPLAY);
}

/** Waits for the window to be closed. */
function openDesktop(code) {
  const args = ['--new-window', '--wait', `--extensionDevelopmentPath=${project}`, folder];
  // On Windows `code` is a batch file, which needs a shell.
  const child = spawn(code, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  child.on('error', (error) => {
    console.error(`${code}: ${error.message}`);
    process.exit(1);
  });
  child.on('close', (status) => process.exit(status ?? 1));
  console.log(`VS Code opens on ${folder}. Reload its window after a change of the code.`);
}
