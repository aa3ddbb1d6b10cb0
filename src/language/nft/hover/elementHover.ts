import * as l10n from '@vscode/l10n';
import { countersText } from '../../../core/flow/counters/countText';
import { patternInWords, valueInWords } from '../../../core/describe/nft/expression';
import { list } from '../../../core/list';
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
    element.key?.map((part, i) => partInWords(part, types[i])).join(' . ') ??
    l10n.t('everything else (*)');
  const blocks: Block[] = [[strong(l10n.t('Element')), ' ', code(key), l10n.t(' of '), code(set)]];
  const { data, comment, timeout, expires, counters, condition } = element;
  if (data?.kind === 'verdict') blocks.push(...verdictBlocks(data.verdict));
  else if (data?.kind === 'values')
    blocks.push([l10n.t`Gives ${list(data.values.map(valueInWords))}.`]);
  else if (data) blocks.push([l10n.t('What it gives is not understood here.')]);
  if (comment !== undefined) blocks.push([l10n.t('Comment: '), code(comment)]);
  if (timeout !== undefined)
    blocks.push([l10n.t`Lives for ${timeout} seconds after it was added.`]);
  if (expires !== undefined) {
    blocks.push([l10n.t`At the time of the dump it had ${Math.round(expires)} seconds left.`]);
  }
  if (counters) blocks.push([l10n.t`Counted ${countersText(counters)}.`]);
  if (condition !== undefined) blocks.push([l10n.t('Asks besides: '), code(condition)]);
  return blocks;
}

function partInWords(part: Pattern, type: KeyPart | undefined): string {
  const protocol = type?.name === 'inet_proto' && part.kind === 'numbers';
  return protocol ? protocolName(part.from) : patternInWords(part);
}

function verdictBlocks(verdict: Verdict): Block[] {
  if (verdict.kind !== 'goto' && verdict.kind !== 'jump') {
    return [
      [
        verdict.kind === 'DROP'
          ? l10n.t('Dropped without an answer.')
          : `${verdict.kind.toLowerCase()}.`,
      ],
    ];
  }
  const parts = nftNameParts(verdict.chain);
  if (!parts) return [[l10n.t('Goes to '), code(verdict.chain), '.']];
  return [
    [
      l10n.t('Goes to '),
      code(verdict.chain),
      l10n.t(': Service port '),
      code(parts.service),
      ` (${parts.protocol}).`,
    ],
  ];
}
