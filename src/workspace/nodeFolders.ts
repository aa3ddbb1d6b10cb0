import * as vscode from 'vscode';
import type { IndexedObjects } from '../core/objects/types';
import type { NodeState } from '../core/node';
import type { SourceRange } from '../core/source';
import type { DumpFile, NodeFolder } from '../syntax/node/dumpFile';
import { groupNodes, nodeFolder } from '../syntax/node/nodeFolder';
import type { PartChoice } from '../syntax/node/nodeParts';
import type { DumpDocuments } from './dumpDocuments';
import type { NftDocuments } from './nftDocuments';
import { scheme } from './clusters/dumpUri';
import {
  exists,
  filesIn,
  isInFolder,
  lastPart,
  parentOf,
  pathOf,
  readText,
  type FolderFile,
} from './files';
import { readHeads, type FolderDumps } from './folderDumps';
import { FolderWatch } from './folderWatch';
import type { NodesOfFiles } from './nodesOfFiles';
import type { PastedDumps, PastedNode } from './pastedDumps';
import { objectFoldersNear, readObjects, type ObjectsFolder } from './objects';
import { pause } from './slices';
import { keepLatest } from './keepLatest';

/** A dump and the files that lie beside it: one node, as far as they tell. */
export interface OpenNode {
  readonly state: NodeState;
  /** Which file each part of the state came from, and why that one. */
  readonly parts: readonly PartChoice[];
  /** The cluster's objects, where a folder `objects` lies near. */
  readonly objects: IndexedObjects | undefined;
  /** Where in its document a range of the state stands: lines of pasted texts are read without margins. */
  original(range: SourceRange): SourceRange;
}

/** For how long, in milliseconds, a folder's files are taken to be as they were. */
const freshFor = 2000;
const readingsKept = 6;

/** What lies near a dump. */
interface Near {
  readonly files: readonly FolderFile[];
  /** Pasted for the same node. */
  readonly texts: readonly vscode.TextDocument[];
  readonly objects: readonly ObjectsFolder[];
}

interface Kept {
  /** Names, sizes and times of the folder's files, and of the objects near. */
  readonly stamp: string;
  checked: number;
  readonly reading: Promise<OpenNode>;
}

/** Reads the node that a dump is of, once until one of the files beside it changes. */
export class NodeFolders implements vscode.Disposable {
  private readonly kept = new Map<string, Kept>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly watch = new FolderWatch((file) => this.forget(file));
  private readonly subscriptions: readonly vscode.Disposable[];

  /** A dump or a file beside one changed: what was read from it may be different. */
  readonly onDidChange = this.changed.event;

  private readonly headsRead = new vscode.EventEmitter<FolderDumps>();
  /** The beginnings of the files in a folder on the disk were read. */
  readonly onDidReadHeads = this.headsRead.event;

  constructor(
    private readonly documents: DumpDocuments,
    listings: Pick<NftDocuments, 'onDidChange'>,
    private readonly pasted: PastedDumps,
    /** Of which nodes files are whose names do not tell. */
    readonly named: NodesOfFiles,
  ) {
    this.subscriptions = [documents, listings, pasted, named].map(({ onDidChange }) =>
      onDidChange((uri) => this.forget(uri)),
    );
  }

  dispose(): void {
    vscode.Disposable.from(
      ...this.subscriptions,
      this.watch,
      this.changed,
      this.headsRead,
    ).dispose();
  }

  /** A file changed: what was read of its folder, or with its object, is read anew, however fresh it is. */
  forget(uri: vscode.Uri): void {
    const folder = `${parentOf(uri).toString()}/`;
    // A pasted text may be of any node.
    const any = !isInFolder(uri);
    const isObjects = lastPart(parentOf(uri)) === 'objects';
    for (const [key, kept] of this.kept) {
      if (isObjects) kept.checked = 0;
      if (any || key.startsWith(folder) || key === uri.toString()) this.kept.delete(key);
    }
    this.changed.fire(uri);
  }

  /**
   * What is known of the dump's node; from the dump alone where nothing lies beside it. What is
   * read depends on the dump: of two files that would do as well, it is taken. Texts that were
   * pasted for the node count like its files. Rejects when the dump can't be read.
   */
  async of(uri: vscode.Uri): Promise<OpenNode> {
    const key = uri.toString();
    const known = this.kept.get(key);
    if (known && Date.now() - known.checked < freshFor) return known.reading;
    const node = this.pasted.nodeOf(uri);
    const near = node?.near === undefined ? undefined : vscode.Uri.parse(node.near, true);
    const place = near && (await exists(near)) ? near : uri;
    const objects = isInFolder(place) ? await objectFoldersNear(parentOf(place)) : [];
    if (isOnDisk(place)) {
      this.watch.watch(parentOf(place));
      for (const { folder } of objects) this.watch.watch(folder);
    }
    const files = isInFolder(place) ? await filesIn(parentOf(place)) : [];
    const texts = this.textsNear(place, node);
    const stamp = [
      ...files.map(({ uri, size, mtime }) => {
        const given = this.named.nodeOf(pathOf(uri))?.name ?? '';
        return `${uri.path} ${size} ${mtime} ${given}`;
      }),
      ...texts.map(({ uri, version }) => `${uri.path} ${version}`),
      ...objects.map(({ stamp = '' }) => stamp),
    ].join();
    const now = this.kept.get(key);
    if (now?.stamp === stamp) {
      now.checked = Date.now();
      return now.reading;
    }
    const reading = this.read(uri, place, { files, texts, objects });
    keepLatest(this.kept, key, { stamp, checked: Date.now(), reading }, readingsKept);
    try {
      return await reading;
    } catch (error) {
      this.kept.delete(key);
      throw error;
    }
  }

  /** The pasted texts of the node whose dump lies there, or that has no other dumps. */
  private textsNear(place: vscode.Uri, node?: PastedNode): readonly vscode.TextDocument[] {
    const folder = isInFolder(place) ? parentOf(place).toString() : undefined;
    return this.pasted.textsOf(({ name, near }) =>
      near === undefined || folder === undefined
        ? near === undefined && name === node?.name
        : parentOf(vscode.Uri.parse(near, true)).toString() === folder,
    );
  }

  private async read(
    uri: vscode.Uri,
    place: vscode.Uri,
    { files, texts, objects }: Near,
  ): Promise<OpenNode> {
    const { dumps, uris, add } = await readHeads(files);
    if (isOnDisk(place)) this.headsRead.fire({ folder: parentOf(place), dumps: [...dumps] });
    if (!uris.has(pathOf(place))) await add(place);
    const folder = folderOf(place, dumps, this.named);
    const own = (near: string) => folder.files.some(({ path }) => path === near);
    const count = dumps.length;
    for (const text of texts) {
      const near = this.pasted.nodeOf(text.uri)?.near;
      const ofNode = near === undefined || own(pathOf(vscode.Uri.parse(near, true)));
      if (ofNode && !uris.has(pathOf(text.uri))) await add(text.uri);
    }
    const name = this.pasted.nodeOf(uri)?.name ?? folder.name;
    const more = nodeFolder(name, dumps.slice(count)).files;
    const whole = { ...folder, name, files: [...folder.files, ...more] };
    const { readNode } = await import('../syntax/node/readNode');
    const { state, parts, original } = await readNode(whole, {
      text: (path) => readText(uris.get(path)!),
      // Rulesets are read from the lines of their document: no string has to hold the largest of dumps.
      rulesets: async (path, _text, plain) =>
        plain === undefined
          ? ((await this.documents.at(uris.get(path)!))?.rulesets ?? [])
          : this.documents.rulesetsOf(uris.get(path)!, plain),
      pause,
      prefer: new Set([pathOf(uri)]),
    });
    // Rules are placed by their document, all else by its path.
    const paths = new Map([...uris].map(([path, one]) => [one.toString(), path]));
    return {
      state,
      parts,
      objects: await readObjects(objects),
      original: (range) => {
        const { source } = range;
        return { ...original({ ...range, source: paths.get(source) ?? source }), source };
      },
    };
  }
}

/** The files of the dump's node: a flat folder may hold several nodes'. */
function folderOf(uri: vscode.Uri, dumps: readonly DumpFile[], named: NodesOfFiles): NodeFolder {
  const own = pathOf(uri);
  const nodes = groupNodes(dumps, undefined, (path) => named.nodeOf(path)?.name);
  const group = nodes.find(({ files }) => files.some(({ path }) => path === own));
  if (group) return group;
  return nodeFolder(
    lastPart(uri),
    dumps.filter(({ path }) => path === own),
  );
}

/** Captures of a cluster never change. */
function isOnDisk(uri: vscode.Uri): boolean {
  return isInFolder(uri) && uri.scheme !== scheme;
}
