import * as l10n from '@vscode/l10n';
import { parseAddress, type Address } from '../../address';
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

/** Where kube-proxy's chain of an endpoint sends, by its name alone; undefined of another chain. */
export function endpointOfName(
  name: string,
): { readonly address: Address; readonly port: number } | undefined {
  const parts = nftNameParts(name);
  if (parts?.kind !== 'endpoint') return undefined;
  const [, host = '', port] = /^\[?([^\]]+)\]?:(\d+)$/.exec(parts.endpoint ?? '') ?? [];
  const address = parseAddress(host);
  return address && { address, port: Number(port) };
}

const perService: Readonly<Record<NftNameParts['kind'], string>> = {
  service: l10n.t('Chooses among all usable endpoints of one Service port, and translates to it.'),
  local: l10n.t('Chooses among the endpoints on this node only, for a traffic policy Local.'),
  external: l10n.t(
    'Takes traffic that reached one Service port from outside: by node port, external IP or load balancer IP.',
  ),
  firewall: l10n.t(
    "Drops what is outside of the loadBalancerSourceRanges of one Service port's load balancer IP.",
  ),
  endpoint: l10n.t('Sends to one endpoint.'),
  affinity: l10n.t(
    'The clients that were sent to one endpoint of a Service with session affinity ClientIP.',
  ),
};

/** pkg/proxy/nftables/proxier.go, setupNFTables: what each chain is for. */
const chains: Readonly<Record<string, string>> = {
  'filter-prerouting-pre-dnat': l10n.t(
    'Checks source ranges of load balancers before any translation.',
  ),
  'filter-output-pre-dnat': l10n.t(
    "Checks source ranges for this node's own traffic before any translation.",
  ),
  'filter-prerouting': l10n.t('Checks source ranges of load balancers before any translation.'),
  'filter-input': l10n.t(
    'Rejects or drops traffic to Services without endpoints that ends at this node.',
  ),
  'filter-forward': l10n.t('Rejects or drops forwarded traffic to Services without endpoints.'),
  'filter-output': l10n.t(
    "Rejects or drops this node's own traffic to Services without endpoints.",
  ),
  'filter-output-post-dnat': l10n.t(
    "Checks this node's own traffic to ClusterIPs after translation.",
  ),
  'nat-prerouting': l10n.t('Finds the Service of what arrives.'),
  'nat-output': l10n.t("Finds the Service of this node's own traffic."),
  'nat-postrouting': l10n.t('Masquerades what was marked, and hairpin traffic.'),
  services: l10n.t('Finds the Service port of a packet by its address and port, or its node port.'),
  masquerading: l10n.t('Masquerades marked packets, and those of an endpoint that reached itself.'),
  'mark-for-masquerade': l10n.t(
    'Sets the mark by which a packet is masqueraded later (up to 1.31).',
  ),
  'firewall-check': l10n.t('Looks up whether a load balancer IP has source ranges.'),
  'service-endpoints-check': l10n.t('Looks up whether the Service port has no endpoints.'),
  'nodeport-endpoints-check': l10n.t('Looks up whether the node port has no endpoints.'),
  'cluster-ips-check': l10n.t(
    'Rejects other ports of ClusterIPs, and drops what goes to unallocated ones of the ServiceCIDRs.',
  ),
  'reject-chain': l10n.t('Rejects: for Services without endpoints.'),
};

const sets: Readonly<Record<string, string>> = {
  'cluster-ips': l10n.t(
    'All active ClusterIPs: kube-proxy masquerades traffic from outside to them, and rejects their other ports.',
  ),
  'nodeport-ips': l10n.t("The node's addresses on which node ports are open (nodePortAddresses)."),
  'service-ips': l10n.t('The Service port of each ClusterIP, external IP and load balancer IP.'),
  'service-nodeports': l10n.t('The Service port of each node port.'),
  'no-endpoint-services': l10n.t(
    'Service ports without endpoints: rejected, or dropped where a policy Local has none on this node.',
  ),
  'no-endpoint-nodeports': l10n.t(
    'Node ports without endpoints: rejected, or dropped where a policy Local has none on this node.',
  ),
  'firewall-ips': l10n.t('Load balancer IPs with loadBalancerSourceRanges.'),
  'hairpin-connections': l10n.t(
    'Endpoints on this node: one that reaches itself through its Service is masqueraded.',
  ),
};

/** What kube-proxy has a chain or set of its tables for; undefined for a name that is not its own. */
export function nftPurpose(kind: 'chain' | 'set', name: string): string | undefined {
  const parts = nftNameParts(name);
  if (parts) return perService[parts.kind];
  return own(kind === 'chain' ? chains : sets, name);
}
