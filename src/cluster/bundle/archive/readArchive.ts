import * as l10n from '@vscode/l10n';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { withoutStop } from '../../../core/sentence';
import { errorText, throwIfCancelled } from '../../error';
import { Budget } from './budget';
import { formOf, unpackerOf } from './form';
import { archiveLimits, type ArchiveLimits } from './limits';
import { safePath } from './safePath';
import { tarMembers } from './tar';
import { zipMembers } from './zip';
import type { Member } from './member';

export interface ReadArchive {
  /** What was kept, by its path; a member of an archive within has that one's path before its own. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** All paths that were seen. */
  readonly paths: readonly string[];
  /** What was left out and why, one plain English sentence each. */
  readonly notes: readonly string[];
}

/** A path that names an archive: it is looked into. */
const nested = /\.(tar|tgz|tar\.gz|txz|tar\.xz|zip)$/i;

/**
 * Reads .tar, .tar.gz, .tar.xz and .zip in one pass, in pieces. Nothing is written to disk, no link is
 * followed, no path leads outside, and what goes over the limits is left out with a note.
 *
 * @param file absolute
 * @param wanted which files to keep
 * @throws Error with a message when it is no archive, or broken before anything was read
 */
export async function readArchive(
  file: string,
  wanted: (path: string) => boolean,
  signal?: AbortSignal,
  limits: ArchiveLimits = archiveLimits,
): Promise<ReadArchive> {
  const budget = new Budget(limits);
  const files = new Map<string, Buffer>();
  const paths: string[] = [];

  const read = async (members: AsyncIterable<Member>, above: string, depth: number) => {
    for await (const member of members) {
      throwIfCancelled(signal);
      budget.entry();
      if (budget.exhausted !== undefined) return;
      if (!member.isFile) continue;
      const inside = safePath(member.path);
      if (inside === undefined) {
        budget.leaveOut(
          l10n.t`A path leads out of the archive and is left out: ${shown(member.path)}`,
        );
        continue;
      }
      const path = above + inside;
      paths.push(path);
      const archive = nested.test(path) && budget.deeper(depth);
      if (!archive && !wanted(path)) continue;
      const bytes = await collect(path, member, budget, signal);
      if (!bytes) continue;
      if (archive) await readNested(bytes, path, depth);
      else {
        budget.keep(bytes.length);
        files.set(path, bytes);
      }
    }
  };
  /** One that is broken costs only itself. */
  const readNested = async (bytes: Buffer, path: string, depth: number) => {
    try {
      await read(
        membersOf(bytes, () => Readable.from([bytes]), budget),
        `${path}/`,
        depth + 1,
      );
    } catch (error) {
      throwIfCancelled(signal);
      budget.leaveOut(l10n.t`${path} can't be read to its end: ${messageOf(error)}.`);
    }
  };

  const head = await headOf(file);
  try {
    await read(
      membersOf(head, () => createReadStream(file, { signal }), budget, file),
      '',
      0,
    );
  } catch (error) {
    throwIfCancelled(signal);
    if (files.size === 0) throw error;
    // Cut on its way: what came before is there.
    budget.leaveOut(l10n.t`The archive is broken behind what was read: ${messageOf(error)}.`);
  }
  return { files, paths, notes: budget.notes };
}

/** Whether a file begins like an archive that `readArchive` reads, or says how to unpack. */
export async function isArchive(file: string): Promise<boolean> {
  const head = await headOf(file);
  return formOf(head) !== undefined || unpackerOf(head) !== undefined;
}

function membersOf(
  head: Buffer,
  stream: () => Readable,
  budget: Budget,
  file?: string,
): AsyncIterable<Member> {
  const form = formOf(head);
  const unpacker = unpackerOf(head);
  if (unpacker !== undefined) {
    const name = file === undefined ? 'it' : basename(file);
    throw new Error(
      l10n.t`it is packed in a form that is not read here; unpack it with \`${unpacker} ${name}\` and open the .tar that this leaves`,
    );
  }
  if (form === undefined)
    throw new Error(l10n.t`it is no tar or zip archive, nor one packed by gzip or xz`);
  return form === 'zip' ? zipMembers(file ?? head) : tarMembers(stream(), form, budget);
}

async function collect(
  path: string,
  member: Member,
  budget: Budget,
  signal: AbortSignal | undefined,
): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  let fits = true;
  for await (const part of member.bytes()) {
    throwIfCancelled(signal);
    length += part.length;
    fits &&= budget.fits(path, length);
    if (fits) parts.push(part);
    else parts.length = 0;
    if (budget.exhausted !== undefined || (!fits && member.mayStop)) break;
  }
  return fits && budget.exhausted === undefined ? Buffer.concat(parts) : undefined;
}

async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(512);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function messageOf(error: unknown): string {
  return withoutStop(errorText(error));
}

/** A path as a person may see it: without control characters, and short. */
function shown(path: string): string {
  return path.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\ufffd').slice(0, 80);
}
