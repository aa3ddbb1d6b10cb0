import { l10n } from '../l10n';
import { percent } from '../percent';
import type { FlowEdge, FlowGraph, FlowNode, FlowNodeKind } from './graph';
import { gather } from './group';
import { append } from '../append';

const foldable: ReadonlySet<FlowNodeKind> = new Set(['hook', 'chain', 'set']);

/** Whether folding would save anything. */
export function canFold(graph: FlowGraph): boolean {
  return foldsOf(graph).length > 0;
}

/**
 * The graph with its hooks, chains and sets put together: those before the endpoints in one node,
 * those behind in another. A single one stays as it is.
 */
export function foldChains(graph: FlowGraph): FlowGraph {
  const folds = foldsOf(graph);
  if (folds.length === 0) return graph;
  const folded = gather(graph, folds);
  const whole = new Map(graph.edges.map((edge) => [edge.id, edge]));
  return { ...folded, edges: folded.edges.map((edge) => shared(edge, folded, whole)) };
}

/** Edges of several chains to one place are of different packets: the share is each entry's own. */
function shared(
  edge: FlowEdge,
  { entries }: FlowGraph,
  whole: ReadonlyMap<string, FlowEdge>,
): FlowEdge {
  const members = (edge.members ?? []).flatMap((id) => whole.get(id) ?? []);
  if (members.length < 2) return edge;
  const own = entries.filter(({ edges }) => edges.includes(edge.id));
  const shares = own.flatMap(({ shares }) => shares[edge.id] ?? []);
  const known = shares.length === own.length && shares.length > 0;
  const [least, most] = [percent(Math.min(...shares)), percent(Math.max(...shares))];
  const label = least === most ? most : l10n.t`${least.replace(' %', '')} to ${most}`;
  return {
    ...edge,
    share: known ? Math.max(...shares) : undefined,
    label: known && members.some((one) => one.label !== undefined) ? label : undefined,
  };
}

function foldsOf({ nodes, edges }: FlowGraph): FlowNode[] {
  const behind = new Set(nodes.flatMap(({ id, kind }) => (isEndpoint(kind) ? [id] : [])));
  // A set grows while it is walked.
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) append(next, from, to);
  for (const id of behind) for (const to of next.get(id) ?? []) behind.add(to);
  const chains = nodes.filter(({ kind }) => foldable.has(kind));
  return [
    foldOf(
      'before',
      chains.filter(({ id }) => !behind.has(id)),
    ),
    foldOf(
      'behind',
      chains.filter(({ id }) => behind.has(id)),
    ),
  ].flatMap((fold) => fold ?? []);
}

function isEndpoint(kind: FlowNodeKind): boolean {
  return kind === 'endpoint' || kind === 'group';
}

function foldOf(place: string, members: readonly FlowNode[]): FlowNode | undefined {
  if (members.length < 2) return undefined;
  const marks = members.flatMap((member) => member.marks);
  return {
    id: `chains ${place}`,
    kind: 'chains',
    label: String(members.length),
    marks: marks.filter(
      (mark, i) =>
        marks.findIndex((one) => one.action === mark.action && one.bits === mark.bits) === i,
    ),
    ranges: members.flatMap(({ ranges }) => ranges.slice(0, 1)),
    members,
  };
}
