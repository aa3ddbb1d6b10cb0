import { l10n } from '../l10n';
import { count } from './words/format';
import { percent } from '../percent';
import type { EdgeCounters, EdgeRate, FlowEdge, FlowEntry, FlowGraph, FlowNode } from './graph';
import { append } from '../append';

export type GroupBy = 'place' | 'share';

/** From how many endpoints on they are drawn as groups. */
const groupedFrom = 25;

/**
 * The graph with its endpoints gathered into `group` nodes, by the node that they run on or by
 * their share, where there are at least `groupedFrom` of them; else the graph itself. Edges to and
 * from the members become one edge, their shares added.
 */
export function groupEndpoints(graph: FlowGraph, by: GroupBy): FlowGraph {
  if (!isGrouped(graph)) return graph;
  const endpoints = graph.nodes.filter((node) => node.kind === 'endpoint');

  return gather(graph, groupsOf(endpoints, by));
}

/** The graph with `groups` in the place of their members; edges among these are gone. */
export function gather(graph: FlowGraph, groups: readonly FlowNode[]): FlowGraph {
  const groupOf = new Map<string, string>();
  for (const group of groups) for (const member of group.members!) groupOf.set(member.id, group.id);
  const home = (id: string) => groupOf.get(id) ?? id;

  const merged = new Map<string, FlowEdge[]>();
  const edgeOf = new Map<string, string>();
  for (const edge of graph.edges) {
    const touches = groupOf.has(edge.from) || groupOf.has(edge.to);
    if (touches && home(edge.from) === home(edge.to)) continue;
    const id = touches ? `${home(edge.from)} -> ${home(edge.to)}` : edge.id;
    edgeOf.set(edge.id, id);
    append(merged, id, edge);
  }
  return {
    ...graph,
    nodes: [...graph.nodes.filter((node) => !groupOf.has(node.id)), ...groups],
    edges: [...merged].map(([id, edges]) => mergeEdges(id, edges, home)),
    entries: graph.entries.map((entry) => regroupEntry(entry, edgeOf)),
  };
}

export function isGrouped({ nodes }: FlowGraph): boolean {
  return nodes.filter(({ kind }) => kind === 'endpoint').length >= groupedFrom;
}

function groupsOf(endpoints: readonly FlowNode[], by: GroupBy): FlowNode[] {
  const members = new Map<string, FlowNode[]>();
  for (const endpoint of endpoints) {
    const key = groupKey(endpoint, by);
    append(members, key, endpoint);
  }
  return [...members].map(([key, group]) => ({
    id: `group ${key}`,
    kind: 'group',
    label: count(group.length, 'endpoint'),
    detail: key,
    marks: [],
    ranges: group.flatMap((member) => member.ranges.slice(0, 1)),
    members: group,
    share: sum(group.map((member) => member.share)),
  }));
}

function groupKey({ place, share }: FlowNode, by: GroupBy): string {
  if (by === 'place') return place ? l10n.t`on ${place}` : l10n.t`node not known`;
  return share === undefined ? l10n.t`share not known` : l10n.t`${percent(share)} each`;
}

function mergeEdges(
  id: string,
  edges: readonly FlowEdge[],
  home: (id: string) => string,
): FlowEdge {
  const [first] = edges as [FlowEdge];
  if (edges.length === 1 && first.id === id) return first;
  const share = sum(edges.map((edge) => edge.share));
  const reasons = new Set(edges.flatMap((edge) => edge.unknown ?? []));
  return {
    id,
    from: home(first.from),
    to: home(first.to),
    share,
    label: share !== undefined && edges.some((edge) => edge.label) ? percent(share) : undefined,
    marks: first.marks,
    unknown: reasons.size > 0 ? [...reasons].join(l10n.t`; `) : undefined,
    ranges: edges.flatMap((edge) => edge.ranges.slice(0, 1)),
    counters: sumCounters(edges),
    rate: sumRates(edges),
    members: edges.flatMap((edge) => edge.members ?? [edge.id]),
  };
}

/** undefined where an edge has none: part of the packets is no sum. */
function sumCounters(edges: readonly FlowEdge[]): EdgeCounters | undefined {
  const all = edges.flatMap(({ counters }) => counters ?? []);
  const [first] = all;
  if (!first || all.length < edges.length) return undefined;
  return {
    ...first,
    packets: all.reduce((total, { packets }) => total + packets, 0),
    bytes: all.reduce((total, { bytes }) => total + bytes, 0),
  };
}

function sumRates(edges: readonly FlowEdge[]): EdgeRate | undefined {
  let perSecond = 0;
  let connections: number | undefined;
  for (const { rate } of edges) {
    if (!rate || 'reason' in rate) return rate;
    if ('connections' in rate) connections = (connections ?? 0) + rate.connections;
    else perSecond += rate.perSecond;
  }
  return connections === undefined ? { perSecond } : { connections };
}

/** Its steps go on naming the endpoints themselves. */
function regroupEntry(entry: FlowEntry, edgeOf: ReadonlyMap<string, string>): FlowEntry {
  const shares: Record<string, number> = {};
  for (const [edge, share] of Object.entries(entry.shares)) {
    const id = edgeOf.get(edge);
    if (id === undefined) continue;
    shares[id] = (shares[id] ?? 0) + share;
  }
  return {
    ...entry,
    edges: [...new Set(entry.edges.flatMap((edge) => edgeOf.get(edge) ?? []))],
    shares,
  };
}

function sum(shares: readonly (number | undefined)[]): number | undefined {
  let total = 0;
  for (const share of shares) {
    if (share === undefined) return undefined;
    total += share;
  }
  return total;
}
