import { l10n } from '../l10n';
import { formatAddress } from '../address';
import type { Finding } from '../finding';
import type { NodeState } from '../node';
import type { Packet } from '../packet';
import type { ConntrackState } from '../rules/match';
import { finish, mapInPieces, type Work } from '../work';
import { defaultLimits } from './environment';
import type { Environment, Options, Outcome, TraceLimits } from './environment';
import type { Connection, FlowState } from './conntrack/flowState';
import { matters } from './hook/given';
import { inAllOrders } from './hook/allOrders';
import { hookOrder, possibleOrders } from './hook/hooks';
import type { ChainOrder } from './hook/hooks';
import { forgetDeleted } from './ipvs/standing';
import { clientOf } from './client/client';
import { advance } from './journey';
import { leaves } from './leaves';
import { knownMemory } from './conntrack/known';
import { startState } from './startState';
import { copy } from './state';
import type { State } from './state';
import type { Branch, Ending, Path, Step, Trace, Verdict } from './trace';
import { sameZone } from './conntrack/zone';
import { sameTuple } from './nat/binding';
import { list } from '../list';

export interface TraceOptions {
  /** What went before; by default nothing: a new connection, lists and counts not known. */
  readonly memory?: FlowState;
  /** What conntrack is to say of the packet, whatever its flags and earlier connections. */
  readonly state?: ConntrackState;
  /** nfmark with which it arrives; 0. */
  readonly mark?: number;
  readonly limits?: Partial<TraceLimits>;
  /** Which of the chains with one priority runs first; by default both orders are followed. */
  readonly order?: ChainOrder;
  /**
   * Whether a way ends as UNKNOWN where something unknown decides how it goes on: for those who ask
   * only what happens surely. By default all ways are followed, and each unknown doubles them.
   */
  readonly onlySure?: boolean;
}

/**
 * What the kernel does with a packet, as far as the node's dumps tell: all rules that it meets, in
 * their order, and its verdict; a branch for each thing that chance, state or something unknown
 * decides. Pure; never throws on a broken rule set, whose loops and gaps are findings.
 */
export function* followFlow(
  node: NodeState,
  packet: Packet,
  options: TraceOptions = {},
): Work<Trace> {
  const { family } = packet.destination;
  const orders = options.order ? [options.order] : possibleOrders(node, family);
  const traces: Trace[] = [];
  for (const order of orders) traces.push(yield* followInOrder(node, packet, options, order));
  return inAllOrders(orders, traces);
}

function* followInOrder(
  node: NodeState,
  packet: Packet,
  options: TraceOptions,
  chainOrder: ChainOrder,
): Work<Trace> {
  const findings: Finding[] = [];
  const assumptions = new Set<string>();
  const assume = (text: string): void => void assumptions.add(text);
  const before = options.memory ?? (yield* knownMemory(node, packet));
  const memory = forgetDeleted({ node, assume }, before);
  const environment: Environment = {
    node,
    order: hookOrder(node, packet.destination.family, chainOrder),
    connections: memory.connections ?? [],
    forced: options.state,
    answering: false,
    onlySure: options.onlySure ?? false,
    limits: { ...defaultLimits, ...options.limits },
    spent: { rules: 0, steps: 0, leaves: 1, sincePause: 0 },
    indices: new Map(),
    find: (finding) => {
      if (!findings.some(({ code }) => code === finding.code)) findings.push(finding);
    },
    assume,
  };
  assumeOrder(node, packet, environment);
  const first = startState(packet, { ...options, memory });
  const path = yield* run(environment, first);
  return {
    packet,
    state: options.state,
    path,
    assumptions: [...assumptions].map((text) => ({ text })),
    findings,
  };
}

/** `followFlow` in one piece: a second or so where a Service has 1,000 endpoints. */
export function traceFlow(...request: Parameters<typeof followFlow>): Trace {
  return finish(followFlow(...request));
}

/** Both backends register their chains with the same priorities; the later one runs first. */
function assumeOrder(node: NodeState, { destination }: Packet, { assume }: Environment): void {
  const own = node.rulesets.filter(({ family, tables }) => {
    return family === destination.family && tables.size > 0;
  });
  const [first, second] = own;
  if (!first || !second) return;
  const order = l10n.t`${first.source} before those of ${second.source}`;
  assume(
    l10n.t`where both have a chain, the rules of ${order}: which was loaded first is not known`,
  );
}

interface OpenPath {
  steps: readonly Step[];
  end: Path['end'];
}

/** All branches, one after the other, with a list of those still to go in place of recursion. */
function* run(environment: Environment, first: State): Work<Path> {
  const root = pathOf(first);
  const open: { state: State; path: OpenPath }[] = [{ state: first, path: root }];
  for (let at = open.pop(); at; at = open.pop()) {
    const { state, path } = at;
    yield;
    const outcome = yield* untilFork(environment, state);
    const end = outcome?.options ? stopAt(environment, state, outcome.options) : outcome?.ending;
    if (end) path.end = yield* verdict(environment, state, end);
    else if (outcome?.options) {
      environment.spent.leaves += outcome.options.length - 1;
      const branches = mapInPieces(outcome.options, (option): Branch => {
        const { condition, probability, unknown, enter } = option;
        const branch = copy(state);
        enter(branch);
        const then = pathOf(branch);
        open.push({ state: branch, path: then });
        return { condition, probability, unknown, then: then as Path };
      });
      path.end = { branches: yield* branches };
    }
  }
  return root as Path;
}

/** A long stretch without a fork gives way to other work, too. */
function* untilFork(environment: Environment, state: State): Work<Outcome> {
  for (;;) {
    const outcome = advance(environment, state);
    if (!outcome?.pause) return outcome;
    yield* outcome.pause;
    yield;
  }
}

function pathOf(state: State): OpenPath {
  return { steps: state.steps, end: { branches: [] } };
}

/** Ways of a fork that are named where it is not followed. */
const namedWays = 2;

/** Why a fork is not followed; undefined where it is. */
function stopAt(environment: Environment, state: State, options: Options): Ending | undefined {
  const { onlySure, spent, limits } = environment;
  if (spent.leaves + options.length - 1 > limits.leaves)
    return tooMany(environment, state, options);
  if (!onlySure) return undefined;
  for (const { unknown } of options) {
    if (unknown !== undefined) return { kind: 'UNKNOWN', reason: unknown };
  }
  return undefined;
}

function tooMany({ find, limits }: Environment, state: State, options: Options): Ending {
  const named: string[] = [];
  for (const { condition } of options) if (named.push(condition) === namedWays) break;
  const others = options.length - named.length;
  const ways = others > 0 ? l10n.t`${list(named, 'row')} and ${others} more` : list(named, 'row');
  const reason = l10n.t`more than ${limits.leaves} ways, which is where a trace stops; open here: ${ways}`;
  const { packet } = state;
  const range = state.walk?.frame.chain.declared ?? state.steps.at(-1)?.range;
  if (range) {
    const message = l10n.t`The trace to ${formatAddress(packet.destination)} has ${reason}.`;
    find({ severity: 'warning', code: 'trace-too-many-branches', message, range });
  }
  return { kind: 'UNKNOWN', reason };
}

function* verdict(environment: Environment, state: State, ending: Ending): Work<Verdict> {
  const { connections, answering } = environment;
  const { mark, ttl, lists, written, counters, facts, connection, ipvs, ipvsTemplates } = state;
  const given = state.given.filter((one) => matters(one, ending.kind));
  const others = connections.filter((other) => !sameOriginal(other, connection));
  const stays = connection?.confirmed && !state.dropsConnection;
  const kept = stays ? [connection, ...others] : others;
  const reached: Verdict = {
    ...ending,
    ...(given.length > 0 && { given }),
    final: state.header,
    finalMark: mark,
    finalTtl: ttl,
    after: { connections: kept, ipvs, ipvsTemplates, lists, written, counters, facts },
  };
  if (answering) return reached;
  const client = yield* clientOf(environment, state, reached, (around, answer) =>
    run({ ...around, forced: undefined, answering: true }, answer),
  );
  if (!client) return reached;
  const after = client.way ? afterAnswer(reached.after, client.way) : reached.after;
  return { ...reached, client, after };
}

/**
 * The node's answer passes rules that count and remember, too. Where its ways leave different things
 * behind, neither the counts nor the lists are known any more.
 */
function afterAnswer(before: FlowState, way: Path): FlowState {
  const [first, ...others] = leaves(way).map(({ verdict: { after } }) => after);
  if (!first) return before;
  const { lists, written, counters } = first;
  const same = (one: FlowState) =>
    sameCounts(one.counters, counters) && one.lists === lists && one.written === written;
  return others.every(same)
    ? { ...before, lists, written, counters }
    : { ...before, lists: undefined, written: undefined, counters: undefined };
}

function sameCounts(left: FlowState['counters'], right: FlowState['counters']): boolean {
  if (left?.size !== right?.size) return false;
  return [...(left ?? [])].every(([place, count]) => right?.get(place) === count);
}

function sameOriginal(left: Connection, right: Connection | undefined): boolean {
  if (!right || !sameZone(left.zone, right.zone, false)) return false;
  return sameTuple(left.original, right.original);
}
