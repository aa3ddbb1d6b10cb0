import { l10n } from '../../l10n';
import { protocolNumbers } from '../../packet';
import type { InnerPacket } from '../../packet';
import { ending } from '../environment';
import type { Environment } from '../environment';
import type { IpvsFlow } from '../flowState';
import type { HookRun, State } from '../state';
import { answer } from './reply';
import type { Turn } from './reply';
import { ipvsSysctl } from './settings';
import { findVirtualServer, isScheduled, replyOf, requestOf, turned } from './table';
import { transmitTo } from './transmit';

/**
 * ip_vs_in_icmp: the client (or a router on its side) complains of a packet that it got from the
 * virtual server: to its real server, which quotes its own address.
 */
export function errorOfRequest(
  environment: Environment,
  state: State,
  run: HookRun,
  inner: InnerPacket,
): Turn {
  const { ipvs } = environment.node;
  if (!ipvs || !looksInto(state, inner)) return 'next';
  const asked = turned(inner);
  const flow = requestOf({ ipvs: state.ipvs, header: asked });
  if (!flow) {
    const schedules = ipvsSysctl(environment.node, 'schedule_icmp') !== 0;
    if (!schedules || !findVirtualServer(ipvs, asked, state.mark)) return 'next';
    const reason = l10n.t`net.ipv4.vs.schedule_icmp is 1: IPVS makes a connection of an ICMP error`;
    return ending('UNKNOWN', reason);
  }
  const { header } = state;
  const after = {
    ...header,
    destination: flow.real.address,
    inner: { ...inner, source: flow.real.address, sourcePort: flow.realPort },
  };
  return transmitTo(environment, state, run, flow, flow.real.method === 'Masq' ? after : header);
}

/**
 * ip_vs_out_icmp: the real server (or a router on its side) complains of the client's packet: it
 * reaches the client from the virtual server, quoting what the client sent.
 */
export function errorOfReply(
  environment: Environment,
  state: State,
  run: HookRun,
  inner: InnerPacket,
): Turn {
  if (!looksInto(state, inner)) return 'next';
  const flow: IpvsFlow | undefined = replyOf({ ipvs: state.ipvs, header: turned(inner) });
  if (flow?.real.method !== 'Masq') return 'next';
  const { header } = state;
  return answer(environment, state, run, flow, {
    ...header,
    source: flow.address,
    inner: { ...inner, destination: flow.address, destinationPort: flow.port },
  });
}

/** Destination unreachable, source quench, time exceeded; for IPv6 packet too big as well. */
function looksInto({ packet }: State, inner: InnerPacket): boolean {
  const types = packet.protocol === protocolNumbers.icmp ? [3, 4, 11] : [1, 2, 3];
  return types.includes(packet.icmpType ?? 0) && isScheduled(inner.protocol);
}
