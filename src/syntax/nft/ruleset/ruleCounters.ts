import type { CounterSnapshot } from '../../../core/flow/rates';
import type { Counters } from '../../../core/rules/counters';
import { addCounters } from '../../iptables/ruleset/ruleCounters';
import type { Lines } from '../../textLines';

/** So many lines are read between two pauses. */
const slice = 1000;

/** The name of a counter, a quoted text, which may say anything, or what a rule has counted. */
const nameOrQuotedOrCounter =
  /\bcounter name ("[^"]*"|[^"])|"[^"]*"|\bcounter packets (\d+) bytes (\d+)/g;

/** A rule of a listing as it stands there, without what it counted; undefined for a line without a rule. */
export function nftRuleText(line: string): string | undefined {
  const text = line.replace(/ # handle \d+\s*$/, '').trim();
  if (text === '') return undefined;
  return text.replace(nameOrQuotedOrCounter, (found) =>
    found.startsWith('counter packets') ? 'counter' : found,
  );
}

/** A named counter of a table, and the rules that count into it. */
interface NamedCounter {
  counted?: Counters;
  readonly rules: { readonly chain: string | undefined; readonly line: string }[];
}

/**
 * What the rules of some chains counted, by a listing of nft as it prints it. Reads the text alone, so
 * that a whole listing takes milliseconds. A named counter is told of the rule that alone counts into it.
 *
 * @param wanted By family, table and chain: `inet firewall input`.
 */
export function* readNftCounters(
  lines: Lines,
  wanted: ReadonlySet<string>,
): Generator<undefined, Pick<CounterSnapshot, 'chains'>> {
  const chains = new Map<string, Map<string, Counters | 'several'>>();
  const add = (chain: string, line: string, counted: Counters) =>
    addCounters(chains, chain, nftRuleText(line)!, counted);
  let named = new Map<string, NamedCounter>();
  const namedAs = (name: string) => {
    const one = named.get(name) ?? { rules: [] };
    named.set(name, one);
    return one;
  };
  /** Some rule of the table chooses a counter by a map: which, and how often, is not told. */
  let byMap = false;
  const tableEnds = () => {
    for (const { counted, rules } of byMap ? [] : named.values()) {
      const [only, ...others] = rules;
      if (counted && only?.chain !== undefined && others.length === 0) {
        add(only.chain, only.line, counted);
      }
    }
    named = new Map();
    byMap = false;
  };
  let table = '';
  let block = '';
  let name = '';
  /** Of a block that is wanted. */
  let chain: string | undefined;
  for (let i = 0; i < lines.count; i++) {
    if (i % slice === slice - 1) yield;
    const line = lines.line(i);
    const head = /^(table|\tchain|\tcounter) (\S+(?: \S+)?) \{/.exec(line);
    if (head) {
      [, block, name] = head as unknown as [string, string, string];
      if (block === 'table') {
        tableEnds();
        table = name;
      } else chain = wanted.has(`${table} ${name}`) ? `${table} ${name}` : undefined;
    } else if (/^\t?\}/.test(line)) block = '';
    else if (block === '\tcounter') {
      const [, packets, bytes] = /^\s*packets (\d+) bytes (\d+)/.exec(line) ?? [];
      if (packets !== undefined) namedAs(name).counted = counters(packets, bytes!);
    } else if (block === '\tchain') {
      if (chain === undefined && !line.includes('counter name ')) continue;
      for (const [, into, packets, bytes] of line.matchAll(nameOrQuotedOrCounter)) {
        if (into !== undefined && !into.startsWith('"')) byMap = true;
        else if (into !== undefined) namedAs(into.slice(1, -1)).rules.push({ chain, line });
        else if (packets !== undefined && chain !== undefined) {
          add(chain, line, counters(packets, bytes!));
          break;
        }
      }
    }
  }
  tableEnds();
  return { chains };
}

function counters(packets: string, bytes: string): Counters {
  return { packets: Number(packets), bytes: Number(bytes) };
}
