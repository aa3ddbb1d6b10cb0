import { l10n } from '../l10n';
import {
  addressKey,
  contains,
  hostIn,
  networkAround,
  parseAddress,
  parseNetwork,
  sameAddress,
} from '../address';
import type { Address, AddressKey, Family, Network } from '../address';
import type { NodeState, Route } from '../node';
import { localTrafficSeen } from '../kubeproxy/localTraffic';
import { isUsualNodePort } from '../kubeproxy/nodePortRange';
import { nodePortsSeen } from '../kubeproxy/nodePortAddresses';
import type { ProgrammedPort } from '../kubeproxy/programmed';
import type { Ruleset } from '../rules/ruleset';
import type { ServiceView } from '../service';
import { arrivalOf } from '../trace/arrival';
import { ownAddress } from '../trace/route/ownAddress';
import type { EntryPlace } from '../trace/probe';
import type { Work } from '../work';
import type { DrawableService } from './services';

/** Where a packet enters the node, as far as it is known. */
export interface AssumedPlace extends EntryPlace {
  /** What of it is made up, since no dump tells it. */
  readonly assumption?: string | undefined;
}

/** What of the node's network the packets of a Service are made from. */
export interface Surroundings extends NodePlace {
  readonly pod: AssumedPlace | undefined;
  readonly podElsewhere: AssumedPlace | undefined;
  /** Whether a route, or an address of their bridge, tells which Pods are on this node. */
  readonly knowsPods: boolean;
}

/** The node itself, as those who reach its Services know it. */
export interface NodePlace {
  /** The node's address on the device by which clients come, else its first one, else one on which NodePorts answer. */
  readonly node: Address;
  /** True where no dump tells the node's address: `node` is one for documentation then. */
  readonly nodeUnknown: boolean;
  /** The device by which clients outside the cluster reach the node. */
  readonly uplink: string;
  /** Why it is that one, where no dump tells. */
  readonly uplinkAssumption: string | undefined;
}

/** For names and addresses that no dump tells: RFC 5737, RFC 3849. */
const documentation: Readonly<Record<Family, readonly string[]>> = {
  4: ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '198.18.0.0/15'],
  6: ['2001:db8::/32', '3fff::/20'],
};

/** Stands for the device of the pods where no dump tells it. */
const podDevice = 'cni0';

/** A Service port with the rules that it was found in. */
export type FoundService = Omit<DrawableService, 'id'>;

/** A port of ipvs mode stands in no rules: those of its family act on its packets. */
export function foundService(
  { rulesets }: NodeState,
  { service, family: known, ruleset, table }: ProgrammedPort,
): FoundService {
  const address = service.entries.find((entry) => entry.address)?.address;
  const family = known ?? address?.family ?? 4;
  const acting = table ? undefined : rulesets.find((one) => one.family === family);
  return { service, family, ruleset: ruleset ?? acting, table };
}

/** Reads the endpoints of the Service: its clients are none of them. */
export function* surroundingsOf(node: NodeState, found: FoundService): Work<Surroundings> {
  const { service, family, ruleset } = found;
  const place = nodePlaceOf(node, found);
  const network = ruleset ? podNetwork(ruleset, service) : nftPodNetwork(node, family);
  const endpoints = (yield* service.readEndpoints()).map(({ address }) => address);
  return { ...place, ...podsOf(node, endpoints, network, place.uplink) };
}

export function nodePlaceOf(node: NodeState, { service, family }: FoundService): NodePlace {
  const first = ownAddress(node, family);
  const arrival = arrivalOf(node, outsider(family, []));
  const known = arrival.kind === 'device' ? arrival.device : undefined;
  const uplink = known ?? deviceOf(node, first) ?? 'eth0';
  const own = addressOn(node, family, uplink) ?? first ?? nodePortAddress(node, service, family);
  return {
    node: own ?? hostIn(parseNetwork(documentation[family][0]!)!, 2),
    nodeUnknown: own === undefined,
    uplink,
    uplinkAssumption: known
      ? undefined
      : l10n.t`the default route is not known: ${uplink} stands for its device`,
  };
}

function deviceOf({ interfaces = [] }: NodeState, own: Address | undefined): string | undefined {
  if (!own) return undefined;
  return interfaces.find(({ addresses }) =>
    addresses.some(({ address }) => sameAddress(address, own)),
  )?.name;
}

/** An address of the node that its rules name, or that a NodePort has a virtual server on. */
function nodePortAddress(
  node: NodeState,
  { mode, entries }: ServiceView,
  family: Family,
): Address | undefined {
  const seen = nodePortsSeen(node, mode, family)?.addresses ?? [];
  const named =
    seen === 'all' ? undefined : seen.map(parseAddress).find((one) => one?.family === family);
  const ofServers = entries.find(
    ({ kind, address }) => kind === 'node-port' && address?.family === family,
  );
  return named ?? ofServers?.address;
}

function addressOn(node: NodeState, family: Family, device: string): Address | undefined {
  const own = (node.interfaces ?? node.someInterfaces ?? []).filter(({ name }) => name === device);
  for (const { addresses } of own) {
    const found = addresses.find(
      ({ address, scope }) => address.family === family && scope === 'global',
    );
    if (found) return found.address;
  }
  return undefined;
}

/** The cluster's pod network as the rules of nftables mode show it. */
function nftPodNetwork(node: NodeState, family: Family): Network | undefined {
  const seen = localTrafficSeen(node, 'nftables').find((one) => one.family === family);
  return seen?.traffic.kind === 'network' ? seen.traffic.network : undefined;
}

/** So many chains and rules are searched for the pod network, where a Service tells none. */
const mostSearched = 30;

/**
 * The cluster's pod network as kube-proxy was told: `! -s 10.244.0.0/16 ... -j KUBE-MARK-MASQ` in
 * the Service's chains (before 1.22 in KUBE-SERVICES), `-s 10.244.0.0/16 ... "pod traffic for ..."`
 * in KUBE-EXT-; else in those of other Services: it is the same for all.
 */
function podNetwork({ tables }: Ruleset, { chains }: ServiceView): Network | undefined {
  const nat = tables.get('nat');
  if (!nat) return undefined;
  const others = [...nat.chains.keys()].filter((name) => name.startsWith('KUBE-SVC-'));
  const own = chains.filter((name) => !name.startsWith('KUBE-FW-'));
  for (const name of [...own, 'KUBE-SERVICES', ...others.slice(0, mostSearched)]) {
    const chain = nat.chains.get(name);
    const length = Math.min(chain?.length ?? 0, mostSearched);
    for (let i = 0; i < length; i++) {
      // Most rules ask for no source, and need not be decoded.
      if (chain!.savedText && !/ -s | --s(?:rc|ource)/.test(chain!.savedText(i))) continue;
      const { matches, target } = chain!.rule(i);
      if (target?.kind !== 'jump') continue;
      const source = matches.find((match) => match.kind === 'source');
      const masquerades = target.chain === 'KUBE-MARK-MASQ';
      if (source?.kind === 'source' && source.negated === masquerades) return source.network;
    }
  }
  return undefined;
}

function podsOf(
  node: NodeState,
  endpoints: readonly Address[],
  network: Network | undefined,
  uplink: string,
): Omit<Surroundings, keyof NodePlace> {
  const isPod = (address: Address) =>
    network ? contains(network, address) : taken.has(addressKey(address));
  const taken: Taken = new Set(endpoints.map(addressKey));
  const routes = (node.routes ?? []).filter(
    ({ destination, type }) =>
      type === 'unicast' &&
      (isPod(destination.address) ||
        (!network && endpoints.some((address) => contains(destination, address)))) &&
      destination.mask.some((word) => word !== 0),
  );
  const at = (remote: boolean): AssumedPlace | undefined => {
    const those = routes.filter(({ nextHops: [hop] }) => (hop?.via !== undefined) === remote);
    // Where each Pod has a route of its own, one that is no endpoint, which would be asked about hairpin.
    const isFree = ({ destination }: Route) => !taken.has(addressKey(freeHost(destination, taken)));
    const route = those.find(isFree) ?? those[0];
    const device = route?.nextHops[0]?.device;
    if (!route || device === undefined || (!remote && device === uplink)) return undefined;
    return { source: freeHost(route.destination, taken), device };
  };
  const [endpoint] = endpoints;
  const bridge = network && bridgeAddress(node, network);
  const made = bridge
    ? networkAround(bridge, usualWidth(bridge))
    : (network ?? (endpoint && networkAround(endpoint, usualWidth(endpoint))));
  const own = at(false);
  return {
    knowsPods: own !== undefined || bridge !== undefined,
    pod:
      own ??
      (made && {
        source: freeHost(made, taken),
        device: podDevice,
        assumption: l10n.t`the route to the pods of this node is not known: cni0 stands for its device`,
      }),
    podElsewhere: at(true),
  };
}

/** In ipvs mode a NodePort has a virtual server on each address of the node: on the Pods' bridge, too. */
function bridgeAddress({ ipvs }: NodeState, pods: Network): Address | undefined {
  return ipvs?.virtualServers.find(
    ({ address, port }) => address && isUsualNodePort(port ?? 0) && contains(pods, address),
  )?.address;
}

/** Addresses of endpoints. */
type Taken = ReadonlySet<AddressKey>;

/** The usual prefix of a network of hosts, in bits. */
export function usualWidth({ family }: Address): number {
  return family === 4 ? 24 : 64;
}

/** An address of the network that is no endpoint, from its 250th host downwards. */
function freeHost(network: Network, taken: Taken): Address {
  for (let n = 250; n > 1; n--) {
    const host = hostIn(network, n);
    if (contains(network, host) && !taken.has(addressKey(host))) return host;
  }
  return network.address;
}

/** A client outside the cluster whose address is in none of the networks. */
export function outsider(family: Family, networks: readonly Network[]): Address {
  const clients = documentation[family].map((text) => hostIn(parseNetwork(text)!, 7));
  const free = clients.find((client) => !networks.some((network) => contains(network, client)));
  return free ?? clients[0]!;
}

/** A client inside a source range: its 7th host, of a single address that address. */
export function insider(network: Network): Address {
  const host = hostIn(network, 7);
  return contains(network, host) ? host : network.address;
}
