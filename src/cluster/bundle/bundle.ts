import * as l10n from '@vscode/l10n';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { withoutStop } from '../../core/sentence';
import { kindOf } from '../../syntax/dumps/kinds';
import { ByteBudget } from '../../syntax/byteBudget';
import { dumpKind, headLength } from '../../syntax/dumps/recognize';
import { ClusterError, errorText, throwIfCancelled } from '../error';
import {
  brokenFile,
  headAndTail,
  pathIn,
  readText,
  sortFiles,
  type DumpFile,
  type SnapshotFiles,
} from '../snapshot/folder';
import { archiveLimits } from './archive/limits';
import type { ReadArchive } from './archive/readArchive';
import type { BundleLayout, BundlePath } from './layout';
import { layoutOf, layouts } from './layouts';
import { reportOf } from './report';

/** A bundle's folder is deeper than a snapshot's, and larger. */
const deepest = 10;
const mostFiles = 50_000;
const largestText = 128 * 1024 * 1024;
/** Of all files that are taken apart, since what they hold is kept: as much as of an archive. */
const mostTakenApart = archiveLimits.keptBytes;

const mostNotes = 20;

/** Nothing, or what a collector writes instead of the output of a program that is not there. */
const silent = /^\s*(\S+ not installed\s*)?$/;

/** A collector's marks that it replaced what it found: names of chains then fit no Service. */
const replaced = /\*\*\*HIDDEN\*\*\*|obfuscated/i;

/**
 * Reads a support bundle, an archive or a folder.
 *
 * @param root absolute
 * @returns undefined for a folder that no known collector wrote
 * @throws ClusterError broken-snapshot when an archive can't be read
 */
export async function sortBundle(
  root: string,
  signal?: AbortSignal,
): Promise<SnapshotFiles | undefined> {
  const isFile = await stat(root).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile ? sortArchive(root, signal) : sortFolder(root, signal);
}

async function sortArchive(root: string, signal?: AbortSignal): Promise<SnapshotFiles> {
  const { readArchive } = await import('./archive/readArchive');
  let archive: ReadArchive;
  try {
    archive = await readArchive(root, isWanted, signal);
  } catch (error) {
    throwIfCancelled(signal);
    const message = withoutStop(errorText(error));
    throw new ClusterError('broken-snapshot', l10n.t`${root} can't be read: ${message}.`, {
      cause: error,
    });
  }
  const { paths } = archive;
  const notes = [...archive.notes];
  const files = [...archive.files].map(([path, held]) => fileOf(join(root, path), held));
  const inside = pathIn(root);
  const layout = layoutOf(paths);
  const sorted = layout
    ? await sortByLayout({ layout, root, files, inside, notes }, signal)
    : await sortFiles(files, withoutTop(files.map(inside), inside), stem(root), signal);
  return report(sorted, layout, [...notes, ...replacements(root, files)]);
}

async function sortFolder(root: string, signal?: AbortSignal): Promise<SnapshotFiles | undefined> {
  const paths = await pathsIn(root, signal);
  const layout = layoutOf(paths);
  if (!layout) return undefined;
  const files = paths.map((path) => fileOf(join(root, path)));
  const notes = replacements(root, []);
  const sorted = await sortByLayout({ layout, root, files, inside: pathIn(root), notes }, signal);
  return report(sorted, layout, notes);
}

async function report(
  files: SnapshotFiles,
  layout: BundleLayout | undefined,
  notes: readonly string[],
): Promise<SnapshotFiles> {
  return { ...files, bundle: await reportOf(files, layout, notes) };
}

interface FilesOfLayout {
  readonly layout: BundleLayout;
  readonly root: string;
  readonly files: readonly DumpFile[];
  readonly inside: (file: DumpFile) => string;
  /** What is left out is told here. */
  readonly notes: string[];
}

/** Gives each file the place and the name that a snapshot's has, and takes those of several commands apart. */
async function sortByLayout(
  { layout, root, files, inside, notes }: FilesOfLayout,
  signal?: AbortSignal,
): Promise<SnapshotFiles> {
  const objects: DumpFile[] = [];
  const nodes = new Map<string, DumpFile[]>();
  const add = async (node: string, file: DumpFile) => {
    // Empty: the program was missing, failed, or had nothing to say. Which, the file does not tell.
    const { head } = await headAndTail(file).catch(() => ({ head: '' }));
    if (silent.test(head)) return;
    const own = nodes.get(node);
    if (!own) nodes.set(node, [file]);
    else if (!own.some(({ name }) => name === file.name)) own.push(file);
  };
  const budget = new ByteBudget(mostTakenApart);
  const textOf = async (file: DumpFile) => {
    try {
      const text = await readText(file, signal, largestText);
      budget.take(text.length);
      return text;
    } catch (error) {
      throwIfCancelled(signal);
      if (notes.length < mostNotes) notes.push(brokenFile(error, file.path).message);
      return '';
    }
  };
  for (const file of files) {
    const place = placeOf(layout, inside(file));
    if (!place) continue;
    const { as, match } = place;
    const node = match.groups?.['node'] ?? nodeOf(layout, root, inside(file));
    if (as === 'objects') objects.push(file);
    else if (typeof as === 'string') await add(node, { ...file, name: as });
    else {
      for (const { name, text } of as(await textOf(file))) {
        await add(node, { ...file, name, held: Buffer.from(text) });
      }
    }
  }
  return { manifest: undefined, objects, nodes };
}

function placeOf(
  { files }: BundleLayout,
  path: string,
): { as: BundlePath['as']; match: RegExpExecArray } | undefined {
  for (const { path: pattern, as } of files) {
    const match = pattern.exec(path);
    if (match) return { as, match };
  }
  return undefined;
}

/** By the archive's name or its top folder: most collectors put the host's name there. */
function nodeOf({ nodeName }: BundleLayout, root: string, path: string): string {
  const names = [path.includes('/') ? path.slice(0, path.indexOf('/')) : '', basename(root)];
  for (const name of names) {
    const node = nodeName?.exec(name)?.groups?.['node'];
    if (node !== undefined) return node;
  }
  return 'node';
}

/** What any layout has a place for, and what has the name of a dump or of objects. */
function isWanted(path: string): boolean {
  if (layouts.some((layout) => placeOf(layout, path))) return true;
  if (/(^|\/)(cluster\.yaml|objects\/[^/]+\.(ya?ml|json))$/.test(path)) return true;
  return kindOf(dumpKind(path, '')) !== undefined;
}

function fileOf(path: string, held?: Buffer): DumpFile {
  return { name: basename(path).replace(/\.gz$/, ''), path, ...(held ? { held } : {}) };
}

/** `tar czf x.tgz x` puts all into one folder, which says nothing. */
function withoutTop(
  paths: readonly string[],
  inside: (file: DumpFile) => string,
): (file: DumpFile) => string {
  const [first = ''] = paths;
  const top = first.slice(0, first.indexOf('/') + 1);
  const common = top !== '' && paths.every((path) => path.startsWith(top));
  return common ? (file) => inside(file).slice(top.length) : inside;
}

/** The archive's name without its endings. */
function stem(root: string): string {
  return basename(root).replace(/\.(tar|tgz|txz|zip)$|\.tar\.\w+$/i, '');
}

function replacements(root: string, files: readonly DumpFile[]): string[] {
  const seen = [root, ...files.map(({ held }) => held?.toString('utf8', 0, headLength) ?? '')];
  return seen.some((text) => replaced.test(text))
    ? [l10n.t`Addresses or names were replaced before it was sent: names of chains fit no Service.`]
    : [];
}

async function pathsIn(root: string, signal?: AbortSignal): Promise<string[]> {
  const paths: string[] = [];
  const walk = async (folder: string, above: string, depth: number): Promise<void> => {
    throwIfCancelled(signal);
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (paths.length > mostFiles || entry.name === 'node_modules') return;
      const path = `${above}${entry.name}`;
      if (entry.isFile()) paths.push(path);
      // Links are neither files nor folders here: none is followed.
      else if (entry.isDirectory() && depth < deepest) {
        await walk(join(folder, entry.name), `${path}/`, depth + 1);
      }
    }
  };
  await walk(root, '', 1);
  return paths;
}
