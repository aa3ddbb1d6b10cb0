import { checkNode } from '../../../src/core/findings/checkNode';
import type { Finding } from '../../../src/core/finding';
import { indexObjects } from '../../../src/core/objects/objectIndex';
import { sortObjects } from '../../../src/core/objects/types';
import { finish } from '../../../src/core/work';
import { parseObjects } from '../../../src/syntax/objects/objects';
import { nodeOf } from '../flow/sampleNode';

/** Dumps by file name; `objects.yaml` is no dump of the node, but its cluster's objects. */
export type Files = Readonly<Record<string, string>>;

/** All that is found in dumps that a test writes down. */
export async function findingsOf(files: Files): Promise<readonly Finding[]> {
  const { 'objects.yaml': yaml, ...dumps } = files;
  const { node } = await nodeOf(new Map(Object.entries(dumps)));
  if (yaml === undefined) return finish(checkNode(node));
  const { value } = await parseObjects(yaml, 'objects.yaml', () => Promise.resolve());
  const { services, endpointSlices, endpoints, nodes, pods } = value;
  const sorted = sortObjects([...services, ...endpointSlices, ...endpoints, ...nodes, ...pods]);
  return finish(checkNode(node, { objects: indexObjects(sorted) }));
}
