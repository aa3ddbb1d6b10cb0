import { checkNode } from '../../../src/core/findings/checkNode';
import type { Finding } from '../../../src/core/finding';
import { finish } from '../../../src/core/work';
import { objectsOf } from '../../dumps';
import { nodeOf } from '../flow/sampleNode';

/** Dumps by file name; `objects.yaml` is no dump of the node, but its cluster's objects. */
export type Files = Readonly<Record<string, string>>;

/** All that is found in dumps that a test writes down. */
export async function findingsOf(files: Files): Promise<readonly Finding[]> {
  const { 'objects.yaml': yaml, ...dumps } = files;
  const { node } = await nodeOf(new Map(Object.entries(dumps)));
  if (yaml === undefined) return finish(checkNode(node));
  const objects = await objectsOf(new Map([['objects.yaml', yaml]]));
  return finish(checkNode(node, { objects }));
}
