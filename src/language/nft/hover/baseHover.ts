import * as l10n from '@vscode/l10n';
import { list } from '../../../core/list';
import type { BaseDeclaration } from '../../../core/rules/baseChain';
import type { TableFamily } from '../../../core/rules/ruleset';
import type { Block as TextBlock } from '../../../syntax/nft/structure/blocks';
import {
  code,
  quiet,
  shortList,
  strong,
  type Block,
  type Span,
} from '../../../workspace/hover/content';
import { tableOf, type NftListing } from '../place';

interface Placed {
  readonly table: string;
  readonly name: string;
  readonly base: BaseDeclaration;
}

/** When netfilter calls a base chain: what of this listing runs before, beside and after it. */
export function baseBlocks(listing: NftListing, block: TextBlock, line: number): Block[] {
  const owner = listing.names.tableAt(line);
  const table = owner && tableOf(listing, owner);
  const base = table?.chains.get(block.name)?.base;
  if (!table || !base) return [[l10n.t('netfilter does not know this type, hook or priority.')]];
  const { hook, priority, type, policy, devices } = base;
  const own = `${table.family} ${table.name}`;
  const blocks: Block[] = [
    [
      strong(l10n.t('Base chain')),
      policy === 'DROP'
        ? l10n.t` of type ${type} at ${hook}, priority ${priority}; what no rule decides is dropped.`
        : l10n.t` of type ${type} at ${hook}, priority ${priority}; what no rule decides is accepted.`,
    ],
  ];
  if (devices && devices.length > 0)
    blocks.push([l10n.t`Only for the frames of ${list(devices, 'or')}.`]);
  const all = sameHook(listing, table.family, base).filter(
    (other) => other.name !== block.name || other.table !== own,
  );
  // The priority of a nat chain is relative to other nat chains only.
  const peers = all.filter((other) => (other.base.type === 'nat') === (type === 'nat'));
  const before = peers.filter((other) => other.base.priority < priority);
  const beside = peers.filter((other) => other.base.priority === priority);
  const after = peers.filter((other) => other.base.priority > priority);
  if (before.length > 0) blocks.push([l10n.t('Runs after:')], shortList(before, spans));
  if (beside.length > 0) {
    blocks.push(
      [
        l10n.t(
          'At the same priority, in an order that no listing tells (the one registered last runs first):',
        ),
      ],
      shortList(beside, spans),
    );
  }
  if (after.length > 0) blocks.push([l10n.t('Runs before:')], shortList(after, spans));
  blocks.push([quiet(l10n.t('iptables-legacy is not in this listing, and runs all the same.'))]);
  return blocks;
}

/** The chains of a hook that can see the same packet; at ingress and egress each device has hooks of its own. */
function sameHook(
  { ruleset }: NftListing,
  family: TableFamily,
  { hook, devices }: BaseDeclaration,
): Placed[] {
  const meets = (other: BaseDeclaration | undefined): other is BaseDeclaration =>
    other?.hook === hook &&
    (!devices || !other.devices || other.devices.some((device) => devices.includes(device)));
  return ruleset.tables
    .filter((table) => shareHooks(family, table.family))
    .flatMap((table) =>
      [...table.chains.values()].flatMap(({ name, base }): Placed[] =>
        meets(base) ? [{ table: `${table.family} ${table.name}`, name, base }] : [],
      ),
    )
    .sort((left, right) => left.base.priority - right.base.priority);
}

/**
 * nf_hook_entry_head (net/netfilter/core.c) keeps hooks by family: those of inet stand with IPv4's and with
 * IPv6's, at ingress with netdev's.
 */
function shareHooks(one: TableFamily, other: TableFamily): boolean {
  const shared: readonly TableFamily[] = ['ip', 'ip6', 'netdev'];
  return (
    one === other ||
    (one === 'inet' && shared.includes(other)) ||
    (other === 'inet' && shared.includes(one))
  );
}

function spans({ table, name, base }: Placed): readonly Span[] {
  return [code(name), l10n.t` of ${table}, ${base.type}, priority ${base.priority}`];
}
