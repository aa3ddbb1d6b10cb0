import { sameAddress, type Address, type Family } from '../address';
import { mayBeNodePort } from '../kubeproxy/nodePortRange';
import { programmed } from '../kubeproxy/programmed';
import type { NodeState } from '../node';
import { kubeIpvsDevice } from '../trace/ipvs/items';
import { ownAddress } from '../trace/route/ownAddress';
import { finish } from '../work';

export interface AskedPort {
  readonly port: number;
  readonly protocol: number;
}

/** IPv4, since most ask for that, unless only IPv6 has the port or the node. */
export function familyOfPort(node: NodeState, asked: AskedPort): Family {
  const having = finish(programmed(node)).ports.flatMap(({ service, family }) =>
    service.protocol === asked.protocol
      ? service.entries
          .filter((entry) => entry.port === asked.port && mayBeNodePort(entry))
          .map(({ address }) => family ?? address?.family)
      : [],
  );
  const isOf6 = having.length > 0 ? !having.includes(4) : !ownAddress(node, 4);
  return isOf6 && (having.includes(6) || ownAddress(node, 6)) ? 6 : 4;
}

/** In ipvs mode one with a virtual server of this port; else the first, of the uplink's before others'. */
export function nodeAddress(
  { ipvs, interfaces = [] }: NodeState,
  { port, protocol, family, uplink }: AskedPort & { family: Family; uplink: string | undefined },
): Address | undefined {
  const own = interfaces
    .filter(({ name }) => name !== kubeIpvsDevice && name !== 'lo')
    .toSorted((a, b) => Number(b.name === uplink) - Number(a.name === uplink))
    .flatMap(({ addresses }) => addresses)
    .filter(({ address, scope }) => address.family === family && scope === 'global')
    .map(({ address }) => address);
  const served = ipvs?.virtualServers.flatMap((server) =>
    server.port === port && server.protocol === protocol ? (server.address ?? []) : [],
  );
  return own.find((one) => served?.some((address) => sameAddress(address, one))) ?? own[0];
}
