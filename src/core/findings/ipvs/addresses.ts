import * as l10n from '@vscode/l10n';
import { contains, formatAddress, isHost, type Address } from '../../address';
import { wholeIpvs } from '../../ipvs/wholeIpvs';
import { kubeIpvsDevice } from '../../trace/ipvs/items';
import { isUsualNodePort } from '../../kubeproxy/nodePortRange';
import { serviceName } from '../../kubeproxy/serviceId';
import type { NodeState } from '../../node';
import type { ServiceView } from '../../service';
import type { Check, Found } from '../check';
import { namedRows } from './namedRows';
import { notTogether } from './notTogether';

/** IPVS sits in INPUT: it only sees packets to addresses that the node takes for its own. */
export const serverWithoutAddress: Check = {
  code: 'virtual-server-without-address',
  severity: 'error',
  title: l10n.t('no device holds the address of a virtual server'),
  modes: ['ipvs'],
  *find({ node, programmed }) {
    const { ipvs, interfaces } = node;
    const named = namedRows(programmed);
    if (!interfaces) yield* byDeviceAlone(node, named);
    if (!ipvs || !interfaces?.some(({ name }) => name === kubeIpvsDevice)) return;
    const { hosts, networks } = localRoutes(node);
    const held = interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
    const own = new Set([...held, ...hosts].map(formatAddress));
    for (const { address, port, range } of ipvs.virtualServers) {
      if (!address || own.has(formatAddress(address))) continue;
      if (networks.some((network) => contains(network, address))) continue;
      const of = named.get(range.line);
      yield {
        message: l10n.t`No device of the node holds ${addressOf(address, of)}: packets to this virtual server (port ${port ?? '?'}) pass IPVS by.`,
        range,
        ...(of && { service: serviceName(of) }),
      };
    }
  },
};

/** `10.96.0.8 (default/web:http)`. */
function addressOf(address: Address, service: ServiceView | undefined): string {
  const text = formatAddress(address);
  return service ? `${text} (${service.title})` : text;
}

/**
 * What is local by its route, which decides: the addresses may be of another time. `ip route add local
 * 10.96.0.0/16 dev lo` makes all of a network local (fib_table_lookup; AnyIP).
 */
function localRoutes({ routes = [] }: NodeState) {
  const local = routes.filter(({ type }) => type === 'local').map((route) => route.destination);
  return {
    hosts: local.filter(isHost).map(({ address }) => address),
    networks: local.filter((network) => !isHost(network)),
  };
}

/**
 * By `ip addr show kube-ipvs0`, which says nothing of the other devices: an address with no port but NodePorts'
 * may be the node's own.
 */
function* byDeviceAlone(
  { ipvs, someInterfaces = [] }: NodeState,
  named: ReadonlyMap<number, ServiceView>,
): Generator<Found> {
  const device = someInterfaces.find(({ name }) => name === kubeIpvsDevice);
  if (!ipvs || !device) return;
  const held = new Set(device.addresses.map(({ address }) => formatAddress(address)));
  const families = new Set(device.addresses.map(({ address }) => address.family));
  for (const { address, port, range } of ipvs.virtualServers) {
    if (!address || !families.has(address.family) || held.has(formatAddress(address))) continue;
    if (port === undefined || isUsualNodePort(port)) continue;
    held.add(formatAddress(address));
    const of = named.get(range.line);
    yield {
      message: l10n.t`kube-ipvs0 does not hold ${addressOf(address, of)}: unless another device does, packets to this virtual server (port ${port}) pass IPVS by.`,
      severity: 'warning',
      range,
      ...(of && { service: serviceName(of) }),
      related: [{ message: l10n.t('kube-ipvs0'), range: device.range }],
    };
  }
}

export const addressWithoutServer: Check = {
  code: 'address-without-virtual-server',
  severity: 'warning',
  title: l10n.t('kube-ipvs0 holds an address without a virtual server'),
  modes: ['ipvs'],
  *find({ node }) {
    const device = node.interfaces?.find(({ name }) => name === kubeIpvsDevice);
    const ipvs = wholeIpvs(node);
    if (!ipvs || !device) return;
    const families = new Set(ipvs.virtualServers.map(({ address }) => address?.family));
    const served = new Set(
      ipvs.virtualServers.map((one) => one.address && formatAddress(one.address)),
    );
    const asked = device.addresses.filter(
      ({ scope, address }) =>
        scope !== 'link' && (families.size === 0 || families.has(address.family)),
    );
    const lacking = asked.filter(({ address }) => !served.has(formatAddress(address)));
    const strange = notTogether(device.name, lacking.length, asked.length, device.range);
    if (strange) {
      yield strange;
      return;
    }
    for (const { address, range } of lacking) {
      yield {
        message: l10n.t`kube-ipvs0 holds ${formatAddress(address)}, of which there is no virtual server: the node answers for it and nobody serves it.`,
        range,
      };
    }
  },
};
