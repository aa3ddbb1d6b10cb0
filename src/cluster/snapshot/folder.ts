import * as l10n from '@vscode/l10n';
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { encodingOf } from '../../syntax/decodeText';
import { pipeline } from 'node:stream';
import { setImmediate as pause } from 'node:timers/promises';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { ClusterError, errorText, throwIfCancelled } from '../error';
import { withHosts } from '../../syntax/node/hostsOfTexts';
import { groupNodes, type GivenNode } from '../../syntax/node/nodeFolder';
import type { BundleReport } from '../cluster';
import { append } from '../../core/append';
import { headLength } from '../../syntax/dumps/recognize';

/** A file that may be a dump. */
export interface DumpFile {
  /** As others name it: without `.gz`. */
  readonly name: string;
  /** Of the file; of what an archive held, that and the path within. */
  readonly path: string;
  /** Its bytes, where they came out of an archive; else they are read from the disk. */
  readonly held?: Buffer;
}

/** What lies in a snapshot's folder, by the names of files and folders only. */
export interface SnapshotFiles {
  /** `cluster.yaml`, where this extension wrote the folder. */
  readonly manifest: string | undefined;
  readonly objects: readonly DumpFile[];
  /** By node. */
  readonly nodes: ReadonlyMap<string, readonly DumpFile[]>;
  /** Where the files are a support bundle's. */
  readonly bundle?: BundleReport;
}

const deepest = 4;
/** A folder with more entries is no snapshot, but somebody's home. */
const mostFiles = 20_000;
const megabyte = 1024 * 1024;
const pieceBytes = 256 * 1024;
/** A JavaScript string holds no more than 512 MB. */
const largestFile = 500 * megabyte;
/** `cluster.yaml` and `version.yaml`, with a thousand nodes. */
export const largestManifest = 8 * megabyte;
/** Objects take some times the memory of their text. */
export const largestObjects = 128 * megabyte;
/** All files of objects together: three of the largest. */
export const mostObjects = 384 * megabyte;

/**
 * Sorts the files of a folder: one that a snapshot was captured to (`nodes/NAME/...`), or one that
 * was gathered by hand (`node-a/iptables-save.txt`, `iptables-save-node-a.txt`).
 *
 * @param given the node that the user gave a file to, by the file's path on the disk
 * @throws ClusterError broken-snapshot when the folder can't be read, or holds far too many files
 */
export async function sortSnapshot(
  root: string,
  signal?: AbortSignal,
  given?: GivenNode,
): Promise<SnapshotFiles> {
  const files = (await filesIn(root, signal)).map((path) => ({
    name: basename(path).replace(/\.gz$/, ''),
    path,
  }));
  return sortFiles(files, pathIn(root), basename(root), signal, given);
}

/** A file's path within a folder or an archive, with `/` between folders. */
export function pathIn(root: string): (file: DumpFile) => string {
  return ({ path }) => relative(root, path).split(sep).join('/');
}

/**
 * The same of files that lie anywhere.
 *
 * @param inside a file's path within the snapshot, with `/` between folders
 * @param top the name of a node whose files lie at the top
 * @param given the node that the user gave a file to, by `DumpFile.path`
 */
export async function sortFiles(
  files: readonly DumpFile[],
  inside: (file: DumpFile) => string,
  top: string,
  signal?: AbortSignal,
  given?: GivenNode,
): Promise<SnapshotFiles> {
  const objects: DumpFile[] = [];
  const nodes = new Map<string, DumpFile[]>();
  const gathered = new Map<string, DumpFile>();
  let manifest: string | undefined;
  for (const file of files) {
    const { name, path } = file;
    const folders = inside(file).split('/').slice(0, -1);
    if (name === 'cluster.yaml' && folders.length === 0) manifest = path;
    else if (folders.at(-1) === 'objects' || (folders.length === 0 && isObjects(name))) {
      if (/\.(ya?ml|json)$/.test(name) || isTable(name)) objects.push(file);
    } else if (folders.length === 2 && folders[0] === 'nodes') {
      append(nodes, folders[1] ?? '', file);
    } else gathered.set(inside(file), file);
  }
  const givenOf = given && ((path: string) => given(gathered.get(path)?.path ?? ''));
  const dumps = await withHosts(
    await heads(gathered, signal),
    (path) => readText(gathered.get(path)!, signal),
    () => pause(undefined),
  );
  for (const { name, files: found } of groupNodes(dumps, top, givenOf)) {
    const own = found.flatMap(({ path }) => gathered.get(path) ?? []);
    nodes.set(name, [...(nodes.get(name) ?? []), ...own]);
  }
  return { manifest, objects, nodes };
}

/** The heads of files gathered by hand: their names alone may not tell what they are. */
async function heads(
  files: ReadonlyMap<string, DumpFile>,
  signal?: AbortSignal,
): Promise<{ path: string; head: string; size: number }[]> {
  const all = [];
  for (const [path, file] of files) {
    throwIfCancelled(signal);
    const { head, bytes } = await headAndTail(file).catch(() => ({ head: '', bytes: 0 }));
    all.push({ path, head, size: bytes });
  }
  return all;
}

/** 4 KiB of both ends; of a zipped file the whole is read, and the tail left out. */
export async function headAndTail(
  file: DumpFile,
): Promise<{ head: string; tail: string | undefined; bytes: number }> {
  const { path, held } = file;
  if (held) {
    const [head, tail] = [held.subarray(0, headLength), held.subarray(-headLength)];
    const decoder = new TextDecoder(encodingOf(head));
    return { head: decoder.decode(head), tail: decoder.decode(tail), bytes: held.length };
  }
  if (path.endsWith('.gz')) {
    const parts: string[] = [];
    let bytes = 0;
    for await (const part of readPieces(file)) {
      if (bytes < headLength) parts.push(part);
      bytes += Buffer.byteLength(part);
    }
    return { head: parts.join('').slice(0, headLength), tail: undefined, bytes };
  }
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.min(headLength, size));
    await handle.read(buffer, 0, buffer.length, 0);
    const decoder = new TextDecoder(encodingOf(buffer));
    const head = decoder.decode(buffer);
    await handle.read(buffer, 0, buffer.length, size - buffer.length);
    return { head, tail: decoder.decode(buffer), bytes: size };
  } finally {
    await handle.close();
  }
}

/** kubectl's output beside the node folders: `services.yaml`, `all.json`. */
function isObjects(name: string): boolean {
  return /^(services?|endpoint(slice)?s?|nodes?|pods?|objects|all)\.(ya?ml|json)$/i.test(name);
}

/** The same as a table, in the folder of objects: elsewhere `nodes.txt` may be anything. */
function isTable(name: string): boolean {
  return /^(services|svc|nodes|pods)\.txt$/i.test(name);
}

async function filesIn(root: string, signal?: AbortSignal): Promise<string[]> {
  const files: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    throwIfCancelled(signal);
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      if (entry.isFile()) files.push(path);
      else if (entry.isDirectory() && depth < deepest) await walk(path, depth + 1);
    }
    if (files.length > mostFiles) {
      throw new ClusterError(
        'broken-snapshot',
        l10n.t`${root} holds more than ${mostFiles} files.`,
      );
    }
  };
  try {
    await walk(root, 1);
  } catch (error) {
    throw brokenFile(error, root);
  }
  return files;
}

/**
 * Reads a file, unzipped where it ends in `.gz`.
 *
 * @param most in bytes
 * @throws ClusterError broken-snapshot, also for a file that is larger
 */
export async function readText(
  file: Pick<DumpFile, 'path' | 'held'>,
  signal?: AbortSignal,
  most = largestFile,
): Promise<string> {
  const parts: string[] = [];
  for await (const part of readPieces(file, signal, most)) parts.push(part);
  return parts.join('');
}

/** The same in pieces, split anywhere but within a character. */
export async function* readPieces(
  { path, held }: Pick<DumpFile, 'path' | 'held'>,
  signal?: AbortSignal,
  most = largestFile,
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  const decode = (bytes: Uint8Array) => {
    decoder ??= new TextDecoder(encodingOf(bytes));
    return decoder.decode(bytes, { stream: true });
  };
  if (held) {
    for (let at = 0; at < held.length; at += pieceBytes) {
      yield decode(held.subarray(at, at + pieceBytes));
    }
    yield decoder?.decode() ?? '';
    return;
  }
  try {
    const { size } = await stat(path);
    const limit = `${most / megabyte} MB`;
    let left = most;
    if (size > left) throw new Error(l10n.t`it is larger than ${limit}`);
    const file = createReadStream(path, { highWaterMark: pieceBytes, signal });
    // The callback: an error of either comes out of the one that is read.
    const bytes = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => undefined) : file;
    for await (const part of bytes) {
      left -= (part as Buffer).length;
      if (left < 0) throw new Error(l10n.t`unzipped it is larger than ${limit}`);
      yield decode(part as Buffer);
    }
    yield decoder?.decode() ?? '';
  } catch (error) {
    throwIfCancelled(signal);
    throw brokenFile(error, path);
  }
}

/** Why a file of a snapshot can't be read, as a sentence that names it. */
export function brokenFile(error: unknown, path: string): ClusterError {
  if (error instanceof ClusterError) return error;
  const message = errorText(error);
  return new ClusterError('broken-snapshot', l10n.t`${path} can't be read: ${message}.`, {
    cause: error,
  });
}
