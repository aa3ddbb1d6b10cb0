import * as vscode from 'vscode';
import type { NodeState } from '../core/node';
import { sortObjects } from '../core/objects';
import type { ClusterObject, ClusterObjects } from '../core/objects';
import type { DumpFile } from '../syntax/nodeFolder';
import type { DumpDocuments } from './dumpDocuments';
import { pause } from './slices';

/** A node whose dumps lie together, as one of them leads to it. */
export interface NodeOfDump {
  readonly name: string;
  /** The dump that leads to it: of the same name as the one asked with. */
  readonly uri: vscode.Uri;
}

/** All that a folder tells of a node, and what the cluster's objects beside it tell. */
export interface NodeFacts {
  readonly state: NodeState;
  readonly objects: ClusterObjects;
}

/** Larger files are no dumps of one node. */
const largestFile = 256 * 1024 * 1024;
/** So many bytes tell a file's kind. */
const headBytes = 4096;

interface Kept {
  /** Names, sizes and times of the files, and the versions of those that are open. */
  readonly stamp: string;
  readonly facts: Promise<NodeFacts>;
}

/** Reads the node that a dump is of: the files beside it, and `objects/` beside or above. */
export class NodeFiles {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly documents: DumpDocuments) {}

  /** A dump changed: what was read from it may be different. */
  get onDidChange(): vscode.Event<vscode.Uri> {
    return this.documents.onDidChange;
  }

  /** The nodes whose folders lie beside the dump's and hold one of the same name, by name. */
  async nodesBeside(uri: vscode.Uri): Promise<NodeOfDump[]> {
    const folder = vscode.Uri.joinPath(uri, '..');
    const self = { name: lastPart(folder), uri };
    if (!isInFolder(uri)) return [self];
    const above = vscode.Uri.joinPath(folder, '..');
    const nodes: NodeOfDump[] = [];
    for (const [name, type] of await list(above)) {
      if (!(type & vscode.FileType.Directory)) continue;
      const dump = vscode.Uri.joinPath(above, name, lastPart(uri));
      if (name === self.name) nodes.push(self);
      else if (await exists(dump)) nodes.push({ name, uri: dump });
    }
    return nodes.sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Rejects when the dump itself can't be read. */
  async read(uri: vscode.Uri): Promise<NodeFacts> {
    const folder = vscode.Uri.joinPath(uri, '..');
    const files = isInFolder(uri) ? await this.filesOf(folder) : [uri];
    const key = uri.toString();
    const stamp = await stampOf(files);
    const kept = this.kept.get(key);
    if (kept?.stamp === stamp) return kept.facts;
    const facts = this.readFiles(uri, files);
    this.kept.set(key, { stamp, facts });
    try {
      return await facts;
    } catch (error) {
      this.kept.delete(key);
      throw error;
    }
  }

  private async filesOf(folder: vscode.Uri): Promise<vscode.Uri[]> {
    const entries = await list(folder);
    return entries
      .filter(([, type]) => type & vscode.FileType.File)
      .map(([name]) => vscode.Uri.joinPath(folder, name));
  }

  private async readFiles(uri: vscode.Uri, files: readonly vscode.Uri[]): Promise<NodeFacts> {
    const dumps: DumpFile[] = [];
    const texts = new Map<string, string>();
    for (const file of files) {
      const text = await readText(file).catch(() => undefined);
      if (text === undefined) continue;
      texts.set(file.toString(), text);
      dumps.push({ path: file.toString(), head: text.slice(0, headBytes), size: text.length });
      await pause();
    }
    const { nodeFolder } = await import('../syntax/nodeFolder');
    const { readNode } = await import('../syntax/readNode');
    const name = isInFolder(uri) ? lastPart(vscode.Uri.joinPath(uri, '..')) : lastPart(uri);
    const { state } = await readNode(nodeFolder(name, dumps), {
      text: (path) => Promise.resolve(texts.get(path) ?? ''),
      rulesets: async (path) => {
        const dump = await this.documents.at(vscode.Uri.parse(path, true));
        return dump?.rulesets ?? [];
      },
      pause,
      prefer: new Set([uri.toString()]),
    });
    return { state, objects: await readObjects(uri) };
  }
}

/** `objects/*.yaml` in the dump's folder or the one above. */
async function readObjects(uri: vscode.Uri): Promise<ClusterObjects> {
  const all: ClusterObject[] = [];
  if (!isInFolder(uri)) return sortObjects(all);
  const { parseObjects } = await import('../syntax/objects/objects');
  for (const folder of ['../objects', '../../objects']) {
    const objects = vscode.Uri.joinPath(uri, folder);
    for (const [name] of await list(objects)) {
      if (!/\.(ya?ml|json)$/.test(name)) continue;
      const file = vscode.Uri.joinPath(objects, name);
      const text = await readText(file).catch(() => '');
      const { value } = await parseObjects(text, file.toString(), pause);
      all.push(...Object.values(value).flat());
    }
    if (all.length > 0) break;
  }
  return sortObjects(all);
}

/** An untitled text has no files beside it. */
function isInFolder({ scheme }: vscode.Uri): boolean {
  return scheme !== 'untitled';
}

async function readText(uri: vscode.Uri): Promise<string> {
  const key = uri.toString();
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
  if (open) return open.getText();
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > largestFile) throw new Error(`${uri.path} is larger than 256 MB`);
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

async function stampOf(files: readonly vscode.Uri[]): Promise<string> {
  const open = new Map(
    vscode.workspace.textDocuments.map(({ uri, version }) => [uri.toString(), version]),
  );
  const stamps = await Promise.all(
    files.map(async (file) => {
      const version = open.get(file.toString());
      if (version !== undefined) return `${file.toString()} v${version}`;
      const stat = await stats(file);
      return `${file.toString()} ${stat?.mtime} ${stat?.size}`;
    }),
  );
  return stamps.join('\n');
}

async function list(folder: vscode.Uri): Promise<[string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return []; // No such folder, or none that may be read: nothing is known from it.
  }
}

async function stats(uri: vscode.Uri): Promise<vscode.FileStat | undefined> {
  try {
    return await vscode.workspace.fs.stat(uri);
  } catch {
    return undefined;
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return (await stats(uri)) !== undefined;
}

function lastPart({ path }: vscode.Uri): string {
  return path.split('/').at(-1) ?? path;
}
