import type * as vscode from 'vscode';
import { errorText } from '../cluster/error';
import { dumpKind, headLength, mostStrange } from '../syntax/dumps/recognize';
import type { DumpFile } from '../syntax/node/dumpFile';
import { pathOf, readHead, type FolderFile } from './files';
import { pause } from './slices';

/** The files of one folder with their beginnings. */
export interface FolderDumps {
  readonly folder: vscode.Uri;
  readonly dumps: readonly DumpFile[];
}

interface Heads {
  /** By the files' `pathOf`. */
  readonly dumps: DumpFile[];
  /** Those that were read, by the dumps' paths. */
  readonly uris: Map<string, vscode.Uri>;
  /** Reads one more. */
  add(file: vscode.Uri): Promise<void>;
}

/** A file that is no dump by its name is read for what it holds only up to this size, in bytes. */
const mostUnknown = 1 << 20;

/** Reads the beginnings of a folder's files, but of those that are no dumps by name or size. */
export async function readHeads(files: readonly FolderFile[]): Promise<Heads> {
  const uris = new Map<string, vscode.Uri>();
  const dumps: DumpFile[] = [];
  let strange = 0;
  const add = async (file: vscode.Uri, unread?: (error: unknown) => DumpFile) => {
    const path = pathOf(file);
    const read = readHead(file, headLength).then((head) => ({ path, ...head }));
    dumps.push(await (unread ? read.catch(unread) : read));
    uris.set(path, file);
    await pause();
  };
  for (const file of files) {
    const known = dumpKind(file.uri.path, '') !== 'unknown';
    if (!known && (file.size > mostUnknown || ++strange > mostStrange)) continue;
    // One that can't be read costs itself: what it lacks is said where it would have counted.
    const path = pathOf(file.uri);
    await add(file.uri, (error) => ({ path, head: '', size: 0, problem: errorText(error) }));
  }
  return { dumps, uris, add };
}
