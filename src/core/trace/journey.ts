import { l10n } from '../l10n';
import { sameAddress } from '../address';
import { bridging } from './bridge/bridge';
import { track } from './conntrack/conntrack';
import { defragment } from './conntrack/defragment';
import type { Device } from './device';
import { ending } from './environment';
import type { Environment, Outcome } from './environment';
import { refusedOnArrival } from './extensions';
import { headerText } from './headerText';
import { hiddenRules, unfollowedAt, unseenAt, withGiven } from './hook/given';
import type { BaseChain, HookItem } from './hook/hookItem';
import { runIpvs } from './ipvs/hook';
import { delivered, isLooped, sendOriginal, transmit } from './leaving';
import { bind, isTaken } from './nat/binding';
import { movedAway, rewritten, rewrittenError, sameHeader, sideOf } from './nat/nat';
import { withoutIpv6 } from './route/disableIpv6';
import { outDevice } from './route/routeResult';
import type { NoRoute } from './route/routeResult';
import { reroute, routeIn, routeOut } from './route/takeRoute';
import { entersVrf, isKeptByDevice, noTable, unfollowed } from './route/vrf';
import type { HookRun, State } from './state';
import type { Header, Hook } from './trace';
import { enterBase, walkOn } from './walk';

/**
 * Brings a packet from where it stands to its next fork or to its verdict: from hook to hook, and
 * within a hook from one priority to the next.
 */
export function advance(environment: Environment, state: State): Outcome {
  for (;;) {
    const outcome = toFork(environment, state);
    // Whatever becomes of its copy, the packet itself is out.
    if (state.sentBy && outcome?.ending && outcome.ending.kind !== 'ACCEPT') {
      return delivered(state.sentBy);
    }
    if (!outcome?.ending || !state.original) return outcome;
    sendOriginal(state);
  }
}

function toFork(environment: Environment, state: State): Outcome {
  for (;;) {
    if (state.ending) return { ending: state.ending };
    if (state.reroute !== undefined) {
      const outcome = reroute(environment, state, state.reroute);
      if (outcome) return outcome;
    } else if (state.walk) {
      const outcome = walkOn(environment, state);
      if (outcome) return outcome;
      const after = afterChain(environment, state);
      if (after) return after;
    } else {
      const outcome = state.run ? nextItem(environment, state) : nextStage(environment, state);
      if (outcome) return outcome;
    }
  }
}

function nextStage(environment: Environment, state: State): Outcome {
  switch (state.stage) {
    case 'enter':
      if (state.packet.inInterface === undefined) return routeOut(environment, state);
      return begin(environment, state, 'ingress', state.inDevice, '');
    case 'arrived':
      return arrive(environment, state);
    case 'prerouting':
      return begin(environment, state, 'prerouting', state.inDevice, '');
    case 'route-in':
      return routeIn(environment, state);
    case 'input': {
      const discarded = state.route?.kind === 'local' ? state.route.discarded : undefined;
      if (discarded) return ending('LOST', discarded.reason);
      return begin(environment, state, 'input', state.inDevice, '');
    }
    case 'forward':
      return begin(environment, state, 'forward', state.inDevice, outDevice(state));
    case 'output':
      return begin(environment, state, 'output', '', outDevice(state));
    case 'postrouting': {
      const discarded = discardedBy(state);
      if (discarded) return ending('LOST', discarded.reason, { reply: discarded.reply });
      if (state.header.destination.family === 4 && isLooped(environment, state)) {
        state.original = { header: state.header, mark: state.mark };
      }
      // ip_output hands on the device it came in by; the node's own packets have none, nor have
      // those that a bridge switches (br_nf_post_routing).
      const without = state.packet.inInterface === undefined || state.switched;
      const incoming = without ? '' : state.inDevice;
      return begin(environment, state, 'postrouting', incoming, outDevice(state));
    }
    case 'transmit':
      return transmit(environment, state);
    case 'delivered':
      return delivered('local');
  }
}

function arrive({ node, assume }: Environment, state: State): Outcome {
  const bridge = bridging(node, state.packet);
  state.stage = 'prerouting';
  state.given = withGiven(state.given, unfollowedAt(node, state.inDevice, 'in'));
  if (bridge.kind === 'routed') {
    const refused =
      withoutIpv6(node, state) ?? refusedOnArrival(state.packet, state.inDevice === 'lo');
    return refused === undefined ? defragment(state) : ending('LOST', refused);
  }
  const device = state.inDevice;
  if (bridge.kind === 'switched') {
    const { effect } = bridge;
    state.steps.push({ kind: 'bridge', mark: state.mark, effect });
    return ending('ACCEPT', effect, { delivered: device });
  }
  if (bridge.assumption !== undefined) assume(bridge.assumption);
  state.switched = true;
  const effect = l10n.t`${device} switches it, and calls the rules`;
  state.steps.push({ kind: 'bridge', mark: state.mark, effect });
  return defragment(state);
}

function begin(
  { node, order }: Environment,
  state: State,
  hook: Hook,
  inDevice: Device,
  outDevice: Device,
): Outcome {
  state.run = { hook, items: order[hook], index: 0, nat: 0, inDevice, outDevice };
  const { family } = state.header.destination;
  const unseen = unseenAt(node, family, hook).filter(({ table }) => table !== 'nat');
  state.given = withGiven(withGiven(state.given, unseen), hiddenRules(node, family));
  return undefined;
}

const following: Readonly<Record<Hook, State['stage']>> = {
  ingress: 'arrived',
  prerouting: 'route-in',
  input: 'delivered',
  forward: 'postrouting',
  output: 'postrouting',
  postrouting: 'transmit',
};

function nextItem(environment: Environment, state: State): Outcome {
  const run = state.run!;
  const item = run.items[run.index];
  if (!item) {
    state.run = undefined;
    state.stage = following[run.hook];
    // A packet that went over the loopback device keeps the route that it was sent by.
    if (run.hook === 'prerouting' && state.looped) state.stage = 'input';
    return run.hook === 'prerouting' ? intoVrf(environment, state) : undefined;
  }
  return runItem(environment, state, run, item);
}

/** Behind PREROUTING a packet of an enslaved device becomes one of its VRF, and passes the hook as such. */
function intoVrf({ node }: Environment, state: State): Outcome {
  const vrf = entersVrf(node, state);
  if (!vrf) return undefined;
  if (isKeptByDevice(state)) return ending('UNKNOWN', unfollowed(vrf, state.inDevice));
  const effect = l10n.t`${state.inDevice} is of the VRF ${vrf.name}, which is its device from here on`;
  state.steps.push({ kind: 'routing', hook: 'prerouting', mark: state.mark, effect });
  if (vrf.table === undefined) return ending('UNKNOWN', noTable(vrf));
  state.slave = state.inDevice;
  state.inDevice = vrf.name;
  state.stage = 'prerouting';
  return undefined;
}

function runItem(environment: Environment, state: State, run: HookRun, item: HookItem): Outcome {
  switch (item.kind) {
    case 'conntrack':
      conntrack(environment, state, run);
      return done(state, run);
    case 'confirm':
      return confirm(environment, state, run);
    case 'chain':
      if (!isOnDevice(item.base, run)) return done(state, run);
      state.before = { header: state.header, mark: state.mark, tos: state.tos };
      enterBase(environment, state, item.base);
      return undefined;
    case 'nat':
      return nat(environment, state, run, item);
    case 'ipvs': {
      const outcome = runIpvs(environment, state, run, item.direction);
      return outcome === 'next' ? done(state, run) : outcome;
    }
  }
}

/** __nf_conntrack_confirm: two connections with the same answers are one too many. */
function confirm({ connections }: Environment, state: State, run: HookRun): Outcome {
  const { connection } = state;
  if (connection && !connection.confirmed) {
    if (isTaken(connection.reply, connection, connections)) {
      return ending('LOST', l10n.t`conntrack drops it: another connection has the same answers`);
    }
    state.connection = { ...connection, confirmed: true };
  }
  return done(state, run);
}

/** A chain of the hook ingress is called for its devices alone. */
function isOnDevice({ devices }: BaseChain, { inDevice }: HookRun): boolean {
  return (
    devices?.some((name) =>
      name.endsWith('*') ? inDevice?.startsWith(name.slice(0, -1)) : name === inDevice,
    ) ?? true
  );
}

function done(state: State, run: HookRun): undefined {
  state.run = { ...run, index: run.index + 1, nat: 0 };
}

function conntrack({ connections, forced, node }: Environment, state: State, run: HookRun): void {
  const loose = node.sysctls?.get('net.netfilter.nf_conntrack_tcp_loose') !== '0';
  const effect = track(state, connections, forced, loose);
  if (effect === undefined) return;
  const { connection, mark } = state;
  const range = connection?.range;
  state.steps.push({ kind: 'conntrack', hook: run.hook, mark, effect, ...(range && { range }) });
}

/** A chain has accepted: on to the next, and a route chain that changed the head re-routes it. */
function afterChain(environment: Environment, state: State): Outcome {
  const run = state.run!;
  const item = run.items[run.index]!;
  if (item.kind === 'nat') {
    state.run = { ...run, nat: run.nat + 1 };
    return undefined;
  }
  const { before } = state;
  done(state, run);
  if (item.kind !== 'chain' || item.base.type !== 'route' || !before) return undefined;
  const same = before.mark === state.mark && before.tos === state.tos;
  if (same && sameHeader(before.header, state.header)) return undefined;
  return reroute(environment, state, l10n.t`mangle OUTPUT changed the packet`);
}

/** nf_nat_inet_fn: the chains for a first packet, a null binding if none maps it, then the rewriting. */
function nat(
  environment: Environment,
  state: State,
  run: HookRun,
  item: Extract<HookItem, { kind: 'nat' }>,
): Outcome {
  const { connection } = state;
  if (state.tracking !== 'tracked' || !connection) return done(state, run);
  const side = sideOf(run.hook);
  // An ICMP error asks no chain: it goes as the packet that it quotes.
  if (state.header.inner) return translated(environment, state, run, rewrittenError(state, side));
  const initialized = side === 'source' ? connection.sourceDone : connection.destinationDone;
  if (!initialized) {
    const unseen = unseenAt(environment.node, state.header.destination.family, run.hook);
    state.given = withGiven(
      state.given,
      unseen.filter(({ table }) => table === 'nat'),
    );
    const base = item.bases[run.nat];
    if (base) {
      enterBase(environment, state, base);
      return undefined;
    }
    // A null binding.
    state.connection = bind(connection, side, { random: false }, environment.connections);
  }
  const moved = movedAway(state, run);
  if (moved !== undefined) {
    state.dropsConnection = true;
    return ending('LOST', moved);
  }
  return translated(environment, state, run, rewritten(state, side));
}

/** nf_nat_ipv4_local_fn: what the node sends to a translated destination is routed anew. */
function translated(
  environment: Environment,
  state: State,
  run: HookRun,
  after: Header | undefined,
): Outcome {
  if (after) rewrite(state, after);
  state.mappedBy = undefined;
  done(state, run);
  const { original, reply } = state.connection!;
  const target = state.reply ? original.source : reply.source;
  const asked = state.reply ? reply.destination : original.destination;
  if (run.hook !== 'output' || sameAddress(target, asked)) return undefined;
  return reroute(environment, state, l10n.t`the destination was rewritten`);
}

/** By a rule of this hook, or as an earlier packet of the connection was translated. */
function rewrite(state: State, after: Header): void {
  const { header: before, mark, mappedBy: range } = state;
  const { hook } = state.run!;
  const earlier = range ? '' : l10n.t`, as the connection was translated before`;
  const effect = `${headerText(before)} -> ${headerText(after)}${earlier}`;
  state.header = after;
  state.steps.push({ kind: 'nat', hook, mark, before, after, effect, range });
}

function discardedBy({ route }: State): NoRoute | undefined {
  return route?.kind === 'unicast' ? route.discarded : undefined;
}
