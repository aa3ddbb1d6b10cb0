import type { Certainty } from '../../certainty';
import type { SourceRange } from '../../source';
import type { ProxyModeName } from '../proxyMode';

/**
 * How much a sign of a mode weighs.
 *
 * - `runs`: the running kube-proxy says so (/proxyMode, /configz).
 * - `configured`: its configuration or its flags say so; it may have been started with others.
 * - `in-force`: rules that the kernel asks and that only this mode writes.
 * - `trace`: what this mode writes, but what also stays behind when another one takes over.
 */
export type SignWeight = 'runs' | 'configured' | 'in-force' | 'trace';

/** What was seen. */
export type SignKind =
  | 'proxy-mode'
  | 'configuration'
  /** nat KUBE-SERVICES leads to KUBE-SVC-, KUBE-NODEPORTS, ...: it is written anew in each mode. */
  | 'services-to-chains'
  /** nat KUBE-SERVICES asks kube-proxy's sets, or leads to KUBE-NODE-PORT. */
  | 'services-by-sets'
  /** `table ip kube-proxy`, which the other modes take away. */
  | 'nftables-table'
  /** KUBE-PORTALS-CONTAINER with rules. */
  | 'userspace-portals'
  | 'virtual-servers'
  | 'kube-ipvs0'
  | 'sets'
  /** KUBE-IPVS-FILTER and its like. */
  | 'ipvs-chains'
  /** KUBE-SVC- and its like, or chains that iptables mode alone makes. */
  | 'service-chains'
  /** filter KUBE-SERVICES refuses what goes to a Service without endpoints; ipvs mode writes no such rule. */
  | 'refusing-rule';

/** One sign of a mode in a node's dumps. */
export interface ModeSign {
  readonly mode: ProxyModeName;
  readonly weight: SignWeight;
  readonly kind: SignKind;
  /** How many there are, where that says something: virtual servers, sets, chains. */
  readonly count?: number;
  /** Where it stands; of what is said by a whole file, its first line. */
  readonly range: SourceRange;
}

/** Which mode kube-proxy runs in on a node, and how that is known. */
export interface ModeJudgement {
  /** undefined where the dumps do not tell. */
  readonly mode: ProxyModeName | undefined;
  readonly certainty: Certainty;
  /** All signs of all modes, those that decided first. */
  readonly signs: readonly ModeSign[];
  /** The modes that it may be where `mode` is undefined. */
  readonly candidates: readonly ProxyModeName[];
}
