import type { ActualRule, ActualTables } from '../../rules/ruleTexts';

/** What of a node tells kube-proxy's release: its rules as texts, and the names of its ipsets. */
export interface ReleaseDump {
  readonly four?: ActualTables;
  readonly six?: ActualTables;
  readonly nft?: ActualTables;
  readonly sets?: readonly string[];
}

/** Rules of chains that a hook leads to: what an older release or another mode left is not asked. */
export interface LiveRules {
  /** `nat KUBE-SERVICES` -> its rules; built-in chains too. */
  readonly chains: ReadonlyMap<string, readonly ActualRule[]>;
  /** Whether the dump has the table at all. */
  has(table: string): boolean;
  /** Whether a live rule of the chain fits. */
  some(table: string, chain: string | RegExp, rule: RegExp): boolean;
}

/** iptables-save prints no longer ones: a comment has 255 characters, a list of ports 15. */
const longestRule = 2000;

const builtIn = /^(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;

export function liveRules(tables: ActualTables): LiveRules {
  const chains = new Map<string, readonly ActualRule[]>();
  for (const [table, all] of tables) {
    const open = [...all.keys()].filter((name) => builtIn.test(name));
    const seen = new Set(open);
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const rules = all.get(name)!;
      chains.set(`${table} ${name}`, rules);
      for (const { text } of rules) {
        const target = /(?:^| )-[jg] (\S+)/.exec(text)?.[1];
        if (target === undefined || seen.has(target) || !all.has(target)) continue;
        seen.add(target);
        open.push(target);
      }
    }
  }
  return {
    chains,
    has: (table) => tables.has(table),
    some(table, chain, rule) {
      if (typeof chain === 'string') {
        return (chains.get(`${table} ${chain}`) ?? []).some(({ text }) =>
          rule.test(text.slice(0, longestRule)),
        );
      }
      for (const [key, rules] of chains) {
        if (!key.startsWith(`${table} `) || !chain.test(key.slice(table.length + 1))) continue;
        if (rules.some(({ text }) => rule.test(text.slice(0, longestRule)))) return true;
      }
      return false;
    },
  };
}
