import { releaseOf } from '../kubeproxy/release/judge';
import type { NodeState } from '../node';
import type { ClusterObjects } from '../objects/types';
import { newestMinor, proxyVersion } from '../proxyconfig/version';
import type { Work } from '../work';
import type { PossibleReleases } from './possible';

/** Of which releases a node's kube-proxy may be. */
export interface NodeReleases extends PossibleReleases {
  /** By its image, its log or the kubelet; else its rules tell, which most often leave several. */
  readonly told: boolean;
}

/**
 * @param name of the Node, where the dumps' folder has another
 * @returns undefined where nothing tells
 */
export function* releasesOf(
  node: NodeState,
  objects: Pick<ClusterObjects, 'nodes' | 'pods'> | undefined,
  name = node.name,
): Work<NodeReleases | undefined> {
  const told = proxyVersion(name, objects, node.proxyLog?.version)?.minor;
  if (told !== undefined) return { since: told, until: told, told: true };
  const found = yield* releaseOf(node);
  if (!found) return undefined;
  return { since: found.since, until: found.until ?? newestMinor, told: false };
}
