import * as l10n from '@vscode/l10n';
import { list } from '../list';

/** The numbers of the set bits, ascending: 0x4000 -> [14]. */
export function bitNumbers(value: number): number[] {
  const numbers: number[] = [];
  for (let bit = 0; bit < 32; bit++) if ((value >>> bit) & 1) numbers.push(bit);
  return numbers;
}

/** `no bit`, `bit 14`, `bits 14 and 15`, `bits 0, 3 and 16 to 31`, `all bits`. */
export function bitNames(value: number): string {
  if (value >>> 0 === 0xffffffff) return l10n.t('all bits');
  const runs: string[] = [];
  const numbers = bitNumbers(value);
  for (let i = 0; i < numbers.length; i++) {
    const from = numbers[i]!;
    while (numbers[i + 1] === numbers[i]! + 1) i++;
    const to = numbers[i]!;
    if (to - from > 1) runs.push(l10n.t`${from} to ${to}`);
    else runs.push(...(to === from ? [`${from}`] : [`${from}`, `${to}`]));
  }
  if (numbers.length === 0) return l10n.t('no bit');
  if (numbers.length === 1) return l10n.t`bit ${numbers[0]!}`;
  const last = runs.pop()!;
  return l10n.t`bits ${runs.length > 0 ? l10n.t`${list(runs, 'row')} and ${last}` : last}`;
}

/** All 32 bits in groups of four, bit 31 first: `0000 0000 0000 0000 0100 0000 0000 0000`. */
export function binary(value: number): string {
  const digits = (value >>> 0).toString(2).padStart(32, '0');
  return digits.replace(/(.{4})(?=.)/g, '$1 ');
}
