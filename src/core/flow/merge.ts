import { l10n } from '../l10n';
import { lineKey, type SourceRange } from '../source';
import { mapInPieces, type Work } from '../work';
import { percent } from '../percent';
import type { FlowEdge, FlowEntry, FlowNode, MarkBadge } from './graph';
import { shareSum } from './shareSum';
import type { TracedWay, VisitedWay } from './visit';

/** What one entry's packets do at an edge. */
interface Passing {
  share: number | undefined;
  ways: number;
  unknown: string | undefined;
}

interface OpenEdge {
  readonly from: string;
  readonly to: string;
  readonly ranges: Ranges;
  readonly passings: Map<string, Passing>;
}

/** Gathers the ways of all entries to one graph: each node and edge once. */
export function createMerger() {
  const nodes = new Map<string, MergedNode>();
  const edges = new Map<string, OpenEdge>();

  const addNode = (node: FlowNode) => {
    const known = nodes.get(node.id) ?? newNode(node);
    nodes.set(node.id, known);
    known.condition ??= node.condition;
    for (const text of node.regardless ?? []) known.regardless.add(text);
    known.ranges.add(node.ranges);
    addMarks(known.marks, node.marks);
  };

  /** @param entry The entry's node, already added. */
  function* addWays(entry: string, ways: readonly VisitedWay[]): Work<void> {
    for (const { way, visits } of ways) {
      yield;
      let from = entry;
      let since = 0;
      for (const { node, at, enteredBy } of visits) {
        addNode(node);
        const edge = edgeBetween(from, node.id);
        edge.ranges.add(enteredBy);
        const passing = edge.passings.get(entry) ?? { share: 0, ways: 0, unknown: undefined };
        edge.passings.set(entry, passing);
        passing.ways++;
        passing.share = shareSum(passing.share, way.probability);
        passing.unknown ??= unknownBetween(way, since, at);
        since = at;
        from = node.id;
      }
    }
    yield* mapInPieces(edges.values(), ({ passings }) => {
      const passing = passings.get(entry);
      // Whatever is not known before or behind it: all packets pass here.
      if (passing?.ways !== ways.length) return;
      passing.share = 1;
      passing.unknown = undefined;
    });
  }

  const edgeBetween = (from: string, to: string) => {
    const id = `${from} > ${to}`;
    let edge = edges.get(id);
    if (!edge) edges.set(id, (edge = { from, to, ranges: new Ranges(), passings: new Map() }));
    return edge;
  };

  return {
    addNode,
    addWays,
    nodes: (): Work<FlowNode[]> =>
      mapInPieces(nodes.values(), ({ node, ranges, marks, condition, regardless }) => ({
        ...node,
        ...(condition === undefined ? {} : { condition }),
        ...(regardless.size === 0 ? {} : { regardless: [...regardless] }),
        ranges: ranges.list,
        marks,
      })),
    *edges(): Work<FlowEdge[]> {
      const forks = yield* forksOf(edges.values());
      return yield* mapInPieces(edges, ([id, edge]) => finish(id, edge, forks));
    },
    /** The edges of an entry, and its share at each, as far as it is known. */
    *edgesOf(entry: string): Work<Pick<FlowEntry, 'edges' | 'shares'>> {
      const own: string[] = [];
      const shares: [id: string, share: number][] = [];
      yield* mapInPieces(edges, ([id, { passings }]) => {
        const passing = passings.get(entry);
        if (passing) own.push(id);
        if (passing?.share !== undefined) shares.push([id, passing.share]);
      });
      return { edges: own, shares: Object.fromEntries(shares) };
    },
  };
}

/** A node as it was met first, with what it stands for in all ways. */
interface MergedNode {
  readonly node: FlowNode;
  readonly ranges: Ranges;
  readonly marks: MarkBadge[];
  readonly regardless: Set<string>;
  condition: string | undefined;
}

function newNode(node: FlowNode): MergedNode {
  return { node, ranges: new Ranges(), marks: [], regardless: new Set(), condition: undefined };
}

function addMarks(marks: MarkBadge[], more: readonly MarkBadge[]): void {
  for (const mark of more) {
    if (!marks.some(({ action, bits }) => action === mark.action && bits === mark.bits)) {
      marks.push(mark);
    }
  }
}

/** Ranges, one for each line of a source. */
class Ranges {
  readonly list: SourceRange[] = [];
  private readonly lines = new Set<string>();

  add(more: readonly SourceRange[]): void {
    for (const range of more) {
      const key = lineKey(range);
      if (this.lines.has(key)) continue;
      this.lines.add(key);
      this.list.push(range);
    }
  }
}

/** Why it is not known whether a packet goes on as it does here. */
function unknownBetween(way: TracedWay, since: number, at: number): string | undefined {
  const { branches, branchAt } = way;
  const branch = branches.find((_, i) => branchAt[i]! >= since && branchAt[i]! <= at);
  return branch && (branch.unknown ?? branch.condition);
}

function finish(id: string, edge: OpenEdge, forks: ReadonlySet<string>): FlowEdge {
  const shares = [...edge.passings.values()].map(({ share }) => share);
  const known = shares.filter((share) => share !== undefined);
  const least = known.reduce((one, other) => Math.min(one, other), Infinity);
  const most = known.reduce((one, other) => Math.max(one, other), -Infinity);
  const complete = known.length === shares.length && known.length > 0;
  const unknown = [...edge.passings.values()].find((passing) => passing.unknown)?.unknown;
  return {
    id,
    from: edge.from,
    to: edge.to,
    share: complete ? most : undefined,
    label: complete && isFork(edge, forks) ? label(least, most) : undefined,
    marks: [],
    unknown,
    ranges: edge.ranges.list,
  };
}

function label(least: number, most: number): string {
  const [low, high] = [percent(least), percent(most)];
  return low === high ? high : l10n.t`${low.replace(' %', '')} to ${high}`;
}

/** An entry's packets part at the node that the edge comes from. */
function isFork({ from, passings }: OpenEdge, forks: ReadonlySet<string>): boolean {
  return [...passings.keys()].some((entry) => forks.has(forkKey(from, entry)));
}

function forkKey(node: string, entry: string): string {
  return JSON.stringify([node, entry]);
}

/** Where which entry's packets part: `forkKey`. */
function* forksOf(edges: Iterable<OpenEdge>): Work<ReadonlySet<string>> {
  const passed = new Set<string>();
  const forks = new Set<string>();
  yield* mapInPieces(edges, ({ from, passings }) => {
    for (const entry of passings.keys()) {
      const key = forkKey(from, entry);
      if (passed.has(key)) forks.add(key);
      passed.add(key);
    }
  });
  return forks;
}
