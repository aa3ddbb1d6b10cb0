import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dumpKind } from '../../syntax/dumps/recognize';

/** Folders looked into below the one given; deeper ones are opened by hand. */
const deepest = 3;
const mostFolders = 500;

/**
 * The folders at or below one that look like snapshots, by their entries' names only. A snapshot's
 * own folders are not looked into.
 *
 * @param folder absolute
 */
export async function findSnapshots(folder: string, signal?: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  let looked = 0;
  const look = async (path: string, depth: number): Promise<void> => {
    if (signal?.aborted || ++looked > mostFolders) return;
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    const folders = entries.filter(
      (entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name),
    );
    const names = folders.map(({ name }) => name);
    if (
      entries.some(({ name }) => name === 'cluster.yaml') ||
      (await holdsObjects(path, names)) ||
      (await holdsNode(path, names))
    ) {
      found.push(path);
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

/** A folder of dumps beside others: `node-a/iptables-save.txt` together with `node-a/ip-addr.txt`. */
async function holdsNode(path: string, folders: readonly string[]): Promise<boolean> {
  for (const folder of folders.slice(0, 20)) {
    const names = await readdir(join(path, folder)).catch(() => []);
    const kinds = new Set(names.map((name) => dumpKind(name, '')));
    if (kinds.has('ip-addr') && (kinds.has('iptables-save') || kinds.has('nft'))) return true;
  }
  return false;
}
