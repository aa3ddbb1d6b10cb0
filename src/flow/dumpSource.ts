import * as vscode from 'vscode';
import { formatAddress } from '../core/address';
import { byName } from '../core/byName';
import { captureAge } from '../core/flow/age';
import { causeOf } from '../core/flow/cause';
import { endpointFacts } from '../core/flow/endpointFacts';
import type { DrawnGraph } from '../core/flow/mergedGraph';
import type { DrawableService } from '../core/flow/services';
import type { NodeState } from '../core/node';
import { parsePacket } from '../core/packetText';
import { protocolName } from '../core/protocol';
import type { ServiceView } from '../core/service';
import type { SourceRange } from '../core/source';
import { checkedNode } from '../workspace/findings/checkedNode';
import type { DumpFiles } from '../workspace/clusters/dumpFiles';
import type { DumpDocuments } from '../workspace/dumpDocuments';
import type { NftDocuments } from '../workspace/nftDocuments';
import { scheme } from '../workspace/clusters/dumpUri';
import { packetAt, parseKernelTraceId, textsOf, type TracePlace } from '../workspace/kernelTrace';
import type { PreviewFiles } from '../workspace/previewFiles';
import type { NodeFolders, OpenNode } from '../workspace/nodeFolders';
import { nodesBeside } from '../workspace/nodesBeside';
import { runInSlices } from '../workspace/slices';
import { counterHistory, type CounterHistory } from './counterHistory';
import { uriNear, uriOf } from '../workspace/places';
import type { FlowAnswer, FlowSource, ServiceChoice } from './source';

/** The texts that rules are in, by their language. */
export interface RuleDocuments {
  /** Of iptables. */
  readonly dumps: DumpDocuments;
  /** Of nft. */
  readonly listings: NftDocuments;
}

/** Draws from the files of a node's folder, and of the clusters' captures. */
export function flowSource(
  folders: NodeFolders,
  documents: RuleDocuments,
  captures: Pick<DumpFiles, 'onDidCapture' | 'before' | 'countersOf' | 'fetcherOf'>,
  previews: Pick<PreviewFiles, 'notesOf'>,
): FlowSource {
  const history = counterHistory(documents.dumps, (uri) => captures.before(uri));
  /** The Services of the facts read last, by dump: to list them again costs nothing. */
  const found = new WeakMap<OpenNode, Map<string, Promise<DrawableService[]>>>();

  const servicesOf = async (facts: OpenNode, uri: vscode.Uri) => {
    const { drawableServices } = await import('../core/flow/services');
    let byDump = found.get(facts);
    if (!byDump) found.set(facts, (byDump = new Map()));
    const key = uri.toString();
    let services = byDump.get(key);
    if (!services) {
      const { state, objects } = facts;
      // Shared by all who ask: none of them may cancel it for the others.
      services = runInSlices(drawableServices(state, key, objects?.services));
      byDump.set(key, services);
    }
    return services;
  };

  /**
   * The graph with what is asked of its rules later: rates, sentences, their counters as they are now,
   * and what is wrong with them.
   */
  const complete = async (
    drawn: DrawnGraph,
    drawing: Drawing,
    token: vscode.CancellationToken,
  ): Promise<Pick<FlowAnswer, 'graph' | 'describe' | 'live' | 'findings'>> => {
    const { shown } = drawing;
    const reader = await captures.countersOf(shown);
    return {
      ...(await withRules(drawn, shown, documents, history, token)),
      findings: findingsOn(drawn, drawing),
      live:
        reader &&
        (async () => {
          const { liveSource } = await import('./liveSource');
          return liveSource(drawn, drawing.facts.state.ipvs, documents, reader);
        }),
    };
  };

  return {
    onDidChange: folders.onDidChange,
    onDidCapture: captures.onDidCapture,
    async services(uri) {
      const services = await servicesOf(await folders.of(uri), uri);
      return services.map(choiceOf).sort((a, b) => byName(a.label, b.label));
    },
    async packets(uri) {
      const reading = await folders.of(uri);
      const services = await servicesOf(reading, uri);
      const { suggestSources, suggestTargets } = await import('../core/flow/suggestions');
      return {
        sources: suggestSources(reading.state, services, reading.objects?.pods),
        targets: suggestTargets(reading.state, services),
      };
    },
    async absence(uri, service) {
      const facts = await folders.of(uri);
      const { absentReason } = await import('../core/kubeproxy/absence');
      const { length } = await servicesOf(facts, uri);
      return {
        reason: absentReason(facts.state, length, service, facts.objects),
        fetch: await captures.fetcherOf(uri),
      };
    },
    async graph({ uri, service: id, node, ping }, token) {
      const nodes = await nodesBeside(uri, folders.named);
      const shown = nodes.find((one) => one.uri.toString() === node)?.uri ?? uri;
      const facts = await folders.of(shown);
      const packet = parsePacket(id);
      const traced = parseKernelTraceId(id);
      const answer = {
        nodes: nodes.map((one) => ({ id: one.uri.toString(), label: one.name })),
        node: shown.toString(),
        comparable: !packet && !traced && (nodes.length > 1 || shown.scheme === scheme),
      };
      if (traced) {
        const drawn = await kernelGraph(traced, facts.state, shown, token);
        return { ...answer, ...(await complete(drawn, { facts, shown }, token)) };
      }
      if (packet) {
        const { drawPacketGraph } = await import('../core/flow/packetGraph');
        const drawn = await runInSlices(drawPacketGraph(facts.state, packet), token);
        return { ...answer, ...(await complete(drawn, { facts, shown }, token)) };
      }
      const services = await servicesOf(facts, shown);
      const drawable = services.find((one) => one.id === id);
      if (!drawable || token.isCancellationRequested) return undefined;
      const { state, objects } = facts;
      const { service } = drawable;
      const { drawServiceGraph } = await import('../core/flow/serviceGraph');
      const preview = previews.notesOf(shown);
      const drawn = await runInSlices(
        drawServiceGraph(state, drawable, {
          ...(preview && { node: vscode.l10n.t('{0} (preview)', state.name) }),
          captured: state.captured && captureAge(state.captured, new Date()),
          endpoint: objects && endpointFacts(objects, service),
          ping,
          cause: objects && causeOf(objects, drawable, state),
        }),
        token,
      );
      const told = preview ? withNotes(drawn, preview) : drawn;
      return { ...answer, ...(await complete(told, { facts, shown, service }, token)) };
    },
  };
}

/** Of what a graph is drawn. */
interface Drawing {
  readonly facts: OpenNode;
  /** The dump that is shown. */
  readonly shown: vscode.Uri;
  /** undefined of a packet's graph, which any finding on its way concerns. */
  readonly service?: ServiceView | undefined;
}

/** Looks for what is wrong with what a graph shows, once for the node's state. */
function findingsOn(
  { graph }: DrawnGraph,
  { facts: { state, objects }, shown, service }: Drawing,
): FlowAnswer['findings'] {
  return async (token) => {
    const [{ flowFindings }, { serviceName }] = await Promise.all([
      import('../core/flow/flowFindings'),
      import('../core/kubeproxy/serviceId'),
    ]);
    const { findings, services, node } = await checkedNode(state, objects, token);
    const own = service ? (services.get(serviceName(service)) ?? []) : [];
    const placed = <T extends { readonly range: SourceRange }>(one: T): T => ({
      ...one,
      range: { ...one.range, source: inCapture(one.range.source, shown) },
    });
    return flowFindings(graph, own, service ? node : findings).map((one) => {
      const { related } = one.finding;
      const finding = { ...one.finding, ...(related && { related: related.map(placed) }) };
      return { ...one, finding: placed(finding) };
    });
  };
}

/** What the kernel says of a packet, laid on a node's rules. */
async function kernelGraph(
  place: TracePlace,
  state: NodeState,
  shown: vscode.Uri,
  token: vscode.CancellationToken,
): Promise<DrawnGraph> {
  const packet = await packetAt(place).catch(() => undefined);
  if (!packet) {
    throw new Error(
      vscode.l10n.t(
        'The kernel’s trace does not have this packet any more. Open it and lay it on the rules anew.',
      ),
    );
  }
  const { layPacket } = await import('../core/packetTrace/lay');
  const { drawKernelGraph } = await import('../core/flow/kernelGraph');
  const laid = layPacket(state, packet, await textsOf(state, shown));
  return runInSlices(drawKernelGraph(state, laid), token);
}

/** What a preview takes for granted stands above the graph. */
function withNotes({ graph, rules }: DrawnGraph, notes: readonly string[]): DrawnGraph {
  return { graph: { ...graph, warnings: [...notes, ...graph.warnings] }, rules };
}

/** The graph with its rates, and what a hover tells of its rules: worked out when it is asked for. */
async function withRules(
  { graph: drawn, rules }: DrawnGraph,
  shown: vscode.Uri,
  documents: RuleDocuments,
  history: CounterHistory,
  token: vscode.CancellationToken,
): Promise<Pick<FlowAnswer, 'graph' | 'describe'>> {
  let graph = drawn;
  if (graph.counters === 'none') {
    const borrowed = await history.counterDump(rules, token);
    const { withCountersOf } = await import('../core/flow/borrowedCounters');
    if (borrowed) graph = withCountersOf(graph, rules, borrowed);
  }
  const rates =
    graph.counters === 'counted' && graph.ratesNote === undefined
      ? await history.ratesOf(rules, token)
      : undefined;
  const { withRates } = await import('../core/flow/edgeRates');
  const { mapSources } = await import('../core/flow/mapSources');
  const rated = rates ? withRates(graph, rules, rates) : graph;
  return {
    graph: mapSources(rated, (source) => inCapture(source, shown)),
    async describe(ranges) {
      const { describeRanges, distinctRanges, mostRules } = await import('../core/flow/details');
      const { isNft } = await import('../core/flow/ruleBook');
      const lines = new Map<SourceRange, string>();
      for (const range of distinctRanges(ranges).slice(0, mostRules)) {
        // A file that is gone by now leaves the sentences, which are the rules' own.
        const placed = rules.at(range);
        const { dumps, listings } = documents;
        const texts = placed && isNft(placed) ? listings : dumps;
        const dump = await texts.at(uriOf(range.source)).catch(() => undefined);
        if (dump) lines.set(range, dump.lines.line(range.line));
      }
      return describeRanges(ranges, rules, (range) => lines.get(range), rates);
    },
  };
}

/** The files beside a capture's dump are read without naming the capture: their places do. */
function inCapture(source: string, shown: vscode.Uri): string {
  return shown.query === '' ? source : uriNear(source, shown).toString();
}

function choiceOf({ id, service }: DrawableService): ServiceChoice {
  return {
    id,
    label: id.replace(/\/(TCP|UDP|SCTP)(?= |$)/, ''),
    description: placeOf(service),
    detail: service.mode === 'ipvs' ? 'ipvs' : '',
  };
}

/** `10.96.0.10:53/UDP`; for a NodePort alone `NodePort 30089/TCP`. */
function placeOf({ entries, protocol }: ServiceView): string {
  const entry = entries.find(({ kind }) => kind === 'cluster-ip') ?? entries[0];
  const name = protocolName(protocol).toUpperCase();
  if (!entry?.address) return entry ? `NodePort ${entry.port}/${name}` : name;
  return `${formatAddress(entry.address)}:${entry.port}/${name}`;
}
