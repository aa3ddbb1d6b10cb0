import type { Address } from '../address';
import type { Finding } from '../finding';
import type { RealServer, VirtualServer } from '../ipvs/state';
import type { InnerPacket, Packet } from '../packet';
import type { ChainType, Hook } from '../rules/baseChain';
import type { ConntrackState } from '../rules/match';
import type { Interval } from '../rules/optionValue';
import type { Gap, TableFamily } from '../rules/ruleset';
import type { SourceRange } from '../source';
import type { FlowState } from './conntrack/flowState';

export type { Hook };

/** What a packet's head looks like at a point of its way. */
export interface Header {
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  /** Undefined too where the kernel chooses it at random: see `sourcePorts`. */
  readonly sourcePort?: number;
  readonly sourcePorts?: readonly Interval[];
  readonly destinationPort?: number;
  /** Of an ICMP error: the packet that it quotes, which NAT and IPVS rewrite too. */
  readonly inner?: InnerPacket;
}

interface StepBase {
  readonly hook?: Hook;
  /** nfmark before the step. */
  readonly mark: number;
  /** nfmark after the step, where it differs. */
  readonly markAfter?: number;
}

/** A rule all of whose matches hold (or may hold, in a branch that says so). */
export interface RuleStep extends StepBase {
  readonly kind: 'rule';
  readonly hook: Hook;
  /** Of the base chain that is walked: whether it sees packets or connections. */
  readonly type: ChainType;
  /** Of nft's tables; undefined for those of iptables. */
  readonly family?: TableFamily;
  readonly table: string;
  readonly chain: string;
  /** From 1. */
  readonly rule: number;
  readonly range: SourceRange;
  /** What the target did: `jump KUBE-SERVICES`, `DNAT to 10.244.1.5:8080`, ... */
  readonly effect: string;
  /**
   * Why it can't be said whether the matches hold, of a rule that makes no difference to the way
   * (a LOG, a rule without a target): the trace does not branch for it.
   */
  readonly maybe?: string;
  /** The head, where the rule wrote into it: `ip daddr set 10.0.0.1`. */
  readonly after?: Header;
  /** It did not match in the end, but what `effect` tells had happened before (nft). */
  readonly failed?: true;
}

/** The end of a chain: a built-in chain's policy, or back to the caller. */
export interface ChainEndStep extends StepBase {
  readonly kind: 'policy' | 'return';
  readonly hook: Hook;
  /** Of the base chain that is walked. */
  readonly type: ChainType;
  readonly family?: TableFamily;
  readonly table: string;
  readonly chain: string;
  /** The chain's declaration, where the dump has one. */
  readonly range?: SourceRange;
  readonly effect: string;
}

/** The header was rewritten (at once by DNAT, or in the reply direction by conntrack). */
export interface NatStep extends StepBase {
  readonly kind: 'nat';
  readonly before: Header;
  readonly after: Header;
  /** The rule that did it; undefined for an earlier packet's translation. */
  readonly range?: SourceRange;
  readonly effect: string;
}

/** The routing decision: local delivery, a device and next hop, or why there is none. */
export interface RoutingStep extends StepBase {
  readonly kind: 'routing';
  readonly effect: string;
  readonly range?: SourceRange;
}

/** IPVS has the packet: found its virtual server, chose a real server, rewrote its head. */
export interface IpvsStep extends StepBase {
  readonly kind: 'ipvs';
  readonly hook: Hook;
  /** `in` of a request, `out` of a reply. */
  readonly direction: 'in' | 'out';
  readonly virtual: VirtualServer;
  /** undefined in the step that only finds the virtual server. */
  readonly real?: RealServer;
  /** The row of the virtual server, or of the real server that was chosen. */
  readonly range: SourceRange;
  readonly before?: Header;
  readonly after?: Header;
  /** True where the packet starts anew in OUTPUT. */
  readonly reinjected?: boolean;
  readonly effect: string;
}

/** What conntrack says of the packet, and what the bridge did. */
export interface NoteStep extends StepBase {
  readonly kind: 'conntrack' | 'bridge';
  readonly effect: string;
  readonly range?: SourceRange;
}

/** Where branches that end alike were put together (`foldForks`): `whether or not 10.0.0.1 is ...`. */
export interface EitherStep extends StepBase {
  readonly kind: 'either';
  readonly effect: string;
  /** Why it can't be said. */
  readonly unknown?: string;
  readonly range?: undefined;
}

export type Step =
  RuleStep | ChainEndStep | NatStep | RoutingStep | IpvsStep | NoteStep | EitherStep;

/**
 * What a verdict takes for granted of rules that no dump shows: they may be there, and do something
 * else with the packet.
 */
export type Given =
  | { readonly kind: 'table'; readonly table: string }
  /** The table is shown, but not this built-in chain of it. */
  | { readonly kind: 'chain'; readonly table: string; readonly chain: string }
  | { readonly kind: 'gap'; readonly gap: Gap };

/**
 * ACCEPT: delivered (`delivered` says where). LOST: outside the rules, by routing, as a martian, or
 * for want of an address to translate to. STOLEN: a user-space queue or a proxy has it.
 */
export type VerdictKind = 'ACCEPT' | 'DROP' | 'REJECT' | 'LOST' | 'STOLEN' | 'UNKNOWN';

/** What the client sees of a packet that the node did not deliver. */
export interface ClientView {
  /**
   * refused: at once, "connection refused"; unreachable: at once, another error; silence: nothing,
   * until it gives up; unknown: the node answers, and no dump tells whether that gets to the client.
   */
  readonly sees: 'refused' | 'unreachable' | 'silence' | 'unknown';
  /** In words, with what it gets or why it gets nothing. */
  readonly text: string;
  /** What stopped the node's answer: a rule, a policy. */
  readonly range?: SourceRange;
  /** The way of the node's answer through its own rules; undefined where it sends none. */
  readonly way?: Path;
}

export interface Verdict {
  readonly kind: VerdictKind;
  /** In words: which rule or what of the node decided; for UNKNOWN why it can't be said. */
  readonly reason: string;
  /** What it takes for granted of rules that no dump shows; undefined where all were seen. */
  readonly given?: readonly Given[];
  /** IPVS decided, not a rule. */
  readonly by?: 'ipvs';
  /** The rule, policy or virtual server that decided. */
  readonly range?: SourceRange;
  /** 'local', or the device it leaves by. */
  readonly delivered?: string;
  /** The header as it is delivered, or as it was where the packet's way ended. */
  readonly final?: Header;
  /** nfmark at the end, also of a packet that is not delivered. */
  readonly finalMark?: number;
  /** TTL or hop limit at the end; undefined where the packet's was not known. */
  readonly finalTtl?: number;
  /** What the kernel tells the sender: `icmp-port-unreachable`, `EPERM`, `EINVAL`. */
  readonly reply?: string;
  /** What the client sees of a packet that was not delivered, the node's answer followed through its rules. */
  readonly client?: ClientView;
  /** What the node remembers afterwards: the state for the reply or the next packet. */
  readonly after: FlowState;
}

/** How a verdict is reached; the tracer adds what the state knows. */
export type Ending = Omit<Verdict, 'after' | 'final' | 'finalMark' | 'finalTtl'>;

/** One way to go on, where chance or state that no dump holds decides. */
export interface Branch {
  /** In words: `statistic random 0.33333333349 holds`, `10.0.0.1 is in the recent list X`. */
  readonly condition: string;
  /** Of all packets at this fork; undefined where state, not chance, decides. */
  readonly probability?: number;
  /** True where a match is unknown, not chance: drawn dashed. */
  readonly unknown?: string;
  readonly then: Path;
}

/**
 * A stretch of steps that ends in a verdict or in a fork. Forks nest as deep as a Service has
 * endpoints: walk them with a list of your own, or with `leaves`.
 */
export interface Path {
  readonly steps: readonly Step[];
  readonly end: Verdict | { readonly branches: readonly Branch[] };
}

/** What the trace takes for granted since no dump says it. */
export interface Assumption {
  readonly text: string;
}

export interface Trace {
  readonly packet: Packet;
  readonly state: ConntrackState | undefined;
  readonly path: Path;
  readonly assumptions: readonly Assumption[];
  /** Loops, missing chains, limits that were reached. */
  readonly findings: readonly Finding[];
}
