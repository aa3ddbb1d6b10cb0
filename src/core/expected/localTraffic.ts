import { formatNetwork, parseNetwork, type Family } from '../address';
import type { ExpectedInput } from './input';

/** How kube-proxy tells traffic of the node's (or the cluster's) own pods (KEP-2450). */
export type LocalTraffic =
  | { readonly kind: 'network'; readonly network: string }
  /** `cni0`, or the beginning of names. */
  | { readonly kind: 'device'; readonly name: string; readonly prefix: boolean }
  /** Nothing tells it: no rule asks. */
  | { readonly kind: 'none' };

/** By detectLocalMode; without a network of the family nothing tells. */
export function localTrafficOf(
  { settings, objects, node }: ExpectedInput,
  family: Family,
): LocalTraffic {
  switch (settings.localMode) {
    case 'BridgeInterface':
      return device(settings.bridgeInterface, false);
    case 'InterfaceNamePrefix':
      return device(settings.interfaceNamePrefix, true);
    case 'NodeCIDR': {
      const own = objects.nodes.find(({ metadata }) => metadata.name === node.name);
      return network(own?.podCIDRs.map(parseNetwork), family);
    }
    default:
      return network(settings.clusterCidrs, family);
  }
}

function device(name: string | undefined, prefix: boolean): LocalTraffic {
  return name === undefined || name === '' ? { kind: 'none' } : { kind: 'device', name, prefix };
}

function network(
  networks: readonly ReturnType<typeof parseNetwork>[] | undefined,
  family: Family,
): LocalTraffic {
  const own = networks?.find((one) => one?.address.family === family);
  return own ? { kind: 'network', network: formatNetwork(own) } : { kind: 'none' };
}
