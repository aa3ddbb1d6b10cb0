import type { Family } from '../../address';
import type { NodeState } from '../../node';
import { ipv6Name } from './sets';

const name = 'KUBE-CLUSTER-IP';

/** The ClusterIPs of a node in ipvs mode, by its set KUBE-CLUSTER-IP; undefined where no dump has that. */
export function clusterIpsOf(
  { sets }: Pick<NodeState, 'sets'>,
  family: Family = 4,
): ReadonlySet<string> | undefined {
  const entries = sets?.get(family === 4 ? name : ipv6Name(name))?.entries;
  return entries && new Set(Array.from(entries, ({ text }) => text.split(',', 1)[0]!));
}
