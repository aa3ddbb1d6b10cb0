import { join } from 'node:path';
import { checkNode } from '../core/findings/checkNode';
import type { Finding } from '../core/finding';
import type { NodeState } from '../core/node';
import type { ClusterObjects, ObjectIndex } from '../core/objects/types';
import type { SourceRange } from '../core/source';
import { finish } from '../core/work';
import { readNodeFolder } from './nodeFiles';
import { objectsNear, readObjectsFolder } from './objectsFolder';

/** A finding, and the name of the node that it is about. */
export interface NodeFinding extends Finding {
  readonly node?: string;
}

/** What is wrong with one node, its ranges as paths from where the command runs. */
export interface NodeReport {
  readonly folder: string;
  readonly findings: readonly NodeFinding[];
  /** What no dump tells, so that nothing could be looked for in it: a sentence each. */
  readonly missing: readonly string[];
}

/**
 * Reads a folder of one node's dumps, with the cluster's objects where they lie near, and looks for
 * all that may be wrong.
 *
 * @param objectsFolder instead of the folder `objects` beside or above the node's
 * @throws Error with a message for the user
 */
export async function checkNodeFolder(folder: string, objectsFolder?: string): Promise<NodeReport> {
  const { state } = await readNodeFolder(folder);
  const near = objectsFolder ?? (await objectsNear(folder));
  const objects = near === undefined ? undefined : await readObjectsFolder(near);
  return { folder, findings: nodeFindings(state, folder, objects), missing: missingOf(state) };
}

/** Sentences of what no dump of the node tells. */
export function missingOf({ missing = [] }: NodeState): readonly string[] {
  return missing.map(({ reason }) => reason);
}

/** All that may be wrong with a node; a dump's name in a range becomes a path below `folder`. */
export function nodeFindings(
  state: NodeState,
  folder: string,
  objects: (ClusterObjects & ObjectIndex) | undefined,
): readonly NodeFinding[] {
  const placed = <T extends { readonly range: SourceRange }>(one: T): T => {
    const { source } = one.range;
    if (source.includes('/')) return one;
    return { ...one, range: { ...one.range, source: join(folder, source) } };
  };
  return finish(checkNode(state, { objects })).map((finding) => ({
    node: state.name,
    ...placed(finding),
    ...(finding.related ? { related: finding.related.map(placed) } : {}),
  }));
}
