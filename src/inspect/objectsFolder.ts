import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { indexObjects } from '../core/objects/objectIndex';
import { sortObjects, type ClusterObject, type IndexedObjects } from '../core/objects/types';
import { parseObjects } from '../syntax/objects/objects';
import { isFolder } from './pathKind';
import { readText } from './readText';

/**
 * The objects in the YAML and JSON files of a folder, as `kubectl get -o yaml` prints them.
 *
 * @throws Error with a message for the user when one can't be read
 */
export async function readObjectsFolder(folder: string): Promise<IndexedObjects> {
  const all: ClusterObject[] = [];
  for (const name of (await readdir(folder)).filter((file) => /\.(ya?ml|json)$/.test(file))) {
    const path = join(folder, name);
    const read = await readText(path);
    if ('problem' in read) throw new Error(`${path} ${read.problem}`);
    const { value } = await parseObjects(read.text, path);
    for (const objects of Object.values(value)) {
      for (const object of objects as readonly ClusterObject[]) all.push(object);
    }
  }
  return indexObjects(sortObjects(all));
}

/** The folder `objects` of a snapshot that a node's folder lies in: `snapshot/nodes/node-a`. */
export async function objectsNear(nodeFolder: string): Promise<string | undefined> {
  let at = dirname(resolve(nodeFolder));
  for (let up = 0; up < 2; up++, at = dirname(at)) {
    const folder = join(at, 'objects');
    if (await isFolder(folder)) return folder;
  }
  return undefined;
}
