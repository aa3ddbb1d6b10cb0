import type { Family } from '../address';
import type { NodeState } from '../node';
import type { Ruleset, Table } from '../rules/ruleset';
import type { BaseChain, HookItem, HookOrder } from './hookItem';
import { hasIpvs, ipvsItems } from './ipvs/items';
import type { Hook } from './trace';

/** Where the kernel's own work stands among the chains (enum nf_ip_hook_priorities). */
const conntrack = -200;
const natDestination = -100;
const natSource = 100;
const confirm = 2147483647;

const hooks: readonly Hook[] = ['prerouting', 'input', 'forward', 'output', 'postrouting'];

/** What each hook runs for packets of a family, over all rulesets of the node. */
export function hookOrder(node: NodeState, family: Family): HookOrder {
  const bases = node.rulesets
    .filter((ruleset) => ruleset.family === family)
    .flatMap((ruleset) => [...ruleset.tables.values()].flatMap((t) => baseChains(ruleset, t)));
  const ipvs = hasIpvs(node);
  const order = hooks.map((hook) => {
    const items = [...itemsOf(hook, bases), ...(ipvs ? ipvsItems(hook) : [])];
    return [hook, items.sort((left, right) => left.priority - right.priority)] as const;
  });
  return Object.fromEntries(order) as unknown as HookOrder;
}

function baseChains(ruleset: Ruleset, table: Table): readonly BaseChain[] {
  return [...table.chains.values()].flatMap((chain) => {
    const { base } = chain;
    if (!base || base.hook === 'ingress' || base.hook === 'egress') return [];
    const { hook, priority, type, policy } = base;
    return [{ ruleset, table, chain, hook, priority, type, policy }];
  });
}

function natPriority(hook: Hook | undefined): number {
  return hook === 'prerouting' || hook === 'output' ? natDestination : natSource;
}

function itemsOf(hook: Hook, bases: readonly BaseChain[]): readonly HookItem[] {
  const here = bases.filter((base) => base.hook === hook);
  const items: HookItem[] = here
    .filter((base) => base.type !== 'nat')
    .map((base) => ({ kind: 'chain', priority: base.priority, base }));
  if (hook === 'prerouting' || hook === 'output') {
    items.push({ kind: 'conntrack', priority: conntrack });
  }
  if (hook !== 'forward') {
    const nat = here.filter((base) => base.type === 'nat');
    nat.sort((left, right) => left.priority - right.priority);
    items.push({ kind: 'nat', priority: natPriority(hook), bases: nat });
  }
  if (hook === 'input' || hook === 'postrouting') {
    items.push({ kind: 'confirm', priority: confirm });
  }
  return items;
}
