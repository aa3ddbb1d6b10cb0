import * as l10n from '@vscode/l10n';
import { nftNameParts } from '../../core/kubeproxy/nftables/known';
import type { Block } from '../../syntax/nft/structure/blocks';
import { readChainLines } from '../../syntax/nft/structure/chainLines';
import type { NftListing } from './place';

/** What stands behind a block's name: how many rules a chain has, of a base chain its hook. */
export function detailOf(
  { index, lines }: Pick<NftListing, 'index' | 'lines'>,
  block: Block,
): string {
  if (block.kind !== 'chain') return block.object ?? block.kind;
  if (block.baseLine !== undefined) return lines.line(block.baseLine).trim();
  const count = readChainLines(block, index, lines).rules.length;
  return count === 1 ? l10n.t('1 rule') : l10n.t`${count} rules`;
}

/**
 * How lists name a chain, set or map: by its Service first, `default/whoami:http  service-LX3JQ64U`,
 * of an endpoint `default/whoami:http -> 10.244.0.3:3000  endpoint-4SIB47QV`.
 */
export function nftLabel(name: string): string {
  const parts = nftNameParts(name);
  if (!parts) return name;
  const { kind, hash, service, endpoint } = parts;
  const title = endpoint === undefined ? service : `${service} -> ${endpoint}`;
  return `${title}  ${kind}-${hash}`;
}

/** Where a block's name stands on its first line, `ct helper ftp {` or `chain input {`. */
export function nameColumns(text: string, name: string): { start: number; end: number } {
  const start = text.indexOf(name, /^\s*(?:ct )?\w+\s/.exec(text)?.[0].length ?? 0);
  return { start, end: start + name.length };
}
