import { basename, dirname, join, resolve } from 'node:path';
import { stat } from 'node:fs/promises';
import { isArchive } from '../cluster/bundle/archive/readArchive';
import type { Cluster, NodeDumps } from '../cluster/cluster';
import { filesOfDumps } from '../cluster/dumpFiles';
import { firstNames } from '../core/list';
import { ClusterError } from '../cluster/error';
import { openSnapshot } from '../cluster/snapshot/snapshot';
import { rulesetsOfText } from '../syntax/iptables/ruleset/ruleset';
import { nodeFolder } from '../syntax/node/nodeFolder';
import { readNode, type NodeReading } from '../syntax/node/readNode';
import { isFolder } from './pathKind';
import { nodeParser } from './nodeParser';

/**
 * The node of a bundle: an archive, a folder with folders of nodes or in a collector's layout, or one node of an archive of
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
    const nodes = await nodesOf(cluster);
    const [only, ...others] = nodes;
    if (!only) return undefined;
    if (bundle.node === undefined && others.length > 0) throw whichNode(bundle.path, nodes);
    return await readDumps(nodeNamed(bundle, nodes) ?? only);
  } catch (error) {
    // Of a folder the caller says what it is.
    if (bundle.isFolder && error instanceof ClusterError && error.reason === 'broken-snapshot')
      return undefined;
    throw error;
  } finally {
    cluster.dispose();
  }
}

/** Where a bundle is, and which of its nodes is meant. */
export interface BundlePath {
  readonly path: string;
  readonly node?: string;
  readonly isFolder?: true;
}

/** The nodes that a bundle has dumps of. */
export async function nodesOf(cluster: Cluster): Promise<readonly NodeDumps[]> {
  const nodes: NodeDumps[] = [];
  for (const { metadata } of (await cluster.list('nodes')).items) {
    const held = await cluster.dumps(metadata.name).catch(() => undefined);
    if (held && held.dumps.length > 0) nodes.push(held);
  }
  return nodes;
}

/**
 * The node that the path names.
 *
 * @returns undefined where it names none
 * @throws Error with a message for the user where the bundle has no such node
 */
export function nodeNamed(
  { path, node }: BundlePath,
  nodes: readonly NodeDumps[],
): NodeDumps | undefined {
  if (node === undefined) return undefined;
  const found = nodes.find((one) => one.node === node);
  if (!found) throw whichNode(path, nodes);
  return found;
}

function whichNode(path: string, nodes: readonly NodeDumps[]): Error {
  const names = nodes.map(({ node }) => node);
  if (names.length === 0) return new Error(`${path} holds no dumps of a node`);
  return new Error(
    `${path} holds the nodes ${firstNames(names).join(', ')}: say which, as ${path}/${names[0]}`,
  );
}

/** undefined for what is neither an archive, a folder nor `ARCHIVE/NODE`. */
export async function bundleAt(path: string): Promise<BundlePath | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return { path, isFolder: true };
  if (found) return (await isArchive(path)) ? { path } : undefined;
  const [outer, node] = [dirname(path), basename(path)];
  if (await isFolder(join(outer, 'nodes', node))) return { path: outer, node, isFolder: true };
  const archive = await stat(outer).catch(() => undefined);
  const holds = archive?.isFile() === true && (await isArchive(outer));
  return holds ? { path: outer, node } : undefined;
}

/** The node that a bundle's dumps tell. */
export async function readDumps({ node, captured, dumps }: NodeDumps): Promise<NodeReading> {
  const byName = new Map(dumps.map((dump) => [dump.name, dump]));
  const files = await filesOfDumps(dumps, () => Promise.resolve());
  const parser = await nodeParser();
  const reading = await readNode(nodeFolder(node, files), {
    text: (path) => byName.get(path)!.read(),
    rulesets: async (source, text) => rulesetsOfText(source, await text(), parser),
  });
  const { state } = reading;
  return { ...reading, state: { ...state, captured: captured ?? state.captured } };
}
