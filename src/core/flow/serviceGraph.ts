import type { NodeState } from '../node';
import type { Ruleset } from '../rules/ruleset';
import type { ServiceView } from '../service';
import { withPort } from '../trace/headerText';
import { leaves } from '../trace/leaves';
import type { RuleStep, Trace } from '../trace/trace';
import { traceFlow } from '../trace/tracer';
import type { EndpointFacts } from './endpointFacts';
import { framesOf } from './frames';
import { percent } from './format';
import type { FlowEdge, FlowEntry, FlowGraph, FlowNode } from './graph';
import { headerOf } from './header';
import type { AskedWays, HeaderFacts } from './header';
import { createMerger } from './merge';
import { askersOf } from './packets';
import type { Asker } from './packets';
import { sourceText } from './sourceText';
import { stepsOf } from './steps';
import { chainsThatMatter, endpointId, visitsOf } from './visits';
import type { MarkTests, TracedWay } from './visits';

export interface ServiceGraphOptions extends Partial<HeaderFacts> {
  /** @param address `10.244.1.5:8080`. */
  readonly endpoint?: (address: string) => EndpointFacts | undefined;
}

/**
 * The flow graph of one Service port on one node: traces a packet for each kind of client and each
 * way in, and merges what they meet. Yields between the traces, for callers that must not block.
 *
 * @param ruleset The one of `node.rulesets` in which the Service was found.
 */
export function* drawServiceGraph(
  node: NodeState,
  ruleset: Ruleset,
  service: ServiceView,
  options: ServiceGraphOptions = {},
): Generator<undefined, FlowGraph> {
  const traced: { asker: Asker; trace: Trace; ways: TracedWay[] }[] = [];
  for (const asker of askersOf(node, ruleset, service)) {
    const trace = traceFlow(node, asker.packet);
    const ways = leaves(trace.path).map((way) => ({ ...way, frames: framesOf(way.steps) }));
    traced.push({ asker, trace, ways });
    yield;
  }
  const matter = chainsThatMatter(traced.flatMap(({ ways }) => ways));
  const tests = markTests(ruleset);
  const asked = traced.map(({ asker, ways }) => ({
    asker,
    ways: ways.map((way) => ({ way, visits: visitsOf(way, matter, tests) })),
  }));
  yield;

  const merger = createMerger();
  for (const { asker, ways } of asked) {
    merger.addNode(entryNode(asker));
    merger.addWays(asker.id, ways);
  }
  return {
    title: service.title,
    header: headerOf(service, asked, {
      node: options.node ?? node.name,
      captured: options.captured,
    }),
    nodes: merger.nodes().map((item) => withEndpointFacts(item, service, options)),
    edges: merger.edges().map((edge) => withNewClients(edge, service)),
    entries: asked.map((one) => entryOf(one, merger.edgesOf(one.asker.id))),
    warnings: warningsOf(service, traced),
  };
}

/** As drawServiceGraph, at once. */
export function serviceGraph(...request: Parameters<typeof drawServiceGraph>): FlowGraph {
  const drawing = drawServiceGraph(...request);
  let step = drawing.next();
  while (!step.done) step = drawing.next();
  return step.value;
}

function entryNode({ id, label, detail, entry, assumption }: Asker): FlowNode {
  const ranges = [entry.range];
  return { id, kind: 'entry', label, detail, marks: [], reason: assumption, ranges };
}

function entryOf(
  { asker, ways }: AskedWays,
  { edges, shares }: Pick<FlowEntry, 'edges' | 'shares'>,
): FlowEntry {
  return {
    node: asker.id,
    label: asker.label,
    edges,
    shares,
    steps: stepsOf(ways, asker.assumption),
    source: sourceText(ways),
  };
}

/** Session affinity: who came before is known to the kernel only, but new clients have a share. */
function withNewClients(edge: FlowEdge, { affinity, endpoints }: ServiceView): FlowEdge {
  if (edge.share !== undefined || affinity === undefined) return edge;
  const endpoint = endpoints.find(
    ({ address, port }) => edge.to === endpointId(withPort(address, port)),
  );
  if (endpoint?.share === undefined) return edge;
  return { ...edge, label: `${percent(endpoint.share)} of new` };
}

function withEndpointFacts(
  node: FlowNode,
  service: ServiceView,
  { endpoint }: ServiceGraphOptions,
): FlowNode {
  if (node.kind !== 'endpoint') return node;
  const programmed = service.endpoints.find(
    ({ address, port }) => withPort(address, port) === node.label,
  );
  const facts = endpoint?.(node.label);
  return {
    ...node,
    share: programmed?.share,
    detail: facts?.detail ?? node.detail,
    place: facts?.place,
  };
}

/** The bits that a rule's `-m mark` asks for. */
function markTests({ tables }: Ruleset): MarkTests {
  return ({ table, chain, rule }: RuleStep) => {
    const found = tables.get(table)?.chains.get(chain);
    if (!found || rule > found.length) return [];
    return found
      .rule(rule - 1)
      .matches.flatMap((match) => (match.kind === 'mark' ? [match.mask] : []));
  };
}

function warningsOf(
  { mode }: ServiceView,
  traced: readonly { readonly trace: Trace; readonly ways: readonly TracedWay[] }[],
): string[] {
  const messages = traced.flatMap(({ trace }) => trace.findings.map(({ message }) => message));
  const meetsIpvs = traced.some(({ ways }) =>
    ways.some(({ steps }) => steps.some(({ kind }) => kind === 'ipvs')),
  );
  if (mode === 'ipvs' && !meetsIpvs) {
    messages.push(
      'This Service is in ipvs mode, and no trace reached IPVS: what it does is not drawn here.',
    );
  }
  return [...new Set(messages)];
}
