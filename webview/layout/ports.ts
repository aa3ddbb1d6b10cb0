import type { FlowEdge } from '../../src/core/flow/graph';
import type { Pass, PlacedNode } from './placed';
import { append } from '../../src/core/append';

/** Of an edge that takes all of an entry's packets, in pixels. */
const widest = 14;
const labelHeight = 17;

/** The stroke width: the effective share, but never so thin that it can't be seen or clicked. */
export function edgeWidth({ share }: FlowEdge): number {
  return Math.max(1.5, Math.round((share ?? 0.15) * widest * 10) / 10);
}

/** How much of a node's side an edge takes. */
export function slotHeight(edge: FlowEdge, labelled: boolean): number {
  return Math.max(edgeWidth(edge) + 3, labelled && (edge.label || edge.heat) ? labelHeight : 0);
}

/** A label stands at the end where fewer edges meet: there is room for it. */
export function labelSide(edges: readonly FlowEdge[]): (edge: FlowEdge) => 'source' | 'target' {
  const out = new Map<string, number>();
  const into = new Map<string, number>();
  for (const { from, to } of edges) {
    out.set(from, (out.get(from) ?? 0) + 1);
    into.set(to, (into.get(to) ?? 0) + 1);
  }
  return ({ from, to }) => ((out.get(from) ?? 0) >= (into.get(to) ?? 0) ? 'target' : 'source');
}

/**
 * The height (y) at which each edge leaves its source and reaches its target: edges of one side
 * stand above each other in the order of where they go, so that they don't cross at the node.
 */
export function portOffsets(
  edges: readonly FlowEdge[],
  nodes: ReadonlyMap<string, PlacedNode>,
  passes: ReadonlyMap<string, readonly Pass[]>,
  side: (edge: FlowEdge) => 'source' | 'target',
): Map<string, { source: number; target: number }> {
  const ports = new Map(edges.map((edge) => [edge.id, { source: 0, target: 0 }]));
  for (const end of ['source', 'target'] as const) {
    const [here, there] = end === 'source' ? (['from', 'to'] as const) : (['to', 'from'] as const);
    const far = (edge: FlowEdge) => {
      const pass = end === 'source' ? passes.get(edge.id)?.[0] : passes.get(edge.id)?.at(-1);
      return pass?.y ?? middle(nodes.get(edge[there])!);
    };
    const byNode = new Map<string, FlowEdge[]>();
    for (const edge of edges) {
      append(byNode, edge[here], edge);
    }
    for (const [id, same] of byNode) {
      same.sort((a, b) => far(a) - far(b));
      const slots = same.map((edge) => slotHeight(edge, side(edge) === end));
      let y = middle(nodes.get(id)!) - slots.reduce((total, slot) => total + slot, 0) / 2;
      same.forEach((edge, i) => {
        ports.get(edge.id)![end] = y + slots[i]! / 2;
        y += slots[i]!;
      });
    }
  }
  return ports;
}

function middle({ y, height }: PlacedNode): number {
  return y + height / 2;
}
