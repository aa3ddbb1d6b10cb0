import type { CounterSnapshot } from '../../../core/flow/counters/rates';
import type { Counters } from '../../../core/rules/counters';
import { headerTime } from '../lines/headerTime';
import type { Lines } from '../../textLines';

/** So many lines are read between two pauses. */
const slice = 1000;

/** A rule of `iptables-save -c`: packets, bytes, the rule, its chain. */
const counted = /^\[(\d+):(\d+)\] (-A (\S+) .*)$/;

/** A rule's line without its counters; undefined for a line of another kind. */
export function ruleText(line: string): string | undefined {
  return /^(?:\[\d+:\d+\] )?(-A .*)$/.exec(line.trimEnd())?.[1];
}

/**
 * What `iptables-save -c` says the rules of some chains counted; nothing for other formats, whose
 * counters may be rounded. Reads the text alone, so that a whole dump takes milliseconds.
 *
 * @param wanted By table and chain: `nat KUBE-SERVICES`.
 */
export function* readRuleCounters(
  lines: Lines,
  wanted: ReadonlySet<string>,
): Generator<undefined, CounterSnapshot> {
  const chains = new Map<string, Map<string, Counters | 'several'>>();
  let captured: string | undefined;
  let table = '';
  for (let i = 0; i < lines.count; i++) {
    if (i % slice === slice - 1) yield;
    const line = lines.line(i);
    if (line.startsWith('*')) table = line.slice(1).trim();
    else if (line.startsWith('#')) captured ??= headerTime(line);
    const match = counted.exec(line.trimEnd());
    if (!match) continue;
    const [, packets, bytes, rule, name] = match;
    const chain = `${table} ${name!}`;
    if (!wanted.has(chain)) continue;
    addCounters(chains, chain, rule!, { packets: Number(packets), bytes: Number(bytes) });
  }
  return { captured, chains };
}

/** Of a rule that its chain has twice, nobody knows which one counted. */
export function addCounters(
  chains: Map<string, Map<string, Counters | 'several'>>,
  chain: string,
  rule: string,
  counters: Counters,
): void {
  let rules = chains.get(chain);
  if (!rules) chains.set(chain, (rules = new Map()));
  rules.set(rule, rules.has(rule) ? 'several' : counters);
}
