import { l10n } from '../../l10n';
import { missing } from '../../missing';
import { sameAddress, withPort } from '../../address';
import { isIcmpError, protocolNumbers } from '../../packet';
import { ending } from '../environment';
import type { Environment } from '../environment';
import type { IpvsFlow } from '../conntrack/flowState';
import type { HookRun, State } from '../state';
import { errorOfReply, errorOfRequest } from './icmpError';
import { pushIpvs } from './record';
import { kubeIpvsDevice } from './items';
import { open, pushVirtual } from './opening';
import { hasServersOf } from './serverIndex';
import { proxySysctl } from './settings';
import { noteState, standingOf } from './standing';
import { reply } from './reply';
import type { Turn } from './reply';
import { isScheduled, requestOf } from './table';
import { transmit } from './transmit';

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
  if (state.ipvsDone || !isHooked(environment, state)) return 'next';
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

/** ip_vs_register_hooks: with the last virtual server of a family IPVS leaves its packets alone. */
function isHooked({ node: { ipvs } }: Environment, { header }: State): boolean {
  if (!ipvs || ipvs.incomplete !== undefined) return true;
  return hasServersOf(ipvs.virtualServers, header.destination.family);
}

function request(environment: Environment, state: State, run: HookRun): Turn {
  const { ipvs } = environment.node;
  if (!ipvs) return withoutTable(environment, state);
  const flow = requestOf(state);
  const standing = flow && standingOf(environment, state, flow);
  if (flow?.range) {
    pushKnown(state, run, flow);
    // A row does not tell whether conntrack follows it: as the switch is, which is said where it is assumed.
    proxySysctl(environment, 'conntrack');
  }
  if (flow && standing?.kind === 'serves') return serve(environment, state, run, flow);
  if (flow && standing?.kind === 'dropped') {
    pushVirtual(state, run, flow.virtual, l10n.t`a known connection`);
    const { range } = flow;
    return ending('DROP', standing.reason, { by: 'ipvs', ...(range && { range }) });
  }
  return open(environment, state, run, state.header, (opened) =>
    serve(environment, state, run, opened),
  );
}

function serve(environment: Environment, state: State, run: HookRun, flow: IpvsFlow): Turn {
  noteState(state, flow, 'client');
  return transmit(environment, state, run, flow);
}

/** The connection's row in a dump, which decides. */
function pushKnown(state: State, run: HookRun, flow: IpvsFlow): void {
  const { virtual, range = virtual.range, tcpState } = flow;
  const to = withPort(flow.real.address, flow.realPort);
  const being = flow.protocol === protocolNumbers.tcp ? `, ${tcpState}` : '';
  const effect = l10n.t`a known connection of this client${being}: pinned to ${to}`;
  pushIpvs(state, run, { virtual, range, effect });
}

/** kube-ipvs0 is there, IPVS's table is not: what becomes of its addresses can't be said. */
function withoutTable({ node }: Environment, { header }: State): Turn {
  const device = node.interfaces?.find(({ name }) => name === kubeIpvsDevice);
  const own = device?.addresses.find(({ address }) => sameAddress(address, header.destination));
  if (!own) return 'next';
  const reason = l10n.t`${missing('ipvsadm -Ln')}, and ${kubeIpvsDevice} has this address`;
  return ending('UNKNOWN', reason, { range: own.range });
}
