import { protocolNumbers } from '../../packet';
import type { InnerPacket } from '../../packet';
import type { Environment } from '../environment';
import type { IpvsFlow } from '../conntrack/flowState';
import type { HookRun, State } from '../state';
import { open } from './opening';
import { answer } from './reply';
import type { Turn } from './reply';
import { ipvsSysctl } from './settings';
import { isScheduled, replyOf, requestOf, turned } from './table';
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
  const pass = (flow: IpvsFlow): Turn => passOn(environment, state, run, inner, flow);
  const flow = requestOf({ ipvs: state.ipvs, header: asked });
  if (flow) return pass(flow);
  const schedules = ipvsSysctl(environment.node, 'schedule_icmp') !== 0;
  return schedules ? open(environment, state, run, asked, pass) : 'next';
}

/** ip_vs_icmp_xmit: by Masq with the real server's address, in what it quotes too. */
function passOn(
  environment: Environment,
  state: State,
  run: HookRun,
  inner: InnerPacket,
  flow: IpvsFlow,
): Turn {
  const { header } = state;
  const { address, method } = flow.real;
  if (method === 'Masq') {
    const quoted = { ...inner, source: address, sourcePort: flow.realPort };
    return transmitTo(environment, state, run, flow, {
      ...header,
      destination: address,
      inner: quoted,
    });
  }
  // ip_vs_in_icmp_v6, unlike that of IPv4, leaves alone what the node itself sends.
  if (run.hook === 'output' && header.destination.family === 6) return 'next';
  return transmitTo(environment, state, run, flow, header);
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
  if (!flow) return 'next';
  const { header } = state;
  if (flow.real.method !== 'Masq') return answer(environment, state, run, flow, header);
  return answer(environment, state, run, flow, {
    ...header,
    source: flow.address,
    inner: { ...inner, destination: flow.address, destinationPort: flow.port },
  });
}

/** Destination unreachable, source quench, time exceeded; of ICMPv6 every error. */
function looksInto({ packet }: State, inner: InnerPacket): boolean {
  const { protocol, icmpType } = packet;
  const isAsked = protocol !== protocolNumbers.icmp || [3, 4, 11].includes(icmpType ?? 0);
  return isAsked && isScheduled(inner.protocol);
}
