import type { Family, Network } from '../address';
import type { IpvsTimeouts } from '../ipvs/state';
import type { NodeState } from '../node';
import type { ClusterObjects, ObjectIndex } from '../objects/types';
import type { SourceRange } from '../source';
import type { ProxyMode } from './keys/key';
import type { ProxyVersion } from './version';

/** What is at hand of one node to compare a configuration with. */
export interface ProxyNode {
  readonly state: NodeState;
  readonly objects?: ClusterObjects & ObjectIndex;
  readonly version?: ProxyVersion;
  readonly log?: ProxyLog;
  /** kube-proxy's own tables; empty where a dump of nftables has none, undefined without a dump. */
  readonly nftables?: readonly NftablesProxyTable[];
  /** `ipvsadm -L --timeout`. */
  readonly timeouts?: IpvsTimeouts;
}

/** What kube-proxy wrote into its log at its last start. */
export interface ProxyLog {
  /** `v1.36.2`. */
  readonly version?: string;
  readonly mode?: LogMode;
  /** Why it could not use IPVS. */
  readonly ipvsProblem?: { readonly text: string; readonly range: SourceRange };
  /** As written: `30s`. */
  readonly sync?: {
    readonly syncPeriod: string;
    readonly minSyncPeriod: string;
    readonly range: SourceRange;
  };
}

export interface LogMode {
  readonly name: ProxyMode | 'userspace';
  readonly range: SourceRange;
}

/** The lines of `table ip kube-proxy` in which its configuration shows. */
export interface NftablesProxyTable {
  readonly family: Family;
  /** The `table` line. */
  readonly range: SourceRange;
  /** The mark that says "masquerade", where a rule shows it. */
  readonly mark?: { readonly bits: number; readonly range: SourceRange };
  /** undefined where the table is cut before the rule would stand. */
  readonly traffic?: LocalTraffic & { readonly range?: SourceRange };
  readonly nodePorts?: NodePortAddressesSeen;
}

/** Which traffic to cluster IPs is taken to be of local Pods, and so not masqueraded. */
export type LocalTraffic =
  | { readonly kind: 'network'; readonly network: Network }
  /** A name, or the beginning of names (`veth+`). */
  | { readonly kind: 'device'; readonly name: string; readonly prefix: boolean }
  /** No rule: no traffic to cluster IPs is masqueraded for where it comes from. */
  | { readonly kind: 'none' }
  /** A rule that takes all: masqueradeAll. */
  | { readonly kind: 'all' };

/** On which of its addresses a node takes NodePort traffic. */
export interface NodePortAddressesSeen {
  readonly addresses: 'all' | readonly string[];
  /** `all` without the loopback addresses. */
  readonly butLoopback: boolean;
  readonly range: SourceRange;
}
