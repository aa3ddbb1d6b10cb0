import * as l10n from '@vscode/l10n';
import { flagInWords } from '../../../core/describe/nft/property';
import type { TableFamily } from '../../../core/rules/ruleset';
import { code, strong, type Block, type HoverContent } from '../../../workspace/hover/content';
import { tableOf, type NftListing } from '../place';

/** nft(8), "Address families". */
const families: Readonly<Record<TableFamily, string>> = {
  ip: l10n.t('Its chains see IPv4 packets.'),
  ip6: l10n.t('Its chains see IPv6 packets.'),
  inet: l10n.t('Its chains see IPv4 and IPv6 packets.'),
  arp: l10n.t('Its chains see ARP packets.'),
  bridge: l10n.t('Its chains see the frames that pass a bridge.'),
  netdev: l10n.t('Its chains see all frames of a device, before and after anything else.'),
};

/** The line `table ip NAME {`: what its chains see, and how many there are. */
export function tableAt(listing: NftListing, line: number): HoverContent | undefined {
  const block = listing.names.tableAt(line);
  if (block?.line !== line) return undefined;
  const { family, name, blocks: parts } = block;
  const chains = parts.filter(({ kind }) => kind === 'chain');
  const called = chains.filter(({ baseLine }) => baseLine !== undefined);
  const sets = parts.filter(({ kind }) => kind === 'set' || kind === 'map');
  const blocks: Block[] = [
    [strong(l10n.t('Table')), ' ', code(`${family ?? ''} ${name}`.trim())],
    ...(family ? [[families[family]]] : []),
    ...(tableOf(listing, block)?.dormant
      ? [[l10n.t`${'dormant'}: ${flagInWords('dormant')!}`]]
      : []),
    [
      l10n.t`Chains: ${chains.length}, of which netfilter calls ${called.length}; sets and maps: ${sets.length}.`,
    ],
  ];
  const text = listing.lines.line(line);
  return { start: text.length - text.trimStart().length, end: text.length, blocks };
}
