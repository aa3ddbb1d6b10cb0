import type { NodeState } from '../../node';

/** The ClusterIPs of a node in ipvs mode, by its set KUBE-CLUSTER-IP; undefined where no dump has that. */
export function clusterIpsOf({ sets }: Pick<NodeState, 'sets'>): ReadonlySet<string> | undefined {
  const entries = sets?.get('KUBE-CLUSTER-IP')?.entries;
  return entries && new Set(Array.from(entries, ({ text }) => text.split(',', 1)[0]!));
}
