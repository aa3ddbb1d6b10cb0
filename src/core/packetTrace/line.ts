import type { Address, Family } from '../address';
import type { ConntrackEntry } from '../connections';
import type { InnerPacket } from '../packet';
import type { Statement } from '../rules/statement';
import type { SourceRange } from '../source';

/** Which program or rule wrote a line: each names the rule, the packet and the verdict in its own way. */
export type TraceForm = 'legacy' | 'xtables' | 'nft' | 'retis' | 'log' | 'conntrack';

/** What a line prints of the packet's head. */
export interface PrintedHead {
  readonly family: Family;
  readonly source: Address;
  readonly destination: Address;
  /** As in /etc/protocols; undefined where it was trimmed away. */
  readonly protocol?: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly inDevice?: string;
  readonly outDevice?: string;
  /** The port of the bridge. */
  readonly bridgePort?: string;
  /** 0 where it is not printed: the kernel leaves it out then. */
  readonly mark: number;
  readonly ttl?: number;
  readonly length?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  readonly inner?: InnerPacket;
  /** Bits of `tcpFlagBits`. */
  readonly flags?: number;
  /** What tells packets apart that have no id of their own: the IP id, the sequence number. */
  readonly identity: string;
}

interface LineBase {
  readonly form: TraceForm;
  readonly range: SourceRange;
  /** The id that the monitor gives the packet. */
  readonly id?: string;
  /** Undefined where the line has none: the packet's line before has it. */
  readonly head?: PrintedHead;
}

/** A place of the rules: `nat:KUBE-SERVICES:rule:30`, `trace id 4f1c2a90 inet t pre rule ...`. */
export interface PlaceLine extends LineBase {
  readonly kind: 'rule' | 'return' | 'policy';
  /** Of nft's tables: `inet`, `ip`. */
  readonly tableFamily?: string;
  readonly table: string;
  readonly chain: string;
  /**
   * legacy: of the rule, from 1; of an end the number of rules and 1 more, or that of a rule without
   * matches whose target is a verdict, which the kernel prints as an end.
   */
  readonly number?: number;
  readonly handle?: number;
  /** The rule as the monitor prints it. */
  readonly text?: string;
  /** What nft's monitor prints of the rule, read as nft's rules are. */
  readonly statements?: readonly Statement[];
  /** As printed: `JUMP:KUBE-SVC-...`, `accept`, `jump foo`. */
  readonly verdict?: string;
}

/** The packet's head alone: `PACKET: ...`, `trace id ... packet: ...`, a LOG rule's line. */
export interface HeadLine extends LineBase {
  readonly kind: 'head';
  readonly head: PrintedHead;
  /** A LOG rule's `--log-prefix`. */
  readonly prefix?: string;
}

export interface ConnectionLine extends LineBase {
  readonly kind: 'connection';
  readonly entry: ConntrackEntry;
}

/** Of one packet; conntrack's are of a connection. */
export type PacketLine = PlaceLine | HeadLine;

export type TraceLine = PacketLine | ConnectionLine;
