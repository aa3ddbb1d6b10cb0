import * as l10n from '@vscode/l10n';
import type * as vscode from 'vscode';
import { dumpKind, mostStrange } from '../syntax/dumps/recognize';
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
/** Larger files are no dumps of one node, in bytes. */
const mostKnown = 256 << 20;
/** Files beyond are left out of a folder's node, in bytes. */
const mostTogether = 512 << 20;
const tooMuch = l10n.t`not read: the files of its folder hold more than ${mostTogether >> 20} MB`;
/** Enough to tell a dump's kind, in characters. */
const headLength = 4096;

/** Reads the beginnings of a folder's files, but of those that are no dumps by name or size. */
export async function readHeads(files: readonly FolderFile[]): Promise<Heads> {
  const uris = new Map<string, vscode.Uri>();
  const dumps: DumpFile[] = [];
  let together = 0;
  let strange = 0;
  const add = async (file: vscode.Uri) => {
    const path = pathOf(file);
    uris.set(path, file);
    dumps.push({ path, ...(await readHead(file, headLength)) });
    await pause();
  };
  for (const file of files) {
    const known = dumpKind(file.uri.path, '') !== 'unknown';
    if (file.size > (known ? mostKnown : mostUnknown)) continue;
    if (!known && ++strange > mostStrange) continue;
    together += file.size;
    if (together <= mostTogether) await add(file.uri);
    else dumps.push({ path: pathOf(file.uri), head: '', size: file.size, problem: tooMuch });
  }
  return { dumps, uris, add };
}
