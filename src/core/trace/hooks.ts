import type { Family } from '../address';
import type { NodeState } from '../node';
import type { Hook } from '../rules/baseChain';
import type { BaseChain, HookItem, HookOrder } from './hookItem';
import { hasIpvs, ipvsItems } from './ipvs/items';
import { tablesInOrder } from './tableOrder';
import type { OrderedTable } from './tableOrder';

/** Where the kernel's own work stands among the chains (enum nf_ip_hook_priorities). */
const conntrack = -200;
const natDestination = -100;
const natSource = 100;
const confirm = 2147483647;

const hooks: readonly Hook[] = ['prerouting', 'input', 'forward', 'output', 'postrouting'];

/**
 * What each hook runs for packets of a family, over all tables of the node. Among chains with one
 * priority that which was created last runs first (nf_hook_entry_insert); a listing does not tell.
 *
 * @param reversed the other order among those
 */
export function hookOrder(node: NodeState, family: Family, reversed = false): HookOrder {
  const bases = tablesInOrder(node, family).flatMap(baseChains);
  if (!reversed) bases.reverse();
  const ipvs = hasIpvs(node);
  const order = hooks.map((hook) => {
    const items = [...itemsOf(hook, bases), ...(ipvs ? ipvsItems(hook) : [])];
    return [hook, items.sort((left, right) => left.priority - right.priority)] as const;
  });
  return Object.fromEntries(order) as unknown as HookOrder;
}

function baseChains({ table, listed, nft }: OrderedTable): readonly BaseChain[] {
  return [...table.chains.values()].flatMap((chain) => {
    const { base } = chain;
    if (!base || base.hook === 'ingress' || base.hook === 'egress') return [];
    const { hook, priority, type, policy } = base;
    const family = listed ? table.family : undefined;
    const scope = listed ? `${table.family} ` : '';
    return [{ table, chain, family, nft, scope, hook, priority, type, policy }];
  });
}

function natPriority(hook: Hook): number {
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
