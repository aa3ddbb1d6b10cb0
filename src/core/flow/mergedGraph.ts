import { l10n } from '../l10n';
import type { NodeState } from '../node';
import type { Packet } from '../packet';
import type { SourceRange } from '../source';
import { foldForks } from '../trace/foldForks';
import { eachLeaf } from '../trace/leaves';
import type { Trace } from '../trace/trace';
import { followFlow } from '../trace/tracer';
import { mapInPieces, type Work } from '../work';
import { framesOf } from './frames';
import { calledChains } from './calledChains';
import { bestState, counterStates, edgeCounters, ownCounters } from './counters/counters';
import type { FlowEntry, FlowGraph } from './graph';
import { createMerger } from './merge';
import type { TracedWay, VisitedWay } from './visit';
import { createRuleBook, findRule, type RuleBook, type RulesOfNode } from './ruleBook';
import type { Outcome } from './outcome';
import { outcomesOf } from './words/outcomes';
import { sourceText } from './words/sourceText';
import { stepsOf } from './words/steps';
import { chainsThatMatter, visitsOf, type Matches } from './visits';

/** One who sends a packet, as the graph shows it. */
export interface Sender {
  readonly id: string;
  /** `Pod on this node`, `Outside, NodePort`. */
  readonly label: string;
  /** `10.244.0.250 → 10.96.0.10:53`. */
  readonly detail: string;
  /** What is made up, since no dump tells it. */
  readonly assumptions: readonly string[];
}

export interface TracedSender<S extends Sender> {
  readonly sender: S;
  /** What makes the destination one of a Service. */
  readonly ranges: readonly SourceRange[];
  readonly trace: Trace;
  readonly ways: readonly TracedWay[];
}

/** Yields after each way, as the tracer does. */
export function* traceSender<S extends Sender>(
  node: NodeState,
  sender: S,
  packet: Packet,
  ranges: readonly SourceRange[],
): Work<TracedSender<S>> {
  const trace = yield* followFlow(node, packet);
  const ways: TracedWay[] = [];
  for (const way of eachLeaf(yield* foldForks(trace))) {
    ways.push({ ...way, frames: framesOf(way.steps) });
    yield;
  }
  return { sender, ranges, trace, ways };
}

/** All that the packets of some senders meet, as one graph. */
export interface MergedGraph<S extends Sender> extends Pick<
  FlowGraph,
  'nodes' | 'edges' | 'entries' | 'assumptions' | 'counters'
> {
  readonly sent: readonly {
    readonly sender: S;
    readonly ways: readonly VisitedWay[];
    readonly outcomes: readonly Outcome[];
  }[];
  readonly rules: RuleBook;
}

/** A graph with the rules that it stands for. */
export interface DrawnGraph {
  readonly graph: FlowGraph;
  readonly rules: RuleBook;
}

/** Yields often, for callers that must not block. */
export function* mergeTraced<S extends Sender>(
  traced: readonly TracedSender<S>[],
  node: RulesOfNode,
): Work<MergedGraph<S>> {
  const matches: Matches = (step) => findRule(node, step)?.rule.matches ?? [];
  const matter = yield* chainsThatMatter(traced.flatMap(({ ways }) => ways));
  const merger = createMerger();
  const sent: MergedGraph<S>['sent'][number][] = [];
  for (const { sender, ways, ranges } of traced) {
    const visited: VisitedWay[] = [];
    for (const way of ways) {
      visited.push({ way, visits: visitsOf(way, matter, matches) });
      yield;
    }
    const { id, label, detail, assumptions } = sender;
    const reason =
      assumptions.length > 0 ? l10n.t`assumed: ${assumptions.join(l10n.t`; `)}` : undefined;
    merger.addNode({ id, kind: 'entry', label, detail, marks: [], reason, ranges });
    yield* merger.addWays(id, visited);
    sent.push({ sender, ways: visited, outcomes: yield* outcomesOf(visited, ranges) });
    yield;
  }
  const entries: FlowEntry[] = [];
  const { book, add } = createRuleBook(node);
  const called = calledChains(node);
  for (const { sender, ways, outcomes } of sent) {
    const { id, label, assumptions } = sender;
    const { edges, shares } = yield* merger.edgesOf(id);
    const steps = yield* stepsOf(ways, assumptions, called);
    const source = sourceText(ways);
    entries.push({ node: id, label, outcomes, edges, shares, steps, source });
    yield* mapInPieces(ways, ({ way }) => add(way.steps));
  }
  const states = yield* counterStates(book);
  const edges = yield* mapInPieces(yield* merger.edges(), (edge) => ({
    ...edge,
    counters: edgeCounters(edge, book, ownCounters(states)),
  }));
  return {
    sent,
    rules: book,
    nodes: yield* merger.nodes(),
    edges,
    entries,
    assumptions: assumptionsOf(traced),
    counters: bestState(states),
  };
}

/** What stands for what no dump tells, then what the traces themselves take for granted. */
function assumptionsOf(traced: readonly TracedSender<Sender>[]): string[] {
  const made = traced.flatMap(({ sender }) => sender.assumptions);
  const taken = traced.flatMap(({ trace }) => trace.assumptions.map(({ text }) => text));
  return [...new Set([...made, ...taken])];
}
