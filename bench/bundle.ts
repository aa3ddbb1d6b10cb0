import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './language';

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
