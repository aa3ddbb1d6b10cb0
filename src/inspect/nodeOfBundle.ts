import { basename, dirname, resolve } from 'node:path';
import { stat } from 'node:fs/promises';
import { isArchive } from '../cluster/bundle/archive/readArchive';
import type { Dump } from '../cluster/cluster';
import { openSnapshot } from '../cluster/snapshot/snapshot';
import { rulesetsOfText } from '../syntax/iptables/ruleset/ruleset';
import { nodeFolder, type DumpFile } from '../syntax/node/nodeFolder';
import { readNode, type NodeReading } from '../syntax/node/readNode';
import { nodeParser } from './nodeParser';

/** Enough to tell a dump's kind, in characters. */
const headLength = 4096;

/**
 * The node of a bundle: an archive, a folder in a collector's layout, or one node of an archive of
 * several, `BUNDLE.tar.gz/NODE`.
 *
 * @returns undefined where there is no such bundle
 * @throws Error with a message for the user
 */
export async function nodeOfBundle(path: string): Promise<NodeReading | undefined> {
  const bundle = await bundleAt(path);
  if (!bundle) return undefined;
  const cluster = openSnapshot(resolve(bundle.path));
  try {
    // Of a folder that no collector wrote the caller says what it is.
    if (bundle.isFolder && !(await cluster.info().catch(() => undefined))?.bundle) return undefined;
    const { items } = await cluster.list('nodes');
    const names: string[] = [];
    for (const { metadata } of items) {
      const held = await cluster.dumps(metadata.name).catch(() => undefined);
      if (held && held.dumps.length > 0) names.push(metadata.name);
    }
    if (names.length === 0) return undefined;
    const name = bundle.node ?? (names.length === 1 ? names[0] : undefined);
    if (name === undefined || !names.includes(name)) {
      const all = names.join(', ');
      throw new Error(
        `${bundle.path} holds the nodes ${all}: say which, as ${bundle.path}/${names[0]}`,
      );
    }
    const { dumps, captured } = await cluster.dumps(name);
    const { state, parts } = await readDumps(name, dumps);
    return { state: { ...state, captured: captured ?? state.captured }, parts };
  } finally {
    cluster.dispose();
  }
}

interface BundlePath {
  readonly path: string;
  readonly node?: string;
  readonly isFolder?: true;
}

async function bundleAt(path: string): Promise<BundlePath | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return { path, isFolder: true };
  if (found) return (await isArchive(path)) ? { path } : undefined;
  const outer = dirname(path);
  const archive = await stat(outer).catch(() => undefined);
  const holds = archive?.isFile() === true && (await isArchive(outer));
  return holds ? { path: outer, node: basename(path) } : undefined;
}

async function readDumps(node: string, dumps: readonly Dump[]): Promise<NodeReading> {
  const texts = new Map<string, string>();
  const files: DumpFile[] = [];
  for (const dump of dumps) {
    const text = dump.problem?.kind === 'refused' ? '' : await dump.read();
    texts.set(dump.name, text);
    const { name: path, bytes: size, stderr, problem } = dump;
    files.push({ path, head: text.slice(0, headLength), size, stderr, problem: problem?.message });
  }
  const parser = await nodeParser();
  return readNode(nodeFolder(node, files), {
    text: (path) => Promise.resolve(texts.get(path) ?? ''),
    rulesets: async (source, text) => rulesetsOfText(source, await text(), parser),
  });
}
