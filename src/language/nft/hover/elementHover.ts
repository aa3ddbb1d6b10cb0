import { patternInWords, valueInWords } from '../../../core/describe/nft/expression';
import { list } from '../../../core/describe/words';
import { nftNameParts } from '../../../core/kubeproxy/nftables/known';
import { protocolName } from '../../../core/protocol';
import type { KeyPart, SetElement } from '../../../core/rules/set';
import type { Pattern } from '../../../core/rules/value';
import type { Verdict } from '../../../core/rules/verdict';
import { code, strong, type Block } from '../../../workspace/hover/content';

/**
 * An element of a set or map: what it is for, and the Service that it stands for.
 *
 * @param types of the set's key
 */
export function elementBlocks(
  element: SetElement,
  set: string,
  types: readonly KeyPart[] = [],
): Block[] {
  const key =
    element.key?.map((part, i) => partInWords(part, types[i])).join(' . ') ?? 'everything else (*)';
  const blocks: Block[] = [[strong('Element'), ' ', code(key), ' of ', code(set)]];
  const { data, comment, timeout, expires, counters, condition } = element;
  if (data?.kind === 'verdict') blocks.push(...verdictBlocks(data.verdict));
  else if (data?.kind === 'values') blocks.push([`Gives ${list(data.values.map(valueInWords))}.`]);
  else if (data) blocks.push(['What it gives is not understood here.']);
  if (comment !== undefined) blocks.push(['Comment: ', code(comment)]);
  if (timeout !== undefined) blocks.push([`Lives for ${timeout} seconds after it was added.`]);
  if (expires !== undefined) {
    blocks.push([`At the time of the dump it had ${Math.round(expires)} seconds left.`]);
  }
  if (counters) blocks.push([`${counters.packets} packets, ${counters.bytes} bytes.`]);
  if (condition !== undefined) blocks.push(['Asks besides: ', code(condition)]);
  return blocks;
}

function partInWords(part: Pattern, type: KeyPart | undefined): string {
  const protocol = type?.name === 'inet_proto' && part.kind === 'numbers';
  return protocol ? protocolName(part.from) : patternInWords(part);
}

function verdictBlocks(verdict: Verdict): Block[] {
  if (verdict.kind !== 'goto' && verdict.kind !== 'jump') {
    return [
      [verdict.kind === 'DROP' ? 'Dropped without an answer.' : `${verdict.kind.toLowerCase()}.`],
    ];
  }
  const parts = nftNameParts(verdict.chain);
  if (!parts) return [['Goes to ', code(verdict.chain), '.']];
  return [
    [
      'Goes to ',
      code(verdict.chain),
      ': Service port ',
      code(parts.service),
      ` (${parts.protocol}).`,
    ],
  ];
}
