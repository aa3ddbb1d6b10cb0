import { stat } from 'node:fs/promises';

/** Whether there is a folder at a path; false, too, where it can't be asked. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

/** The same of a file, whatever is in it. */
export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}
