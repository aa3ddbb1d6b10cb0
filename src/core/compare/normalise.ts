import { canonicalRule, withoutRuleCounters } from '../rules/ruleTexts';
import type { Work } from '../work';
import { append } from '../append';

/**
 * A dump's text without what differs between any two: counters, times, the order of chains, and the
 * order of KUBE-SERVICES, whose rules exclude each other. For VS Code's diff editor.
 */
export function* normalise(text: string): Work<string> {
  const lines = text.split('\n');
  const isRules = lines.some(
    (line) => line.startsWith('*') || withoutRuleCounters(line).startsWith('-A '),
  );
  return isRules ? yield* normaliseRules(lines) : yield* withoutCounters(lines);
}

interface Table {
  readonly head: string;
  readonly declared: string[];
  readonly chains: Map<string, string[]>;
}

function* normaliseRules(lines: readonly string[]): Work<string> {
  const tables: Table[] = [];
  let table: Table | undefined;
  for (let i = 0; i < lines.length; i++) {
    if (i % 2000 === 0) yield undefined;
    const line = lines[i]!.trim();
    if (line === '' || line.startsWith('#') || line === 'COMMIT') continue;
    if (line.startsWith('*') || !table) {
      table = { head: line.startsWith('*') ? line : '', declared: [], chains: new Map() };
      tables.push(table);
      if (table.head !== '') continue;
    }
    // `:INPUT ACCEPT [0:0]`, in `iptables -S` `-P INPUT ACCEPT` and `-N KUBE-SERVICES`.
    if (/^(?::|-[NP] )/.test(line)) {
      table.declared.push(canonicalRule(line.replace(/ \[\d+:\d+\]$/, '')));
      continue;
    }
    const rule = canonicalRule(withoutRuleCounters(line));
    const [, chain = ''] = /^-[AI] (\S+)/.exec(rule) ?? [];
    append(table.chains, chain, rule);
  }
  const out: string[] = [];
  for (const { head, declared, chains } of tables) {
    yield undefined;
    if (head !== '') out.push(head);
    for (const line of declared.sort()) out.push(line);
    for (const name of [...chains.keys()].sort()) {
      yield undefined;
      const rules = chains.get(name)!;
      for (const rule of name === 'KUBE-SERVICES' ? sortServices(rules) : rules) out.push(rule);
    }
    out.push('');
  }
  return out.join('\n');
}

/** The rule for node ports is asked last. */
function sortServices(rules: readonly string[]): readonly string[] {
  const isLast = (rule: string) => rule.includes('KUBE-NODEPORTS');
  return [...rules.filter((one) => !isLast(one)).sort(), ...rules.filter(isLast)];
}

function* withoutCounters(lines: readonly string[]): Work<string> {
  const out: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (i % 2000 === 0) yield undefined;
    out.push(lines[i]!.trimEnd().replace(/ counter packets \d+ bytes \d+/g, ' counter'));
  }
  return out.join('\n');
}
