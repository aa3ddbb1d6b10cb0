import * as vscode from 'vscode';
import {
  indexObjects,
  type ClusterObject,
  type ClusterObjects,
  type ObjectIndex,
  sortObjects,
} from '../core/objects';
import { parseObjects } from '../syntax/objects/objects';
import { filesIn, readText } from './files';
import { pause } from './slices';

/** Of snapshots: `NAME/node-a/ip-addr.txt` and `nodes/node-a/ip-addr.txt` beside `objects/`. */
const places = ['objects', '../objects', '../../objects'];

/** The objects of the cluster that a node's folder is of; undefined where none lie near. */
export async function readObjectsNear(
  folder: vscode.Uri,
): Promise<(ClusterObjects & ObjectIndex) | undefined> {
  for (const place of places) {
    const files = await filesIn(vscode.Uri.joinPath(folder, place));
    const objects: ClusterObject[] = [];
    for (const { uri } of files) {
      if (!/\.(ya?ml|json)$/.test(uri.path)) continue;
      // Objects that can't be read are not known, as if they were not there.
      const text = await readText(uri).catch(() => '');
      const { value } = await parseObjects(text, uri.toString(), pause);
      const { services, endpointSlices, endpoints, nodes, pods } = value;
      objects.push(...services, ...endpointSlices, ...endpoints, ...nodes, ...pods);
    }
    if (objects.length === 0) continue;
    const sorted = sortObjects(objects);
    return { ...sorted, ...indexObjects(sorted) };
  }
  return undefined;
}
