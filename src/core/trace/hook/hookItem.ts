import type { ChainType, Hook } from '../../rules/baseChain';
import type { Chain, Table, TableFamily } from '../../rules/ruleset';

/** A chain that netfilter calls by itself, as it declares itself. */
export interface BaseChain {
  readonly table: Table;
  /** Of nft's tables; undefined for those of iptables. */
  readonly family: TableFamily | undefined;
  /** It is of nf_tables, be it through iptables-nft. */
  readonly nft: boolean;
  /** Before `table/chain` where a place is named: `ip ` and the like for nft's tables. */
  readonly scope: string;
  readonly chain: Chain;
  readonly hook: Hook;
  readonly priority: number;
  readonly type: ChainType;
  readonly policy: string | undefined;
  /** Of ingress: it is called for these alone. */
  readonly devices: readonly string[] | undefined;
}

/** One thing that a hook runs, in the order of the priorities. */
export type HookItem =
  | { readonly kind: 'conntrack'; readonly priority: number }
  | { readonly kind: 'chain'; readonly priority: number; readonly base: BaseChain }
  | { readonly kind: 'nat'; readonly priority: number; readonly bases: readonly BaseChain[] }
  /** IPVS for requests to its virtual servers, or for the replies of its real servers. */
  | { readonly kind: 'ipvs'; readonly priority: number; readonly direction: 'in' | 'out' }
  | { readonly kind: 'confirm'; readonly priority: number };

export type HookOrder = Readonly<Record<Hook, readonly HookItem[]>>;
