import type { FlowEdge, FlowGraph, FlowNode } from '../../src/core/flow/graph';
import { append } from '../../src/core/append';

/** How a packet can end: they stand in the last column, as the answers of the picture. */
const outcomes: ReadonlySet<FlowNode['kind']> = new Set(['exit', 'stray', 'drop', 'reject']);

/**
 * The column of each node, from 0: one after the last of its predecessors; all endpoints stand in
 * one column, and what becomes of a packet stands in the last. Edges that would close a circle are left out.
 */
export function columnsOf({ nodes, edges }: Pick<FlowGraph, 'nodes' | 'edges'>) {
  const columns = new Map<string, number>(nodes.map((node) => [node.id, 0]));
  const forward = edges.filter((edge) => columns.has(edge.from) && columns.has(edge.to));
  const order = topologicalOrder(nodes, forward);
  const position = new Map(order.map((id, i) => [id, i]));
  const outgoing = new Map<string, string[]>();
  for (const edge of forward) {
    if (position.get(edge.from)! >= position.get(edge.to)!) continue;
    append(outgoing, edge.from, edge.to);
  }
  const push = () => {
    for (const id of order) {
      for (const target of outgoing.get(id) ?? []) {
        columns.set(target, Math.max(columns.get(target)!, columns.get(id)! + 1));
      }
    }
  };
  push();
  align(columns, nodes, (node) => node.kind === 'endpoint' || node.kind === 'group');
  push();
  align(columns, nodes, ({ kind }) => outcomes.has(kind));
  return columns;
}

function align(
  columns: Map<string, number>,
  nodes: readonly FlowNode[],
  which: (node: FlowNode) => boolean,
): void {
  const aligned = nodes.filter(which);
  const last = Math.max(...aligned.map((node) => columns.get(node.id)!));
  for (const node of aligned) columns.set(node.id, last);
}

/** Kahn's algorithm; what is left on a circle follows in its given order. */
function topologicalOrder(nodes: readonly FlowNode[], edges: readonly FlowEdge[]): string[] {
  const waiting = new Map<string, number>(nodes.map((node) => [node.id, 0]));
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) {
    waiting.set(to, waiting.get(to)! + 1);
    append(targets, from, to);
  }
  const order = nodes.filter((node) => waiting.get(node.id) === 0).map((node) => node.id);
  for (let i = 0; i < order.length; i++) {
    for (const target of targets.get(order[i]!) ?? []) {
      const left = waiting.get(target)! - 1;
      waiting.set(target, left);
      if (left === 0) order.push(target);
    }
  }
  const seen = new Set(order);
  return [...order, ...nodes.flatMap((node) => (seen.has(node.id) ? [] : node.id))];
}
