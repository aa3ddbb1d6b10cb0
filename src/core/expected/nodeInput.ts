import type { NodeState } from '../node';
import { tellServices } from '../objects/objectIndex';
import { tellEndpoints } from '../objects/slices';
import type { ClusterObjects } from '../objects/types';
import { nodeConfigOf } from '../proxyconfig/nodeConfig';
import { readSettings } from '../proxyconfig/settings';
import type { Work } from '../work';
import { usualKernel, type ExpectedInput } from './input';
import { releasesOf } from './releases';

/** What it takes to work rules out, and is not at hand. */
export type InputLack = 'configuration' | 'services' | 'endpoints' | 'node' | 'mode' | 'release';

/** Releases whose rules were compared with recordings of the real kube-proxy, rule by rule. */
const exactReleases: ReadonlySet<number> = new Set([20, 36]);

/** What a node's rules follow from, and whether they are known exactly. */
export interface NodeInput {
  readonly input: ExpectedInput;
  /** Of a release that is computed exactly, and surely this node's. */
  readonly exact: boolean;
}

/**
 * What kube-proxy's rules on a node follow from, as far as its dumps and the objects tell; what is
 * lacking where they do not. The kernel is taken for one of today.
 *
 * @param config instead of the node's own
 */
export function* inputOfNode(
  node: NodeState,
  objects: ClusterObjects | undefined,
  config = nodeConfigOf(node, objects),
): Work<NodeInput | InputLack> {
  if (!config) return 'configuration';
  if (!objects || !tellServices(objects)) return 'services';
  if (!tellEndpoints(objects)) return 'endpoints';
  if (!objects.nodes.some(({ metadata }) => metadata.name === node.name)) return 'node';
  const settings = readSettings(config);
  if (settings.mode === undefined) return 'mode';
  const releases = yield* releasesOf(node, objects);
  if (!releases) return 'release';
  const { until: release, told } = releases;
  const { name, interfaces } = node;
  const zoneMissing = node.proxyLog?.zoneMissing ?? false;
  return {
    input: {
      objects,
      settings,
      release,
      node: { name, kernel: usualKernel, zoneMissing, ...(interfaces && { interfaces }) },
    },
    exact: told && exactReleases.has(release),
  };
}
