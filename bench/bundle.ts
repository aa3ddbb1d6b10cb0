import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './language';
import { formatMs, median } from './measure';

/** The sizes of what is in dist; no row when it was not built. */
export function measureBundle(): Row[] {
  if (!existsSync('dist')) return [];
  const files = readdirSync('dist', { recursive: true, encoding: 'utf8' })
    .map((name) => join('dist', name))
    .filter((path) => statSync(path).isFile() && !path.endsWith('.map'));
  const size = (paths: readonly string[]) =>
    `${(paths.reduce((sum, path) => sum + statSync(path).size, 0) / 1000).toFixed(0)} kB`;
  return [
    ['dist/extension.js, loaded at activation', size(['dist/extension.js'].filter(existsSync)), ''],
    ['dist, all files', size(files), ''],
  ];
}

/** Loading and activating the built extension, VS Code's own part left out; no row without dist. */
export function measureActivation(): Row[] {
  if (!existsSync('dist/extension.js')) return [];
  const runs = Array.from({ length: 5 }, () => {
    const { stdout } = spawnSync(process.execPath, ['bench/activate.js'], { encoding: 'utf8' });
    return stdout.trim().split(' ').map(Number);
  });
  const [load, activate] = [0, 1].map((i) => median(runs.map((run) => run[i]!)));
  return [
    ['dist/extension.js: load', formatMs(load!), ''],
    ['dist/extension.js: load and activate', formatMs(load! + activate!), '50 ms'],
  ];
}
