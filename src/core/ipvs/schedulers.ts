import { l10n } from '../l10n';
import type { Address } from '../address';
import { isAvailable, isOverloaded } from './availability';
import type { RealServer, VirtualServer } from './state';
import { destinationHash, maglev, sourceHash } from './hashTables';

/** Where a new connection goes. */
export type ServerChoice =
  /** By turns or by weight: the share of new connections, over all clients, that each of these gets, 0 to 1. */
  | {
      readonly kind: 'shares';
      readonly servers: readonly RealServer[];
      readonly share: (server: RealServer) => number;
    }
  /** One server, by a formula. */
  | { readonly kind: 'fixed'; readonly server: RealServer; readonly reason: string }
  /** The server with the fewest connections for its weight; `next` by the counts, else `unknown` says why. */
  | {
      readonly kind: 'by-connections';
      readonly servers: readonly RealServer[];
      readonly next?: RealServer;
      readonly unknown?: string;
      readonly reason: string;
    }
  /** IPVS drops the packet and answers ICMP port unreachable (ip_vs_leave). */
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'unknown';
      readonly servers: readonly RealServer[];
      readonly reason: string;
    };

/** The packet that opens a connection. */
export interface OpeningPacket {
  readonly protocol: number;
  readonly source: Address;
  readonly sourcePort?: number;
  readonly destination: Address;
}

export interface ScheduleContext {
  /** Whether the real servers stand as in the kernel's list (IpvsState.kernelOrder). */
  readonly kernelOrder?: boolean;
}

/**
 * To which real server a connection goes that IPVS does not know yet, of a client that is not bound to one.
 * Servers of weight 0 get none, nor those with as many connections as their limit; where none are counted
 * they are taken to have fewer.
 */
export function chooseServer(
  virtual: VirtualServer,
  connection: OpeningPacket,
  { kernelOrder = false }: ScheduleContext = {},
): ServerChoice {
  const usable = virtual.realServers.filter(isAvailable);
  if (virtual.realServers.length === 0) {
    return { kind: 'refused', reason: l10n.t`The virtual server has no real server.` };
  }
  if (usable.length === 0) {
    const reason = virtual.realServers.some(isOverloaded)
      ? l10n.t`Every real server has weight 0 or as many connections as its limit (-x).`
      : l10n.t`Every real server has weight 0.`;
    return { kind: 'refused', reason };
  }
  switch (virtual.scheduler) {
    case 'rr':
    case 'wrr':
      return byTurns(virtual.scheduler, usable);
    case 'lc':
    case 'wlc':
    case 'sed':
    case 'nq':
      return byConnections(virtual.scheduler, usable, kernelOrder);
    case 'sh':
    case 'dh':
    case 'mh':
      return byHash(virtual, virtual.scheduler, connection, kernelOrder);
    case 'fo':
      return byFailover(usable, kernelOrder);
    case 'ovf':
      return byOverflow(usable, kernelOrder);
    case 'none':
      return { kind: 'refused', reason: l10n.t`The virtual server has no scheduler.` };
    case undefined:
      return unknown(usable, l10n.t`The dump does not show the scheduler.`);
    default:
      return unknown(
        usable,
        l10n.t`What ${virtual.scheduler} chooses depends on state that is not in the dump.`,
      );
  }
}

/** rr leaves weights out of account but for 0; wrr goes by them exactly. */
function byTurns(scheduler: 'rr' | 'wrr', usable: readonly RealServer[]): ServerChoice {
  const part = ({ weight }: RealServer) => (scheduler === 'rr' ? 1 : weight);
  const total = usable.reduce((all, server) => all + part(server), 0);
  return { kind: 'shares', servers: usable, share: (server) => part(server) / total };
}

/** Has a server been drained, so that its former weight still counts (dest->last_weight)? */
function drains(servers: readonly RealServer[]): boolean {
  return servers.some(({ weight, formerWeight }) => weight === 0 && formerWeight === undefined);
}

/** The server with the least load for its weight; ties go to the first in the kernel's list. */
function byConnections(
  scheduler: 'lc' | 'wlc' | 'sed' | 'nq',
  usable: readonly RealServer[],
  kernelOrder: boolean,
): ServerChoice {
  const reason = l10n.t`The server with the fewest connections for its weight gets the next one.`;
  const choice = { kind: 'by-connections', servers: usable, reason } as const;
  if (!areCounted(usable)) return { ...choice, unknown: notCounted };
  const idle = usable.filter(({ activeConnections }) => activeConnections === 0);
  const least = usable.reduce((so, server) => Math.min(so, load(scheduler, server)), Infinity);
  const [next, tied] =
    scheduler === 'nq' && idle.length > 0
      ? idle
      : usable.filter((server) => load(scheduler, server) === least);
  if (!tied || kernelOrder) return { ...choice, next };
  const unknown = l10n.t`several servers have as few, and ipvsadm does not keep their order; /proc/net/ip_vs shows it`;
  return { ...choice, unknown };
}

const notCounted = l10n.t`the dump does not count connections`;

function areCounted(servers: readonly RealServer[]): boolean {
  return servers.every(({ activeConnections }) => activeConnections !== undefined);
}

/** ip_vs_ovf.c: as fo, among the servers with no more active connections than their weight. */
function byOverflow(usable: readonly RealServer[], kernelOrder: boolean): ServerChoice {
  const reason = l10n.t`The server of the highest weight gets the next one, until it has more connections than its weight.`;
  const choice = { kind: 'by-connections', servers: usable, reason } as const;
  if (!areCounted(usable)) return { ...choice, unknown: notCounted };
  const free = usable.filter(({ activeConnections = 0, weight }) => activeConnections <= weight);
  if (free.length === 0) {
    return {
      kind: 'refused',
      reason: l10n.t`Every real server has more connections than its weight.`,
    };
  }
  const first = byFailover(free, kernelOrder);
  return first.kind === 'fixed'
    ? { ...choice, next: first.server }
    : { ...choice, unknown: sameWeight };
}

/**
 * lc, wlc: active * 256 + inactive (ip_vs_dest_conn_overhead, include/net/ip_vs.h); sed, nq: active + 1.
 * The kernel multiplies crosswise in place of dividing.
 */
function load(scheduler: 'lc' | 'wlc' | 'sed' | 'nq', server: RealServer): number {
  const { activeConnections: active = 0, inactiveConnections: inactive = 0, weight } = server;
  if (scheduler === 'sed' || scheduler === 'nq') return (active + 1) / weight;
  const overhead = active * 256 + inactive;
  return scheduler === 'lc' ? overhead : overhead / weight;
}

function byHash(
  virtual: VirtualServer,
  scheduler: 'sh' | 'dh' | 'mh',
  connection: OpeningPacket,
  kernelOrder: boolean,
): ServerChoice {
  const { realServers: servers, flags } = virtual;
  const [only] = servers;
  if (!kernelOrder && servers.length > 1) {
    const reason = l10n.t`${scheduler} goes by the order in which the servers were added, which ipvsadm does not keep; /proc/net/ip_vs shows it.`;
    return unknown(servers, reason);
  }
  if (scheduler === 'mh' && servers.length > 1 && drains(servers)) {
    const reason = l10n.t`mh keeps the places of a server that was drained; its former weight is not known.`;
    return unknown(servers, reason);
  }
  const usesPort = flags.includes(`${scheduler}-port`);
  const port = portOf(connection);
  if (usesPort && port === undefined && servers.length > 1) {
    return unknown(servers, l10n.t`The choice goes by the source port, which is not given.`);
  }
  const key = { address: connection.source, port: usesPort ? (port ?? 0) : 0 };
  const fallback = flags.includes(`${scheduler}-fallback`);
  const server =
    servers.length === 1
      ? only
      : scheduler === 'dh'
        ? destinationHash(servers, virtual.address ?? connection.destination)
        : (scheduler === 'sh' ? sourceHash : maglev)(servers, key, fallback);
  const by =
    scheduler === 'dh'
      ? l10n.t`the destination`
      : usesPort
        ? l10n.t`source and port`
        : l10n.t`the source`;
  if (!server || !isAvailable(server)) {
    const reason =
      server && isOverloaded(server)
        ? l10n.t`The hash of ${by} falls on a server with as many connections as its limit (-x), and there is no fallback.`
        : l10n.t`The hash of ${by} falls on a server of weight 0, and there is no fallback.`;
    return { kind: 'refused', reason };
  }
  return { kind: 'fixed', server, reason: l10n.t`${scheduler}: by the hash of ${by}.` };
}

/** ip_vs_sh_get_port: protocols without ports hash as port 0. */
function portOf({ protocol, sourcePort }: OpeningPacket): number | undefined {
  return protocol === 6 || protocol === 17 || protocol === 132 ? sourcePort : 0;
}

const sameWeight = l10n.t`Several servers have the highest weight, and their order is not known.`;

/** ip_vs_fo.c: the highest weight; the first in the list of several. */
function byFailover(usable: readonly RealServer[], kernelOrder: boolean): ServerChoice {
  const highest = usable.reduce((so, { weight }) => Math.max(so, weight), 0);
  const [first, second] = usable.filter(({ weight }) => weight === highest);
  if (second && !kernelOrder) return unknown(usable, sameWeight);
  return { kind: 'fixed', server: first!, reason: l10n.t`fo: the server with the highest weight.` };
}

function unknown(servers: readonly RealServer[], reason: string): ServerChoice {
  return { kind: 'unknown', servers: servers.filter(({ weight }) => weight > 0), reason };
}
