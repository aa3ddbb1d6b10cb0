import { l10n } from '../l10n';
import { missing } from '../missing';
import { contains, isHost, sameAddress, withPort } from '../address';
import type { Address, Family, Network } from '../address';
import { allowedSources } from '../kubeproxy/nftables/sourceRanges';
import type { NodeState } from '../node';
import { probeOf, type EntryPlace } from '../trace/probe';
import { socketSource } from '../trace/route/socketSource';
import { protocolNumbers } from '../packet';
import type { Packet } from '../packet';
import type { ServiceEntry, ServiceView } from '../service';
import type { Work } from '../work';
import type { Sender } from './mergedGraph';
import type { Client } from './words/verdict';
import { insider, outsider, surroundingsOf } from './places';
import type { FoundService, AssumedPlace, Surroundings } from './places';

/** One who asks, with the packet that it sends. */
export interface Asker extends Sender {
  readonly packet: Packet;
  /** The rule or row that makes the address one of the Service. */
  readonly entry: ServiceEntry;
  /** undefined for a ping. */
  readonly client: Client | undefined;
  /** Whoever it is, in a sentence: `a client outside`. */
  readonly who: string;
}

/** Of the allowed source ranges, so many are asked for: they all lead the same way. */
const mostRanges = 3;

/**
 * The packets that show what a Service port does on a node: one for each kind of client and each
 * way in.
 *
 * @param ping One more, which says nothing of whether the Service works.
 */
export function* askersOf(
  node: NodeState,
  found: FoundService,
  ping = false,
): Work<readonly Asker[]> {
  const { service, family } = found;
  const around = yield* surroundingsOf(node, found);
  const ranges = sourceRanges(node, found);
  const askers: Asker[] = [];
  const seen = new Set<string>();
  const ask = (
    label: string,
    client: Client | undefined,
    from: AssumedPlace | undefined,
    entry: ServiceEntry,
  ) => {
    const icmp = client === undefined;
    if (!from) return;
    const to = entry.address ?? around.node;
    if (to.family !== family || from.source.family !== to.family) return;
    const packet = packetOf(service, from, to, entry, icmp);
    const unknown = around.nodeUnknown && (!entry.address || from.device === undefined);
    const ports = icmp ? undefined : entry.port;
    const id = `${label}: ${withPort(from.source, undefined)} > ${withPort(to, ports)}`;
    if (seen.has(id)) return;
    seen.add(id);
    askers.push({
      id,
      label,
      detail: `${withPort(from.source, undefined)} \u2192 ${withPort(to, ports)}`,
      packet,
      entry,
      client,
      who: from === around.podElsewhere ? l10n.t`a pod of another node` : whoText(client),
      assumptions: [
        ...(unknown
          ? [
              l10n.t`${missing('ip addr')}: ${withPort(around.node, undefined)} stands for the node's address`,
            ]
          : []),
        ...(from.assumption ? [from.assumption] : []),
      ],
    });
  };
  const entries = entriesToAsk(service, around);
  for (const entry of entries) {
    const which = several(entries, entry)
      ? ` ${withPort(entry.address ?? around.node, entry.port)}`
      : '';
    for (const [who, client, from] of clientsOf(entry, around, ranges, family)) {
      ask(`${who}${which}`, client, from, entry);
    }
    if (entry.kind === 'cluster-ip' || entry.kind === 'node-port') {
      // An ordinary socket has the source that the routes give: in ipvs mode the ClusterIP itself.
      const source = socketSource(node, entry.address ?? around.node);
      const from = source ? { source, device: undefined } : usualSource(service, entry, around);
      ask(l10n.t`This node${by[entry.kind]}${which}`, 'node', from, entry);
    }
  }
  const clusterIp = service.entries.find(({ kind }) => kind === 'cluster-ip');
  if (ping && clusterIp) ask(l10n.t`Ping to the ClusterIP`, undefined, around.pod, clusterIp);
  return askers;
}

/** The source of a socket of the node where no dump tells the routes: in ipvs mode the address is the node's own. */
function usualSource(
  { mode }: ServiceView,
  { kind, address }: ServiceEntry,
  { node }: Surroundings,
): AssumedPlace {
  if (mode !== 'ipvs' || !address) return { source: node, device: undefined };
  const text = withPort(address, undefined);
  const bound = l10n.t`${missing('ip addr')}: kube-ipvs0 is taken to hold ${text}`;
  const assumption = kind === 'node-port' ? undefined : bound;
  return { source: address, device: undefined, assumption };
}

function whoText(client: Client | undefined): string {
  switch (client) {
    case 'node':
      return l10n.t`this node`;
    case 'outside':
      return l10n.t`a client outside`;
    case 'barred':
      return l10n.t`a client outside its source ranges`;
    case 'pods':
    case undefined:
      return l10n.t`a pod`;
  }
}

/** The way in, as it follows who asks; nothing for the usual one. */
const by: Readonly<Record<ServiceEntry['kind'], string>> = {
  'cluster-ip': '',
  'node-port': l10n.t`, NodePort`,
  'external-ip': l10n.t`, external IP`,
  'load-balancer-ip': l10n.t`, load balancer IP`,
  external: l10n.t`, external IP`,
  virtual: l10n.t`, virtual server`,
};

const inOrder = Object.keys(by);

/** The usual ways in first. A NodePort that each local address has, as in IPVS, is asked once. */
function entriesToAsk({ entries }: ServiceView, { node }: Surroundings): ServiceEntry[] {
  const isMain = ({ address }: ServiceEntry) => !address || sameAddress(address, node);
  const ports = entries.filter(({ kind }) => kind === 'node-port');
  return entries
    .filter((entry) => entry.kind !== 'node-port' || isMain(entry) || !ports.some(isMain))
    .sort((a, b) => inOrder.indexOf(a.kind) - inOrder.indexOf(b.kind));
}

function several(entries: readonly ServiceEntry[], { kind }: ServiceEntry): boolean {
  return entries.filter((other) => other.kind === kind).length > 1;
}

function clientsOf(
  { kind, address }: ServiceEntry,
  { pod, podElsewhere, uplink, uplinkAssumption: assumption }: Surroundings,
  ranges: readonly Network[],
  family: Family,
): [label: string, client: Client, from: AssumedPlace | undefined][] {
  const outside = { source: outsider(family, ranges), device: uplink, assumption };
  switch (kind) {
    case 'cluster-ip':
    case 'virtual':
      return [[l10n.t`Pod on this node${by[kind]}`, 'pods', pod]];
    case 'node-port':
      return [
        [l10n.t`Outside${by[kind]}`, 'outside', outside],
        [l10n.t`Pod elsewhere${by[kind]}`, 'pods', podElsewhere],
      ];
    case 'external-ip':
      // Source ranges are of load balancer IPs alone.
      return [[l10n.t`Outside${by[kind]}`, 'outside', outside]];
    case 'external':
    case 'load-balancer-ip': {
      // The load balancer's own address is let through for hairpin traffic: no client's.
      const clients = ranges.filter((range) => !(address && isOnly(range, address)));
      if (clients.length === 0) return [[l10n.t`Outside${by[kind]}`, 'outside', outside]];
      const allowed = clients.filter((range) => !(pod && contains(range, pod.source)));
      return [
        ...allowed
          .slice(0, mostRanges)
          .map((range): [string, Client, AssumedPlace] => [
            l10n.t`Allowed${by[kind]}`,
            'outside',
            { source: insider(range), device: uplink, assumption },
          ]),
        [l10n.t`Refused${by[kind]}`, 'barred', outside],
      ];
    }
  }
}

function isOnly(range: Network, address: Address): boolean {
  return isHost(range) && sameAddress(range.address, address);
}

function packetOf(
  { protocol }: ServiceView,
  from: EntryPlace,
  destination: Address,
  { port }: ServiceEntry,
  ping: boolean,
): Packet {
  const { icmp, icmp6 } = protocolNumbers;
  return ping
    ? probeOf(from, destination.family === 4 ? icmp : icmp6, destination, 'ping')
    : probeOf(from, protocol, destination, port);
}

/**
 * loadBalancerSourceRanges as the dumps have them: the sources that KUBE-FW- lets through, in ipvs
 * mode the third part of KUBE-LOAD-BALANCER-SOURCE-CIDR's elements.
 */
function sourceRanges(
  node: NodeState,
  { service, family, ruleset, table }: FoundService,
): Network[] {
  if (table) return allowedSources(table, service.chains);
  const ranges: Network[] = [];
  const nat = ruleset?.tables.get('nat');
  for (const name of service.chains.filter((chain) => chain.startsWith('KUBE-FW-'))) {
    const chain = nat?.chains.get(name);
    for (let i = 0; chain && i < chain.length; i++) {
      for (const match of chain.rule(i).matches) {
        if (match.kind === 'source' && !match.negated) ranges.push(match.network);
      }
    }
  }
  const set = node.sets?.get(
    family === 4 ? 'KUBE-LOAD-BALANCER-SOURCE-CIDR' : 'KUBE-6-LOAD-BALANCER-SOURCE-CIDR',
  );
  const addresses = service.entries.filter(({ kind }) => kind === 'load-balancer-ip');
  for (const { parts } of set?.entries ?? []) {
    const [address, port, source] = parts;
    if (address?.kind !== 'network' || port?.kind !== 'port' || source?.kind !== 'network')
      continue;
    const mine = addresses.some(
      (entry) =>
        entry.port === port.from && entry.address && contains(address.network, entry.address),
    );
    if (mine) ranges.push(source.network);
  }
  return ranges;
}
