import type { BaseDeclaration, ChainType, Hook } from '../../../core/rules/baseChain';
import type { TableFamily } from '../../../core/rules/ruleset';

/** nft(8), "Chains": the names of priorities, and what they are in the family bridge. */
const priorities: ReadonlyMap<string, number> = new Map([
  ['raw', -300],
  ['mangle', -150],
  ['dstnat', -100],
  ['filter', 0],
  ['security', 50],
  ['srcnat', 100],
]);

const bridgePriorities: ReadonlyMap<string, number> = new Map([
  ['dstnat', -300],
  ['filter', -200],
  ['out', 100],
  ['srcnat', 300],
]);

/** `dstnat - 10`, `srcnat+1`, `-110`; undefined for what is no priority. */
function priorityOf(text: string, family: TableFamily | undefined): number | undefined {
  const [, name, sign, offset, number] =
    /^(?:([a-z]+)(?:([+-])(\d{1,10}))?|(-?\d{1,10}))$/.exec(text.replace(/\s/g, '')) ?? [];
  if (number !== undefined) return Number(number);
  const names = family === 'bridge' ? bridgePriorities : priorities;
  const base = names.get(name ?? '');
  if (base === undefined) return undefined;
  return sign === '-' ? base - Number(offset) : base + Number(offset ?? 0);
}

const hooks: ReadonlySet<string> = new Set([
  ...['prerouting', 'input', 'forward', 'output', 'postrouting', 'ingress', 'egress'],
]);

const types: ReadonlySet<string> = new Set(['filter', 'nat', 'route']);

/**
 * `type nat hook prerouting priority dstnat; policy accept;`, `type filter hook ingress devices = {
 * "eth0", "eth1" } priority 0;`. undefined for what netfilter does not know.
 */
export function readBase(
  text: string,
  family: TableFamily | undefined,
): BaseDeclaration | undefined {
  const [, type = '', hook = '', rest = ''] =
    /^type (\w+) hook (\w+) (.*)$/.exec(text.trim().replace(/\s+/g, ' ')) ?? [];
  const [devices, priority, policy] = [
    /^devices? ?(?:= ?)?(\{[^}]*\}|[^\s;=]+)/.exec(rest)?.[1],
    /\bpriority ([^;]+)/.exec(rest)?.[1],
    /\bpolicy\s+(\w+)/.exec(rest)?.[1],
  ];
  const number = priority === undefined ? undefined : priorityOf(priority, family);
  if (!types.has(type) || !hooks.has(hook) || number === undefined) return undefined;
  return {
    ...{ hook: hook as Hook, priority: number, type: type as ChainType },
    // Without a policy it is accept: nft(8), "Chains".
    policy: (policy ?? 'accept').toUpperCase(),
    ...(isOfDevices(hook) && { devices: deviceNames(devices ?? '') }),
  };
}

/** Such a chain is called for its devices alone, and without any for none. */
export function isOfDevices(hook: string): boolean {
  return hook === 'ingress' || hook === 'egress';
}

function deviceNames(text: string): string[] {
  return text
    .split(/[{},\s]+/)
    .map((name) => name.replaceAll('"', ''))
    .filter(Boolean);
}
