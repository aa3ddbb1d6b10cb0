import type { CounterSnapshot } from '../../../core/flow/counters/rates';
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
  const reader = new CounterReader(wanted);
  for (let i = 0; i < lines.count; i++) {
    if (i % slice === slice - 1) yield;
    reader.read(lines.line(i));
  }
  reader.endTable();
  return { chains: reader.chains };
}

class CounterReader {
  readonly chains = new Map<string, Map<string, Counters | 'several'>>();
  private table = '';
  private block = '';
  /** Of the block. */
  private name = '';
  /** The chain that the block is, where it is wanted. */
  private chain: string | undefined;
  private named = new Map<string, NamedCounter>();
  /** Some rule of the table chooses a counter by a map: which, and how often, is not told. */
  private byMap = false;

  constructor(private readonly wanted: ReadonlySet<string>) {}

  read(line: string): void {
    const [, block, name] = /^(table|\tchain|\tcounter) (\S+(?: \S+)?) \{/.exec(line) ?? [];
    if (block !== undefined) this.begin(block, name!);
    else if (/^\t?\}/.test(line)) this.block = '';
    else if (this.block === '\tcounter') this.readCounter(line);
    else if (this.block === '\tchain') this.readRule(line);
  }

  endTable(): void {
    for (const { counted, rules } of this.byMap ? [] : this.named.values()) {
      const [only, ...others] = rules;
      if (counted && only?.chain !== undefined && others.length === 0) {
        this.add(only.chain, only.line, counted);
      }
    }
    this.named = new Map();
    this.byMap = false;
  }

  private begin(block: string, name: string): void {
    this.block = block;
    this.name = name;
    if (block === 'table') {
      this.endTable();
      this.table = name;
      return;
    }
    const chain = `${this.table} ${name}`;
    this.chain = this.wanted.has(chain) ? chain : undefined;
  }

  private readCounter(line: string): void {
    const [, packets, bytes] = /^\s*packets (\d+) bytes (\d+)/.exec(line) ?? [];
    if (packets !== undefined) this.counter(this.name).counted = counters(packets, bytes!);
  }

  private readRule(line: string): void {
    const { chain } = this;
    if (chain === undefined && !line.includes('counter name ')) return;
    for (const [, into, packets, bytes] of line.matchAll(nameOrQuotedOrCounter)) {
      if (into !== undefined && !into.startsWith('"')) this.byMap = true;
      else if (into !== undefined) this.counter(into.slice(1, -1)).rules.push({ chain, line });
      else if (packets !== undefined && chain !== undefined) {
        this.add(chain, line, counters(packets, bytes!));
        return;
      }
    }
  }

  private counter(name: string): NamedCounter {
    const one = this.named.get(name) ?? { rules: [] };
    this.named.set(name, one);
    return one;
  }

  private add(chain: string, line: string, counted: Counters): void {
    addCounters(this.chains, chain, nftRuleText(line)!, counted);
  }
}

function counters(packets: string, bytes: string): Counters {
  return { packets: Number(packets), bytes: Number(bytes) };
}
