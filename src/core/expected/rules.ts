import type { Family } from '../address';
import type { ProxyMode } from '../proxyconfig/keys/key';
import type { Endpoint } from './endpoints';
import type { ServicePort } from './servicePorts';

/** What a rule is there for. */
export type RuleRole =
  /** The way from a hook into kube-proxy's chains. */
  | 'hook'
  /** The same for every Service: marks, masquerading, the firewall of localnet. */
  | 'node'
  | 'cluster-ip'
  | 'external-ip'
  | 'load-balancer-ip'
  | 'node-port'
  | 'node-ports'
  | 'service-ranges'
  | 'health-check'
  | 'source-range'
  | 'masquerade'
  | 'short-circuit'
  | 'policy'
  | 'affinity'
  | 'endpoint'
  | 'hairpin'
  | 'dnat'
  | 'no-endpoints'
  | 'no-local-endpoints';

/** One rule as kube-proxy should have written it. */
export interface ExpectedRule {
  /** As `iptables-save` prints it behind `-A CHAIN `, or as a line of `nft list ruleset`. */
  readonly text: string;
  readonly role: RuleRole;
  /** Texts that are right as well: kube-proxy writes the rule anew only in a full sync. */
  readonly also?: readonly string[];
  /** undefined for rules that no Service asks for. */
  readonly servicePort?: ServicePort | undefined;
  readonly endpoint?: Endpoint | undefined;
}

export interface ExpectedChain {
  readonly name: string;
  readonly rules: ExpectedRule[];
  readonly servicePort?: ServicePort;
  readonly endpoint?: Endpoint;
  /** nftables: `type filter hook input priority 0; policy accept;`, the priority as a number. */
  readonly hook?: string;
  readonly comment?: string;
  /** A chain of the kernel's in iptables: kube-proxy's rules are among those of others. */
  readonly builtIn?: boolean;
}

/** Sets and maps of nftables, and ipsets. */
export interface ExpectedSet {
  readonly name: string;
  /** Its head line by line, without elements. */
  readonly header: readonly string[];
  readonly elements: ExpectedRule[];
}

export interface ExpectedTable {
  readonly name: string;
  readonly chains: Map<string, ExpectedChain>;
  /** nftables only. */
  readonly sets: Map<string, ExpectedSet>;
}

/** What kube-proxy should have written on one node for one family. */
export interface ExpectedRuleset {
  readonly mode: ProxyMode;
  readonly family: Family;
  readonly servicePorts: readonly ServicePort[];
  /**
   * By table: `nat`, `filter`, `mangle`; in nftables mode the one table `kube-proxy`. In ipvs mode
   * also `ipset`, `ipvs` (virtual servers as chains) and `kube-ipvs0` (its addresses).
   */
  readonly tables: ReadonlyMap<string, ExpectedTable>;
  /** What could not be worked out and why: rules of those roles are not to be judged. */
  readonly unknown: readonly UnknownPart[];
}

export interface UnknownPart {
  readonly role: RuleRole;
  /** One plain English sentence. */
  readonly reason: string;
}
