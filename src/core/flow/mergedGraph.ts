import type { NodeState } from '../node';
import type { Packet } from '../packet';
import type { Ruleset } from '../rules/ruleset';
import type { SourceRange } from '../source';
import { leaves } from '../trace/leaves';
import type { RuleStep, Trace } from '../trace/trace';
import { traceFlow } from '../trace/tracer';
import { framesOf } from './frames';
import type { FlowEdge, FlowEntry, FlowNode } from './graph';
import { createMerger, type VisitedWay } from './merge';
import { sourceText } from './sourceText';
import { stepsOf } from './steps';
import { chainsThatMatter, visitsOf, type MarkTests, type TracedWay } from './visits';

/** One who sends a packet, as the graph shows it. */
export interface Sender {
  readonly id: string;
  /** `Pod on this node`, `Outside, NodePort`. */
  readonly label: string;
  /** `10.244.0.250 → 10.96.0.10:53`. */
  readonly detail: string;
  /** What is made up, since no dump tells it. */
  readonly assumption?: string;
}

export interface TracedSender<S extends Sender> {
  readonly sender: S;
  /** What makes the destination one of a Service. */
  readonly ranges: readonly SourceRange[];
  readonly trace: Trace;
  readonly ways: readonly TracedWay[];
}

export function traceSender<S extends Sender>(
  node: NodeState,
  sender: S,
  packet: Packet,
  ranges: readonly SourceRange[],
): TracedSender<S> {
  const trace = traceFlow(node, packet);
  const ways = leaves(trace.path).map((way) => ({ ...way, frames: framesOf(way.steps) }));
  return { sender, ranges, trace, ways };
}

/** All that the packets of some senders meet, as one graph. */
export interface MergedGraph<S extends Sender> {
  readonly sent: readonly { readonly sender: S; readonly ways: readonly VisitedWay[] }[];
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  readonly entries: readonly FlowEntry[];
}

export function mergeTraced<S extends Sender>(
  traced: readonly TracedSender<S>[],
  tests: MarkTests,
): MergedGraph<S> {
  const matter = chainsThatMatter(traced.flatMap(({ ways }) => ways));
  const merger = createMerger();
  const sent = traced.map(({ sender, ways, ranges }) => {
    const visited = ways.map((way) => ({ way, visits: visitsOf(way, matter, tests) }));
    const { id, label, detail, assumption: reason } = sender;
    merger.addNode({ id, kind: 'entry', label, detail, marks: [], reason, ranges });
    merger.addWays(id, visited);
    return { sender, ways: visited };
  });
  const entries = sent.map(({ sender: { id, label, assumption }, ways }) => {
    const { edges, shares } = merger.edgesOf(id);
    const steps = stepsOf(ways, assumption);
    return { node: id, label, edges, shares, steps, source: sourceText(ways) };
  });
  return { sent, nodes: merger.nodes(), edges: merger.edges(), entries };
}

/** The bits that a rule's `-m mark` asks for. */
export function markTests(rulesets: readonly Ruleset[]): MarkTests {
  return ({ table, chain, rule, range }: RuleStep) => {
    const ruleset = rulesets.find(
      ({ source, tables }) => source === range.source && tables.has(table),
    );
    const found = ruleset?.tables.get(table)?.chains.get(chain);
    if (!found || rule > found.length) return [];
    return found
      .rule(rule - 1)
      .matches.flatMap((match) => (match.kind === 'mark' ? [match.mask] : []));
  };
}
