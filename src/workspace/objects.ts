import * as vscode from 'vscode';
import { indexObjects } from '../core/objects/objectIndex';
import { sortObjects, type ClusterObject, type IndexedObjects } from '../core/objects/types';
import { parseObjects } from '../syntax/objects/objects';
import { filesIn, readText, type FolderFile } from './files';
import { pause } from './slices';

/** Of snapshots: `NAME/node-a/ip-addr.txt` and `nodes/node-a/ip-addr.txt` beside `objects/`. */
const places = ['objects', '../objects', '../../objects'];

/** What was read last: the nodes of one cluster ask for the same objects, one after the other. */
let kept:
  { readonly stamp: string; readonly objects: Promise<IndexedObjects | undefined> } | undefined;

/** The objects of the cluster that a node's folder is of; undefined where none lie near. */
export async function readObjectsNear(folder: vscode.Uri): Promise<IndexedObjects | undefined> {
  return readObjects(await objectFoldersNear(folder));
}

/** The objects of the first of the folders that holds some. */
export async function readObjects(
  folders: readonly ObjectsFolder[],
): Promise<IndexedObjects | undefined> {
  for (const { uris, stamp } of folders) {
    const keep = stamp !== undefined;
    const reading = keep && kept?.stamp === stamp ? kept.objects : readAll(uris);
    if (keep) kept = { stamp, objects: reading };
    const objects = await reading;
    if (objects) return objects;
  }
  return undefined;
}

/** A folder of objects near a node's. */
export interface ObjectsFolder {
  readonly folder: vscode.Uri;
  readonly uris: readonly vscode.Uri[];
  /** Changes with its files; a live cluster's objects have neither size nor time. */
  readonly stamp: string | undefined;
}

/** Those that hold something, the nearest first. */
export async function objectFoldersNear(folder: vscode.Uri): Promise<readonly ObjectsFolder[]> {
  const all = await Promise.all(
    places.map(async (place) => {
      const own = vscode.Uri.joinPath(folder, place);
      const files = await filesIn(own);
      const uris = files.map(({ uri }) => uri).filter(({ path }) => /\.(ya?ml|json)$/.test(path));
      const isKnown = files.every(({ size }) => size > 0);
      return { folder: own, uris, stamp: isKnown ? files.map(stampOf).join() : undefined };
    }),
  );
  return all.filter(({ uris }) => uris.length > 0);
}

function stampOf({ uri, size, mtime }: FolderFile): string {
  const key = uri.toString();
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
  return `${key} ${size} ${mtime} ${open?.version ?? ''}`;
}

async function readAll(uris: readonly vscode.Uri[]): Promise<IndexedObjects | undefined> {
  const objects: ClusterObject[] = [];
  for (const uri of uris) {
    // Objects that can't be read are not known, as if they were not there.
    const text = await readText(uri).catch(() => '');
    const { value } = await parseObjects(text, uri.toString(), pause);
    for (const list of Object.values(value)) {
      for (const object of list as readonly ClusterObject[]) objects.push(object);
    }
  }
  if (objects.length === 0) return undefined;
  return indexObjects(sortObjects(objects));
}
