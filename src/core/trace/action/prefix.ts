import { l10n } from '../../l10n';
import type { Address } from '../../address';
import { formatAddress, inNetwork, prefixMask } from '../../address';
import type { PrefixTarget } from '../../rules/target';
import type { StatementContext } from '../match/context';
import type { Effect } from './effect';

/**
 * ip6t_NPT.c (RFC 6296): the prefix is replaced, and 16 bits behind it so that checksums stay right.
 * The connection is not touched; the packet goes on with the next rule.
 */
export function prefixTarget(target: PrefixTarget, { state }: StatementContext): Effect {
  const side = target.kind === 'SNPT' ? 'source' : 'destination';
  const mapped = mapPrefix(state.header[side], target);
  if (!mapped) {
    const reason = l10n.t`${target.kind}: the address leaves no room for the checksum`;
    return { kind: 'end', ending: { kind: 'DROP', reason }, text: reason };
  }
  state.header = { ...state.header, [side]: mapped };
  return { kind: 'continue', text: l10n.t`${target.kind} to ${formatAddress(mapped)}` };
}

function mapPrefix(own: Address, { from, to }: PrefixTarget): Address | undefined {
  const length = Math.max(from.length, to.length);
  const { words } = inNetwork(own, { address: to.address, mask: prefixMask(6, length) });
  const parts = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  const at = length <= 48 ? 3 : parts.findIndex((part, i) => i >= 4 && part !== 0xffff);
  if (at < 0) return undefined;
  const adjustment = fold(sum(from.address) + (0xffff - fold(sum(to.address))));
  const value = fold(parts[at]! + adjustment);
  parts[at] = value === 0xffff ? 0 : value;
  return {
    family: 6,
    words: [0, 2, 4, 6].map((i) => ((parts[i]! << 16) | parts[i + 1]!) >>> 0),
  };
}

function sum({ words }: Address): number {
  return words.reduce((total, word) => total + (word >>> 16) + (word & 0xffff), 0);
}

/** The sum in ones' complement of 16 bits (csum_fold). */
function fold(total: number): number {
  let rest = total;
  while (rest > 0xffff) rest = (rest & 0xffff) + (rest >>> 16);
  return rest;
}
