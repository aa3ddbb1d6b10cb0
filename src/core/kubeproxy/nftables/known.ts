import { nftChainNameHolds } from '../names';
import { own } from '../../own';

/** The Service port, and endpoint, that a name of kube-proxy's nftables mode spells out. */
export interface NftNameParts {
  readonly kind: 'service' | 'local' | 'external' | 'firewall' | 'endpoint' | 'affinity';
  readonly hash: string;
  /** `default/whoami:http`, without a port's name `default/whoami`. */
  readonly service: string;
  readonly protocol: string;
  /** `10.244.0.3:3000`, `[fd00::3]:80`. */
  readonly endpoint?: string;
  /** Whether the hash is that of what follows it. */
  readonly holds: boolean;
}

/** `service-LX3JQ64U-default/whoami/tcp/`, `endpoint-4SIB47QV-shop/cart/tcp/grpc__10.244.0.10/9000`. */
export function nftNameParts(name: string): NftNameParts | undefined {
  const [, kind, hash, namespace, service, protocol, port, address, endpointPort] =
    /^(service|local|external|firewall|endpoint|affinity)-([A-Z2-7]{8})-([^/]+)\/([^/]+)\/([a-z]+)\/([^/_]*)(?:__([^/]+)\/(\d+))?$/.exec(
      name,
    ) ?? [];
  if (!kind) return undefined;
  // IPv6's colons are dots, and IPv4 has three of them.
  const ipv6 = address !== undefined && (address.match(/\./g)?.length ?? 0) !== 3;
  const endpoint = ipv6 ? `[${address.replaceAll('.', ':')}]` : address;
  return {
    kind: kind as NftNameParts['kind'],
    hash: hash!,
    service: `${namespace!}/${service!}${port ? `:${port}` : ''}`,
    protocol: protocol!,
    ...(endpoint !== undefined && { endpoint: `${endpoint}:${endpointPort!}` }),
    holds: nftChainNameHolds(name),
  };
}

const perService: Readonly<Record<NftNameParts['kind'], string>> = {
  service: 'Chooses among all usable endpoints of one Service port, and translates to it.',
  local: 'Chooses among the endpoints on this node only, for a traffic policy Local.',
  external:
    'Takes traffic that reached one Service port from outside: by node port, external IP or load balancer IP.',
  firewall:
    "Drops what is outside of the loadBalancerSourceRanges of one Service port's load balancer IP.",
  endpoint: 'Sends to one endpoint.',
  affinity:
    'The clients that were sent to one endpoint of a Service with session affinity ClientIP.',
};

/** pkg/proxy/nftables/proxier.go, setupNFTables: what each chain is for. */
const chains: Readonly<Record<string, string>> = {
  'filter-prerouting-pre-dnat': 'Checks source ranges of load balancers before any translation.',
  'filter-output-pre-dnat':
    "Checks source ranges for this node's own traffic before any translation.",
  'filter-prerouting': 'Checks source ranges of load balancers before any translation.',
  'filter-input': 'Rejects or drops traffic to Services without endpoints that ends at this node.',
  'filter-forward': 'Rejects or drops forwarded traffic to Services without endpoints.',
  'filter-output': "Rejects or drops this node's own traffic to Services without endpoints.",
  'filter-output-post-dnat': "Checks this node's own traffic to ClusterIPs after translation.",
  'nat-prerouting': 'Finds the Service of what arrives.',
  'nat-output': "Finds the Service of this node's own traffic.",
  'nat-postrouting': 'Masquerades what was marked, and hairpin traffic.',
  services: 'Finds the Service port of a packet by its address and port, or its node port.',
  masquerading: 'Masquerades marked packets, and those of an endpoint that reached itself.',
  'mark-for-masquerade': 'Sets the mark by which a packet is masqueraded later (up to 1.31).',
  'firewall-check': 'Looks up whether a load balancer IP has source ranges.',
  'service-endpoints-check': 'Looks up whether the Service port has no endpoints.',
  'nodeport-endpoints-check': 'Looks up whether the node port has no endpoints.',
  'cluster-ips-check':
    'Rejects other ports of ClusterIPs, and drops what goes to unallocated ones of the ServiceCIDRs.',
  'reject-chain': 'Rejects: for Services without endpoints.',
};

const sets: Readonly<Record<string, string>> = {
  'cluster-ips':
    'All active ClusterIPs: kube-proxy masquerades traffic from outside to them, and rejects their other ports.',
  'nodeport-ips': "The node's addresses on which node ports are open (nodePortAddresses).",
  'service-ips': 'The Service port of each ClusterIP, external IP and load balancer IP.',
  'service-nodeports': 'The Service port of each node port.',
  'no-endpoint-services':
    'Service ports without endpoints: rejected, or dropped where a policy Local has none on this node.',
  'no-endpoint-nodeports':
    'Node ports without endpoints: rejected, or dropped where a policy Local has none on this node.',
  'firewall-ips': 'Load balancer IPs with loadBalancerSourceRanges.',
  'hairpin-connections':
    'Endpoints on this node: one that reaches itself through its Service is masqueraded.',
};

/** What kube-proxy has a chain or set of its tables for; undefined for a name that is not its own. */
export function nftPurpose(kind: 'chain' | 'set', name: string): string | undefined {
  const parts = nftNameParts(name);
  if (parts) return perService[parts.kind];
  return own(kind === 'chain' ? chains : sets, name);
}
