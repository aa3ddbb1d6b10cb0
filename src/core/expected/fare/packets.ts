import * as l10n from '@vscode/l10n';
import {
  contains,
  formatAddress,
  hostIn,
  parseAddress,
  parseNetwork,
  sameAddress,
} from '../../address';
import type { Address, Family } from '../../address';
import { formatServicePortName } from '../../kubeproxy/names';
import type { NodeState } from '../../node';
import { protocolNumbers, type Packet } from '../../packet';
import { protocolNumber } from '../../protocol';
import { lookUp } from '../../trace/route/fib';
import { probeOf, type EntryPlace } from '../../trace/probe';
import { socketSource } from '../../trace/route/socketSource';
import type { ExpectedInput } from '../input';
import type { ServicePort } from '../servicePorts';

/** A packet whose fate is compared. */
export interface ComparedPacket {
  /** Who asks for what: `a Pod, ClusterIP, wrong port`; the same for all Services. */
  readonly kind: string;
  /** `shop/cart:grpc`; undefined where it is about none. */
  readonly service?: string;
  readonly packet: Packet;
}

const outsiders: Readonly<Record<Family, string>> = { 4: '192.0.2.10', 6: '2001:db8::10' };
/** The first addresses of a node; more fare like the second. */
const mostAddresses = 4;

/** From where packets of one family come. */
export interface Senders {
  readonly pod: EntryPlace | undefined;
  readonly outside: EntryPlace;
  /** The node's own addresses, the primary one first. */
  readonly node: readonly Address[];
}

/** undefined where the node has no address of the family, or no dump tells. */
export function sendersOf(
  node: NodeState,
  { objects }: ExpectedInput,
  family: Family,
): Senders | undefined {
  const object = objects.nodes.find(({ metadata }) => metadata.name === node.name);
  const own = (node.interfaces ?? []).flatMap(({ name, addresses }) =>
    name === 'lo' || name === 'kube-ipvs0'
      ? []
      : addresses.flatMap(({ address, scope }) =>
          address.family === family && scope === 'global' ? [address] : [],
        ),
  );
  const outsider = parseAddress(outsiders[family])!;
  const primary = socketSource(node, outsider);
  const [first] = primary ? [primary] : own;
  if (!first) return undefined;
  const cidr = object?.podCIDRs.map(parseNetwork).find((one) => one?.address.family === family);
  const pod = cidr && hostIn(cidr, 250);
  return {
    pod: pod && { source: pod, device: deviceTo(node, pod) },
    outside: { source: outsider, device: deviceTo(node, outsider) ?? 'eth0' },
    node: [first, ...own.filter((address) => !sameAddress(address, first))].slice(0, mostAddresses),
  };
}

function deviceTo(node: NodeState, destination: Address): string | undefined {
  if (!node.routes) return undefined;
  const found = lookUp(node, { destination, mark: 0 });
  return found.kind === 'route' ? found.hops[0]?.device : undefined;
}

/** The packets that show what one Service port does: from Pods, the node, localhost, outside. */
export function packetsOf(port: ServicePort, senders: Senders): readonly ComparedPacket[] {
  const found: ComparedPacket[] = [];
  const service = formatServicePortName(port.name);
  const own = protocolNumber(port.protocol) ?? protocolNumbers.tcp;
  const ask = (
    kind: string,
    from: EntryPlace | undefined,
    to: Address | undefined,
    destinationPort: number | 'ping',
    protocol = own,
  ) => {
    if (!from || !to || from.source.family !== to.family) return;
    found.push({ kind, service, packet: probeOf(from, protocol, to, destinationPort) });
  };
  const { pod, outside, node } = senders;
  const [primary] = node;
  const itself = primary && { source: primary };
  const clusterIp = parseAddress(port.clusterIp);
  ask(l10n.t('a Pod to the ClusterIP'), pod, clusterIp, port.port);
  ask(l10n.t('the node to the ClusterIP'), itself, clusterIp, port.port);
  ask(l10n.t('outside to the ClusterIP'), outside, clusterIp, port.port);
  ask(l10n.t('a Pod to the ClusterIP, wrong port'), pod, clusterIp, otherPort(port));
  const other = own === protocolNumbers.udp ? protocolNumbers.tcp : protocolNumbers.udp;
  ask(l10n.t('a Pod to the ClusterIP, wrong protocol'), pod, clusterIp, otherPort(port), other);
  const icmp = clusterIp?.family === 6 ? protocolNumbers.icmp6 : protocolNumbers.icmp;
  ask(l10n.t('a ping of a Pod to the ClusterIP'), pod, clusterIp, 'ping', icmp);
  const loop = primary?.family === 4 ? parseAddress('127.0.0.1') : parseAddress('::1');
  const local = loop && { source: loop };
  if (primary?.family === 4) ask(l10n.t('127.0.0.1 to the ClusterIP'), local, clusterIp, port.port);
  const external = [
    ...port.externalIps.map((ip) => [l10n.t('external IP'), ip] as const),
    ...port.loadBalancerIps.map((ip) => [l10n.t('load balancer IP'), ip] as const),
  ];
  for (const [what, ip] of external) {
    const to = parseAddress(ip);
    ask(l10n.t('outside to the {0}', what), outside, to, port.port);
    ask(l10n.t('the node to the {0}', what), itself, to, port.port);
    ask(l10n.t('a Pod to the {0}', what), pod, to, port.port);
    ask(l10n.t('outside to the {0}, wrong port', what), outside, to, otherPort(port));
    const [range] = port.sourceRanges;
    if (!range || port.externalIps.includes(ip) || contains(range, outside.source)) continue;
    const inside = { source: hostIn(range, 1), device: outside.device };
    ask(l10n.t('an allowed source to the {0}', what), inside, to, port.port);
  }
  if (port.nodePort !== 0) {
    for (const [i, to] of node.entries()) {
      ask(
        i === 0
          ? l10n.t('outside to the NodePort')
          : l10n.t('outside to the NodePort on another address of the node'),
        outside,
        to,
        port.nodePort,
      );
      ask(
        i === 0
          ? l10n.t('the node to the NodePort')
          : l10n.t('the node to the NodePort on another address of the node'),
        { source: to },
        to,
        port.nodePort,
      );
    }
    ask(l10n.t('a Pod to the NodePort'), pod, primary, port.nodePort);
    ask(l10n.t('the node to the NodePort on localhost'), local, loop, port.nodePort);
  }
  if (port.healthCheckNodePort !== 0) {
    const { tcp } = protocolNumbers;
    ask(
      l10n.t('outside to the health check port'),
      outside,
      primary,
      port.healthCheckNodePort,
      tcp,
    );
  }
  return found;
}

/** A port of the same address that the Service most likely does not have. */
function otherPort({ port, service }: ServicePort): number {
  const own = new Set(service.spec.ports.map((one) => one.port));
  let other = port === 65535 ? 1 : port + 1;
  while (own.has(other)) other = (other % 65535) + 1;
  return other;
}

/** Packets that are about no Service: an address of the Service range that none has. */
export function packetsOfNone(
  { objects }: ExpectedInput,
  senders: Senders,
): readonly ComparedPacket[] {
  const { pod } = senders;
  if (!pod) return [];
  const taken = new Set(objects.services.flatMap(({ spec }) => spec.clusterIPs));
  const ranges = (objects.serviceCidrs ?? []).flatMap(({ cidrs }) =>
    cidrs.flatMap((text) => parseNetwork(text) ?? []),
  );
  for (const range of ranges) {
    if (range.address.family !== pod.source.family) continue;
    for (let host = 200; host < 250; host++) {
      const destination = hostIn(range, host);
      if (taken.has(formatAddress(destination))) continue;
      return [
        {
          kind: l10n.t('a Pod to an address of the Service range that no Service has'),
          packet: probeOf(pod, protocolNumbers.tcp, destination, 80),
        },
      ];
    }
  }
  return [];
}
