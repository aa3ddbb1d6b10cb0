import type { BaseDeclaration, ChainType, Hook } from './baseChain';

const hooks: ReadonlyMap<string, Hook> = new Map([
  ['PREROUTING', 'prerouting'],
  ['INPUT', 'input'],
  ['FORWARD', 'forward'],
  ['OUTPUT', 'output'],
  ['POSTROUTING', 'postrouting'],
]);

const everywhere = [...hooks.values()];

interface BuiltinTable {
  readonly hooks: readonly Hook[];
  priority(this: void, hook: Hook): number;
  type(this: void, hook: Hook): ChainType;
}

/** enum nf_ip_hook_priorities; valid_hooks of ip_tables' and ip6_tables' tables. */
const tables: ReadonlyMap<string, BuiltinTable> = new Map([
  ['raw', table(['prerouting', 'output'], -300)],
  [
    'mangle',
    {
      hooks: everywhere,
      priority: () => -150,
      type: (hook) => (hook === 'output' ? 'route' : 'filter'),
    },
  ],
  [
    'nat',
    {
      hooks: everywhere.filter((hook) => hook !== 'forward'),
      priority: (hook) => (hook === 'prerouting' || hook === 'output' ? -100 : 100),
      type: () => 'nat',
    },
  ],
  ['filter', table(['input', 'forward', 'output'], 0)],
  ['security', table(['input', 'forward', 'output'], 50)],
]);

function table(at: readonly Hook[], priority: number): BuiltinTable {
  return { hooks: at, priority: () => priority, type: () => 'filter' };
}

export interface BuiltinChain extends BaseDeclaration {
  readonly hook: Hook;
}

/** What netfilter calls iptables' chain of that name by; undefined for a chain of the user. */
export function builtinChain(tableName: string, chain: string): BuiltinChain | undefined {
  const hook = hooks.get(chain);
  const at = tables.get(tableName);
  if (!hook || !at?.hooks.includes(hook)) return undefined;
  return { hook, priority: at.priority(hook), type: at.type(hook) };
}

/** `PREROUTING`, `INPUT` ...: the chains that a table of iptables has of its own. */
export function builtinChainsOf(tableName: string): readonly string[] {
  const at = tables.get(tableName)?.hooks ?? [];
  return [...hooks].flatMap(([chain, hook]) => (at.includes(hook) ? [chain] : []));
}

/** The chains of iptables that netfilter calls at a hook, in the tables' own order there. */
export function builtinChainsAt(
  hook: Hook,
): readonly { readonly table: string; readonly chain: string }[] {
  const chain = [...hooks].find(([, at]) => at === hook)?.[0];
  if (chain === undefined) return [];
  return [...tables].flatMap(([table, at]) => (at.hooks.includes(hook) ? [{ table, chain }] : []));
}
