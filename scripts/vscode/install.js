/**
 * Installs a real VS Code without a display, once, into `.vscode-test/`.
 *
 * The npm package `code-server` ships the workbench (for a browser) and the Node extension host of
 * VS Code; everything comes from the npm registry. It is no devDependency because its install
 * scripts need a compiler and a Node of its own; both are avoided here.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  mkdirSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const recipe = fileURLToPath(new URL('./recipe/', import.meta.url));
const home = fileURLToPath(new URL('../../.vscode-test/', import.meta.url));

/** Parts of VS Code that no extension test needs: two thirds of its 600 MB. */
const unneeded = [
  'extensions/copilot',
  'extensions/mermaid-markdown-features',
  'node_modules/@devcontainers',
  'node_modules/@github',
  'node_modules/@microsoft/mxc-sdk',
];

/**
 * @typedef {object} Vscode
 * @property {string} node Path of the Node that runs it.
 * @property {string} serverMain Path of the server's entry file.
 */

/**
 * Finds the installed VS Code, or installs it (about 30 s). An installation is made in a folder of
 * its own and renamed when it is complete, so a half-done one is never used.
 *
 * @returns {Promise<Vscode>}
 * @throws {Error} with what to do, on an unsupported platform or when npm fails.
 */
export async function installVscode() {
  const platform = `${process.platform}-${process.arch}`;
  if (!['linux-x64', 'linux-arm64'].includes(platform)) {
    throw new Error(
      `No headless VS Code for ${platform}. On a desktop, install VS Code with its \`code\` command; the tests need Linux (a container will do).`,
    );
  }
  const folder = join(home, `vscode-${recipeHash()}-${platform}`);
  const vscode = {
    node: join(folder, `node_modules/node-${platform}/bin/node`),
    serverMain: join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js'),
  };
  if (existsSync(vscode.node) && existsSync(vscode.serverMain)) {
    return vscode;
  }
  console.log('Installing VS Code into .vscode-test (once, about 30 s) ...');
  removeOthers(folder);
  const unfinished = `${folder}.${process.pid}`;
  await install(unfinished);
  if (existsSync(folder)) {
    rmSync(unfinished, { recursive: true }); // Another process was faster.
  } else {
    renameSync(unfinished, folder);
  }
  return vscode;
}

/** Names the installation after what it is made of, so that a changed recipe installs anew. */
function recipeHash() {
  const hash = createHash('sha256').update(JSON.stringify(unneeded));
  for (const name of readdirSync(recipe).sort()) {
    hash.update(readFileSync(join(recipe, name)));
  }
  return hash.digest('hex').slice(0, 12);
}

/** Removes older installations and those whose process died half-way. */
function removeOthers(folder) {
  mkdirSync(home, { recursive: true });
  for (const name of readdirSync(home).filter((entry) => entry.startsWith('vscode-'))) {
    const owner = Number(/\.(\d+)$/.exec(name)?.[1] ?? 0);
    if (owner === 0 || !isAlive(owner) || join(home, name) === folder) {
      rmSync(join(home, name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function install(folder) {
  const vscode = join(folder, 'node_modules/code-server/lib/vscode');
  rmSync(folder, { recursive: true, force: true });
  cpSync(recipe, folder, { recursive: true });
  await npm(['ci'], folder);
  // Its own npm-shrinkwrap.json pins every version.
  await npm(['install', '--omit=dev', '--no-save'], vscode);
  cpSync(join(recipe, 'spdlog-stub.js'), join(vscode, 'node_modules/@vscode/spdlog/index.js'));
  for (const path of unneeded) {
    rmSync(join(vscode, path), { recursive: true, force: true });
  }
}

/** Runs npm without install scripts (they need a compiler). Shows what it says only if it fails. */
async function npm(args, cwd) {
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const child = spawn('npm', [...args, ...flags], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) {
    throw new Error(
      `Installing VS Code failed: npm ${args.join(' ')} in ${cwd}\n${output.trim()}\nCheck that npm reaches its registry, then run the same command again.`,
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await installVscode();
}
