import type { FlowEdge, FlowNode } from '../../src/core/flow/graph';

/** All lengths in CSS pixels at 100 % zoom. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** `x`, `y`: the top left corner. */
export interface PlacedNode extends Size, Point {
  readonly node: FlowNode;
  readonly column: number;
}

export interface PlacedEdge {
  readonly edge: FlowEdge;
  /** The `d` of an SVG path. */
  readonly path: string;
  /** Stroke width. */
  readonly width: number;
  /** Where its label stands: the middle of the end that is nearer the node. */
  readonly label: Point & { readonly side: 'source' | 'target' | 'above' };
}

/** A heading over one or more columns. */
export interface Lane {
  readonly title: string;
  readonly x: number;
  readonly width: number;
}

export interface Layout extends Size {
  /** Which way packets go. */
  readonly direction: 'right' | 'down';
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly lanes: readonly Lane[];
}

/** Where a column stands. */
export interface Band {
  readonly left: number;
  readonly right: number;
}

/** Where an edge crosses the columns between its ends: straight through, so it misses all nodes. */
export interface Pass extends Band {
  readonly y: number;
}
