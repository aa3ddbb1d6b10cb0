import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DumpKindId } from '../../syntax/dumps/kinds';
import { dumpKind } from '../../syntax/dumps/recognize';

/** Folders looked into below the one given; deeper ones are opened by hand. */
const deepest = 3;
const mostFolders = 500;

/** A folder to open as a snapshot. */
export interface FoundSnapshot {
  readonly folder: string;
  /** Whether it only holds dumps of nodes: of the cluster's objects it tells nothing. */
  readonly loose: boolean;
}

/**
 * The folders at or below one that look like snapshots, by their entries' names only. A snapshot's
 * own folders are not looked into.
 *
 * @param folder absolute
 */
export async function findSnapshots(
  folder: string,
  signal?: AbortSignal,
): Promise<FoundSnapshot[]> {
  const found: FoundSnapshot[] = [];
  let looked = 0;
  const look = async (path: string, depth: number): Promise<void> => {
    if (signal?.aborted || ++looked > mostFolders) return;
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    const folders = entries.filter(
      (entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name),
    );
    const names = folders.map(({ name }) => name);
    const captured = entries.some(({ name }) => name === 'cluster.yaml');
    if (captured || (await holdsObjects(path, names))) {
      found.push({ folder: path, loose: false });
      return;
    }
    const rules = entries.some((entry) => entry.isFile() && isRules(entry.name));
    if (rules || (await holdsNode(path, names))) {
      found.push({ folder: path, loose: true });
      return;
    }
    if (depth < deepest) for (const name of names) await look(join(path, name), depth + 1);
  };
  await look(folder, 0);
  return found;
}

async function holdsObjects(path: string, folders: readonly string[]): Promise<boolean> {
  if (!folders.includes('objects')) return false;
  const names = await readdir(join(path, 'objects')).catch(() => []);
  return names.some((name) => /^(services|endpointslices|objects)\.(ya?ml|json)$/.test(name));
}

/**
 * A folder of dumps beside others: `node-a/iptables-save.txt` together with `node-a/ip-addr.txt`, or
 * with `node-b/iptables-save.txt`.
 */
async function holdsNode(path: string, folders: readonly string[]): Promise<boolean> {
  const seen = new Set<string>();
  for (const folder of folders.slice(0, 20)) {
    const names = await readdir(join(path, folder)).catch(() => []);
    const kinds = new Set(names.map((name) => dumpKind(name, '')));
    if (kinds.has('ip-addr') && (kinds.has('iptables-save') || kinds.has('nft'))) return true;
    const rules = [...new Set(names.filter(isRules))];
    if (rules.some((name) => seen.has(name))) return true;
    for (const name of rules) seen.add(name);
  }
  return false;
}

/** What kube-proxy programmed, by the name of the dump: a folder with it is a node's, or of several. */
function isRules(name: string): boolean {
  return text.test(name) && rulesKinds.has(dumpKind(name, ''));
}

/** Endings of dumps: `iptables.go` is none. */
const text = /^[^.]*$|\.(txt|out|dump|text|json|gz|v4|v6|iptables-save|nft-list|ipvsadm)$/;

const rulesKinds: ReadonlySet<DumpKindId> = new Set<DumpKindId>([
  'iptables-save',
  'ip6tables-save',
  'iptables-S',
  'iptables-L',
  'nft',
  'nft-json',
  'ipvsadm-Ln',
  'ipvsadm-Sn',
  'proc-ip_vs',
]);
