import type { SourceRange } from '../source';
import type { Leaf } from '../trace/leaves';
import type { ChainVisit } from './frames';
import type { FlowNode } from './graph';

/** One node of the graph on a packet's way. */
export interface Visit {
  readonly node: FlowNode;
  /** Index of its first step in the way's steps; their number for what comes after the last. */
  readonly at: number;
  /** The rules that led here from the node before. */
  readonly enteredBy: readonly SourceRange[];
}

export interface TracedWay extends Leaf {
  readonly frames: readonly ChainVisit[];
}

/** A way with the nodes it passes; the entry's own node is not among them. */
export interface VisitedWay {
  readonly way: TracedWay;
  readonly visits: readonly Visit[];
}
