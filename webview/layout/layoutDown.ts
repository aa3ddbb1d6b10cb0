import type { FlowEdge, FlowGraph } from '../../src/core/flow/graph';
import { columnsOf } from './columns';
import type { Room } from './layout';
import type { Layout, PlacedEdge, PlacedNode, Point, Size } from './placed';
import { edgeWidth } from './ports';
import { append } from '../../src/core/append';

/** Lengths in CSS pixels at 100 % zoom. */
const margin = 12;
const between = 12;
/** Between two ranks: room for a label and for edges to turn. */
const rankGap = 34;
const labelHeight = 20;

/**
 * Places the graph from top to bottom, for panels that are narrower than a graph is long: each rank
 * stands in as many rows as it needs to be no wider than `width`. An edge that passes a row of its
 * own rank goes behind it.
 */
export function layOutDown(graph: FlowGraph, room: Room, width: number): Layout {
  const ranks = columnsOf(graph);
  const edges = graph.edges.filter((edge) => ranks.has(edge.from) && ranks.has(edge.to));
  const byRank: FlowGraph['nodes'][number][][] = [];
  for (const node of graph.nodes) (byRank[ranks.get(node.id)!] ??= []).push(node);
  const labelled = new Set(edges.filter((edge) => room.label(edge) > 0).map(({ to }) => to));

  const rows: { readonly column: number; readonly top: number; readonly placed: PlacedNode[] }[] =
    [];
  let y = margin;
  for (const [column, nodes = []] of byRank.entries()) {
    const sizes = nodes.map((node) => room.node(node));
    const cell = Math.max(0, ...sizes.map((size) => size.width));
    const fits = Math.max(1, Math.floor((width - 2 * margin + between) / (cell + between)));
    // Rows of about the same length: 3 + 2 rather than 4 + 1.
    const perRow = Math.ceil(nodes.length / Math.ceil(nodes.length / fits));
    for (let i = 0; i < nodes.length; i += perRow) {
      const own = nodes.slice(i, i + perRow);
      if (own.some(({ id }) => labelled.has(id))) y += labelHeight;
      const placed = own.map((node, n): PlacedNode => ({
        node,
        column,
        x: n * (cell + between),
        y,
        width: cell,
        height: sizes[i + n]!.height,
      }));
      rows.push({ column, top: y, placed });
      y += Math.max(...placed.map(({ height }) => height)) + between;
    }
    y += rankGap - between;
  }
  const widest = Math.max(0, ...rows.map(({ placed }) => rowWidth(placed)));
  const nodes = rows.flatMap(({ placed }) => {
    const left = margin + (widest - rowWidth(placed)) / 2;
    return placed.map((node) => ({ ...node, x: Math.round(node.x + left) }));
  });
  return {
    direction: 'down',
    nodes,
    edges: placeEdges(edges, nodes),
    lanes: [],
    width: widest + 2 * margin,
    height: Math.max(0, ...nodes.map((node) => node.y + node.height)) + margin,
  };
}

function rowWidth(placed: readonly Pick<PlacedNode, 'x' | 'width'>[]): number {
  const last = placed.at(-1);
  return last ? last.x + last.width : 0;
}

function placeEdges(edges: readonly FlowEdge[], nodes: readonly PlacedNode[]): PlacedEdge[] {
  const placed = new Map(nodes.map((node) => [node.node.id, node]));
  const starts = portsOf(edges, placed, 'from', 'to');
  const ends = portsOf(edges, placed, 'to', 'from');
  return edges.map((edge) => {
    const [from, to] = [placed.get(edge.from)!, placed.get(edge.to)!];
    const start: Point = { x: starts.get(edge.id)!, y: from.y + from.height };
    const end: Point = { x: ends.get(edge.id)!, y: to.y };
    const bend = Math.max(16, (end.y - start.y) / 2);
    return {
      edge,
      path: `M${start.x},${start.y}C${start.x},${start.y + bend} ${end.x},${end.y - bend} ${end.x},${end.y}`,
      width: edgeWidth(edge),
      label: { side: 'above', x: to.x + to.width / 2, y: end.y },
    };
  });
}

/** Where edges meet a node's side (x): in the order of where they go, so that they don't cross there. */
function portsOf(
  edges: readonly FlowEdge[],
  placed: ReadonlyMap<string, PlacedNode>,
  here: 'from' | 'to',
  there: 'from' | 'to',
): ReadonlyMap<string, number> {
  const middle = ({ x, width }: Point & Size) => x + width / 2;
  const byNode = new Map<string, FlowEdge[]>();
  for (const edge of edges) {
    append(byNode, edge[here], edge);
  }
  const ports = new Map<string, number>();
  for (const [id, same] of byNode) {
    const node = placed.get(id)!;
    same.sort((a, b) => middle(placed.get(a[there])!) - middle(placed.get(b[there])!));
    const step = Math.min(24, (node.width - 24) / same.length);
    const left = middle(node) - ((same.length - 1) * step) / 2;
    for (const [i, edge] of same.entries()) ports.set(edge.id, Math.round(left + i * step));
  }
  return ports;
}
