import type { CounterSnapshot } from '../../../core/flow/rates';
import type { Counters } from '../../../core/rules/counters';
import { addCounters } from '../../iptables/ruleset/ruleCounters';
import type { Lines } from '../../textLines';

/** So many lines are read between two pauses. */
const slice = 1000;

/** A quoted text, which may say anything, or what a rule has counted. */
const quotedOrCounter = /"[^"]*"|\bcounter packets (\d+) bytes (\d+)/g;

/** A rule of a listing as it stands there, without what it counted; undefined for a line without a rule. */
export function nftRuleText(line: string): string | undefined {
  const text = line.replace(/ # handle \d+\s*$/, '').trim();
  if (text === '') return undefined;
  return text.replace(quotedOrCounter, (found) => (found.startsWith('"') ? found : 'counter'));
}

/**
 * What the rules of some chains counted, by a listing of nft as it prints it. Reads the text alone, so
 * that a whole listing takes milliseconds. Named counters are of no rule alone and are left out.
 *
 * @param wanted By family, table and chain: `inet firewall input`.
 */
export function* readNftCounters(
  lines: Lines,
  wanted: ReadonlySet<string>,
): Generator<undefined, Pick<CounterSnapshot, 'chains'>> {
  const chains = new Map<string, Map<string, Counters | 'several'>>();
  let table = '';
  let chain: string | undefined;
  for (let i = 0; i < lines.count; i++) {
    if (i % slice === slice - 1) yield;
    const line = lines.line(i);
    const [, block, name] = /^(table|\tchain) (\S+(?: \S+)?) \{/.exec(line) ?? [];
    if (block === 'table') table = name!;
    else if (block) chain = wanted.has(`${table} ${name!}`) ? `${table} ${name!}` : undefined;
    else if (/^\t?\}/.test(line)) chain = undefined;
    else if (chain !== undefined) {
      const [, packets, bytes] = counterIn(line) ?? [];
      if (packets === undefined) continue;
      addCounters(chains, chain, nftRuleText(line)!, {
        packets: Number(packets),
        bytes: Number(bytes),
      });
    }
  }
  return { chains };
}

function counterIn(line: string): RegExpMatchArray | undefined {
  return [...line.matchAll(quotedOrCounter)].find(([, packets]) => packets !== undefined);
}
