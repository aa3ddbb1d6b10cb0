import { withPort } from '../../address';
import { l10n } from '../../l10n';
import { ending, fork } from '../environment';
import type { Environment, Outcome } from '../environment';
import { isLoopback } from '../../specialAddresses';
import { settle } from '../answer';
import { ownRefusals } from '../client/refusal';
import type { IpvsFlow } from '../conntrack/flowState';
import { headerText } from '../headerText';
import { routeOutput } from '../route/routing';
import type { RouteResult } from '../route/routeResult';
import type { HookRun, State } from '../state';
import type { Header } from '../trace';
import { pushIpvs } from './record';

/** ip_vs_nat_xmit and ip_vs_dr_xmit (ip_vs_xmit.c): to the real server, by Masq with its address. */
export function transmit(
  environment: Environment,
  state: State,
  run: HookRun,
  flow: IpvsFlow,
): Outcome | 'next' {
  const { real, realPort } = flow;
  const { header } = state;
  const after =
    real.method === 'Masq'
      ? { ...header, destination: real.address, destinationPort: realPort }
      : header;
  return transmitTo(environment, state, run, flow, after);
}

/**
 * Routes to the real server. One that is this node gets the packet where it stands; to another it
 * starts anew in OUTPUT.
 *
 * @param after the header with which it gets there
 */
export function transmitTo(
  environment: Environment,
  state: State,
  run: HookRun,
  flow: IpvsFlow,
  after: Header,
): Outcome | 'next' {
  const { virtual, real, realPort } = flow;
  const to = withPort(real.address, realPort);
  if (real.method === 'Local') return keep(state, run, flow);
  const context = { node: environment.node, facts: state.facts, assume: environment.assume };
  const routing = routeOutput(context, { destination: real.address, mark: 0 });
  if (routing.kind === 'open') {
    const { question } = routing;
    return fork(question, (branch, holds) => settle(branch, question, holds));
  }
  release(state, flow);
  const local = routing.kind === 'local';
  const { hook } = run;
  const step = { virtual, real, range: real.range };
  const refused = boundary(state, run, routing, flow);
  if (refused) {
    pushIpvs(state, run, { ...step, effect: l10n.t`to ${to}: refused` });
    return refused;
  }
  if (real.method === 'Tunnel' && !local) {
    const reason = l10n.t`forwarding to ${to} by ${real.method} is not modelled`;
    return ending('UNKNOWN', reason, { range: real.range });
  }
  const before = state.header;
  state.header = after;
  if (!local && state.ttl !== undefined) state.ttl--;
  untrackOrAlter(state, flow, 'in');
  const where = local ? l10n.t`this node itself` : l10n.t`anew in OUTPUT`;
  const effect = l10n.t`${headerText(before)} -> ${headerText(after)}, ${where}`;
  pushIpvs(state, run, { ...step, before, after, reinjected: !local, effect });
  // It keeps the route that it has, which may lead elsewhere than to the node itself.
  if (local) return 'next';
  const device = routing.kind === 'unicast' ? (routing.device ?? l10n.t`a device`) : '';
  const range = routing.kind === 'error' ? undefined : routing.route?.range;
  const { mark } = state;
  state.steps.push({ kind: 'routing', hook, mark, effect: l10n.t`to ${to} by ${device}`, range });
  state.route = routing;
  state.reinjected = true;
  state.run = undefined;
  state.stage = 'output';
  return undefined;
}

/** ip_vs_null_xmit (ip_vs_xmit.c): whatever the real server's address, the packet goes on where it is. */
function keep(state: State, run: HookRun, flow: IpvsFlow): 'next' {
  const { virtual, real } = flow;
  const { header } = state;
  untrackOrAlter(state, flow, 'in');
  release(state, flow);
  pushIpvs(state, run, {
    ...{ virtual, real, range: real.range },
    ...{ before: header, after: header, reinjected: false },
    effect: l10n.t`${headerText(header)} unchanged: ${real.method} keeps it on this node`,
  });
  return 'next';
}

/** IPVS has had the packet; a connection of one packet is over with it (ip_vs_conn_put). */
function release(state: State, flow: IpvsFlow): void {
  state.ipvsDone = true;
  if (flow.onePacket) state.ipvs = state.ipvs.filter((other) => other !== flow);
}

/** __ip_vs_get_out_rt: no route, what may not cross the border of the node, and the end of the TTL. */
function boundary(
  { header, route: before, ttl, looped }: State,
  { hook }: HookRun,
  route: RouteResult,
  { real }: IpvsFlow,
): Outcome | undefined {
  const to = withPort(real.address, real.port);
  const { range } = real;
  const { family } = header.destination;
  const drop = (reason: string): Outcome => ending('DROP', reason, { by: 'ipvs', range });
  if (route.kind === 'error') {
    const reason = l10n.t`IPVS: no route to the real server ${to}: ${route.reason}`;
    return ending('REJECT', reason, { by: 'ipvs', range, reply: ownRefusals.host[family] });
  }
  if (route.kind !== 'local') {
    if (isLoopback(header.source)) {
      return drop(l10n.t`IPVS: from a loopback address to ${to}, which is not this node`);
    }
    if (ttl === undefined || ttl > 1) return undefined;
    const reason = l10n.t`IPVS: its TTL ends here`;
    return ending('REJECT', reason, { by: 'ipvs', range, reply: ownRefusals.ttl[family] });
  }
  if (hook === 'forward')
    return drop(l10n.t`IPVS: ${to} is this node itself, which FORWARD can't reach`);
  if (real.method === 'Bypass' || (real.method !== 'Masq' && before?.kind !== 'local')) {
    return drop(l10n.t`IPVS: ${to} is this node itself, and ${real.method} keeps the address`);
  }
  if (isLoopback(real.address) && hook === 'input' && !looped) {
    return drop(l10n.t`IPVS: from outside to the loopback address ${to}`);
  }
  return undefined;
}

/**
 * ip_vs_update_conntrack (ip_vs_nfct.c): a new connection's reply direction gets the real server (or,
 * opened by a real server, the virtual one) without counting as NAT; ip_vs_notrack with vs.conntrack=0.
 */
export function untrackOrAlter(state: State, flow: IpvsFlow, direction: 'in' | 'out'): void {
  const { connection } = state;
  if (state.tracking !== 'tracked' || !connection) return;
  if (!flow.tracked) {
    state.tracking = 'untracked';
    state.connection = undefined;
    return;
  }
  if (connection.confirmed || state.reply || flow.onePacket) return;
  if (flow.real.method !== 'Masq') return;
  const { reply } = connection;
  state.connection = {
    ...connection,
    reply:
      direction === 'in'
        ? { ...reply, source: flow.real.address, sourcePort: flow.realPort }
        : { ...reply, destination: flow.address, destinationPort: flow.port },
  };
}
