import * as vscode from 'vscode';
import { formatAddress } from '../core/address';
import { byName } from '../core/byName';
import { captureAge } from '../core/flow/words/age';
import { causeOf } from '../core/flow/words/cause';
import { endpointFacts } from '../core/flow/endpointFacts';
import type { DrawnGraph } from '../core/flow/mergedGraph';
import { type DrawableService, drawableServices } from '../core/flow/services';
import type { NodeState } from '../core/node';
import { parsePacket } from '../core/packetText';
import { protocolName } from '../core/protocol';
import type { ServiceView } from '../core/service';
import type { DumpFiles } from '../workspace/clusters/dumpFiles';
import { scheme } from '../workspace/clusters/dumpUri';
import { packetAt, parseKernelTraceId, textsOf, type TracePlace } from '../workspace/kernelTrace';
import type { PreviewFiles } from '../workspace/previewFiles';
import type { NodeFolders, OpenNode } from '../workspace/nodeFolders';
import { nodesBeside } from '../workspace/nodesBeside';
import { runInSlices } from '../workspace/slices';
import { counterHistory } from './counterHistory';
import { findingsOn, type Drawing } from './graphFindings';
import { withRules, type RuleDocuments } from './graphRules';
import type { FlowAnswer, FlowSource, ServiceChoice } from './source';

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
  ): Promise<Pick<FlowAnswer, 'graph' | 'describe' | 'live' | 'findings' | 'original'>> => {
    const { shown, facts } = drawing;
    const reader = await captures.countersOf(shown);
    return {
      ...(await withRules(drawn, drawing, documents, history, token)),
      original: facts.original,
      findings: findingsOn(drawn, drawing),
      live:
        reader &&
        (async () => {
          const { liveSource } = await import('./liveSource');
          return liveSource(drawn, facts.state.ipvs, documents, reader);
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
        sources: await runInSlices(suggestSources(reading.state, services, reading.objects?.pods)),
        targets: await runInSlices(suggestTargets(reading.state, services)),
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
