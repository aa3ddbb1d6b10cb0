import type { Family } from '../address';
import type { SourceRange } from '../source';
import type { SetReference } from './set';
import type { Value } from './value';

interface ExpressionBase {
  readonly range: SourceRange;
}

/** A constant: `0x00004000`, `10.0.0.1`, `"eth0"`. */
export interface ConstantExpression extends ExpressionBase {
  readonly kind: 'constant';
  readonly value: Value;
}

/**
 * `meta KEY`, as nft names the keys (nft(8), META EXPRESSIONS): `mark`, `l4proto`, `nfproto`,
 * `iifname`, `oifname`, `iif`, `oif`, `skuid`, `pkttype`, `length`, `random`, ... `iif` and `oif` are
 * compared as text: nft lists the index by the device's name.
 */
export interface MetaExpression extends ExpressionBase {
  readonly kind: 'meta';
  readonly key: string;
}

/**
 * A header field: `ip saddr`, `tcp dport`, `th dport`, `ether saddr`. A packet without that header
 * fails the match, whatever the operator: nft puts the test of the protocol before it and does not
 * list it.
 */
export interface PayloadExpression extends ExpressionBase {
  readonly kind: 'payload';
  /** `ip`, `ip6`, `tcp`, `udp`, `sctp`, `dccp`, `udplite`, `th`, `icmp`, `icmpv6`, `ether`, `arp`, `vlan`. */
  readonly protocol: string;
  readonly field: string;
}

/** `ct [original|reply] [ip|ip6] KEY`: `state`, `status`, `mark`, `direction`, `saddr`, `proto-dst`. */
export interface ConntrackExpression extends ExpressionBase {
  readonly kind: 'ct';
  readonly key: string;
  readonly direction?: 'original' | 'reply';
  readonly family?: Family;
}

/** `fib daddr . iif type`, `fib saddr . mark oif`; `present`: `check missing`/`exists` of oif. */
export interface FibExpression extends ExpressionBase {
  readonly kind: 'fib';
  readonly result: 'type' | 'oif' | 'oifname';
  readonly present: boolean;
  /** `saddr`, `daddr`, `mark`, `iif`, `oif`. */
  readonly flags: readonly string[];
}

/** `numgen random mod 2 offset 0`: from offset to offset + modulus - 1. */
export interface NumgenExpression extends ExpressionBase {
  readonly kind: 'numgen';
  readonly mode: 'random' | 'inc';
  readonly modulus: number;
  readonly offset: number;
}

/** `jhash ip saddr . tcp sport mod 2 seed 0xdeadbeef`; `symhash` has neither `of` nor seed. */
export interface HashExpression extends ExpressionBase {
  readonly kind: 'jhash' | 'symhash';
  readonly of?: Expression;
  readonly modulus: number;
  /** Undefined: the kernel chose one when the rule was loaded. */
  readonly seed?: number;
  readonly offset: number;
}

/** `rt nexthop`, `rt ip6 nexthop`: of the packet's route. */
export interface RoutingExpression extends ExpressionBase {
  readonly kind: 'rt';
  readonly key: 'classid' | 'nexthop' | 'mtu' | 'ipsec';
  readonly family?: Family;
  readonly text: string;
}

/** `exthdr frag`: whether an IPv6 packet has the header. */
export interface ExtensionHeaderExpression extends ExpressionBase {
  readonly kind: 'exthdr';
  readonly name: string;
  readonly text: string;
}

/** `tcp option maxseg size`; `sctp chunk init` without a field: whether the packet has it. */
export interface OptionExpression extends ExpressionBase {
  readonly kind: 'option';
  readonly protocol: 'ip' | 'tcp' | 'sctp' | 'dccp';
  readonly presence: boolean;
  readonly text: string;
}

/** `@th,16,16`: bits of a header by their place: nft(8), "Raw payload expression". */
export interface RawPayloadExpression extends ExpressionBase {
  readonly kind: 'raw';
  readonly base: 'll' | 'nh' | 'th' | 'ih';
  /** In bits, like `length`. */
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** `socket transparent`, `osf name`, `ipsec in reqid`: as written. */
export interface OtherSelector extends ExpressionBase {
  readonly kind: 'socket' | 'osf' | 'ipsec';
  readonly text: string;
}

/** `meta mark & 0x00004000`: 32 bits, unsigned. */
export interface ArithmeticExpression extends ExpressionBase {
  readonly kind: 'arithmetic';
  readonly operator: '&' | '|' | '^' | '<<' | '>>';
  readonly left: Expression;
  readonly right: Expression;
}

/** `ip daddr . meta l4proto . th dport`, also of constants: `10.0.0.1 . 80`. */
export interface ConcatExpression extends ExpressionBase {
  readonly kind: 'concat';
  readonly parts: readonly Expression[];
}

/** `KEY map { 0 : 10.0.0.1 . 80 }`, `KEY map @name`: without an element for the key the rule fails. */
export interface MapExpression extends ExpressionBase {
  readonly kind: 'map';
  readonly key: Expression;
  readonly map: SetReference;
}

/** Not understood. */
export interface UnknownExpression extends ExpressionBase {
  readonly kind: 'unknown';
  /** As written. */
  readonly text: string;
}

/** What a rule of nft computes from the packet. */
export type Expression =
  | ConstantExpression
  | MetaExpression
  | PayloadExpression
  | ConntrackExpression
  | FibExpression
  | NumgenExpression
  | HashExpression
  | RoutingExpression
  | ExtensionHeaderExpression
  | OptionExpression
  | RawPayloadExpression
  | OtherSelector
  | ArithmeticExpression
  | ConcatExpression
  | MapExpression
  | UnknownExpression;
