import { l10n } from '../../l10n';
import { missing } from '../../missing';
import { sameAddress } from '../../address';
import type { VirtualServer } from '../../ipvs/state';
import { isIcmpError, protocolNumbers } from '../../packet';
import { protocolName } from '../../protocol';
import { ownRefusals } from '../client/refusal';
import { ending } from '../environment';
import type { Environment } from '../environment';
import type { IpvsFlow } from '../flowState';
import { withPort } from '../headerText';
import type { HookRun, State } from '../state';
import { errorOfReply, errorOfRequest } from './icmpError';
import { kubeIpvsDevice } from './items';
import { grantNoOther } from './lacking';
import { connect, schedule } from './schedule';
import { ipvsSysctl } from './settings';
import { noteState, standingOf } from './standing';
import { reply } from './reply';
import type { Turn } from './reply';
import { findVirtualServer, isScheduled, opens, requestOf, turned } from './table';
import { transmit } from './transmit';
import { withoutStop } from '../../sentence';

/**
 * ip_vs_in_hook and ip_vs_out_hook (net/netfilter/ipvs/ip_vs_core.c): gives a request to its real
 * server, and a reply the virtual server's address.
 */
export function runIpvs(
  environment: Environment,
  state: State,
  run: HookRun,
  direction: 'in' | 'out',
): Turn {
  if (state.ipvsDone) return 'next';
  const { inner } = state.header;
  if (inner && isIcmpError(state.packet)) {
    return direction === 'out'
      ? errorOfReply(environment, state, run, inner)
      : errorOfRequest(environment, state, run, inner);
  }
  // Requests are looked at in FORWARD for ICMP alone (ip_vs_forward_icmp).
  if (!isScheduled(state.header.protocol) || (run.hook === 'forward' && direction === 'in')) {
    return 'next';
  }
  return direction === 'out' ? reply(environment, state, run) : request(environment, state, run);
}

function request(environment: Environment, state: State, run: HookRun): Turn {
  const { ipvs } = environment.node;
  if (!ipvs) return withoutTable(environment, state);
  const flow = requestOf(state);
  const standing = flow && standingOf(environment, state, flow);
  if (flow?.range) pushKnown(state, run, flow);
  if (flow && standing?.kind === 'serves') return serve(environment, state, run, flow);
  if (flow && standing?.kind === 'dropped') {
    pushVirtual(state, run, flow.virtual, l10n.t`a known connection`);
    const { range } = flow;
    return ending('DROP', standing.reason, { by: 'ipvs', ...(range && { range }) });
  }
  const virtual = findVirtualServer(ipvs, state.header, state.mark);
  if (!virtual) {
    grantNoOther(state, ipvs);
    return 'next';
  }
  const passes = passesBy(environment, state, run);
  if (passes !== undefined) {
    pushVirtual(state, run, virtual, passes);
    return 'next';
  }
  pushVirtual(state, run, virtual, '');
  const way = schedule(environment, state, run, virtual);
  switch (way.kind) {
    case 'fork':
      return { options: way.options };
    case 'unknown':
      return ending('UNKNOWN', way.reason, { range: virtual.range });
    case 'server':
      connect(environment, state, run, virtual, way.real);
      return serve(environment, state, run, state.ipvs[0]!);
    case 'refused': {
      const reason = `IPVS: ${withoutStop(way.reason)}`;
      const reply = ownRefusals.port[state.header.destination.family];
      const answer = { by: 'ipvs', range: virtual.range, reply } as const;
      return ending('REJECT', reason, answer);
    }
  }
}

/** Why a packet to a virtual server opens no connection (tcp_conn_schedule, ip_vs_schedule). */
function passesBy(
  { forced, node }: Environment,
  state: State,
  { hook, inDevice }: HookRun,
): string | undefined {
  const isForced = forced !== undefined && forced !== 'NEW';
  if (!isForced && !opens(state, ipvsSysctl(node, 'sloppy_tcp') !== 0)) {
    return l10n.t`no connection and no SYN: IPVS lets it pass`;
  }
  if (state.header.sourcePort === 20) return l10n.t`from the port of FTP data: IPVS lets it pass`;
  const own = hook === 'output' || inDevice === 'lo';
  if (own && requestOf({ ipvs: state.ipvs, header: turned(state.header) })) {
    return l10n.t`a reply of a real server on this node: IPVS lets it pass`;
  }
  return undefined;
}

function serve(environment: Environment, state: State, run: HookRun, flow: IpvsFlow): Turn {
  noteState(state, flow, 'client');
  return transmit(environment, state, run, flow);
}

/** The connection's row in a dump, which decides. */
function pushKnown(state: State, { hook }: HookRun, flow: IpvsFlow): void {
  const { virtual, range = virtual.range, tcpState } = flow;
  const to = withPort(flow.real.address, flow.realPort);
  const being = flow.protocol === protocolNumbers.tcp ? `, ${tcpState}` : '';
  const effect = l10n.t`a known connection of this client${being}: pinned to ${to}`;
  state.steps.push({
    kind: 'ipvs',
    hook,
    direction: 'in',
    mark: state.mark,
    virtual,
    range,
    effect,
  });
}

function pushVirtual(state: State, run: HookRun, virtual: VirtualServer, passes: string): void {
  const { scheduler, persistent, firewallMark, address, port, protocol } = virtual;
  const name = address
    ? `${protocolName(protocol ?? state.header.protocol)} ${withPort(address, port)}`
    : l10n.t`firewall mark ${firewallMark}`;
  const bound = persistent === undefined ? '' : ` persistent ${persistent}`;
  const words = [name, scheduler, bound.trim()].filter((word) => word).join(' ');
  state.steps.push({
    kind: 'ipvs',
    hook: run.hook,
    direction: 'in',
    mark: state.mark,
    virtual,
    range: virtual.range,
    effect: l10n.t`virtual server ${words}${passes ? `: ${passes}` : ''}`,
  });
}

/** kube-ipvs0 is there, IPVS's table is not: what becomes of its addresses can't be said. */
function withoutTable({ node }: Environment, { header }: State): Turn {
  const device = node.interfaces?.find(({ name }) => name === kubeIpvsDevice);
  const own = device?.addresses.find(({ address }) => sameAddress(address, header.destination));
  if (!own) return 'next';
  const reason = l10n.t`${missing('ipvsadm -Ln')}, and ${kubeIpvsDevice} has this address`;
  return ending('UNKNOWN', reason, { range: own.range });
}
