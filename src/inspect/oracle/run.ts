import type { IpvsState, RealServer, VirtualServer } from '../../core/ipvs/state';
import { isSameReal, sameServer } from '../../core/trace/ipvs/table';
import { parseIpvsSave } from '../../syntax/ipvs/save';

/**
 * IPVS's table after a command between two packets: `ipvsadm -d -t 10.96.0.50:80 -r 10.244.1.4:8080; ...`.
 *
 * @returns undefined where a command is not one that changes virtual or real servers
 */
export function afterRun(ipvs: IpvsState, command: string): IpvsState | undefined {
  let state: IpvsState = ipvs;
  for (const part of command.split(';').map((text) => text.trim())) {
    if (part === '' || /^ipvsadm -(L|S)/.test(part)) continue;
    const next = afterCommand(state, part);
    if (!next) return undefined;
    state = next;
  }
  return state;
}

/** A virtual server as its `-A` line makes it, its servers as `-a` lines do one after the other. */
export function loaded(ipvs: IpvsState): IpvsState {
  const virtualServers = ipvs.virtualServers.map((server) => ({
    ...server,
    realServers: server.realServers.map(fresh).reverse(),
  }));
  return { ...ipvs, virtualServers, kernelOrder: true };
}

function fresh(real: RealServer): RealServer {
  return {
    ...real,
    formerWeight: real.weight,
    activeConnections: 0,
    inactiveConnections: 0,
  };
}

function afterCommand(ipvs: IpvsState, command: string): IpvsState | undefined {
  const [, verb, rest = ''] = /^ipvsadm -([AEDaed])\s(.*)$/.exec(command) ?? [];
  const [service] =
    /(?:-t|-u|-f|--tcp-service|--udp-service|--sctp-service)\s+\S+(?:\s+-6)?/.exec(rest) ?? [];
  if (verb === undefined || service === undefined) return undefined;
  const isReal = verb === verb.toLowerCase();
  const text = isReal ? `-A ${service}\n-a ${rest}\n` : `-A ${rest}\n`;
  const [named] = parseIpvsSave(text, 'run').value.virtualServers;
  if (!named) return undefined;
  const [real] = named.realServers;
  const { virtualServers } = ipvs;
  const servers = (): readonly VirtualServer[] => {
    switch (verb) {
      case 'A':
        return [...virtualServers, named];
      case 'D':
        return virtualServers.filter((server) => !sameServer(server, named));
      case 'E':
        return virtualServers.map((server) =>
          sameServer(server, named) ? { ...named, realServers: server.realServers } : server,
        );
      default:
        return virtualServers.map((server) =>
          real && sameServer(server, named)
            ? { ...server, realServers: changed(server.realServers, verb, real) }
            : server,
        );
    }
  };
  return { ...ipvs, virtualServers: servers() };
}

/** The kernel puts a server that is added in front of the others, and keeps an edited one's place. */
function changed(
  servers: readonly RealServer[],
  verb: string,
  real: RealServer,
): readonly RealServer[] {
  if (verb === 'a') return [fresh(real), ...servers];
  if (verb === 'd') return servers.filter((other) => !isSameReal(other, real));
  return servers.map((other) => {
    if (!isSameReal(other, real)) return other;
    const formerWeight = real.weight === 0 ? other.formerWeight : real.weight;
    const { weight, method, upperThreshold, lowerThreshold } = real;
    return { ...other, weight, method, upperThreshold, lowerThreshold, formerWeight };
  });
}
