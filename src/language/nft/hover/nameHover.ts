import * as l10n from '@vscode/l10n';
import { nftNameParts, nftPurpose } from '../../../core/kubeproxy/nftables/known';
import type { Block as TextBlock } from '../../../syntax/nft/structure/blocks';
import type { Named } from '../../../syntax/nft/structure/names';
import { readChainLines } from '../../../syntax/nft/structure/chainLines';
import {
  code,
  lineLink,
  quiet,
  shortList,
  strong,
  type Block,
} from '../../../workspace/hover/content';
import { tableOf, type NftListing } from '../place';
import { baseBlocks } from './baseHover';

/** A chain, set, map or object: what it is for, whether its name holds, what is in it, and who uses it. */
export function nameBlocks(listing: NftListing, named: Named): Block[] {
  const { kind, name, table, block } = named;
  const owner = `${table.family ?? ''} ${table.name}`.trim();
  const blocks: Block[] = [[strong(title(named)), ' ', code(name), l10n.t` in table ${owner}`]];
  const ours = table.name === 'kube-proxy';
  const purpose = ours && (kind === 'chain' || kind === 'set') ? nftPurpose(kind, name) : undefined;
  if (purpose !== undefined) blocks.push([purpose]);
  if (ours) blocks.push(...identityBlocks(name));
  if (!block) {
    const none =
      kind === 'chain'
        ? l10n.t`Table ${owner} of this listing has no such chain.`
        : kind === 'set'
          ? l10n.t`Table ${owner} of this listing has no such set.`
          : l10n.t`Table ${owner} of this listing has no such ${kind}.`;
    return [...blocks, [none]];
  }
  if (block.kind === 'object') blocks.push(...contents(listing, block));
  else blocks.push(...(kind === 'chain' ? chainSize(listing, named) : setSize(listing, named)));
  if (block.baseLine !== undefined) blocks.push(...baseBlocks(listing, block, block.line));
  return [...blocks, ...useBlocks(listing, named)];
}

function title({ kind, block }: Named): string {
  if (kind === 'chain') return l10n.t('Chain');
  if (kind === 'set') return block?.kind === 'map' ? l10n.t('Map') : l10n.t('Set');
  return kind;
}

/** The lines of an object between its braces: `packets 12 bytes 720`. */
function contents({ lines }: NftListing, { line, end }: TextBlock): Block[] {
  const blocks: Block[] = [];
  for (let at = line + 1; at < end; at++) {
    const text = lines.line(at).trim();
    if (text !== '' && text !== '}') blocks.push([code(text)]);
  }
  return blocks;
}

/** The Service port that the name spells out, and whether its hash is that of the name. */
function identityBlocks(name: string): Block[] {
  const parts = nftNameParts(name);
  if (!parts) return [];
  const { service, protocol, endpoint, holds, hash } = parts;
  const proof = holds
    ? quiet(l10n.t`(${hash} is the hash of this name)`)
    : strong(l10n.t`${hash} is not the hash of this name: kube-proxy did not write it so.`);
  return [
    [l10n.t('Service port '), code(service), ` (${protocol}) `, proof],
    ...(endpoint === undefined ? [] : [[l10n.t`Endpoint `, code(endpoint)]]),
  ];
}

function chainSize({ index, lines }: NftListing, { block, name, table }: Named): Block[] {
  const count = readChainLines(block!, index, lines).rules.length;
  if (count > 0) return [[count === 1 ? l10n.t('1 rule') : l10n.t`${count} rules`]];
  // A removed Service's chains are flushed, and deleted at a later sync.
  const stale = table.name === 'kube-proxy' && nftNameParts(name) !== undefined;
  return [
    [
      stale
        ? l10n.t('No rules: its Service is gone, kube-proxy deletes the chain at a later sync.')
        : l10n.t('No rules'),
    ],
  ];
}

function setSize(listing: NftListing, { name, table }: Named): Block[] {
  const set = tableOf(listing, table)?.sets?.get(name);
  if (!set) return [];
  const type = set.key.map((part) => part.name).join(' . ');
  const data = set.data ? ` : ${set.data.map((part) => part.name).join(' . ')}` : '';
  const count = set.elements.length;
  const elements = set.complete
    ? count === 1
      ? l10n.t('1 element')
      : l10n.t`${count} elements`
    : l10n.t('the listing does not tell all of its elements');
  const flags = set.flags.length > 0 ? `, ${set.flags.join(', ')}` : '';
  const timeout = set.timeout === undefined ? '' : l10n.t`, each for ${set.timeout} seconds`;
  return [[code(`${type}${data}`), `, ${elements}${flags}${timeout}`]];
}

function useBlocks({ names, source, lines }: NftListing, named: Named): Block[] {
  const uses = names.uses(named);
  if (uses.length === 0) {
    return named.block?.baseLine === undefined
      ? [[l10n.t('Nothing in this listing uses it.')]]
      : [];
  }
  const { length } = uses;
  const head =
    named.kind === 'chain'
      ? length === 1
        ? l10n.t('1 place goes here:')
        : l10n.t`${length} places go here:`
      : length === 1
        ? l10n.t('1 place looks here:')
        : l10n.t`${length} places look here:`;
  return [
    [head],
    shortList(uses, ({ line }) => {
      const range = { source, line, start: 0, end: lines.line(line).length };
      return [lineLink(range, l10n.t`${names.blockAt(line)?.name ?? ''} (line ${line + 1})`)];
    }),
  ];
}
