import { withPort } from '../../address';
import { l10n } from '../../l10n';
import type { RealServer, VirtualServer } from '../../ipvs/state';
import { mayBeOverloaded } from '../../ipvs/availability';
import { chooseServer } from '../../ipvs/schedulers';
import { protocolNumbers } from '../../packet';
import { isMulticast } from '../../specialAddresses';
import { addressType } from '../route/addressType';
import type { Environment, Option, Options } from '../environment';
import type { IpvsFlow } from '../conntrack/flowState';
import type { HookRun, State } from '../state';
import type { Header } from '../trace';
import { grantAllServers } from './lacking';
import { pushIpvs } from './record';
import { ipvsSysctl, proxySysctl } from './settings';
import {
  currentServer,
  isSameReal,
  maskedClient,
  sameServer,
  templateOf,
  templatePort,
} from './table';
import { isActiveState } from './tcpState';

/** What becomes of a packet that opens a connection. */
export type Schedule =
  | { readonly kind: 'server'; readonly real: RealServer; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  /** The dump lacks real servers, of which the scheduler may choose one. */
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'fork'; readonly options: Options };

/**
 * ip_vs_schedule: the server that the client is bound to, else the scheduler's; a branch for each that it
 * may choose.
 *
 * @param header the request; not the packet's own where that is an ICMP error
 */
export function schedule(
  environment: Environment,
  state: State,
  run: HookRun,
  virtual: VirtualServer,
  header: Header,
): Schedule {
  const { persistenceEngine: engine } = virtual;
  if (virtual.persistent !== undefined && engine !== undefined) {
    const reason = l10n.t`the engine ${engine} tells clients apart by what is in the packet`;
    return { kind: 'unknown', reason };
  }
  const bound = boundServer(environment, state, run, virtual, header);
  if (bound) {
    const reason = l10n.t`the client is bound to it (persistent ${virtual.persistent})`;
    return { kind: 'server', real: bound, reason };
  }
  if (virtual.persistent === undefined && virtual.port === 0) {
    return { kind: 'refused', reason: l10n.t`a virtual server for all ports must be persistent` };
  }
  if (virtual.incomplete === true) {
    return {
      kind: 'unknown',
      reason: l10n.t`the dump of IPVS lacks real servers of this virtual server`,
    };
  }
  grantAllServers(state, environment.node.ipvs, virtual);
  const context = { kernelOrder: environment.node.ipvs?.kernelOrder };
  const counted = withConnectionsSince(virtual, state.ipvs);
  if (counted.realServers.some(mayBeOverloaded)) {
    environment.assume(l10n.t`no real server has as many connections as its limit (-x)`);
  }
  const choice = chooseServer(counted, header, context);
  const own = sameServers(counted, virtual);
  const scheduler = virtual.scheduler ?? l10n.t`the scheduler`;
  /** A way to each of them; no fork where there is but one. */
  const toEach = (
    servers: readonly RealServer[],
    reason: string,
    tell: (real: RealServer) => Omit<Option, 'enter'>,
  ): Schedule => {
    const [first] = servers;
    if (first && servers.length === 1) return { kind: 'server', real: own(first), reason };
    const option = (real: RealServer): Option => {
      const { condition, ...more } = tell(real);
      return {
        condition: `${condition} ${withPort(real.address, real.port)}`,
        ...more,
        enter: (branch) => void connect(environment, branch, run, virtual, own(real), header),
      };
    };
    return { kind: 'fork', options: madeWhenAsked(servers, option) };
  };
  switch (choice.kind) {
    case 'fixed':
      return { kind: 'server', real: own(choice.server), reason: choice.reason };
    case 'refused':
      return choice;
    case 'by-connections': {
      const { next, servers, reason, unknown } = choice;
      if (!next) {
        const condition = l10n.t`${scheduler} goes by connections:`;
        return toEach(servers, reason, () => ({ condition, unknown }));
      }
      environment.assume(l10n.t`${scheduler} goes by the connections that the capture counts`);
      const nextFirst = [next, ...servers.filter((real) => real !== next)];
      const now = l10n.t`${scheduler}: by the connections that the capture counts, next is`;
      const later = l10n.t`${scheduler}: once the counts have changed,`;
      return toEach(nextFirst, reason, (real) =>
        real === next ? { condition: now, probability: 1 } : { condition: later, probability: 0 },
      );
    }
    case 'unknown': {
      const condition = l10n.t`${scheduler} chooses`;
      return toEach(choice.servers, choice.reason, () => ({ condition, unknown: choice.reason }));
    }
    case 'shares': {
      const { servers, share } = choice;
      const condition = l10n.t`${scheduler} chooses`;
      return toEach(servers, l10n.t`${scheduler}: the only one with a weight`, (real) => ({
        condition,
        probability: share(real),
      }));
    }
  }
}

function madeWhenAsked(
  servers: readonly RealServer[],
  option: (real: RealServer) => Option,
): Options {
  return {
    length: servers.length,
    *[Symbol.iterator]() {
      for (const real of servers) yield option(real);
    },
  };
}

/** ip_vs_check_template: the bound server must be there, and with expire_quiescent_template not drain. */
function boundServer(
  environment: Environment,
  state: State,
  run: HookRun,
  virtual: VirtualServer,
  header: Header,
): RealServer | undefined {
  const { ipvs } = environment.node;
  const { ipvsTemplates } = state;
  const template =
    virtual.persistent === undefined ? undefined : templateOf({ ipvsTemplates, header }, virtual);
  if (!template || !ipvs) return undefined;
  const server = currentServer(ipvs, template);
  // A row that the dump lacks may be its own.
  if (!server && ipvs.incomplete !== undefined) return undefined;
  const drains = server?.weight === 0 && proxySysctl(environment, 'expire_quiescent_template');
  const to = withPort(template.real.address, template.real.port);
  const why = !server
    ? l10n.t`, which is gone: it gets another`
    : drains
      ? l10n.t`, which drains: it gets another`
      : '';
  pushIpvs(state, run, {
    virtual,
    range: template.range ?? virtual.range,
    effect: l10n.t`this client is bound to ${to} (persistent ${virtual.persistent})${why}`,
  });
  return drains ? undefined : server;
}

/** From a server of a copy of a virtual server to its own. */
function sameServers(
  copy: VirtualServer,
  virtual: VirtualServer,
): (real: RealServer) => RealServer {
  if (copy === virtual) return (real) => real;
  const places = new Map(copy.realServers.map((real, i) => [real, i]));
  return (real) => virtual.realServers[places.get(real) ?? -1] ?? real;
}

/** The virtual server with the connections counted that were made after the capture. */
function withConnectionsSince(virtual: VirtualServer, flows: readonly IpvsFlow[]): VirtualServer {
  const since = flows.filter((flow) => !flow.counted && sameServer(flow.virtual, virtual));
  if (since.length === 0) return virtual;
  const realServers = virtual.realServers.map((real): RealServer => {
    const { activeConnections: active, inactiveConnections: inactive } = real;
    if (active === undefined || inactive === undefined) return real;
    const own = since.filter((flow) => isSameReal(flow.real, real));
    const more = own.filter(({ tcpState }) => isActiveState(tcpState)).length;
    return {
      ...real,
      activeConnections: active + more,
      inactiveConnections: inactive + own.length - more,
    };
  });
  return { ...virtual, realServers };
}

/**
 * cache_bypass: what no server of a firewall mark takes goes on to where the client sent it.
 *
 * @returns the destination in place of a real server; undefined where it does not
 */
export function bypass(
  { node }: Environment,
  { firewallMark, range }: VirtualServer,
  { destination, destinationPort }: Header,
): RealServer | undefined {
  if (firewallMark === undefined || ipvsSysctl(node, 'cache_bypass') === 0) return undefined;
  const isUnicast =
    destination.family === 4
      ? addressType(node, destination) === 'UNICAST'
      : !isMulticast(destination);
  if (!isUnicast) return undefined;
  return { address: destination, port: destinationPort ?? 0, method: 'Bypass', weight: 1, range };
}

/** ip_vs_conn_new: from now on the packet belongs to a connection with this real server. */
export function connect(
  environment: Environment,
  state: State,
  run: HookRun,
  virtual: VirtualServer,
  real: RealServer,
  header: Header,
): IpvsFlow {
  const { protocol, source, sourcePort, destination, destinationPort } = header;
  const controlled = virtual.persistent !== undefined && real.method !== 'Bypass';
  if (controlled) bindClient(state, virtual, real, header);
  // A persistent client's packet to another port of a virtual server for all ports keeps that port.
  const keepsPort = real.port === 0 || (controlled && destinationPort !== virtual.port);
  const flow: IpvsFlow = {
    protocol,
    client: source,
    clientPort: sourcePort,
    address: destination,
    port: destinationPort,
    virtual,
    real,
    realPort: keepsPort ? destinationPort : real.port,
    tracked: proxySysctl(environment, 'conntrack'),
    tcpState: 'NONE',
    controlled,
    onePacket: protocol === protocolNumbers.udp && virtual.flags.includes('ops'),
    answered: false,
    counted: false,
  };
  state.ipvs = [flow, ...state.ipvs];
  const to = withPort(real.address, real.port);
  pushIpvs(state, run, {
    virtual,
    real,
    range: real.range,
    effect: l10n.t`real server ${to} ${real.method}, weight ${real.weight}`,
  });
  return flow;
}

/** The template of a persistent client, in place of one whose server it may not use any more. */
function bindClient(state: State, virtual: VirtualServer, real: RealServer, header: Header): void {
  const old = templateOf({ ipvsTemplates: state.ipvsTemplates, header }, virtual);
  const { protocol, source, destinationPort } = header;
  const template = {
    protocol: virtual.firewallMark === undefined ? protocol : 0,
    client: maskedClient(virtual, source),
    virtual,
    port: templatePort(virtual, destinationPort),
    real,
  };
  state.ipvsTemplates = [template, ...state.ipvsTemplates.filter((other) => other !== old)];
}
