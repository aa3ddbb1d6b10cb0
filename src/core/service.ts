import type { Address } from './address';
import type { SourceRange } from './source';
import type { Work } from './work';

/** kube-proxy's ServicePortName (pkg/proxy/types.go): `default/whoami:http`, without a port name `default/whoami`. */
export interface ServicePortName {
  readonly namespace: string;
  readonly name: string;
  /** Empty for the only, unnamed port. */
  readonly port: string;
}

/** One endpoint of a Service port, as a dump programs it. */
export interface ServiceEndpoint {
  readonly address: Address;
  readonly port: number;
  /** The chance of a new connection to go here, 0 to 1; undefined when it can't be said. */
  readonly share: number | undefined;
  /** `KUBE-SEP-...` in iptables mode. */
  readonly chain?: string;
  /** The rule that chooses it, the DNAT rule, or the real server's row. */
  readonly range: SourceRange;
}

/**
 * `external`: an external or load balancer IP, where a dump does not tell the two apart.
 * `virtual`: a virtual server of which neither a set nor an object tells the kind.
 */
export type ServiceEntryKind =
  'cluster-ip' | 'node-port' | 'external-ip' | 'load-balancer-ip' | 'external' | 'virtual';

/** Where a Service port can be reached, with the rule or row that says so. */
export interface ServiceEntry {
  readonly kind: ServiceEntryKind;
  /** undefined for a NodePort on any local address. */
  readonly address?: Address;
  readonly port: number;
  readonly range: SourceRange;
}

/** One Service port as one node's dumps show it. */
export interface ServiceView {
  /** undefined when neither a comment nor a known object gives the chain's hash a name. */
  readonly servicePort: ServicePortName | undefined;
  /** `default/whoami:http`, or the chain's name for want of a better one. */
  readonly title: string;
  /** As in /etc/protocols. */
  readonly protocol: number;
  readonly mode: 'iptables' | 'ipvs' | 'nftables';
  readonly entries: readonly ServiceEntry[];
  /** Its endpoints, read from the rules when first asked for; with yields, since a Service may have thousands. */
  readEndpoints(): Work<readonly ServiceEndpoint[]>;
  /** Session affinity by client address in seconds; undefined without it, or where not shown. */
  readonly affinity?: number | undefined;
  /** All chains of this Service port by name: KUBE-SVC, KUBE-SVL, KUBE-EXT, KUBE-FW, KUBE-XLB. */
  readonly chains: readonly string[];
  /** Its first rule: where the code lens stands. */
  readonly range: SourceRange;
}
