import { formatAddress, sameAddress } from '../../address';
import type { VirtualServer } from '../../ipvs/state';
import type { IpSetEntry } from '../../ipset/types';
import type { NodeState } from '../../node';
import { protocolName } from '../../protocol';
import { kubeIpvsDevice } from '../../trace/ipvs/items';

/** `10.96.0.1:443/tcp`; of a node port, which is at any address, `:30089/tcp`. */
export type ServerPlace = string;

function placeText(address: string, port: number, protocol: number): ServerPlace {
  return `${address}:${port}/${protocolName(protocol)}`;
}

/** Of a virtual server, with its address and as a port of any; undefined of a firewall mark. */
function placesOf({ address, port, protocol }: VirtualServer) {
  if (!address || port === undefined || protocol === undefined) return undefined;
  return {
    own: placeText(formatAddress(address), port, protocol),
    ofAny: placeText('', port, protocol),
  };
}

/** Every virtual server by address and port: each with its address, and as a port of any. */
export function serverPlaces({ ipvs }: NodeState): ReadonlySet<ServerPlace> {
  const places = new Set<ServerPlace>();
  for (const server of ipvs?.virtualServers ?? []) {
    const of = placesOf(server);
    if (of) places.add(of.own).add(of.ofAny);
  }
  return places;
}

/** A virtual server as sets and Services name it: by its address only where kube-ipvs0 holds that. */
export function placeOfServer(
  { interfaces = [] }: NodeState,
  server: VirtualServer,
): ServerPlace | undefined {
  const { address } = server;
  const held = interfaces.find(({ name }) => name === kubeIpvsDevice)?.addresses ?? [];
  const isOfService = address && held.some((one) => sameAddress(one.address, address));
  const places = placesOf(server);
  return isOfService ? places?.own : places?.ofAny;
}

/** The same where it is known by its address, whichever device should hold that. */
export function placeByAddress(server: VirtualServer): ServerPlace | undefined {
  return placesOf(server)?.own;
}

/** Sets of kube-proxy whose entries are addresses and ports of Services (pkg/proxy/ipvs/ipset.go). */
const portalSet =
  /^KUBE-(?:6-)?(CLUSTER-IP|EXTERNAL-IP(?:-LOCAL)?|LOAD-BALANCER|NODE-PORT-(?:TCP|UDP|SCTP-HASH))$/;

/** The kind of a set that holds places of Services, without its prefix. */
export function portalKind(name: string): string | undefined {
  return portalSet.exec(name)?.[1];
}

export function placeOfEntry({ parts }: IpSetEntry, kind: string): ServerPlace | undefined {
  let address = '';
  for (const part of parts) {
    if (part.kind === 'network' && !kind.startsWith('NODE-PORT')) {
      address = formatAddress(part.network.address);
    }
    if (part.kind !== 'port') continue;
    return placeText(address, part.from, part.protocol ?? (kind.endsWith('UDP') ? 17 : 6));
  }
  return undefined;
}
