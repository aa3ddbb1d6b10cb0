import { l10n } from '../../l10n';
import { formatAddress } from '../../address';
import { settle } from '../answer';
import { isTurnedOnBridge } from '../bridge/bridgePort';
import { bridgeReturn } from '../bridge/hairpin';
import { ownRefusals } from '../client/refusal';
import { defragment } from '../conntrack/defragment';
import { ending, fork } from '../environment';
import type { Environment, Outcome } from '../environment';
import type { State } from '../state';
import { againKey, inputKey, outputKey } from './flowKey';
import { outDevice } from './routeResult';
import type { NoRoute, RouteResult } from './routeResult';
import { routeInput, routeOutput } from './routing';
import { leavesByVrf, unfollowed, vrfOf } from './vrf';
import type { Routing } from './way';

/** A packet that came in: ip_rcv_finish, ip6_rcv_finish; what it is for decides the next hook. */
export function routeIn(environment: Environment, state: State): Outcome {
  const context = { node: environment.node, facts: state.facts, assume: environment.assume };
  const routing = routeInput(context, inputKey(state));
  if (routing.kind === 'unicast' && (routing.device ?? state.inDevice) === state.inDevice) {
    const hop = routing.via ?? state.header.destination;
    const bridged = bridgeReturn(environment.node, state, hop);
    if (bridged) return bridged;
  }
  return routed(state, routing, (branch, route) => {
    if (route.kind === 'error') return lost(branch, route);
    branch.stage = route.kind === 'local' ? 'input' : 'forward';
    const vrf = route.kind === 'unicast' ? vrfOf(environment.node, route.device) : undefined;
    if (vrf && vrf.name === outDevice(branch)) return ending('UNKNOWN', unfollowed(vrf, vrf.name));
    if (route.kind === 'unicast' && route.device === branch.inDevice) {
      if (isTurnedOnBridge(environment.node, branch)) {
        branch.switched = true;
        return undefined;
      }
    }
    if (branch.stage !== 'forward' || branch.ttl === undefined) return undefined;
    if (branch.ttl <= 1) {
      const reply = ownRefusals.ttl[branch.header.destination.family];
      return ending('LOST', l10n.t`its TTL ends here`, { reply });
    }
    branch.ttl--;
    return undefined;
  });
}

/** The node's own packet: routed before any rule sees it. */
export function routeOut(environment: Environment, state: State): Outcome {
  const context = { node: environment.node, facts: state.facts, assume: environment.assume };
  const first = routeOutput(context, outputKey(state));
  const { source } = state.header;
  // ip6_dst_lookup_tail: an error without a source is looked up once more with one.
  const isTried = source.family === 6 && state.packet.answers === 'from the route';
  const routing =
    first.kind === 'error' && isTried
      ? routeOutput(context, { ...outputKey(state), source })
      : first;
  return routed(state, routing, (branch, route) => {
    if (route.kind === 'error') return lost(branch, route);
    const isBroadcast =
      route.kind === 'broadcast' || (route.kind === 'local' && route.type === 'broadcast');
    if (isBroadcast && !branch.packet.answers) return lost(branch, noBroadcast);
    const vrf = leavesByVrf(environment.node, branch);
    if (vrf !== undefined) return ending('UNKNOWN', vrf);
    branch.stage = 'output';
    return defragment(branch);
  });
}

/** A socket without SO_BROADCAST gets EACCES (net/ipv4/raw.c, udp.c); the node's own answers pass. */
const noBroadcast: NoRoute = {
  kind: 'error',
  error: 'EACCES',
  reason: l10n.t`a broadcast address: refused unless the socket has SO_BROADCAST`,
};

/** ip_route_me_harder, within OUTPUT: the device that the hook's rules see stays the old one. */
export function reroute(environment: Environment, state: State, why: string): Outcome {
  const vrf = vrfOf(environment.node, outDevice(state));
  if (vrf) return ending('UNKNOWN', unfollowed(vrf, outDevice(state)));
  const context = { node: environment.node, facts: state.facts, assume: environment.assume };
  const routing = routeOutput(context, againKey(environment.node, state));
  if (routing.kind === 'open') {
    const { question } = routing;
    return fork(question, (branch, holds) => {
      settle(branch, question, holds);
      branch.reroute = why;
    });
  }
  state.reroute = undefined;
  return routed(state, routing, (branch, route) =>
    route.kind === 'error' ? lost(branch, route) : undefined,
  );
}

function routed(
  state: State,
  routing: Routing,
  then: (state: State, route: RouteResult) => Outcome,
): Outcome {
  if (routing.kind === 'open') {
    const { question } = routing;
    return fork(question, (branch, holds) => settle(branch, question, holds));
  }
  state.route = routing;
  const range = routing.kind === 'error' ? undefined : routing.route?.range;
  const effect = routeText(routing);
  state.steps.push({ kind: 'routing', hook: state.run?.hook, mark: state.mark, effect, range });
  return then(state, routing);
}

function routeText(route: RouteResult): string {
  switch (route.kind) {
    case 'local':
      return route.type === 'local'
        ? l10n.t`to the node itself`
        : l10n.t`${route.type}, to the node itself`;
    case 'unicast':
    case 'multicast':
    case 'broadcast': {
      const via = route.via ? l10n.t` via ${formatAddress(route.via)}` : '';
      return l10n.t`out by ${route.device ?? l10n.t`an unknown device`}${via}`;
    }
    case 'error':
      return `${route.error}: ${route.reason}`;
  }
}

function lost({ packet }: State, { reason, error, reply }: NoRoute): Outcome {
  return ending('LOST', reason, { reply: packet.inInterface === undefined ? error : reply });
}
