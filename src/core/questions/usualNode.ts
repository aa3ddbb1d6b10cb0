import {
  addressBits,
  formatAddress,
  hostIn,
  networkAround,
  parseAddress,
  parseNetwork,
} from '../address';
import type { Address } from '../address';
import { usualWidth, type Surroundings } from '../flow/places';
import { mayBeNodePort } from '../kubeproxy/nodePortRange';
import { proxyTablesOf } from '../kubeproxy/nftables/services';
import { localRoutes } from '../localRoutes';
import type { InterfaceAddress, NetworkInterface, NodeState, Route } from '../node';
import type { ServiceView } from '../service';
import type { Work } from '../work';
import type { SourceRange } from '../source';
import { kubeIpvsDevice } from '../trace/ipvs/items';
import { usualRules } from './usualRules';
import { usualSets } from './usualSets';
import { usualTable } from './usualTable';

/** A node with what no dump tells of its addresses, routes and rules as it is on most nodes. */
export interface UsualNode {
  readonly node: NodeState;
  /** Whose output would tell its sets, addresses and routes; none where all are known. */
  readonly commands: readonly string[];
  /** Whether rules are made up: then one that would take a packet may be among those not at hand. */
  readonly hasMadeRules: boolean;
  /** Addresses of the node that stand for those that are not known. */
  readonly madeUp: ReadonlySet<string>;
}

/**
 * Makes up what a packet to a Service needs of a node whose addresses or routes are in no dump: a device
 * by which the default route leaves, one of the pods, and in ipvs mode kube-ipvs0 with the Service's
 * addresses, which kube-proxy puts there, and its sets; in the other modes the rules that lead to Services on every
 * node. What dumps tell stays as it is.
 */
export function* usualNode(
  node: NodeState,
  service: ServiceView,
  around: Surroundings,
): Work<UsualNode> {
  const devices = node.interfaces ?? usualDevices(node, service, around);
  const known = new Set(addressesOf(node.interfaces ?? node.someInterfaces ?? []));
  for (const { address } of service.entries) if (address) known.add(formatAddress(address));
  if (!around.nodeUnknown) known.add(formatAddress(around.node));
  const isMadeUp = ({ address }: InterfaceAddress) => !known.has(formatAddress(address));
  const made = devices.map((one) => ({ ...one, addresses: one.addresses.filter(isMadeUp) }));
  // Routes at hand have none to the address that stands for the node's own.
  const uplinks = made.filter(({ name }) => name === around.uplink);
  const routes = node.routes
    ? [...node.routes, ...uplinks.flatMap(localRoutes)]
    : usualRoutes(devices, service, around);
  const rules = usualOnes(node, service);
  const asksSets = service.mode === 'ipvs' && !node.sets;
  const sets = asksSets ? yield* usualSets(service) : node.sets;
  return {
    node: { ...node, interfaces: devices, routes, sets, ...rules },
    hasMadeRules: rules !== undefined,
    commands: [
      ...(asksSets ? ['ipset save'] : []),
      ...(node.interfaces ? [] : ['ip addr']),
      ...(node.routes ? [] : ['ip route show table all']),
    ],
    madeUp: new Set(addressesOf(made)),
  };
}

/** undefined where none is made up. */
function usualOnes(
  { rulesets, nftables }: NodeState,
  service: ServiceView,
): Pick<NodeState, 'rulesets' | 'nftables'> | undefined {
  if (service.mode === 'nftables' && nftables) {
    const proxys = new Set(proxyTablesOf(nftables));
    const tables = nftables.tables.map((one) => (proxys.has(one) ? usualTable(one) : one));
    const isSame = tables.every((one, i) => one === nftables.tables[i]);
    return isSame ? undefined : { rulesets, nftables: { ...nftables, tables } };
  }
  if (service.mode !== 'iptables') return undefined;
  const usual = rulesets.map((ruleset) => usualRules(ruleset, service));
  const isSame = usual.every((ruleset, i) => ruleset === rulesets[i]);
  return isSame ? undefined : { rulesets: usual, nftables };
}

function addressesOf(devices: readonly NetworkInterface[]): readonly string[] {
  return devices.flatMap(({ addresses }) => addresses.map(({ address }) => formatAddress(address)));
}

function usualDevices(
  { someInterfaces: some = [] }: NodeState,
  { mode, entries, range }: ServiceView,
  { node, uplink, pod }: Surroundings,
): readonly NetworkInterface[] {
  const devices = new Map(some.map((device) => [device.name, device]));
  const add = (name: string, address: Address, prefixLength: number) => {
    const device = devices.get(name) ?? deviceOf(name, devices.size + 1, range);
    const own = { address, prefixLength, scope: 'global', secondary: false, range };
    devices.set(name, { ...device, addresses: [...device.addresses, own] });
  };
  if (!devices.has('lo')) add('lo', parseAddress('127.0.0.1')!, 8);
  if (!devices.has(uplink)) add(uplink, node, usualWidth(node));
  const gateway = pod && hostIn(networkAround(pod.source, usualWidth(pod.source)), 1);
  if (pod?.device !== undefined && gateway && !devices.has(pod.device))
    add(pod.device, gateway, usualWidth(gateway));
  if (mode === 'ipvs' && !devices.has(kubeIpvsDevice)) {
    for (const { kind, address } of entries)
      if (address && kind !== 'node-port')
        add(kubeIpvsDevice, address, addressBits(address.family));
  }
  // kube-ipvs0 is shown without it: NodePorts are at the node's own addresses.
  const held = new Set(addressesOf(some));
  for (const entry of some.length > 0 && mode === 'ipvs' ? entries : []) {
    const { address } = entry;
    if (address && mayBeNodePort(entry) && !held.has(formatAddress(address)))
      add(uplink, address, usualWidth(address));
  }
  return [...devices.values()];
}

function deviceOf(name: string, index: number, range: SourceRange): NetworkInterface {
  return { index, name, flags: ['UP', 'LOWER_UP'], addresses: [], range };
}

function usualRoutes(
  devices: readonly NetworkInterface[],
  { range }: ServiceView,
  { node, uplink, pod }: Surroundings,
): readonly Route[] {
  const main = (destination: Route['destination'], device: string): Route => ({
    type: 'unicast',
    destination,
    table: 'main',
    nextHops: [{ device, weight: 1 }],
    metric: 0,
    flags: [],
    range,
  });
  const connected = devices.flatMap(({ name, addresses }) =>
    name === 'lo' || name === kubeIpvsDevice
      ? []
      : addresses.map(({ address, prefixLength }) =>
          main(networkAround(address, prefixLength), name),
        ),
  );
  const everywhere = parseNetwork(node.family === 4 ? '0.0.0.0/0' : '::/0')!;
  const pods =
    pod?.device === undefined
      ? []
      : [main(networkAround(pod.source, usualWidth(pod.source)), pod.device)];
  // A virtual server of a NodePort is on the Pods' bridge, too: their network is no uplink's.
  return [...devices.flatMap(localRoutes), ...pods, ...connected, main(everywhere, uplink)];
}
