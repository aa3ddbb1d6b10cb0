import { join } from 'node:path';
import { checkNode } from '../core/findings/checkNode';
import type { Finding } from '../core/finding';
import { agreementOf } from '../core/expected/agreement/agreement';
import { agreementFindings } from '../core/expected/agreement/findings';
import { proxiedSlices } from '../core/expected/slices';
import type { ClusterObjects } from '../core/objects/types';
import { finish } from '../core/work';
import { compareNode } from './expected/dump';
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
  const compared = objects ? await expectedFindings(folder, objects) : [];
  const findings = [...finish(checkNode(state, { objects })), ...compared];
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

/** Releases whose rules were compared with recordings of the real kube-proxy, rule by rule. */
const exactReleases: ReadonlySet<number> = new Set([20, 36]);

/**
 * Where the rules are not what kube-proxy makes of objects and configuration. Silent without its
 * configuration, and without the Node or the EndpointSlices.
 */
async function expectedFindings(
  folder: string,
  objects: ClusterObjects,
): Promise<readonly Finding[]> {
  const { services, endpointSlices, endpoints } = objects;
  if (services.length === 0 || endpointSlices.length + endpoints.length === 0) return [];
  const compared = await compareNode(folder, objects);
  return compared.flatMap(({ node, path, ruleset, comparison, release, captured }) => {
    if (!objects.nodes.some(({ metadata }) => metadata.name === node)) return [];
    const slices = proxiedSlices({ objects, release });
    const agreement = agreementOf(ruleset, comparison, { captured, slices });
    const exact = exactReleases.has(release);
    // Checks of iptables' and ipvs mode judge endpoints against the slices.
    const endpointsJudged = ruleset.mode !== 'nftables';
    return agreementFindings(agreement, { source: path, release, exact, endpointsJudged });
  });
}
