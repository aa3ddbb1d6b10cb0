import { open } from 'node:fs/promises';
import { errorText } from '../cluster/error';
import { decodeText, encodingOf } from '../syntax/decodeText';

/** A dump of 5,000 Services has 30 MB; VS Code itself takes no more than 50 MB for a language. */
const largest = 100_000_000;

export type ReadText = { readonly text: string } | { readonly problem: string };

/** The text of a dump's file, or in one clause why there is none. */
export async function readText(path: string): Promise<ReadText> {
  try {
    const file = await open(path);
    try {
      const stat = await file.stat();
      if (stat.isDirectory()) return { problem: 'is a directory; name the files in it' };
      if (stat.size > largest) {
        const size = `${Math.round(stat.size / 1e6)} MB`;
        return { problem: `is too large for a dump (${size}, at most ${largest / 1e6} MB)` };
      }
      return decode(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function decode(bytes: Uint8Array): ReadText {
  if (encodingOf(bytes) === 'utf-8' && bytes.subarray(0, 8192).includes(0))
    return { problem: 'is a binary file, not a dump' };
  return { text: decodeText(bytes) };
}

function problemOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'does not exist';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read by this user';
    default:
      return `can't be read: ${errorText(error)}`;
  }
}
