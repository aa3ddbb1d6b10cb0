import type { Network } from '../address';
import type { SourceRange } from '../source';

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
