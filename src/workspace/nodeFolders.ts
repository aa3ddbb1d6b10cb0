import * as vscode from 'vscode';
import type { ClusterObjects, ObjectIndex } from '../core/objects';
import type { NodeState } from '../core/node';
import { dumpKind } from '../syntax/dumpKind';
import { groupNodes, type DumpFile } from '../syntax/nodeFolder';
import { readNode } from '../syntax/readNode';
import type { PartChoice } from '../syntax/nodeParts';
import type { DumpDocuments } from './dumpDocuments';
import { filesIn, readText, type FolderFile } from './files';
import { pause } from './pause';
import { readObjectsNear } from './objects';

/** A dump and the files that lie beside it: one node, as far as they tell. */
export interface NodeFolderReading {
  readonly state: NodeState;
  /** Which file each part of the state came from, and why that one. */
  readonly parts: readonly PartChoice[];
  /** The cluster's objects, where a folder `objects` lies near. */
  readonly objects: (ClusterObjects & ObjectIndex) | undefined;
}

/** A file that is no dump by its name is read for what it holds only up to this size, in bytes. */
const mostUnknown = 1 << 20;
/** Enough to tell a dump's kind, in characters. */
const headLength = 4096;
/** For how long, in milliseconds, a folder's files are taken to be as they were. */
const freshFor = 2000;
const foldersKept = 6;

interface Kept {
  /** Names, sizes and times of the folder's files. */
  signature: string;
  checked: number;
  reading: Promise<NodeFolderReading | undefined>;
}

/** Reads the folders of dumps, each once until one of its files changes. */
export class NodeFolders implements vscode.Disposable {
  private readonly kept = new Map<string, Kept>();
  private readonly subscription: vscode.Disposable;

  constructor(private readonly documents: DumpDocuments) {
    this.subscription = documents.onDidChange((uri) => {
      const folder = `${parentOf(uri).toString()}/`;
      for (const key of this.kept.keys()) {
        if (key.startsWith(folder)) this.kept.delete(key);
      }
    });
  }

  dispose(): void {
    this.subscription.dispose();
  }

  /** undefined for a text that lies in no folder, or whose folder holds no node's dump. */
  async of(uri: vscode.Uri): Promise<NodeFolderReading | undefined> {
    if (uri.scheme === 'untitled') return undefined;
    const key = keyOf(uri);
    const known = this.kept.get(key);
    if (known && Date.now() - known.checked < freshFor) return known.reading;
    const files = await filesIn(parentOf(uri));
    const signature = files.map(({ uri, size, mtime }) => `${uri.path} ${size} ${mtime}`).join();
    const now = this.kept.get(key);
    if (now?.signature === signature) {
      now.checked = Date.now();
      return now.reading;
    }
    const reading = this.read(uri, files);
    this.kept.delete(key);
    this.kept.set(key, { signature, checked: Date.now(), reading });
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= foldersKept) break;
      this.kept.delete(oldest);
    }
    try {
      return await reading;
    } catch (error) {
      this.kept.delete(key);
      throw error;
    }
  }

  private async read(
    uri: vscode.Uri,
    files: readonly FolderFile[],
  ): Promise<NodeFolderReading | undefined> {
    const texts = new Map<string, string>();
    const heads: DumpFile[] = [];
    for (const file of files) {
      if (dumpKind(file.uri.path, '') === 'unknown' && file.size > mostUnknown) continue;
      const path = pathOf(file.uri);
      const text = await readText(file.uri);
      texts.set(path, text);
      heads.push({ path, head: text.slice(0, headLength), size: file.size });
      await pause();
    }
    const own = pathOf(uri);
    const nodes = groupNodes(heads);
    const folder = nodes.find((node) => node.files.some(({ path }) => path === own));
    if (!folder) return undefined;
    const uris = new Map(files.map((file) => [pathOf(file.uri), file.uri]));
    const { state, parts } = await readNode(folder, {
      text: (path) => Promise.resolve(texts.get(path) ?? ''),
      rulesets: async (path) => (await this.documents.at(uris.get(path)!))?.rulesets ?? [],
      pause,
      prefer: new Set([own]),
    });
    return { state, parts, objects: await readObjectsNear(parentOf(uri)) };
  }
}

function parentOf(uri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(uri, '..');
}

/** What is read depends on which file is open: of two that would do as well, that one is taken. */
function keyOf(uri: vscode.Uri): string {
  return uri.toString();
}

/** An address that ends in the file's name, as the syntax folder tells kinds by names. */
function pathOf(uri: vscode.Uri): string {
  return uri.with({ query: '', fragment: '' }).toString();
}
