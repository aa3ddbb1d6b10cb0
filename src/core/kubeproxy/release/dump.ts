import type { ActualRule, ActualTables } from '../../rules/ruleTexts';
import type { Work } from '../../work';

/** The chains of a table, whose rules may be read when they are asked for. */
export interface ChainTexts {
  keys(): Iterable<string>;
  has(chain: string): boolean;
  get(chain: string): Rules | undefined;
}

/** What of a node tells kube-proxy's release: its rules as texts, and the names of its ipsets. */
export interface ReleaseDump {
  readonly four?: ReadonlyMap<string, ChainTexts>;
  readonly six?: ReadonlyMap<string, ChainTexts>;
  readonly nft?: ActualTables;
  readonly sets?: readonly string[];
}

type Rules = readonly Pick<ActualRule, 'text'>[];

/** Rules of chains that a hook leads to: what an older release or another mode left is not asked. */
export interface LiveRules {
  /** Whether the dump has the table at all. */
  has(table: string): boolean;
  /** Whether there is a chain of a kind that each Service port has its own of: `KUBE-EXT`. */
  hasKind(table: string, kind: string): boolean;
  /** Whether a live rule of the chain fits; of chains of one kind only some are asked. */
  some(table: string, chain: string | RegExp, rule: RegExp): boolean;
}

/** iptables-save prints no longer ones: a comment has 255 characters, a list of ports 15. */
const longestRule = 2000;

/** One release writes all chains of a kind alike: of 50,000 some tell as much. */
const mostOfKind = 1000;

/** Beyond the sample they lead to nothing else: to chains of endpoints, and to KUBE-MARK-MASQ. */
const manyAlike = /^KUBE-(?:SVC|SEP)$/;

const builtIn = /^(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;

export function* liveRules(tables: ReadonlyMap<string, ChainTexts>): Work<LiveRules> {
  /** `nat KUBE-SERVICES` -> its rules; built-in chains too. */
  const chains = new Map<string, Rules>();
  /** Some chains of each kind: `nat KUBE-SVC`. */
  const samples = new Map<string, [name: string, rules: Rules][]>();
  let walked = 0;
  for (const [table, all] of tables) {
    const open = [...all.keys()].filter((name) => builtIn.test(name));
    const seen = new Set(open);
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (++walked % 512 === 0) yield;
      const kind = kindOf(name);
      const sample = samples.get(`${table} ${kind}`) ?? [];
      const isFull = sample.length >= mostOfKind;
      if (isFull && manyAlike.test(kind)) continue;
      const rules = all.get(name)!;
      chains.set(`${table} ${name}`, rules);
      if (!isFull) sample.push([name, rules]);
      samples.set(`${table} ${kind}`, sample);
      for (const { text } of rules) {
        const target = /(?:^| )-[jg] (\S+)/.exec(text)?.[1];
        if (target === undefined || seen.has(target) || !all.has(target)) continue;
        seen.add(target);
        open.push(target);
      }
    }
  }
  const fits = (rules: Rules, rule: RegExp) =>
    rules.some(({ text }) => rule.test(text.slice(0, longestRule)));
  return {
    has: (table) => tables.has(table),
    hasKind: (table, kind) => samples.has(`${table} ${kind}`),
    some(table, chain, rule) {
      if (typeof chain === 'string') return fits(chains.get(`${table} ${chain}`) ?? [], rule);
      for (const [kind, sample] of samples) {
        if (!kind.startsWith(`${table} `)) continue;
        if (sample.some(([name, rules]) => chain.test(name) && fits(rules, rule))) return true;
      }
      return false;
    },
  };
}

/** `KUBE-SVC` of a Service port's chain. */
function kindOf(name: string): string {
  return /^KUBE-[A-Z]{3}(?=-[A-Z2-7]{16}$)/.exec(name)?.[0] ?? name;
}
