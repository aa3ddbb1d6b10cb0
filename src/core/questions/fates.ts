import * as l10n from '@vscode/l10n';
import { contains, formatAddress, networkAround, sameAddress } from '../address';
import { askersOf, type Asker } from '../flow/packets';
import { foundService, surroundingsOf, usualWidth, type Surroundings } from '../flow/places';
import type { ProgrammedPort } from '../kubeproxy/programmed';
import type { NodeState } from '../node';
import type { Packet } from '../packet';
import type { ServiceEndpoint } from '../service';
import type { RuleStep } from '../trace/trace';
import { foldForks } from '../trace/foldForks';
import { leaves, type Leaf } from '../trace/leaves';
import { followFlow } from '../trace/tracer';
import type { Work } from '../work';
import { keptFrom } from './keptFrom';
import { usualNode, type UsualNode } from './usualNode';
import { verdictsOf } from './ways';

/** One who asks a Service, and what becomes of it. */
export interface Fate {
  readonly asker: Asker;
  readonly ways: readonly Leaf[];
  /** Where something is made up that no dump tells: likely at most. */
  readonly usual?: UsualNode;
}

/**
 * What becomes of a packet from each client to each way into a Service port. What the node's dumps alone
 * do not decide is followed on the node as it usually is.
 *
 * @param wanted of whom
 */
export function* fatesOf(
  node: NodeState,
  port: ProgrammedPort,
  wanted: (asker: Asker) => boolean = () => true,
): Work<readonly Fate[]> {
  const { service } = port;
  const found = foundService(node, port);
  const around = yield* surroundingsOf(node, found);
  const usual = yield* usualNode(node, service, around);
  const isKnownWhole = usual.commands.length === 0 && !usual.hasMadeRules;
  const fates: Fate[] = [];
  const endpoints = yield* service.readEndpoints();
  const isIptables = service.mode === 'iptables';
  for (const asker of (yield* askersOf(node, found)).filter(wanted)) {
    const isMadeUp = asker.assumptions.length > 0;
    if (!isMadeUp || isKnownWhole) {
      const ways = yield* waysOf(node, asker, { endpoints, around, isIptables });
      if (isKnownWhole || verdictsOf(ways).certainty !== 'unknown') {
        fates.push({ asker, ways, ...(isMadeUp && { usual }) });
        continue;
      }
    }
    fates.push({
      asker,
      ways: yield* waysOf(usual.node, asker, { endpoints, around, isIptables, usual }),
      usual,
    });
  }
  return fates;
}

interface Asked {
  readonly endpoints: readonly ServiceEndpoint[];
  readonly around: Surroundings;
  readonly isIptables: boolean;
  readonly usual?: UsualNode;
}

function* waysOf(
  node: NodeState,
  asker: Asker,
  { endpoints, around, isIptables, usual }: Asked,
): Work<readonly Leaf[]> {
  const trace = yield* followFlow(node, asker.packet);
  const guessesPods = usual !== undefined && !around.knowsPods;
  const unanswered = (way: Leaf) => notTaken(way, asker, endpoints) ?? notMasqueraded(way, asker);
  return leaves(yield* foldForks(trace)).map((way) => {
    const elsewhere = takenElsewhere(way, endpoints);
    const left = unanswered(way);
    const passed = (left ?? elsewhere) ? undefined : passedBy(way, asker.packet, around.uplink);
    if (passed !== undefined && guessesPods) {
      if (isOfLocalChain(way)) return way;
      if (areNeighbours(endpoints)) return unknownWhere(way);
    }
    const reason = left ?? elsewhere ?? passed;
    if (reason === undefined) return way;
    // Unless rules that no dump shows would have taken it.
    const mayBeTaken = way.verdict.given?.some((one) => one.kind === 'gap' || one.table === 'nat');
    const kind = mayBeTaken || usual?.hasMadeRules ? 'UNKNOWN' : 'LOST';
    const by = isIptables ? keptFrom(way, asker.entry) : undefined;
    if (!by) return { ...way, verdict: { ...way.verdict, kind, reason } };
    const what = l10n.t`rule ${by.rule} of nat ${by.chain} (${by.effect}) keeps it from the Service's rules`;
    return {
      ...way,
      verdict: { ...way.verdict, kind, reason: `${reason}: ${what}`, range: by.range },
    };
  });
}

/** Of a way that a rule of others sends to somebody who is no endpoint: a hostPort, another agent's old DNAT. */
function takenElsewhere(
  { verdict: { kind, final, delivered }, steps }: Leaf,
  endpoints: readonly ServiceEndpoint[],
): string | undefined {
  if (kind !== 'ACCEPT' || !final || delivered === 'local') return undefined;
  const isEndpoint = endpoints.some(({ address }) => sameAddress(address, final.destination));
  const rule = steps.find((step): step is RuleStep => step.kind === 'rule' && isForeignDnat(step));
  if (isEndpoint || !rule) return undefined;
  return l10n.t`rule ${rule.rule} of ${rule.table} ${rule.chain} (${rule.effect}) takes it, and no endpoint of the Service gets it`;
}

function isForeignDnat({ table, chain, effect }: RuleStep): boolean {
  return table === 'nat' && !chain.startsWith('KUBE-') && effect.startsWith('DNAT ');
}

/** In chains of policy Local kube-proxy has endpoints of this node alone. */
function isOfLocalChain({ steps }: Leaf): boolean {
  return steps.some(
    (step) => step.kind === 'rule' && /^(KUBE-SVL-|KUBE-XLB-|local-)/.test(step.chain),
  );
}

/** Endpoints of one node, for all that their addresses tell; those of several are not all on this one. */
function areNeighbours(endpoints: readonly ServiceEndpoint[]): boolean {
  const [first] = endpoints;
  if (!first) return true;
  const around = networkAround(first.address, usualWidth(first.address));
  return endpoints.every(({ address }) => contains(around, address));
}

function unknownWhere(way: Leaf): Leaf {
  const to = formatAddress(way.verdict.final!.destination);
  const reason = l10n.t`whether ${to} is on this node is not known: from another the answer would pass this one by`;
  return { ...way, verdict: { ...way.verdict, kind: 'UNKNOWN', reason } };
}

/** Of a way that leaves the node for the Service's own address, or ends at the node's sockets: nobody there answers. */
function notTaken(
  { verdict }: Leaf,
  { packet }: Asker,
  endpoints: readonly ServiceEndpoint[],
): string | undefined {
  const { kind, final, delivered } = verdict;
  const { destination } = packet;
  if (kind !== 'ACCEPT' || !final) return undefined;
  const stays =
    sameAddress(final.destination, destination) &&
    final.destinationPort === packet.destinationPort &&
    !endpoints.some(({ address }) => sameAddress(address, destination));
  if (!stays) return undefined;
  return delivered === 'local'
    ? takenByNobody()
    : l10n.t`no rule or virtual server takes it, and it leaves as it came`;
}

export function takenByNobody(): string {
  return l10n.t`no rule or virtual server takes it: only a process of the node itself would answer`;
}

/** In ipvs mode the node's own packets have the ClusterIP, which is on every node, as their source. */
function notMasqueraded({ verdict }: Leaf, { packet, entry }: Asker): string | undefined {
  const { kind, final, delivered } = verdict;
  if (kind !== 'ACCEPT' || !final || delivered === 'local') return undefined;
  if (packet.inInterface !== undefined || entry.kind === 'node-port') return undefined;
  if (!entry.address || !sameAddress(final.source, entry.address)) return undefined;
  return l10n.t`it leaves with the ClusterIP ${formatAddress(final.source)} as its source, and the answer never comes back`;
}

/** Of what came from another machine and is sent on to another machine, which answers the sender itself. */
export function passedBy(
  { verdict }: Leaf,
  packet: Packet,
  uplink: string | undefined,
): string | undefined {
  const { kind, final, delivered } = verdict;
  if (kind !== 'ACCEPT' || !final || packet.inInterface !== uplink || delivered !== uplink)
    return undefined;
  if (!sameAddress(final.source, packet.source)) return undefined;
  const to = formatAddress(final.destination);
  return l10n.t`it goes on to ${to} on another node with the client's own source, and the answer passes this node by`;
}
