import * as l10n from '@vscode/l10n';
import { Graph, layout as dagreLayout } from '@dagrejs/dagre';
import type { FlowEdge, FlowGraph, FlowNode } from '../../src/core/flow/graph';
import { columnsOf } from './columns';
import type { Band, Lane, Layout, Pass, PlacedEdge, PlacedNode, Point, Size } from './placed';
import { edgeWidth, labelSide, portOffsets, slotHeight } from './ports';
import { append } from '../../src/core/append';

/** Between two columns; more where labels stand between them, or edges climb. */
const columnGap = 32;
/** A ribbon that climbs needs some way to do so, else it looks folded: pixels for each one of height. */
const slope = 0.4;
const mostForSlope = 84;
const rowGap = 12;
const laneHeight = 30;
const margin = 16;

export interface Room {
  /** How much a node's text needs. */
  node(node: FlowNode): Size;
  /** How wide what is written at an edge is; 0 for nothing. */
  label(edge: FlowEdge): number;
}

/**
 * Places the graph from left to right. dagre finds the order and the height of nodes and edges;
 * each column is then as wide as its nodes, and stands as near the one before as labels allow.
 */
export function layOut(graph: FlowGraph, room: Room): Layout {
  const columns = columnsOf(graph);
  const edges = graph.edges.filter((edge) => columns.has(edge.from) && columns.has(edge.to));
  const sizes = sizesOf(graph.nodes, edges, columns, room);

  const dagre = new Graph({ multigraph: true });
  dagre.setGraph({ rankdir: 'LR', nodesep: rowGap, edgesep: 14, ranksep: 60 });
  for (const node of graph.nodes) dagre.setNode(node.id, { ...sizes.get(node.id)! });
  const ends = new Set(graph.nodes.filter(({ kind }) => isFailure(kind)).map(({ id }) => id));
  for (const edge of edges) {
    const minlen = columns.get(edge.to)! - columns.get(edge.from)!;
    if (minlen < 1) continue;
    // A straight line for what most packets do that reach an endpoint.
    const weight = ends.has(edge.to) ? 1 : 1 + Math.round(8 * (edge.share ?? 0));
    dagre.setEdge(edge.from, edge.to, { minlen, weight }, edge.id);
  }
  dagreLayout(dagre);

  const centre = (id: string) => dagre.node(id) as Point;
  const middles = new Map(graph.nodes.map(({ id }) => [columns.get(id)!, centre(id).x]));
  const stopsOf = (edge: FlowEdge): Stop[] => {
    const label = dagre.edge(edge.from, edge.to, edge.id) as { points?: Point[] } | undefined;
    const [first, last] = [columns.get(edge.from)!, columns.get(edge.to)!];
    const stops = [{ column: first, y: centre(edge.from).y }];
    for (let column = first + 1; column < last; column++) {
      const y = heightAt(label?.points ?? [], middles.get(column));
      if (y !== undefined) stops.push({ column, y });
    }
    return [...stops, { column: last, y: centre(edge.to).y }];
  };
  const stops = new Map(edges.map((edge) => [edge.id, stopsOf(edge)]));
  const bands = bandsOf(edges, columns, sizes, room, stops);
  const top = margin + laneHeight;
  const nodes = graph.nodes.map((node): PlacedNode => {
    const { y, width, height } = dagre.node(node.id) as Size & Point;
    const column = columns.get(node.id)!;
    const { left: x } = bands[column]!;
    return { node, column, x, y: Math.round(y - height / 2) + top, width, height };
  });
  inGivenOrder(nodes, edges);
  const passesOf = ({ id }: FlowEdge): Pass[] =>
    stops
      .get(id)!
      .slice(1, -1)
      .map(({ column, y }) => ({ ...bands[column]!, y: y + top }));
  return {
    direction: 'right',
    nodes,
    edges: placeEdges(edges, nodes, passesOf),
    lanes: lanesOf(nodes, bands),
    width: Math.max(0, ...nodes.map((node) => node.x + node.width)) + margin,
    height: Math.max(0, ...nodes.map((node) => node.y + node.height)) + margin,
  };
}

/** Nodes of a column are equally wide; each is as high as its edges need. */
function sizesOf(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
  columns: ReadonlyMap<string, number>,
  room: Room,
): Map<string, Size> {
  const widths = new Map<number, number>();
  for (const node of nodes) {
    const column = columns.get(node.id)!;
    widths.set(column, Math.max(widths.get(column) ?? 0, room.node(node).width));
  }
  const side = labelSide(edges);
  return new Map(
    nodes.map((node) => {
      const needs = (end: 'source' | 'target') =>
        edges
          .filter((edge) => (end === 'source' ? edge.from : edge.to) === node.id)
          .reduce((height, edge) => height + slotHeight(edge, side(edge) === end), 8);
      const height = Math.max(room.node(node).height, needs('source'), needs('target'));
      return [node.id, { width: widths.get(columns.get(node.id)!)!, height: Math.ceil(height) }];
    }),
  );
}

/**
 * dagre mixes nodes that lead the same way: those with the same neighbours and the same height
 * swap places, until they stand in the graph's order.
 */
function inGivenOrder(nodes: PlacedNode[], edges: readonly FlowEdge[]): void {
  const neighbours = new Map<string, string[]>(nodes.map(({ node }) => [node.id, []]));
  for (const { from, to } of edges) {
    neighbours.get(from)!.push(`> ${to}`);
    neighbours.get(to)!.push(`< ${from}`);
  }
  const alike = new Map<string, number[]>();
  for (const [i, { node, column, height }] of nodes.entries()) {
    const key = JSON.stringify([column, height, neighbours.get(node.id)!.sort()]);
    append(alike, key, i);
  }
  for (const indices of alike.values()) {
    const heights = indices.map((i) => nodes[i]!.y).sort((a, b) => a - b);
    for (const [n, i] of indices.entries()) nodes[i] = { ...nodes[i]!, y: heights[n]! };
  }
}

/** Where an edge is in the middle of a column: that of its source, those it crosses, its target's. */
interface Stop {
  readonly column: number;
  readonly y: number;
}

function bandsOf(
  edges: readonly FlowEdge[],
  columns: ReadonlyMap<string, number>,
  sizes: ReadonlyMap<string, Size>,
  room: Room,
  stops: ReadonlyMap<string, readonly Stop[]>,
): Band[] {
  const widths: number[] = [];
  for (const [id, column] of columns) widths[column] = sizes.get(id)!.width;
  const side = labelSide(edges);
  const gaps = widths.map(() => columnGap);
  for (const edge of edges) {
    const at = side(edge) === 'target' ? columns.get(edge.to)! : columns.get(edge.from)! + 1;
    const label = room.label(edge);
    if (label > 0) gaps[at] = Math.max(gaps[at] ?? 0, label + columnGap);
    const way = stops.get(edge.id)!;
    for (const [i, { column, y }] of way.slice(1).entries()) {
      const climb = Math.min(Math.abs(y - way[i]!.y) * slope, mostForSlope);
      gaps[column] = Math.max(gaps[column] ?? 0, Math.round(climb));
    }
  }
  let left = margin;
  return widths.map((width, column) => {
    if (column > 0) left += gaps[column]!;
    const band = { left, right: left + width };
    left = band.right;
    return band;
  });
}

function placeEdges(
  edges: readonly FlowEdge[],
  nodes: readonly PlacedNode[],
  passesOf: (edge: FlowEdge) => Pass[],
): PlacedEdge[] {
  const placed = new Map(nodes.map((node) => [node.node.id, node]));
  const passes = new Map(edges.map((edge) => [edge.id, passesOf(edge)]));
  const side = labelSide(edges);
  const ports = portOffsets(edges, placed, passes, side);
  return edges.map((edge) => {
    const from = placed.get(edge.from)!;
    const to = placed.get(edge.to)!;
    const start = { x: from.x + from.width, y: ports.get(edge.id)!.source };
    const end = { x: to.x, y: ports.get(edge.id)!.target };
    const at = side(edge);
    return {
      edge,
      path: pathOf(start, passes.get(edge.id)!, end),
      width: edgeWidth(edge),
      label: at === 'target' ? { side: at, ...end } : { side: at, ...start },
    };
  });
}

/** dagre's points of an edge hold one in the middle of every column that it crosses. */
function heightAt(points: readonly Point[], x: number | undefined): number | undefined {
  if (x === undefined || points.length === 0) return undefined;
  const off = (point: Point) => Math.abs(point.x - x);
  return points.reduce((best, point) => (off(point) < off(best) ? point : best)).y;
}

function pathOf(start: Point, passes: readonly Pass[], end: Point): string {
  let path = `M${start.x},${round(start.y)}`;
  let at = start;
  const curveTo = (to: Point) => {
    const bend = (to.x - at.x) / 2;
    path += `C${round(at.x + bend)},${round(at.y)} ${round(to.x - bend)},${round(to.y)} ${to.x},${round(to.y)}`;
  };
  for (const { left, right, y } of passes) {
    curveTo({ x: left, y });
    path += `H${right}`;
    at = { x: right, y };
  }
  curveTo(end);
  return path;
}

function lanesOf(nodes: readonly PlacedNode[], bands: readonly Band[]): Lane[] {
  const lanes: Lane[] = [];
  for (const [column, { left, right }] of bands.entries()) {
    const title = titleOf(nodes.filter((node) => node.column === column).map(({ node }) => node));
    const last = lanes.at(-1);
    if (last?.title === title) lanes[lanes.length - 1] = { ...last, width: right - last.x };
    else lanes.push({ title, x: left, width: right - left });
  }
  return lanes;
}

function titleOf(nodes: readonly FlowNode[]): string {
  const has = (...kinds: FlowNode['kind'][]) => nodes.some((node) => kinds.includes(node.kind));
  if (has('endpoint', 'group')) return l10n.t('Endpoints');
  if (has('entry')) return l10n.t('Who asks');
  if (has('hook', 'chain', 'chains', 'set', 'virtual-server')) return l10n.t('Hooks and chains');
  return l10n.t('What becomes of it');
}

function isFailure(kind: FlowNode['kind']): boolean {
  return kind === 'drop' || kind === 'reject' || kind === 'stray';
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
