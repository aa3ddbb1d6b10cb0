import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Row } from './language';
import { formatMs, median } from './measure';

/** The sizes of what is in dist; no row when it was not built. */
export function measureBundle(): Row[] {
  if (!existsSync('dist')) return [];
  const files = readdirSync('dist', { recursive: true, encoding: 'utf8' })
    .map((name) => join('dist', name))
    .filter((path) => statSync(path).isFile() && !path.endsWith('.map'));
  const entry = 'dist/extension.js';
  const size = (paths: readonly string[]) =>
    `${(paths.reduce((sum, path) => sum + statSync(path).size, 0) / 1000).toFixed(0)} kB`;
  return [
    [`${entry} and what it imports, loaded at activation`, size([...importedBy(entry)]), ''],
    ['dist, all files', size(files), ''],
  ];
}

/** A built file with all that it imports without being asked to, as Node reads them. */
function importedBy(path: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(path) || !existsSync(path)) return known;
  known.add(path);
  const imports = /(?:^|[;}\n])import\b[^"'();]*"(\.[^"]+)"/g;
  for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(imports)) {
    importedBy(join(dirname(path), name), known);
  }
  return known;
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
