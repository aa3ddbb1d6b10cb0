import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Looks a program up on PATH.
 *
 * @param {...string} names In order of preference.
 * @returns {string | undefined} its path.
 */
export function onPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const suffixes = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  return names
    .flatMap((name) => suffixes.map((suffix) => name + suffix))
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find(isExecutable);
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
