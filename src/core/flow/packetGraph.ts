import { withPort } from '../address';
import { l10n } from '../l10n';
import { seesText } from '../trace/client/view';
import { finish, type Work } from '../work';
import type { NodeState } from '../node';
import { protocolName } from '../protocol';
import { formatPacket, type PacketRequest } from '../packetText';
import { arrivalOf } from '../trace/arrival';
import { clientPort } from '../trace/probe';
import type { Verdict } from '../trace/trace';
import { withRoleOfChain } from './calledChains';
import type { FlowGraph } from './graph';
import { packetVerdict } from './words/verdict';
import { mergeTraced, traceSender, type DrawnGraph } from './mergedGraph';
import { list } from '../list';

/**
 * The flow graph of one packet: the ways that it can take through the node, and in its one entry
 * every step. Without a device a packet from the node's own address is its own, and others come in
 * by the device that the route back leaves by.
 */
export function* drawPacketGraph(node: NodeState, request: PacketRequest): Work<DrawnGraph> {
  const { source, target, device, boundDevice, extensions } = request;
  // A socket that is bound to a device is one of the node.
  const derived = device === undefined && boundDevice === undefined;
  const arrival = derived ? arrivalOf(node, source.address) : undefined;
  const from = arrival?.kind === 'device' ? arrival.device : device;
  const detail = `${withPort(source.address, source.port)} \u2192 ${withPort(target.address, target.port)}`;
  const sender = {
    id: 'packet',
    label: from === undefined ? l10n.t`This node` : l10n.t`In by ${from}`,
    detail,
    assumptions: arrival ? assumptionsOf(arrival) : [],
  };
  const packet = {
    protocol: target.protocol,
    source: source.address,
    destination: target.address,
    sourcePort: source.port ?? clientPort,
    destinationPort: target.port,
    inInterface: from,
    boundDevice,
    extensions,
  };
  const traced = yield* traceSender(node, sender, packet, []);
  const { rules, nodes, edges, entries, assumptions, counters } = yield* mergeTraced(
    [traced],
    node,
  );
  const verdicts = traced.ways.map(({ verdict }) => verdict);
  const protocol = protocolName(target.protocol).toUpperCase();
  const graph: FlowGraph = {
    title: formatPacket(request),
    header: `${detail} ${protocol}, ${node.name}: ${outcome(verdicts)}`,
    verdict: packetVerdict(entries.flatMap(({ outcomes }) => outcomes)),
    facts: { at: `${detail} ${protocol}`, node: node.name, captured: node.captured },
    nodes: nodes.map((node) => withRoleOfChain(node, rules)),
    edges,
    entries,
    warnings: traced.trace.findings.map(({ message }) => message),
    assumptions,
    counters,
  };
  return { graph, rules };
}

/** As drawPacketGraph, at once. */
export function packetGraph(...request: Parameters<typeof drawPacketGraph>): DrawnGraph {
  return finish(drawPacketGraph(...request));
}

function assumptionsOf(arrival: ReturnType<typeof arrivalOf>): string[] {
  switch (arrival.kind) {
    case 'node':
      return [];
    case 'device':
      return [arrival.assumption];
    case 'unknown':
      return [l10n.t`the node itself sends it: ${arrival.reason}`];
  }
}

/** `delivered`, `delivered or dropped`: what can become of it. */
function outcome(verdicts: readonly Verdict[]): string {
  const texts = verdicts.map(({ kind, client }) =>
    client ? l10n.t`${fates[kind]} (client: ${seesText(client.sees)})` : fates[kind],
  );
  return list([...new Set(texts)], 'or');
}

const fates: Readonly<Record<Verdict['kind'], string>> = {
  ACCEPT: l10n.t`delivered`,
  DROP: l10n.t`dropped`,
  REJECT: l10n.t`rejected`,
  LOST: l10n.t`lost outside the rules`,
  STOLEN: l10n.t`handed to a program`,
  UNKNOWN: l10n.t`not known`,
};
