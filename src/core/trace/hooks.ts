import type { Family } from '../address';
import type { NodeState } from '../node';
import type { Ruleset, Table } from '../rules/ruleset';
import type { BaseChain, HookItem, HookOrder } from './hookItem';
import { hasIpvs, ipvsItems } from './ipvs/items';
import type { Hook } from './trace';

/** enum nf_ip_hook_priorities; the nat hook stands at -100 or 100 whatever its chains say. */
const priority = { raw: -300, conntrack: -200, mangle: -150, filter: 0, security: 50 } as const;
const natDestination = -100;
const natSource = 100;
const confirm = 2147483647;

const builtinHooks: ReadonlyMap<string, Hook> = new Map([
  ['PREROUTING', 'prerouting'],
  ['INPUT', 'input'],
  ['FORWARD', 'forward'],
  ['OUTPUT', 'output'],
  ['POSTROUTING', 'postrouting'],
]);

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
  const found: BaseChain[] = [];
  for (const chain of table.chains.values()) {
    const hook = builtinHooks.get(chain.name);
    const tablePriority = priorityOf(table.name, hook);
    if (hook === undefined || tablePriority === undefined) continue;
    const route = table.name === 'mangle' && hook === 'output';
    const type = table.name === 'nat' ? 'nat' : route ? 'route' : 'filter';
    found.push({ ruleset, table, chain, hook, priority: tablePriority, type });
  }
  return found;
}

function priorityOf(table: string, hook: Hook | undefined): number | undefined {
  switch (table) {
    case 'raw':
      return hook === 'prerouting' || hook === 'output' ? priority.raw : undefined;
    case 'mangle':
      return priority.mangle;
    case 'nat':
      return hook === 'forward' ? undefined : natPriority(hook);
    case 'filter':
    case 'security':
      return hook === 'prerouting' || hook === 'postrouting' ? undefined : priority[table];
    default:
      return undefined;
  }
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
    items.push({ kind: 'conntrack', priority: priority.conntrack });
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
