import type { SourceRange } from '../source';
import type { Outcome } from './outcome';
import type { FlowVerdict } from './words/verdict';

/** What a mark does at a node or an edge: drawn as a badge. */
export interface MarkBadge {
  readonly action: 'set' | 'test' | 'clear';
  /** The bits: 0x4000. */
  readonly bits: number;
}

export type FlowNodeKind =
  | 'entry'
  | 'hook'
  | 'chain'
  | 'set'
  | 'virtual-server'
  | 'endpoint'
  | 'group'
  /** Hooks and chains put together; its label is their number. */
  | 'chains'
  | 'exit'
  /** Leaves without having met the Service: a ping to a ClusterIP. */
  | 'stray'
  | 'drop'
  | 'reject'
  | 'unknown';

/** What a chain is for, of the Service that a graph is of. */
export interface ServiceChain {
  readonly kind: 'service' | 'local' | 'external' | 'firewall';
  /** `default/whoami:http`. */
  readonly service: string;
}

export interface FlowNode {
  readonly id: string;
  readonly kind: FlowNodeKind;
  /** `KUBE-SVC-OQCLJJ5GLLNFY3XB`, `10.244.1.5:8080`, `PREROUTING`. */
  readonly label: string;
  /** A second, smaller line: pod and node, `default/whoami`, the table. */
  readonly detail?: string;
  readonly marks: readonly MarkBadge[];
  /** Why it is unknown, dropped or rejected; shown on hover and in the list. */
  readonly reason?: string;
  /** All places in the dumps that this node stands for; the first is where a click goes. */
  readonly ranges: readonly SourceRange[];
  /** An endpoint's share of new connections, 0 to 1; undefined where it can't be said. */
  readonly share?: number;
  /** The node that an endpoint runs on, where it is known: endpoints are grouped by it. */
  readonly place?: string;
  /** Of a chain of this Service: what it is for, beside its hash. */
  readonly role?: ServiceChain;
  /** What an end takes for granted of rules that no dump shows. */
  readonly condition?: string;
  /** Of a kernel's trace: where it did not go as the dump would have it. */
  readonly differs?: string;
  /** What is not known here and makes no difference: `whether or not 10.0.0.1 is an address of ...`. */
  readonly regardless?: readonly string[];
  /** For a `group`: the endpoints in it; for `chains`, these. */
  readonly members?: readonly FlowNode[];
}

export interface FlowEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /**
   * Effective share of the traffic of each entry that passes here, 0 to 1; undefined where state
   * decides or where the entries differ (`FlowEntry.shares` has each one's).
   */
  readonly share?: number;
  /** What is written at it: `33.3 %`, or `25 to 50 %` where the entries differ. */
  readonly label?: string;
  readonly marks: readonly MarkBadge[];
  readonly unknown?: string;
  readonly ranges: readonly SourceRange[];
  /** undefined where no rule counts just what passes here, or the dump has no counters. */
  readonly counters?: EdgeCounters;
  /** How fast they counted since an earlier capture; undefined where there is none. */
  readonly rate?: EdgeRate;
  /** The ids of the edges that were put together, where endpoints are grouped. */
  readonly members?: readonly string[];
  /** Where its counters are drawn: their text, and from 0 to 4 how hot it is. */
  readonly heat?: { readonly level: number; readonly text: string };
}

/** What the rules of an edge counted until the dump was taken. */
export interface EdgeCounters {
  readonly packets: number;
  readonly bytes: number;
  /** Rules of nat count only the first packet of each connection. */
  readonly unit: 'connections' | 'packets';
  /** Other traffic than that to the Service matches the rules too. */
  readonly shared: boolean;
}

/**
 * Without a number, why there is none: `the counters were reset between the captures`. Of IPVS that does
 * not tell its packets, the connections that it has there now.
 */
export type EdgeRate =
  { readonly perSecond: number } | { readonly connections: number } | { readonly reason: string };

/** `none`: saved without counters. `zero`: all of them are 0, as after `iptables-restore`. */
export type CounterState = 'none' | 'zero' | 'counted';

/** One who asks, and the way its packets go: selecting it dims all else. */
export interface FlowEntry {
  /** The id of its entry node. */
  readonly node: string;
  readonly label: string;
  /** What becomes of its packets, the worst first. */
  readonly outcomes: readonly Outcome[];
  readonly edges: readonly string[];
  /** By edge id: the share of this entry's traffic, 0 to 1; an edge with an unknown share is left out. */
  readonly shares: Readonly<Record<string, number>>;
  readonly steps: readonly FlowStep[];
  /** `kept`, or the rewritten source, in words; undefined when nothing is delivered. */
  readonly source?: string;
}

/** One line of the list beside the graph: everything the graph says is there too. */
export interface FlowStep {
  readonly text: string;
  readonly hook?: string;
  readonly table?: string;
  readonly chain?: string;
  readonly rule?: number;
  readonly markBefore?: number;
  readonly markAfter?: number;
  /** Depth below forks. */
  readonly depth: number;
  readonly node?: string;
  /** Where it first reaches an endpoint, what is known of that: pod and node. */
  readonly about?: string;
  readonly range?: SourceRange;
}

/** What a graph is of. */
export interface FlowFacts {
  /** `10.96.0.10:53/UDP`; of a packet both ends. */
  readonly at: string;
  /** `kube-system/kube-dns:dns`; undefined of a packet. */
  readonly service?: string;
  readonly mode?: 'iptables' | 'ipvs' | 'nftables';
  readonly node: string;
  /** ISO 8601; without a zone it is the node's own time. */
  readonly captured?: string;
}

export interface FlowGraph {
  /** The Service port, as a panel is titled: `kube-system/kube-dns:dns`. */
  readonly title: string;
  /** `10.96.0.10:53/UDP kube-system/kube-dns:dns, iptables mode, node-a: 2 endpoints at 50 %; ...` */
  readonly header: string;
  readonly verdict: FlowVerdict;
  readonly facts: FlowFacts;
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  readonly entries: readonly FlowEntry[];
  readonly warnings: readonly string[];
  /** What the traces take for granted, since no dump says it: plain sentences. */
  readonly assumptions: readonly string[];
  readonly counters: CounterState;
  /** Since when rates count, or why there are none; undefined without an earlier capture. */
  readonly ratesNote?: string;
}
