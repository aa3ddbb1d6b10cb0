import { sameAddress } from '../../address';
import type { VirtualServer } from '../../ipvs/state';
import { protocolNumbers, tcpFlagBits } from '../../packet';
import { protocolName } from '../../protocol';
import { ending } from '../environment';
import type { Environment, Outcome } from '../environment';
import type { IpvsFlow } from '../flowState';
import { headerText, withPort } from '../headerText';
import type { HookRun, State } from '../state';
import { kubeIpvsDevice } from './items';
import { connect, schedule } from './schedule';
import { findVirtualServer, isScheduled, noteFinish, opens, replyOf, requestOf } from './table';
import { transmit, untrackOrAlter } from './transmit';

/** The hook's next item, or as a walk: undefined goes on from where the state now stands. */
type Turn = Outcome | 'next';

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
  if (state.ipvsDone || !isScheduled(state.header.protocol)) return 'next';
  return direction === 'out' ? reply(state, run) : request(environment, state, run);
}

function request(environment: Environment, state: State, run: HookRun): Turn {
  const { ipvs } = environment.node;
  if (!ipvs) return withoutTable(environment, state);
  const flow = reusable(environment, state, requestOf(state));
  if (flow === 'stale') {
    const reason = 'IPVS ends a closed connection whose conntrack entry is still there';
    return ending('DROP', reason, { by: 'ipvs' });
  }
  if (flow) {
    noteFinish(state, flow, 'client');
    return transmit(environment, state, run, flow);
  }
  const virtual = findVirtualServer(ipvs, state.header, state.mark);
  if (!virtual) return ipvs.incomplete === undefined ? 'next' : incomplete(ipvs.incomplete);
  const forced = environment.forced !== undefined && environment.forced !== 'NEW';
  if (!opens(state) && !forced) {
    pushVirtual(state, run, virtual, 'no connection and no SYN: IPVS lets it pass');
    return 'next';
  }
  pushVirtual(state, run, virtual, '');
  const way = schedule(environment, state, run, virtual);
  switch (way.kind) {
    case 'fork':
      return { options: way.options };
    case 'server':
      connect(environment, state, run, virtual, way.real);
      return transmit(environment, state, run, state.ipvs[0]!);
    case 'refused': {
      const reason = `IPVS: ${way.reason.replace(/\.$/, '')}`;
      const answer = { by: 'ipvs', range: virtual.range, reply: 'icmp-port-unreachable' } as const;
      return ending('REJECT', reason, answer);
    }
  }
}

/** handle_response: the source becomes the virtual server's, and all but LOCAL_IN routes anew. */
function reply(state: State, run: HookRun): Turn {
  const flow = replyOf(state);
  if (!flow) return 'next';
  noteFinish(state, flow, 'server');
  const before = state.header;
  const after = { ...before, source: flow.address, sourcePort: flow.port };
  state.header = after;
  untrackOrAlter(state, flow, 'out');
  const { virtual, real } = flow;
  const effect = `reply of ${withPort(real.address, flow.realPort)}: ${headerText(before)} -> ${headerText(after)}`;
  state.steps.push({
    kind: 'ipvs',
    hook: run.hook,
    direction: 'out',
    mark: state.mark,
    virtual,
    real,
    range: virtual.range,
    before,
    after,
    effect,
  });
  state.ipvsDone = true;
  if (run.hook !== 'input') state.reroute = 'IPVS rewrote the source';
  return 'next';
}

function pushVirtual(state: State, run: HookRun, virtual: VirtualServer, passes: string): void {
  const { scheduler, persistent, firewallMark, address, port, protocol } = virtual;
  const name = address
    ? `${protocolName(protocol ?? state.header.protocol)} ${withPort(address, port)}`
    : `firewall mark ${firewallMark}`;
  const bound = persistent === undefined ? '' : ` persistent ${persistent}`;
  const words = [name, scheduler, bound.trim()].filter((word) => word).join(' ');
  state.steps.push({
    kind: 'ipvs',
    hook: run.hook,
    direction: 'in',
    mark: state.mark,
    virtual,
    range: virtual.range,
    effect: `virtual server ${words}${passes ? `: ${passes}` : ''}`,
  });
}

/**
 * is_new_conn_expected: with conn_reuse_mode a SYN on a connection in TIME_WAIT is scheduled anew;
 * dropped once where it still has its old conntrack entry.
 */
function reusable(
  { node }: Environment,
  state: State,
  flow: IpvsFlow | undefined,
): IpvsFlow | undefined | 'stale' {
  const { protocol, flags = tcpFlagBits.SYN } = state.packet;
  if (flow?.finished !== 'both' || protocol !== protocolNumbers.tcp) return flow;
  const reuse = Number(node.sysctls?.get('net.ipv4.vs.conn_reuse_mode') ?? 0);
  if ((flags & tcpFlagBits.SYN) === 0 || reuse === 0) return flow;
  state.ipvs = state.ipvs.filter((other) => other !== flow);
  return flow.tracked && state.connection?.confirmed === true ? 'stale' : undefined;
}

/** kube-ipvs0 is there, IPVS's table is not: what becomes of its addresses can't be said. */
function withoutTable({ node }: Environment, { header }: State): Turn {
  const device = node.interfaces?.find(({ name }) => name === kubeIpvsDevice);
  const own = device?.addresses.find(({ address }) => sameAddress(address, header.destination));
  if (!own) return 'next';
  const reason = `no dump of IPVS, and ${kubeIpvsDevice} has this address`;
  return ending('UNKNOWN', reason, { range: own.range });
}

function incomplete(why: string): Outcome {
  return ending('UNKNOWN', `the dump of IPVS is not whole: ${why}`);
}
