import type { Address, Family } from '../address';
import type { SourceRange } from '../source';
import type { Expression } from './expression';
import type { Direction } from './match';
import type { Interval } from './optionValue';
import type { ChainTarget, VerdictTarget } from './verdict';

interface TargetBase {
  /** From `-j` to the end of the target's options. */
  readonly range: SourceRange;
}

export interface RejectTarget extends TargetBase {
  readonly kind: 'REJECT';
  /** `icmp-port-unreachable`, `tcp-reset`, ... */
  readonly with: string;
}

/**
 * Every form of MARK is one operation: mark = (mark & ~clear) ^ xor (xt_mark.c, mark_tg).
 * `--set-xmark V/M` is clear M, xor V; `--set-mark V/M` clear V|M, xor V; `--or-mark V` clear V,
 * xor V; `--and-mark V` clear ~V, xor 0; `--xor-mark V` clear 0, xor V.
 */
export interface MarkTarget extends TargetBase {
  readonly kind: 'MARK';
  readonly clear: number;
  readonly xor: number;
}

/** xt_connmark.c, connmark_tg. */
export interface ConnmarkTarget extends TargetBase {
  readonly kind: 'CONNMARK';
  readonly operation:
    | { readonly set: { readonly clear: number; readonly xor: number } }
    /** ctmark = (ctmark & ~ctmask) ^ (nfmark & nfmask). */
    | { readonly save: { readonly nfmask: number; readonly ctmask: number } }
    /** nfmark = (nfmark & ~nfmask) ^ (ctmark & ctmask). */
    | { readonly restore: { readonly nfmask: number; readonly ctmask: number } };
}

/** DNAT, SNAT, MASQUERADE, REDIRECT. */
export interface NatTarget extends TargetBase {
  readonly kind: 'DNAT' | 'SNAT' | 'MASQUERADE' | 'REDIRECT';
  readonly addresses?: { readonly from: Address; readonly to: Address };
  readonly ports?: Interval;
  /** `--to-ports` / `--to-destination a:1-9/BASE`: port shift, as written. */
  readonly portBase?: number;
  readonly random: boolean;
  readonly fullyRandom: boolean;
  readonly persistent: boolean;
  /**
   * nft: where the address is computed: `numgen random mod 2 map { 0 : 10.0.0.1 . 80 }` gives address
   * and port, `ip saddr map @m` an address. Then `addresses` and `ports` are absent.
   */
  readonly toAddress?: Expression;
  /** nft: `dnat to 10.0.0.1 : tcp dport map { ... }`. */
  readonly toPort?: Expression;
  /** nft's `dnat ip to`: in an inet table packets of the other family fail the rule. */
  readonly family?: Family;
  /** nft's `dnat ip prefix to`: the network part is replaced, the host part kept (NETMAP). */
  readonly prefix?: boolean;
}

export interface NetmapTarget extends TargetBase {
  readonly kind: 'NETMAP';
  readonly address: Address;
  readonly mask: readonly number[];
}

/** `-j SNPT`, `-j DNPT`: a prefix for another, without conntrack. */
export interface PrefixTarget extends TargetBase {
  readonly kind: 'SNPT' | 'DNPT';
  readonly from: { readonly address: Address; readonly length: number };
  readonly to: { readonly address: Address; readonly length: number };
}

/** `--zone 5`, `--zone mark`, `--zone-orig 5`: of one direction alone where it is named. */
export interface ZoneChoice {
  readonly id: number | 'mark';
  readonly direction?: 'original' | 'reply';
}

export interface ConntrackTarget extends TargetBase {
  readonly kind: 'CT';
  readonly notrack: boolean;
  readonly zone?: ZoneChoice;
  /** The options as written: helper, zone, timeout, ctevents. */
  readonly text: string;
}

/** Targets that change nothing a trace follows: the packet goes on with the next rule. */
export interface PassingTarget extends TargetBase {
  readonly kind: 'LOG' | 'NFLOG' | 'TRACE' | 'TCPMSS' | 'CHECKSUM' | 'AUDIT';
  readonly text: string;
}

/** NFQUEUE: a program in user space decides. */
export interface QueueTarget extends TargetBase {
  readonly kind: 'NFQUEUE';
  readonly text: string;
  readonly bypass: boolean;
}

/** `-j TPROXY`: mark, and delivery to a local socket. */
export interface TransparentProxyTarget extends TargetBase {
  readonly kind: 'TPROXY';
  readonly address?: Address;
  readonly port: number;
  readonly clear: number;
  readonly xor: number;
}

/** `-j SET`. */
export interface SetTarget extends TargetBase {
  readonly kind: 'SET';
  readonly operation: 'add' | 'del' | 'map';
  readonly set: string;
  readonly directions: readonly Direction[];
  /** `--map-mark`: the element's skbmark becomes the packet's mark. */
  readonly mapsMark?: true;
  readonly text: string;
}

/** TOS, DSCP, TTL, HL: header fields that later matches may ask for. */
export interface HeaderTarget extends TargetBase {
  readonly kind: 'TOS' | 'DSCP' | 'TTL' | 'HL';
  readonly text: string;
}

/** A name that is neither a chain of the table nor a target known here. */
export interface UnmodelledTarget extends TargetBase {
  readonly kind: 'unmodelled-target';
  readonly name: string;
  readonly text: string;
}

export type Target =
  | ChainTarget
  | VerdictTarget
  | RejectTarget
  | MarkTarget
  | ConnmarkTarget
  | NatTarget
  | NetmapTarget
  | PrefixTarget
  | ConntrackTarget
  | PassingTarget
  | QueueTarget
  | TransparentProxyTarget
  | SetTarget
  | HeaderTarget
  | UnmodelledTarget;
