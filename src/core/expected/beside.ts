import type { Family } from '../address';
import type { NodeState } from '../node';
import { builtinChainsOf } from '../rules/builtinChain';
import type { ActualTables } from '../rules/ruleTexts';
import type { Table } from '../rules/ruleset';
import type { Work } from '../work';
import type { ExpectedRuleset } from './rules';

/** kube-proxy's chains and the kubelet's. */
const ownChain = /^KUBE-/;
const toOwnChain = /(?:^| )-[jg] KUBE-/;

/**
 * A node's iptables rules of one family as iptables-save prints them, with kube-proxy's rules taken out
 * and those that are expected put in, as it does at its start: its jumps stand before what the kernel's
 * chains hold. Rules of others stay, and the policies. Those of nftables mode are none of iptables.
 */
export function* savedTextBeside(
  node: NodeState,
  family: Family,
  expected: ExpectedRuleset | undefined,
): Work<string> {
  const ruleset = node.rulesets.find((one) => one.family === family && one.texts !== undefined);
  const others: ActualTables = ruleset?.texts ? yield* ruleset.texts() : new Map<string, never>();
  const lines: string[] = [];
  for (const name of ['raw', 'mangle', 'nat', 'filter']) {
    const wanted = expected?.tables.get(name)?.chains;
    const held = others.get(name);
    if (!wanted && !held) continue;
    yield;
    const hooks = builtinChainsOf(name);
    const rules: string[] = [];
    const declared = hooks.map(
      (chain) => `:${chain} ${policyOf(ruleset?.tables.get(name), chain)} [0:0]`,
    );
    for (const { name: chain, rules: own } of wanted?.values() ?? []) {
      if (!hooks.includes(chain)) declared.push(`:${chain} - [0:0]`);
      for (const { text } of own) rules.push(`-A ${chain} ${text}`);
    }
    for (const [chain, own] of held ?? []) {
      if (ownChain.test(chain)) continue;
      if (!hooks.includes(chain)) declared.push(`:${chain} - [0:0]`);
      for (const { text } of own) {
        if (!toOwnChain.test(text)) rules.push(`-A ${chain} ${text}`);
      }
    }
    for (const part of [[`*${name}`], declared, rules, ['COMMIT']]) {
      for (const line of part) lines.push(line);
    }
  }
  return `${lines.join('\n')}\n`;
}

function policyOf(table: Table | undefined, chain: string): string {
  return table?.chains.get(chain)?.base?.policy ?? 'ACCEPT';
}
