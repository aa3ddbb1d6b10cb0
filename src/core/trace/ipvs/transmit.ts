import { ending, fork } from '../environment';
import type { Environment, Outcome } from '../environment';
import { isLoopback } from '../addressType';
import { settle } from '../answer';
import type { IpvsFlow } from '../flowState';
import { headerText, withPort } from '../headerText';
import { routeOutput } from '../routing';
import type { RouteResult } from '../routing';
import type { HookRun, State } from '../state';
import type { Header } from '../trace';

/**
 * ip_vs_nat_xmit and ip_vs_dr_xmit (ip_vs_xmit.c): routes to the real server. One that is this node
 * gets the packet where it stands; to another it starts anew in OUTPUT.
 */
export function transmit(
  environment: Environment,
  state: State,
  run: HookRun,
  flow: IpvsFlow,
): Outcome | 'next' {
  const { virtual, real, realPort } = flow;
  const to = withPort(real.address, realPort);
  if (real.method === 'Tunnel' || real.method === 'Bypass') {
    const reason = `forwarding to ${to} by ${real.method} is not modelled`;
    return ending('UNKNOWN', reason, { range: real.range });
  }
  const context = { node: environment.node, facts: state.facts, assume: environment.assume };
  const routing = routeOutput(context, { destination: real.address, mark: 0 });
  if (routing.kind === 'open') {
    const { question } = routing;
    return fork(question, (branch, holds) => settle(branch, question, holds));
  }
  const local = routing.kind === 'local';
  const refused = boundary(state, run, routing, flow);
  if (refused) {
    const effect = `to ${to}: refused`;
    const { hook } = run;
    const { mark } = state;
    const { range } = real;
    state.steps.push({ kind: 'ipvs', hook, direction: 'in', mark, virtual, real, range, effect });
    return refused;
  }
  const before = state.header;
  const after: Header =
    real.method === 'Masq' || local
      ? { ...before, destination: real.address, destinationPort: realPort }
      : before;
  state.header = after;
  if (!local && state.ttl !== undefined) state.ttl--;
  untrackOrAlter(state, flow, 'in');
  state.ipvsDone = true;
  const where = local ? 'this node itself' : 'anew in OUTPUT';
  state.steps.push({
    kind: 'ipvs',
    hook: run.hook,
    direction: 'in',
    mark: state.mark,
    virtual,
    real,
    range: real.range,
    before,
    after,
    reinjected: !local,
    effect: `${headerText(before)} -> ${headerText(after)}, ${where}`,
  });
  if (local) {
    if (run.hook === 'output') state.route = routing;
    return 'next';
  }
  const device = routing.kind === 'unicast' ? (routing.device ?? 'a device') : '';
  const range = routing.kind === 'error' ? undefined : routing.route?.range;
  state.steps.push({
    kind: 'routing',
    hook: run.hook,
    mark: state.mark,
    effect: `to ${to} by ${device}`,
    range,
  });
  state.route = routing;
  state.run = undefined;
  state.stage = 'output';
  return undefined;
}

/** __ip_vs_get_out_rt: no route, and what may not cross the border of the node. */
function boundary(
  { header }: State,
  run: HookRun,
  route: RouteResult,
  { real }: IpvsFlow,
): Outcome | undefined {
  const to = withPort(real.address, real.port);
  if (route.kind === 'error') {
    const reason = `no route to the real server ${to}: ${route.reason}`;
    return ending('LOST', reason, { range: real.range, reply: 'icmp-host-unreachable' });
  }
  if (route.kind !== 'local' && isLoopback(header.source)) {
    const reason = `IPVS: from a loopback address to ${to}, which is not this node`;
    return ending('DROP', reason, { by: 'ipvs', range: real.range });
  }
  if (route.kind === 'local' && isLoopback(real.address) && run.hook === 'input') {
    const reason = `IPVS: from outside to the loopback address ${to}`;
    return ending('DROP', reason, { by: 'ipvs', range: real.range });
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
  if (connection.confirmed || state.reply || flow.real.method !== 'Masq') return;
  const { reply } = connection;
  state.connection = {
    ...connection,
    reply:
      direction === 'in'
        ? { ...reply, source: flow.real.address, sourcePort: flow.realPort }
        : { ...reply, destination: flow.address, destinationPort: flow.port },
  };
}
