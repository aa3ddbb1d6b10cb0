import type { Family } from '../../address';
import { once } from '../../once';
import type { NodeState } from '../../node';
import { l10n } from '../../l10n';
import { portsOf } from '../bridge/bridgePort';
import { perNode } from '../perNode';
import type { Device } from '../device';
import { builtinChainsAt } from '../../rules/builtinChain';
import type { Gap, NftRuleset, Table } from '../../rules/ruleset';
import type { Given, Hook } from '../trace';
import { list } from '../../list';

/** A table, or a chain of one that is shown. */
type Unseen = Exclude<Given, { readonly kind: 'gap' }>;

/** The built-in chains at a hook that no dump of the family shows, nor proves not to be loaded. */
export const unseenAt = perNode((node, family: Family, hook: Hook): readonly Unseen[] => {
  const own = node.rulesets.filter((ruleset) => ruleset.family === family);
  // nft lists iptables-nft's chains among all others; what it can't show of them, its rules say.
  if (node.nftables?.complete === true) return [];
  if (own.some(({ whole }) => whole === true)) return [];
  return builtinChainsAt(hook).flatMap(({ table, chain }): Unseen[] => {
    const shown = own.flatMap(({ tables }) => tables.get(table) ?? []);
    if (shown.length === 0) return [{ kind: 'table', table }];
    const there = shown.some((one) => one.complete || one.chains.get(chain)?.base !== undefined);
    return there ? [] : [{ kind: 'chain', table, chain }];
  });
});

/** What programs told that they did not print, of a family's rules as a whole, and what was cut off. */
export const hiddenRules = perNode((node, family: Family): readonly Given[] => {
  const told = node.rulesets
    .filter((ruleset) => ruleset.family === family)
    .flatMap(({ gaps = [] }) => gaps.map((gap): Given => ({ kind: 'gap', gap })));
  return [...told, ...cutTables(node, family)];
});

/**
 * Chains that see the packet at a device and that no trace follows: egress of nft, and tables of the
 * family bridge where the device is a bridge. Those of the family arp see no IP packet.
 *
 * @param way by which it comes in or goes out; a bridge's chains stand on both
 */
export function unfollowedAt(node: NodeState, device: Device, way: 'in' | 'out'): readonly Given[] {
  const chains = node.nftables ? unfollowedChains(node.nftables) : [];
  if (chains.length === 0) return [];
  const isBridge = (portsOf(node, device) ?? []).length > 0;
  return chains.flatMap(({ table, devices, name, declared }): Given[] => {
    const { family } = table;
    const own = device === undefined || devices === undefined || devices.includes(device);
    if (family === 'bridge' ? !isBridge : way === 'in' || !own) return [];
    const where =
      family === 'bridge' ? l10n.t`of bridge ${device}` : l10n.t`at the egress of ${device}`;
    const text = l10n.t`chain ${name} of ${family} ${table.name} ${where}, which is not followed, lets it pass`;
    return [{ kind: 'gap', gap: { text, range: declared } }];
  });
}

interface UnfollowedChain {
  readonly table: Table;
  readonly name: string;
  readonly devices: readonly string[] | undefined;
  readonly declared: Gap['range'];
}

/** Looked for once: a table of nftables mode may have ten thousand chains. */
const unfollowedChains = once(({ tables }: NftRuleset) => tables.flatMap(unfollowedOf));

function unfollowedOf(table: Table): readonly UnfollowedChain[] {
  if (table.dormant || table.family === 'arp') return [];
  return [...table.chains.values()].flatMap(({ base, length, name, declared }) => {
    if (!base || !declared || (length === 0 && base.policy !== 'DROP')) return [];
    if (table.family !== 'bridge' && base.hook !== 'egress') return [];
    return [{ table, name, devices: base.devices, declared }];
  });
}

/** Of nft's tables that packets of a family meet: what the listing lacks of them. */
function cutTables({ nftables }: NodeState, family: Family): readonly Given[] {
  const other = family === 4 ? 'ip6' : 'ip';
  return (nftables?.tables ?? [])
    .filter((table) => !table.dormant && table.family !== other && table.family !== 'arp')
    .flatMap(gapsOf);
}

/** What of a table could not be read. */
export function gapsOf({ gaps = [] }: Table): readonly Given[] {
  return gaps.map((gap) => ({ kind: 'gap', gap }));
}

/** Adds what is not there yet. */
export function withGiven(known: readonly Given[], more: readonly Given[]): readonly Given[] {
  if (more.length === 0) return known;
  const keys = keysOf(known);
  const fresh = more.filter((given) => !keys.has(keyOf(given)));
  return fresh.length === 0 ? known : [...known, ...fresh];
}

/** Kept: a listing that was cut in thousands of tables is asked for them at each chain. */
const keysOf = once((known: readonly Given[]): ReadonlySet<string> => new Set(known.map(keyOf)));

function keyOf(given: Given): string {
  switch (given.kind) {
    case 'table':
      return given.table;
    case 'chain':
      return `${given.table} ${given.chain}`;
    case 'gap':
      return given.gap.text;
  }
}

/** Unseen rules could only drop a packet, too, but for translating it. */
export function matters(given: Given, kind: string): boolean {
  return kind === 'ACCEPT' || given.kind === 'gap' || given.table === 'nat';
}

/**
 * `the nat table, which is missing, does not translate it and the tables filter and mangle, which are
 * missing, let it pass`; undefined where nothing is taken for granted.
 */
export function givenText(given: readonly Given[]): string | undefined {
  const names = given.flatMap((one) => {
    if (one.kind === 'gap') return [];
    return [{ nat: one.table === 'nat', table: one.kind === 'table', name: nameOf(one) }];
  });
  const parts = [false, true].flatMap((nat) =>
    [true, false].flatMap((table) => {
      const own = names.filter((one) => one.nat === nat && one.table === table);
      return unseen(
        own.map(({ name }) => name),
        table ? 'table' : 'chain',
        nat,
      );
    }),
  );
  for (const one of given) if (one.kind === 'gap') parts.push(one.gap.text);
  return parts.length === 0 ? undefined : parts.join(l10n.t`, and `);
}

function nameOf(one: Unseen): string {
  return one.kind === 'table' ? one.table : l10n.t`${one.chain} of ${one.table}`;
}

/** The tables in the order in which one asks for them. */
const order = ['filter', 'nat', 'mangle', 'raw', 'security'];

function unseen(found: readonly string[], noun: 'table' | 'chain', nat: boolean): string[] {
  const names = [...found].sort((left, right) => order.indexOf(left) - order.indexOf(right));
  const last = names.pop();
  if (last === undefined) return [];
  if (names.length === 0) {
    const name = noun === 'table' ? l10n.t`the ${last} table` : l10n.t`chain ${last}`;
    return [
      nat
        ? l10n.t`${name}, which is missing, does not translate it`
        : l10n.t`${name}, which is missing, lets it pass`,
    ];
  }
  const all = l10n.t`${list(names, 'row')} and ${last}`;
  const name = noun === 'table' ? l10n.t`the tables ${all}` : l10n.t`the chains ${all}`;
  return [
    nat
      ? l10n.t`${name}, which are missing, do not translate it`
      : l10n.t`${name}, which are missing, let it pass`,
  ];
}
