import { join } from 'node:path';
import { checkNode } from '../core/findings/checkNode';
import type { Finding } from '../core/finding';
import { finish } from '../core/work';
import { readNodeFolder } from './nodeFiles';
import { objectsNear, readObjectsFolder } from './objectsFolder';

/** What is wrong with one node, its ranges as paths from where the command runs. */
export interface NodeReport {
  readonly folder: string;
  readonly findings: readonly Finding[];
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
  const findings = finish(checkNode(state, { objects }));
  const placed = (source: string) => (source.includes('/') ? source : join(folder, source));
  return {
    folder,
    findings: findings.map(({ range, related, ...rest }) => ({
      ...rest,
      range: { ...range, source: placed(range.source) },
      ...(related
        ? {
            related: related.map((one) => ({
              ...one,
              range: { ...one.range, source: placed(one.range.source) },
            })),
          }
        : {}),
    })),
  };
}
