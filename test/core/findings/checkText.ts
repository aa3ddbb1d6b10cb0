import { checkOf } from '../../../src/core/findings/all';
import { checkNode, runChecks } from '../../../src/core/findings/checkNode';
import type { Finding } from '../../../src/core/finding';
import { finish } from '../../../src/core/work';
import { objectsOf } from '../../dumps';
import { nodeOf } from '../flow/sampleNode';

/** Dumps by file name; `objects.yaml` is no dump of the node, but its cluster's objects. */
export type Files = Readonly<Record<string, string>>;

/**
 * All that is found in dumps that a test writes down.
 *
 * @param code Of one check: it alone runs, so that a fault in another's code asks no test of this one.
 */
export async function findingsOf(files: Files, code?: string): Promise<readonly Finding[]> {
  const { 'objects.yaml': yaml, ...dumps } = files;
  const { node } = await nodeOf(new Map(Object.entries(dumps)));
  const request =
    yaml === undefined ? {} : { objects: await objectsOf(new Map([['objects.yaml', yaml]])) };
  const check = code === undefined ? undefined : checkOf(code);
  return finish(check ? runChecks(node, [check], request) : checkNode(node, request));
}
