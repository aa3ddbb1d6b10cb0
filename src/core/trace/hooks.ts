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

/** Among chains with one priority: what was created last runs first, or first. */
export type ChainOrder = 'last-first' | 'first-first';

const orders = new WeakMap<NodeState, Map<string, HookOrder>>();

/**
 * What each hook runs for packets of a family, over all tables of the node. Among chains with one
 * priority that which was created last runs first (nf_hook_entries_grow); a listing does not tell which
 * it was when one was deleted and made again. Computed once for a node.
 */
export function hookOrder(node: NodeState, family: Family, order: ChainOrder): HookOrder {
  let known = orders.get(node);
  if (!known) orders.set(node, (known = new Map()));
  const key = `${family} ${order}`;
  let found = known.get(key);
  if (!found) known.set(key, (found = ordered(node, family, order)));
  return found;
}

function ordered(node: NodeState, family: Family, order: ChainOrder): HookOrder {
  const bases = tablesInOrder(node, family).flatMap(baseChains);
  if (order === 'last-first') bases.reverse();
  const ipvs = hasIpvs(node);
  const byHook = hooks.map((hook) => {
    const items = [...itemsOf(hook, bases), ...(ipvs ? ipvsItems(hook) : [])];
    return [hook, items.sort((left, right) => left.priority - right.priority)] as const;
  });
  return Object.fromEntries(byHook) as unknown as HookOrder;
}

/** Whether two chains with rules have one priority on one hook, so that their order is open. */
export function hasTies(node: NodeState, family: Family): boolean {
  const order = hookOrder(node, family, 'last-first');
  return hooks.some((hook) => {
    const chains = order[hook].flatMap((item) => (item.kind === 'chain' ? [item.base] : []));
    const nat = order[hook].flatMap((item) => (item.kind === 'nat' ? item.bases : []));
    return [chains, nat].some((bases) => {
      const busy = bases.filter(({ chain }) => chain.length > 0);
      return busy.some(({ priority }, i) => i > 0 && busy[i - 1]!.priority === priority);
    });
  });
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
