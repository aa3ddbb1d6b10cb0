import { mapInPieces, type Work } from '../../work';
import { readServiceRule } from '../../kubeproxy/iptables/serviceRule';
import { splitChainName } from '../../kubeproxy/names';
import type { Counters } from '../../rules/counters';
import type { CounterState, EdgeCounters, FlowEdge } from '../graph';
import type { PlacedRule, RuleBook } from '../ruleBook';
import { countersOf } from './countersOf';
import { chainId } from '../visits';

/** Whether the rules that packets met have counters worth showing, for each of their dumps. */
export function* counterStates(book: RuleBook): Work<ReadonlyMap<string, CounterState>> {
  const states = new Map<string, CounterState>();
  // Most are decoded here for the first time.
  yield* mapInPieces(book.all(), (placed) => {
    const { source } = placed.rule.range;
    const counters = countersOf(placed);
    const own = !counters ? 'none' : isZero(counters) ? 'zero' : 'counted';
    const known = states.get(source);
    if (known === undefined || order.indexOf(own) > order.indexOf(known)) states.set(source, own);
  });
  return states;
}

const order: readonly CounterState[] = ['none', 'zero', 'counted'];

/** A rule's own counters, where its dump has some that are not all 0. */
export function ownCounters(states: ReadonlyMap<string, CounterState>) {
  return (placed: PlacedRule): Counters | undefined =>
    states.get(placed.rule.range.source) === 'counted' ? countersOf(placed) : undefined;
}

/** The best of all dumps: what a graph can show. */
export function bestState(states: ReadonlyMap<string, CounterState>): CounterState {
  return order.findLast((state) => [...states.values()].includes(state)) ?? 'none';
}

/**
 * What the rules of an edge counted. Only rules of the chain that the edge comes from count its
 * packets: the rule of POSTROUTING behind an endpoint also counts those of all other endpoints.
 *
 * @param countersOf undefined for a rule whose counters are not worth showing.
 */
export function edgeCounters(
  { from, ranges }: FlowEdge,
  book: RuleBook,
  countersOf: (placed: PlacedRule) => Counters | undefined,
): EdgeCounters | undefined {
  const rules = ranges.map((range) => book.at(range));
  if (rules.length === 0) return undefined;
  let packets = 0;
  let bytes = 0;
  let shared = false;
  let unit: EdgeCounters['unit'] = 'packets';
  for (const placed of rules) {
    if (!placed || chainId({ table: placed.table.name, chain: placed.chain.name }) !== from) {
      return undefined;
    }
    const counters = countersOf(placed);
    if (!counters) return undefined;
    packets += counters.packets;
    bytes += counters.bytes;
    shared ||= !isOfService(placed);
    unit = unitOf(placed);
  }
  return { packets, bytes, unit, shared };
}

/** Chains of nat see only the first packet of a connection (nf_nat_core.c, nf_nat_inet_fn). */
export function unitOf({ table }: PlacedRule): EdgeCounters['unit'] {
  return table.name === 'nat' ? 'connections' : 'packets';
}

/** False for a rule that other traffic matches too: `-A PREROUTING -j KUBE-SERVICES`. */
function isOfService({ chain, rule }: PlacedRule): boolean {
  const { target } = rule;
  if (splitChainName(chain.name)) return true;
  if (target?.kind === 'jump' || target?.kind === 'goto') {
    if (splitChainName(target.chain)) return true;
  }
  const { destination, port, local } = readServiceRule(rule);
  return port !== undefined && (destination !== undefined || local);
}

function isZero({ packets }: Counters): boolean {
  return packets === 0;
}
