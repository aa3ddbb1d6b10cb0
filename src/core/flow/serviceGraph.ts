import { withPort } from '../address';
import { l10n } from '../l10n';
import type { NoEndpoint } from '../objects/noEndpoint';
import { finish, mapInPieces, type Work } from '../work';
import type { NodeState } from '../node';
import type { ServiceEndpoint, ServiceView } from '../service';
import type { EndpointFacts } from './endpointFacts';
import { percent } from '../percent';
import { roleOf } from './calledChains';
import type { FlowEdge, FlowEntry, FlowGraph, FlowNode } from './graph';
import { addressOf, headerOf } from './words/header';
import type { HeaderFacts } from './words/header';
import {
  mergeTraced,
  traceSender,
  type DrawnGraph,
  type MergedGraph,
  type TracedSender,
} from './mergedGraph';
import { worstFirst } from './outcome';
import { askersOf } from './packets';
import type { Asker } from './packets';
import type { FoundService } from './places';
import { verdictOf } from './words/verdict';
import { endpointId } from './visits';

export interface ServiceGraphOptions extends Partial<HeaderFacts> {
  /** @param address `10.244.1.5:8080`. */
  readonly endpoint?: (address: string) => EndpointFacts | undefined;
  /** Why it has no endpoint, by the cluster's objects. */
  readonly cause?: NoEndpoint | undefined;
  /** Asks with a ping to the ClusterIP, too. */
  readonly ping?: boolean | undefined;
}

/**
 * The flow graph of one Service port on one node: traces a packet for each kind of client and each
 * way in, and merges what they meet. Yields often, for callers that must not block.
 *
 * @param found The Service port with the node's rules that have it.
 */
export function* drawServiceGraph(
  node: NodeState,
  found: FoundService,
  options: ServiceGraphOptions = {},
): Work<DrawnGraph> {
  const { service } = found;
  const endpoints = yield* service.readEndpoints();
  const traced: TracedSender<Asker>[] = [];
  for (const asker of yield* askersOf(node, found, options.ping)) {
    traced.push(yield* traceSender(node, asker, asker.packet, [asker.entry.range]));
  }
  const { sent, nodes, edges, rules, ...merged } = yield* mergeTraced(traced, node);
  const byId = yield* endpointsById(endpoints);
  const named = yield* mapInPieces(nodes, (item) =>
    withRole(withEndpointFacts(item, byId, options), service),
  );
  const shown = options.node ?? node.name;
  const asked = sent.map(({ sender, outcomes }) => ({
    client: sender.client,
    via: sender.entry.kind,
    outcomes,
  }));
  const none = endpoints.length === 0 ? ({ kind: 'none' } as const) : undefined;
  const entries: FlowEntry[] = [];
  for (const entry of merged.entries) {
    entries.push(withNames(entry, named));
    yield;
  }
  entries.sort(byOutcome(sent));
  const told =
    service.affinity === undefined
      ? edges
      : yield* mapInPieces(edges, (edge) => withNewClients(edge, byId));
  yield;
  const graph: FlowGraph = {
    ...merged,
    entries,
    title: service.title,
    header: headerOf(service, sent, { node: shown, captured: options.captured, endpoints }),
    verdict: verdictOf(asked, options.cause ?? none),
    facts: {
      at: addressOf(service),
      service: service.title,
      mode: service.mode,
      node: shown,
      captured: node.captured,
    },
    nodes: inOrderOf(entries, named),
    edges: told,
    warnings: warningsOf(service, traced),
  };
  return { graph, rules };
}

/** As drawServiceGraph, at once. */
export function serviceGraph(...request: Parameters<typeof drawServiceGraph>): DrawnGraph {
  return finish(drawServiceGraph(...request));
}

/** Failing entries first; those that its source ranges keep out fail by intent, and come last. */
function byOutcome(sent: MergedGraph<Asker>['sent']) {
  const ranks = new Map(
    sent.map(({ sender, outcomes }) => {
      const worst = worstFirst.indexOf(outcomes[0]?.kind ?? 'unknown');
      return [sender.id, sender.client === 'barred' ? worstFirst.length : worst];
    }),
  );
  return (a: FlowEntry, b: FlowEntry) => ranks.get(a.node)! - ranks.get(b.node)!;
}

/** Those who ask stand in the picture as in the list. */
function inOrderOf(entries: readonly FlowEntry[], nodes: readonly FlowNode[]): FlowNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const first = entries.flatMap(({ node }) => byId.get(node) ?? []);
  return [...first, ...nodes.filter(({ kind }) => kind !== 'entry')];
}

/** Session affinity: who came before is known to the kernel only, but new clients have a share. */
function withNewClients(edge: FlowEdge, endpoints: Endpoints): FlowEdge {
  const endpoint = edge.share === undefined ? endpoints.get(edge.to) : undefined;
  if (endpoint?.share === undefined) return edge;
  return { ...edge, label: l10n.t`${percent(endpoint.share)} of new` };
}

/** By the id of their nodes; the first where an address is there twice. */
type Endpoints = ReadonlyMap<string, ServiceEndpoint>;

function* endpointsById(endpoints: readonly ServiceEndpoint[]): Work<Endpoints> {
  const byId = new Map<string, ServiceEndpoint>();
  yield* mapInPieces(endpoints, (endpoint) => {
    const id = endpointId(withPort(endpoint.address, endpoint.port));
    if (!byId.has(id)) byId.set(id, endpoint);
  });
  return byId;
}

function withEndpointFacts(
  node: FlowNode,
  endpoints: Endpoints,
  { endpoint }: ServiceGraphOptions,
): FlowNode {
  if (node.kind !== 'endpoint') return node;
  const facts = endpoint?.(node.label);
  return {
    ...node,
    share: endpoints.get(node.id)?.share,
    detail: [facts?.detail, facts?.place].filter(Boolean).join(l10n.t`, `) || node.detail,
    place: facts?.place,
  };
}

/** Names of chains are hashes: what those of the Service are for. */
function withRole(node: FlowNode, { chains, title }: ServiceView): FlowNode {
  if (node.kind !== 'chain' || !chains.includes(node.label)) return node;
  const role = roleOf(node.label, title);
  return role ? { ...node, role } : node;
}

/** The list says of each endpoint what its node in the graph says. */
function withNames(entry: FlowEntry, nodes: readonly FlowNode[]): FlowEntry {
  const details = new Map(
    nodes.flatMap(({ id, kind, detail }) => (kind === 'endpoint' && detail ? [[id, detail]] : [])),
  );
  const steps = entry.steps.map((step) => {
    const about = step.node === undefined ? undefined : details.get(step.node);
    if (about === undefined) return step;
    details.delete(step.node!);
    return { ...step, about };
  });
  return { ...entry, steps };
}

function warningsOf({ mode }: ServiceView, traced: readonly TracedSender<Asker>[]): string[] {
  const messages = traced.flatMap(({ trace }) => trace.findings.map(({ message }) => message));
  const meetsIpvs = () =>
    traced.some(({ ways }) => ways.some(({ steps }) => steps.some(({ kind }) => kind === 'ipvs')));
  if (mode === 'ipvs' && !meetsIpvs()) {
    messages.push(
      l10n.t`This Service is in ipvs mode, and no trace reached IPVS: what it does is not drawn here.`,
    );
  }
  return [...new Set(messages)];
}
