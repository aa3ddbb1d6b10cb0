import { access, open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { decodeText } from '../syntax/decodeText';
import { groupNodes } from '../syntax/node/nodeFolder';
import type { DumpFile } from '../syntax/node/nodeFolder';
import { readNode } from '../syntax/node/readNode';
import type { NodeReading } from '../syntax/node/readNode';
import { rulesetsOfText } from '../syntax/iptables/ruleset/ruleset';
import { nodeOfBundle } from './nodeOfBundle';
import { nodeParser } from './nodeParser';

/** What decides of a text what kind of dump it is, in bytes. */
const headLength = 4096;

/**
 * Reads the dumps of one node from a folder, gzipped ones too, or from a support bundle: an archive, a
 * collector's folder, or `ARCHIVE/NODE`.
 *
 * @throws Error with a message for the user when it can't be read or holds no node
 */
export async function readNodeFolder(folder: string): Promise<NodeReading> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    const node = await nodeOfBundle(folder);
    if (node) return node;
    await access(folder);
    throw new Error(`${folder} is neither a folder of dumps nor a bundle that can be read`);
  }
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
  const files = await Promise.all(names.map((name) => dumpFile(folder, name)));
  const nodes = groupNodes(files, basename(resolve(folder)));
  const [node, ...others] = nodes;
  if (!node) {
    const bundled = await nodeOfBundle(folder);
    if (bundled) return bundled;
    throw new Error(`${folder} holds no dumps of a node`);
  }
  if (others.length > 0) {
    const all = nodes.map(({ name }) => name).join(', ');
    throw new Error(`${folder} holds dumps of several nodes (${all}); name a folder of one`);
  }
  const parser = await nodeParser();
  return readNode(node, {
    text: async (path) => textOf(await readFile(join(folder, path))),
    rulesets: async (source, text) => rulesetsOfText(source, await text(), parser),
  });
}

async function dumpFile(folder: string, name: string): Promise<DumpFile> {
  const path = join(folder, name);
  const { size } = await stat(path);
  if (name.endsWith('.gz')) {
    const head = (await textOf(await readFile(path))).slice(0, headLength);
    return { path: name, head, size };
  }
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(headLength);
    const { bytesRead } = await file.read(buffer, 0, headLength, 0);
    return { path: name, head: decodeText(buffer.subarray(0, bytesRead)), size };
  } finally {
    await file.close();
  }
}

async function textOf(bytes: Buffer): Promise<string> {
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return decodeText(zipped ? await promisify(gunzip)(bytes) : bytes);
}
