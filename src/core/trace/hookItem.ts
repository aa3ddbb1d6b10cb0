import type { Chain, Ruleset, Table } from '../rules/ruleset';
import type { Hook } from './trace';

/**
 * A chain that netfilter calls by itself, with the priority that orders it within its hook. Nothing
 * but hooks.ts knows iptables' tables: an nftables base chain brings its own priority and type.
 */
export interface BaseChain {
  readonly ruleset: Ruleset;
  readonly table: Table;
  readonly chain: Chain;
  readonly hook: Hook;
  /** include/uapi/linux/netfilter_ipv4.h: raw -300, mangle -150, filter 0, ... */
  readonly priority: number;
  /** nat chains are asked by the nat hook; a route chain re-routes what it changes in output. */
  readonly type: 'filter' | 'nat' | 'route';
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
