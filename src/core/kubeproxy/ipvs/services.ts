import { formatAddress, hostPort, withPort } from '../../address';
import type { IpvsState, VirtualServer } from '../../ipvs/state';
import type { IpSet, IpSetEntry } from '../../ipset/types';
import { addressesOfService, type ServiceObject } from '../../objects/types';
import { onceAsked } from '../../once';
import { mapInPieces, type Work } from '../../work';
import { protocolName, protocolNumber } from '../../protocol';
import type {
  ServiceEndpoint,
  ServiceEntryKind,
  ServicePortName,
  ServiceView,
} from '../../service';
import { formatServicePortName } from '../names';

/** Which ipset of kube-proxy tells which kind (pkg/proxy/ipvs/ipset.go); IPv6's begin KUBE-6-. */
const kindOfSet: ReadonlyMap<string, ServiceEntryKind> = new Map([
  ['CLUSTER-IP', 'cluster-ip'],
  ['EXTERNAL-IP', 'external-ip'],
  ['EXTERNAL-IP-LOCAL', 'external-ip'],
  ['LOAD-BALANCER', 'load-balancer-ip'],
  ['NODE-PORT-TCP', 'node-port'],
  ['NODE-PORT-UDP', 'node-port'],
  ['NODE-PORT-SCTP-HASH', 'node-port'],
]);

/**
 * The Services of ipvs mode. One virtual server is one address and port of a Service; which belong
 * together only Service objects tell, so without them each is a ServiceView of its own, titled by
 * address. `sets` tell the kind of an address where objects do not.
 */
export function* searchIpvs(
  { virtualServers }: IpvsState,
  sets: ReadonlyMap<string, IpSet> | undefined,
  services: readonly ServiceObject[] = [],
): Work<ServiceView[]> {
  const owners = portalsOf(services);
  const kinds = kindsOf(sets ?? new Map<string, IpSet>());
  const groups = new Map<string, Group>();
  for (const [i, server] of virtualServers.entries()) {
    if (i % serversAtOnce === 0) yield;
    const { address, port, protocol } = server;
    if (!address || port === undefined || protocol === undefined) continue;
    const at = portal(formatAddress(address), port, protocol);
    const anyAddress = portal('', port, protocol);
    const owner = owners.get(at) ?? owners.get(anyAddress);
    const kind = owner?.kind ?? kinds.get(at) ?? kinds.get(anyAddress) ?? 'virtual';
    const key = owner ? `${formatServicePortName(owner.servicePort)}/${protocol}` : at;
    const group = groups.get(key) ?? { owner, protocol, title: at, servers: [], kinds: [] };
    group.servers.push(server);
    group.kinds.push(kind);
    groups.set(key, group);
  }
  return yield* mapInPieces(groups.values(), viewOf);
}

/** Servers that are looked at between two pauses. */
const serversAtOnce = 500;

interface Owner {
  readonly servicePort: ServicePortName;
  readonly kind: ServiceEntryKind;
}

interface Group {
  readonly owner: Owner | undefined;
  readonly protocol: number;
  readonly title: string;
  readonly servers: VirtualServer[];
  /** Of the server at the same place. */
  readonly kinds: ServiceEntryKind[];
}

/** `10.96.0.10:53/udp`; a node port is at any address: `:30089/tcp`. */
function portal(address: string, port: number, protocol: number): string {
  return `${address === '' ? `:${port}` : hostPort(address, port)}/${protocolName(protocol)}`;
}

function portalsOf(services: readonly ServiceObject[]): Map<string, Owner> {
  const owners = new Map<string, Owner>();
  for (const service of services) {
    const { metadata, spec, status } = service;
    const ingress = status.loadBalancer.ingress.map(({ ip }) => ip);
    const clusterIPs = [...spec.clusterIPs, spec.clusterIP];
    for (const { name, port, nodePort, protocol: text } of spec.ports) {
      const servicePort = { namespace: metadata.namespace, name: metadata.name, port: name };
      const protocol = protocolNumber(text) ?? 6;
      for (const address of addressesOfService(service)) {
        const kind = clusterIPs.includes(address)
          ? 'cluster-ip'
          : ingress.includes(address)
            ? 'load-balancer-ip'
            : 'external-ip';
        owners.set(portal(address, port, protocol), { servicePort, kind });
      }
      if (nodePort) owners.set(portal('', nodePort, protocol), { servicePort, kind: 'node-port' });
    }
  }
  return owners;
}

function kindsOf(sets: ReadonlyMap<string, IpSet>): Map<string, ServiceEntryKind> {
  const kinds = new Map<string, ServiceEntryKind>();
  for (const [name, { entries }] of sets) {
    const kind = kindOfSet.get(/^KUBE-(?:6-)?(.+)$/.exec(name)?.[1] ?? '');
    if (!kind) continue;
    const protocol = name.endsWith('-UDP') ? 17 : 6;
    for (const entry of entries) {
      const at = portalOf(entry, protocol, kind);
      if (at !== undefined) kinds.set(at, kind);
    }
  }
  return kinds;
}

/** `10.96.0.10,udp:53` of hash:ip,port, `30089` of bitmap:port (whose protocol is in its name). */
function portalOf(
  { parts }: IpSetEntry,
  setProtocol: number,
  kind: ServiceEntryKind,
): string | undefined {
  let address = '';
  for (const part of parts) {
    if (part.kind === 'network') address = formatAddress(part.network.address);
    if (part.kind !== 'port') continue;
    const at = kind === 'node-port' ? '' : address;
    return portal(at, part.from, part.protocol ?? setProtocol);
  }
  return undefined;
}

function viewOf({ owner, protocol, title, servers, kinds }: Group): ServiceView {
  const first = servers[0]!;
  return {
    servicePort: owner?.servicePort,
    title: owner ? formatServicePortName(owner.servicePort) : title,
    protocol,
    mode: 'ipvs',
    entries: servers.map(({ address, port, range }, i) => ({
      kind: kinds[i]!,
      address,
      port: port!,
      range,
    })),
    readEndpoints: onceAsked(() => endpointsOfServers(servers, kinds)),
    affinity: first.persistent,
    chains: [],
    range: first.range,
  };
}

/** Those of the ClusterIP's virtual server first; others may have fewer (traffic policy Local). */
function* endpointsOfServers(
  servers: readonly VirtualServer[],
  kinds: readonly ServiceEntryKind[],
): Work<ServiceEndpoint[]> {
  const main = servers[Math.max(0, kinds.indexOf('cluster-ip'))]!;
  const found = new Map<string, ServiceEndpoint>();
  const share = sharesOf(main);
  let count = 0;
  for (const server of [main, ...servers]) {
    for (const real of server.realServers) {
      if (++count % serversAtOnce === 0) yield;
      const key = withPort(real.address, real.port);
      if (found.has(key)) continue;
      const { address, port, weight, range } = real;
      found.set(key, { address, port, share: server === main ? share(weight) : undefined, range });
    }
  }
  return [...found.values()];
}

/**
 * rr and wrr give each its weight's share in the long run (ip_vs_rr.c, ip_vs_wrr.c); the other
 * schedulers decide by connections or by hash, which no weight tells. Weight 0 is draining.
 */
function sharesOf({
  scheduler,
  realServers,
}: VirtualServer): (weight: number) => number | undefined {
  let serving = 0;
  let weights = 0;
  for (const { weight } of realServers) {
    if (weight > 0) serving++;
    weights += weight;
  }
  return (weight) => {
    if (weight === 0) return 0;
    if (scheduler === 'rr') return 1 / serving;
    return scheduler === 'wrr' ? weight / weights : undefined;
  };
}
