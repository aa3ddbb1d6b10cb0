import { withPort } from '../../address';
import type { IpvsCounters, IpvsState, IpvsStatisticsRow } from '../../ipvs/state';
import { l10n } from '../../l10n';
import { lineKey } from '../../source';
import { rateText } from './countText';
import type { EdgeRate, FlowGraph } from '../graph';
import type { LiveRates } from './liveHeat';
import { append } from '../../append';

/** What a node's IPVS had done at one time. Virtual and real servers are named by `serverKey`. */
export interface IpvsReading {
  /** By this machine's clock, in milliseconds. */
  readonly taken: number;
  /** The packets from clients to each so far; undefined where nothing on the node tells. */
  readonly packets?: ReadonlyMap<string, number>;
  /** Where packets are not told: the connections of each, active and inactive. */
  readonly connections?: ReadonlyMap<string, number>;
  /** Of all virtual servers together, as the kernel estimates it. */
  readonly perSecond?: IpvsCounters | undefined;
}

type Server = Pick<IpvsStatisticsRow, 'protocol' | 'firewallMark' | 'virtual' | 'real'>;

/** One name for a virtual server, or for a real server of it, whatever listing it is read from. */
function serverKey({ protocol, firewallMark, virtual, real }: Server): string {
  const own = virtual ? withPort(virtual.address, virtual.port) : `mark ${firewallMark}`;
  const key = `${protocol ?? ''} ${own}`;
  return real ? `${key} -> ${withPort(real.address, real.port)}` : key;
}

/** The packets of each row of `ipvsadm -Ln --stats`. */
export function packetsOf(rows: readonly IpvsStatisticsRow[]): ReadonlyMap<string, number> {
  return new Map(rows.map((row) => [serverKey(row), row.inPackets]));
}

/** The connections of a table of IPVS as it is now: those of its virtual servers are their real servers'. */
export function connectionsOf({ virtualServers }: IpvsState): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const virtual of virtualServers) {
    let sum = 0;
    for (const real of virtual.realServers) {
      const { activeConnections = 0, inactiveConnections = 0 } = real;
      const connections = activeConnections + inactiveConnections;
      found.set(serverKey({ ...named(virtual), real }), connections);
      sum += connections;
    }
    found.set(serverKey(named(virtual)), sum);
  }
  return found;
}

/**
 * The edges that IPVS alone counts, and what leads to them: one virtual or real server each. Where
 * several lead to the same virtual server, it counts them together, and none of them is told.
 *
 * @param ipvs the table that the graph was drawn of
 */
export function ipvsEdges(
  { edges }: FlowGraph,
  ipvs: IpvsState | undefined,
): ReadonlyMap<string, string> {
  const servers = new Map<string, string>();
  for (const virtual of ipvs?.virtualServers ?? []) {
    servers.set(lineKey(virtual.range), serverKey(named(virtual)));
    for (const real of virtual.realServers) {
      servers.set(lineKey(real.range), serverKey({ ...named(virtual), real }));
    }
  }
  const found = new Map<string, string[]>();
  for (const { id, ranges } of edges) {
    const [key, ...others] = new Set(ranges.map((range) => servers.get(lineKey(range))));
    if (key === undefined || others.length > 0) continue;
    append(found, key, id);
  }
  return new Map(
    [...found].flatMap(([key, ids]) => (ids.length === 1 ? [[ids[0]!, key] as const] : [])),
  );
}

function named({
  protocol,
  firewallMark,
  address,
  port,
}: IpvsState['virtualServers'][number]): Server {
  const virtual = address && { address, port: port ?? 0 };
  return { protocol, firewallMark, virtual };
}

/** What passed the edges of `ipvsEdges` between two readings; without packets, the connections there. */
export function ipvsRates(
  edges: ReadonlyMap<string, string>,
  between: readonly [IpvsReading, IpvsReading],
): LiveRates {
  return Object.fromEntries([...edges].map(([id, key]) => [id, rateOf(key, between)]));
}

function rateOf(key: string, [earlier, later]: readonly [IpvsReading, IpvsReading]): EdgeRate {
  const gone = { reason: l10n.t`IPVS does not have this virtual or real server any more` };
  if (!later.packets) {
    const connections = later.connections?.get(key);
    return connections === undefined ? gone : { connections };
  }
  const now = later.packets.get(key);
  const before = earlier.packets?.get(key);
  const seconds = (later.taken - earlier.taken) / 1000;
  if (now === undefined) return gone;
  if (before === undefined || now < before || seconds <= 0) {
    return { reason: l10n.t`it was made or its counters were reset since the reading before` };
  }
  return { perSecond: (now - before) / seconds };
}

/** What the numbers at IPVS's edges are. */
export function ipvsTold({ packets, perSecond }: IpvsReading): string {
  if (packets) return l10n.t`IPVS counts every packet from the clients.`;
  const text = l10n.t`At the edges of IPVS stand the connections in its table (active and inactive), not packets: the container of kube-proxy has no ipvsadm, and /proc counts packets of all virtual servers together.`;
  if (!perSecond) return text;
  const { inPackets, outPackets } = perSecond;
  return `${text} ${l10n.t`Those are now ${rateText(inPackets)} from clients and ${rateText(outPackets)} back.`}`;
}
