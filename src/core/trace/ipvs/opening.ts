import { withPort } from '../../address';
import { l10n } from '../../l10n';
import type { VirtualServer } from '../../ipvs/state';
import { protocolName } from '../../protocol';
import { withoutStop } from '../../sentence';
import { ownRefusals } from '../client/refusal';
import { ending } from '../environment';
import type { Environment } from '../environment';
import type { IpvsFlow } from '../conntrack/flowState';
import type { HookRun, State } from '../state';
import type { Header } from '../trace';
import { grantNoOther } from './lacking';
import { pushIpvs } from './record';
import type { Turn } from './reply';
import { bypass, connect, schedule } from './schedule';
import { ipvsSysctl, unprivilegedPort } from './settings';
import { findVirtualServer, ftpDataPort, isFtpData, opens, requestOf, turned } from './table';

/**
 * ip_vs_try_to_schedule (net/netfilter/ipvs/ip_vs_core.c): a connection for a packet that belongs to
 * none, if a virtual server takes it.
 *
 * @param asked the request: the packet itself, or the one that the packet quoted by an ICMP error answers
 * @param serve what becomes of the packet once it has a connection
 */
export function open(
  environment: Environment,
  state: State,
  run: HookRun,
  asked: Header,
  serve: (flow: IpvsFlow) => Turn,
): Turn {
  const { node } = environment;
  const { ipvs } = node;
  if (!ipvs) return 'next';
  const virtual = findVirtualServer(ipvs, asked, state.mark, unprivilegedPort(node));
  if (!virtual) {
    grantNoOther(state, ipvs);
    return 'next';
  }
  const passes = passesBy(environment, state, run, asked, virtual);
  if (passes !== undefined) {
    pushVirtual(state, run, virtual, passes);
    return 'next';
  }
  pushVirtual(state, run, virtual, '');
  const way = schedule(environment, state, run, virtual, asked);
  switch (way.kind) {
    case 'fork':
      return { options: way.options };
    case 'unknown':
      return ending('UNKNOWN', way.reason, { range: virtual.range });
    case 'server':
      return serve(connect(environment, state, run, virtual, way.real, asked));
    case 'refused':
      return leave(environment, state, run, virtual, asked, way.reason, serve);
  }
}

/** ip_vs_leave: there is no server for it. */
function leave(
  environment: Environment,
  state: State,
  run: HookRun,
  virtual: VirtualServer,
  asked: Header,
  why: string,
  serve: (flow: IpvsFlow) => Turn,
): Turn {
  const { range } = virtual;
  const isError = asked !== state.header;
  const past = isError ? undefined : bypass(environment, virtual, asked);
  if (past) return serve(connect(environment, state, run, virtual, past, asked));
  if (isFtpData(virtual, asked.destinationPort)) return 'next';
  const reason = `IPVS: ${withoutStop(why)}`;
  if (isError) return ending('DROP', reason, { by: 'ipvs', range });
  const reply = ownRefusals.port[asked.destination.family];
  return ending('REJECT', reason, { by: 'ipvs', range, reply });
}

/** Why a packet to a virtual server opens no connection (tcp_conn_schedule, ip_vs_schedule). */
function passesBy(
  { forced, node }: Environment,
  state: State,
  { hook, inDevice }: HookRun,
  asked: Header,
  virtual: VirtualServer,
): string | undefined {
  const isForced = forced !== undefined && forced !== 'NEW';
  const isError = asked !== state.header;
  if (!isForced && !isError && !opens(state, ipvsSysctl(node, 'sloppy_tcp') !== 0)) {
    return l10n.t`no connection and no SYN: IPVS lets it pass`;
  }
  if (asked.sourcePort === ftpDataPort) {
    return l10n.t`from the port of FTP data: IPVS lets it pass`;
  }
  const own = hook === 'output' || inDevice === 'lo';
  if (own && requestOf({ ipvs: state.ipvs, header: turned(asked) })) {
    return l10n.t`a reply of a real server on this node: IPVS lets it pass`;
  }
  if (isFtpData(virtual, asked.destinationPort) && virtual.persistent === undefined) {
    return l10n.t`not the port of FTP itself: IPVS lets it pass`;
  }
  return undefined;
}

/** The virtual server's row, and why it does not take the packet where it does not. */
export function pushVirtual(
  state: State,
  run: HookRun,
  virtual: VirtualServer,
  passes: string,
): void {
  const { scheduler, persistent, firewallMark, address, port, protocol } = virtual;
  const name = address
    ? `${protocolName(protocol ?? state.header.protocol)} ${withPort(address, port)}`
    : l10n.t`firewall mark ${firewallMark}`;
  const bound = persistent === undefined ? '' : ` persistent ${persistent}`;
  const words = [name, scheduler, bound.trim()].filter((word) => word).join(' ');
  const effect = l10n.t`virtual server ${words}${passes ? `: ${passes}` : ''}`;
  pushIpvs(state, run, { virtual, range: virtual.range, effect });
}
