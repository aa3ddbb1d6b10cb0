import type { Family } from '../../address';
import type { NodeState } from '../../node';
import type { Hook } from '../../rules/baseChain';
import type { BaseChain, HookItem, HookOrder } from './hookItem';
import { hasIpvs, ipvsItems } from '../ipvs/items';
import { perNode } from '../perNode';
import { tablesInOrder } from './tableOrder';
import type { OrderedTable } from './tableOrder';

/** Where the kernel's own work stands among the chains (enum nf_ip_hook_priorities). */
const conntrack = -200;
const natDestination = -100;
const natSource = 100;
const confirm = 2147483647;

const hooks: readonly Hook[] = [
  'ingress',
  'prerouting',
  'input',
  'forward',
  'output',
  'postrouting',
];

/**
 * Among chains with one priority: what is listed last runs first, or what is listed first; legacy tables,
 * which nft does not list, are taken for created last but with `legacy-last`.
 */
export type ChainOrder = 'last-first' | 'first-first' | 'legacy-last';

/**
 * What each hook runs for packets of a family, over all tables of the node. Among chains with one
 * priority that which was created last runs first (nf_hook_entries_grow); a listing does not tell which
 * it was when one was deleted and made again.
 */
export const hookOrder = perNode((node, family: Family, order: ChainOrder): HookOrder => {
  const tables = tablesInOrder(node, family);
  const listed = tables.filter((table) => table.created === 'listed');
  const others = tables.filter((table) => table.created !== 'listed');
  const created = order === 'legacy-last' ? [...others, ...listed] : [...listed, ...others];
  const bases = created.flatMap(baseChains);
  if (order !== 'first-first') bases.reverse();
  const ipvs = hasIpvs(node);
  const byHook = hooks.map((hook) => {
    const items = [...itemsOf(hook, bases), ...(ipvs ? ipvsItems(hook) : [])];
    return [hook, items.sort((left, right) => left.priority - right.priority)] as const;
  });
  return Object.fromEntries(byHook) as unknown as HookOrder;
});

/** The orders that are possible where chains with rules have one priority; the first is the likeliest. */
export const possibleOrders = perNode((node, family: Family): readonly ChainOrder[] => {
  if (!node.nftables || !hasTies(node, family)) return ['last-first'];
  const legacy = tablesInOrder(node, family).some(({ created }) => created !== 'listed');
  return legacy ? ['last-first', 'legacy-last', 'first-first'] : ['last-first', 'first-first'];
});

/** Whether two chains that do something have one priority on one hook, so that their order is open. */
function hasTies(node: NodeState, family: Family): boolean {
  const order = hookOrder(node, family, 'last-first');
  return hooks.some((hook) => {
    const chains = order[hook].flatMap((item) => (item.kind === 'chain' ? [item.base] : []));
    const nat = order[hook].flatMap((item) => (item.kind === 'nat' ? item.bases : []));
    const atNat = chains.filter(({ priority }) => priority === natPriority(hook)).filter(isBusy);
    if (atNat.length > 0 && nat.some(isBusy)) return true;
    return [chains, nat].some((bases) => {
      const busy = bases.filter(isBusy);
      return busy.some(({ priority }, i) => i > 0 && busy[i - 1]!.priority === priority);
    });
  });
}

function isBusy({ chain, policy }: BaseChain): boolean {
  return chain.length > 0 || policy === 'DROP';
}

function baseChains({ table, listed, nft }: OrderedTable): readonly BaseChain[] {
  return [...table.chains.values()].flatMap((chain) => {
    const { base } = chain;
    if (!base || base.hook === 'egress') return [];
    const { hook, priority, type, policy, devices } = base;
    const family = listed ? table.family : undefined;
    const scope = listed ? `${table.family} ` : '';
    return [{ table, chain, family, nft, scope, hook, priority, type, policy, devices }];
  });
}

function natItem(hook: Hook, bases: readonly BaseChain[]): HookItem | undefined {
  if (hook === 'forward' || hook === 'ingress') return undefined;
  const nat = bases.filter((base) => base.hook === hook && base.type === 'nat');
  nat.sort((left, right) => left.priority - right.priority);
  return { kind: 'nat', priority: natPriority(hook), bases: nat };
}

function natPriority(hook: Hook): number {
  return hook === 'prerouting' || hook === 'output' ? natDestination : natSource;
}

/**
 * nf_nat_register_fn: the first nat chain of a family, on whatever hook, brings nat's own work to all
 * of them, so that is when it was created.
 *
 * @param bases in the order in which those of one priority run
 */
function itemsOf(hook: Hook, bases: readonly BaseChain[]): readonly HookItem[] {
  const nat = natItem(hook, bases);
  const natAt = bases.findLastIndex(({ type }) => type === 'nat');
  const items: HookItem[] = [];
  for (const [i, base] of bases.entries()) {
    if (base.hook === hook && base.type !== 'nat') {
      items.push({ kind: 'chain', priority: base.priority, base });
    }
    if (i === natAt && nat) items.push(nat);
  }
  if (hook === 'prerouting' || hook === 'output') {
    items.push({ kind: 'conntrack', priority: conntrack });
  }
  if (natAt < 0 && nat) items.push(nat);
  if (hook === 'input' || hook === 'postrouting') {
    items.push({ kind: 'confirm', priority: confirm });
  }
  return items;
}
