import type { Family } from '../../core/address';
import type { NodeFacts, NodePart } from '../node/nodeFacts';
import type { LineReader } from '../lines';

/** Where a dump comes from, as far as its file's name or the command above it tells. */
export interface DumpOrigin {
  /** What the ranges of all that is read name: the file's path. */
  readonly source: string;
  /** Of `ip -6 route` or `ip6tables -S`; undefined where nothing tells. */
  readonly family?: Family;
  /** Of `ip route show table 100` or `iptables -t nat -S`; undefined where all are printed. */
  readonly table?: string;
  /** `grep`: only the lines that it let through are here. */
  readonly filter?: string;
}

/** A line that only this kind has; the second form also sees the lines that follow. */
export type LineTest = RegExp | ((line: string, next: readonly string[]) => boolean);

/**
 * One kind of dump: how it is recognised, in which language it is shown, what it tells of a node.
 * `kinds/` has them all; whoever needs to know something of a kind asks that table.
 */
export interface DumpKind {
  readonly id: string;
  /** VS Code's language of such a text; undefined where there is none for it. */
  readonly language?:
    'iptables-save' | 'nft-listing' | 'ipvsadm' | 'ipset' | 'ip-address' | 'packet-trace';
  /** The first line of a text that passes a test decides; of several kinds the first of the table. */
  readonly lines?: readonly LineTest[];
  /** Of a text that begins with `{` or `[{`. */
  readonly json?: RegExp;
  /**
   * File names, as patterns of the part that names the dump (`-` for `_`, `.` and blanks, lower case,
   * without the ending); the longest match of all kinds decides, then the first of the table.
   */
  readonly names?: readonly string[];
  /** What a node learns from it. */
  readonly part?: NodePart;
  /** How well it serves to find a Service in, 0 best; undefined where none stands in it. */
  readonly services?: number;
  /** Whether the command prints nothing where there is nothing; true, or what stderr says then. */
  readonly mayBeEmpty?: true | RegExp;
  /** Reads such a text; a large reader is loaded when first needed. Rulesets are read by the caller: `NodeReader`. */
  readonly read?: (origin: DumpOrigin) => LineReader<NodeFacts> | Promise<LineReader<NodeFacts>>;
}
