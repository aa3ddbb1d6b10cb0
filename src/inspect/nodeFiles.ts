import { access, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, parse, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { firstNames } from '../core/list';
import { errorText } from '../cluster/error';
import { headAndTail } from '../cluster/snapshot/folder';
import { decodeText } from '../syntax/decodeText';
import { dumpKind, headLength, mostStrange } from '../syntax/dumps/recognize';
import { isSameHost } from '../syntax/dumps/hostName';
import { withHosts } from '../syntax/node/hostsOfTexts';
import { groupNodes, nodeFolder } from '../syntax/node/nodeFolder';
import type { DumpFile, NodeFolder } from '../syntax/node/dumpFile';
import { readNode } from '../syntax/node/readNode';
import type { NodeReading } from '../syntax/node/readNode';
import { rulesetsOfText } from '../syntax/iptables/ruleset/ruleset';
import type { Pasted } from '../syntax/pasted/pasted';
import { isFile, isFolder } from './pathKind';
import { nodeOfBundle } from './nodeOfBundle';
import { nodeParser } from './nodeParser';

/** Of a gzipped dump, in bytes; a bomb is not unzipped further. */
const mostUnzipped = 256 << 20;

/**
 * Reads the dumps of one node from a folder, gzipped ones too, from one file, or from a support bundle: an
 * archive, a collector's folder, or `ARCHIVE/NODE`. `FOLDER/NODE` is one of those whose files lie in one folder
 * or whose dumps are in one text, as `FILE/NODE` is.
 *
 * @throws Error with a message for the user when it can't be read or holds no node
 */
export async function readNodeFolder(folder: string): Promise<NodeReading> {
  if (!(await isFolder(folder))) {
    const bundled = await nodeOfBundle(folder);
    if (bundled) return bundled;
    if (await isFile(folder)) return readOne(folder);
    const found = await nodeIn(folder);
    if (found) return readFiles(found);
    await access(folder);
    throw new Error(`${folder} is neither a folder of dumps nor a bundle that can be read`);
  }
  const { nodes, text } = await sortTop(folder);
  const [node, ...others] = nodes;
  if (!node) {
    const bundled = await nodeOfBundle(folder);
    if (bundled) return bundled;
    throw new Error(`${folder} holds no dumps of a node`);
  }
  if (others.length > 0) {
    const all = firstNames(nodes.map(({ name }) => name)).join(', ');
    const one = join(folder, node.name);
    throw new Error(`${folder} holds dumps of several nodes (${all}): say which, as ${one}`);
  }
  return readFiles({ folder, node, text });
}

/** What one file tells of a node: a dump, or what was pasted from a terminal. */
async function readOne(path: string): Promise<NodeReading> {
  const folder = dirname(path);
  const node = nodeFolder(parse(path).name, [await dumpFile(folder, basename(path))]);
  const reading = await readFiles({ folder, node, text: textsIn(folder) });
  if (reading.unread.length > 0) throw new Error(`${path} holds no dump of a known kind`);
  return reading;
}

/** One of the nodes whose files lie in a folder. */
export interface NodeFiles {
  readonly folder: string;
  readonly node: NodeFolder;
  /** Of a file in the folder. */
  readonly text: (path: string) => Promise<string>;
}

/**
 * The node that `FOLDER/NODE` or `FILE/NODE` names: one of those whose files lie in the folder, or whose dumps
 * are in one text.
 */
export async function nodeIn(path: string): Promise<NodeFiles | undefined> {
  const beside = dirname(path);
  const isOne = await isFile(beside);
  if (!isOne && !(await isFolder(beside))) return undefined;
  const folder = isOne ? dirname(beside) : beside;
  const { nodes, text } = isOne
    ? await sortFiles(folder, [await dumpFile(folder, basename(beside))])
    : await sortTop(beside);
  if (nodes.length < 2) return undefined;
  const wanted = basename(path);
  const node =
    nodes.find(({ name }) => name === wanted) ?? nodes.find(({ name }) => isSameHost(name, wanted));
  return node && { folder, node, text };
}

/** What a text with the outputs of several commands tells of a node. */
export async function readSession(path: string, pasted: Pasted): Promise<NodeReading> {
  const { text } = pasted;
  const { base, name } = parse(path);
  const file = { path: base, head: text.slice(0, headLength), size: text.length };
  const parser = await nodeParser();
  return readNode(nodeFolder(name, [file]), {
    text: () => Promise.resolve(pasted),
    rulesets: async (source, own) => rulesetsOfText(source, await own(), parser),
  });
}

/** The nodes that the files of a folder itself are of, without those of folders in it. */
export async function nodesAtTop(folder: string): Promise<readonly NodeFolder[]> {
  return (await sortTop(folder)).nodes;
}

interface SortedFiles extends Pick<NodeFiles, 'text'> {
  readonly nodes: readonly NodeFolder[];
}

async function sortTop(folder: string): Promise<SortedFiles> {
  const files: DumpFile[] = [];
  let strange = 0;
  // One after the other: of 50,000 not all can be open.
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const isKnown = dumpKind(entry.name, '') !== 'unknown';
    if (!entry.isFile() || (!isKnown && ++strange > mostStrange)) continue;
    files.push(await dumpFile(folder, entry.name));
  }
  return sortFiles(folder, files, basename(resolve(folder)));
}

async function sortFiles(
  folder: string,
  files: readonly DumpFile[],
  top?: string,
): Promise<SortedFiles> {
  const text = textsIn(folder);
  return { nodes: groupNodes(await withHosts(files, text, () => Promise.resolve()), top), text };
}

/** A text that was read to tell whose dumps it holds is not read again for the node. */
function textsIn(folder: string): NodeFiles['text'] {
  const read = new Map<string, Promise<string>>();
  return (path) => {
    const text = read.get(path) ?? readFile(join(folder, path)).then(textOf);
    read.set(path, text);
    return text;
  };
}

export async function readFiles({ node, text }: NodeFiles): Promise<NodeReading> {
  const parser = await nodeParser();
  return readNode(node, {
    text,
    rulesets: async (source, own) => rulesetsOfText(source, await own(), parser),
  });
}

/** A file that can't be read costs itself: what it lacks is said where it would have counted. */
async function dumpFile(folder: string, name: string): Promise<DumpFile> {
  try {
    const { head, bytes } = await headAndTail({ name, path: join(folder, name) });
    return { path: name, head, size: bytes };
  } catch (error) {
    return { path: name, head: '', size: 0, problem: errorText(error) };
  }
}

async function textOf(bytes: Buffer): Promise<string> {
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const unzip = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);
  return decodeText(zipped ? await unzip(bytes, { maxOutputLength: mostUnzipped }) : bytes);
}
