import * as l10n from '@vscode/l10n';
import type { MarkMatch } from '../rules/match';
import { bitNames } from './bits';
import { hex } from '../hex';

/** One operation on a mark, mark = (mark & ~clear) ^ xor, and what it does to each bit. */
export interface MarkEffect {
  /** Bits that are 1 afterwards, whatever they were. */
  readonly sets: number;
  /** Bits that are 0 afterwards, whatever they were. */
  readonly clears: number;
  /** Bits that change to their opposite. */
  readonly flips: number;
  readonly keeps: number;
}

/** xt_mark.c, mark_tg: every form of MARK is one operation; so is TPROXY's and CONNMARK's set. */
export function markEffect({ clear, xor }: { clear: number; xor: number }): MarkEffect {
  return {
    sets: (clear & xor) >>> 0,
    clears: (clear & ~xor) >>> 0,
    flips: (~clear & xor) >>> 0,
    keeps: (~clear & ~xor) >>> 0,
  };
}

/** The operation as a formula: `mark = (mark & ~0x4000) ^ 0x4000`. */
export function markFormula({ clear, xor }: { clear: number; xor: number }, name = 'mark'): string {
  if (clear >>> 0 === 0xffffffff) return `${name} = ${hex(xor)}`;
  const kept = clear === 0 ? name : `(${name} & ~${hex(clear)})`;
  return `${name} = ${xor === 0 ? kept : `${kept} ^ ${hex(xor)}`}`;
}

/** The operation in words: `sets bit 14, keeps all others`. */
export function markEffectInWords(operation: { clear: number; xor: number }): string {
  const { sets, clears, flips, keeps } = markEffect(operation);
  const parts = [
    sets !== 0 && l10n.t`sets ${bitNames(sets)}`,
    clears !== 0 && l10n.t`clears ${bitNames(clears)}`,
    flips !== 0 && l10n.t`flips ${bitNames(flips)}`,
  ].filter((part) => part !== false);
  if (parts.length === 0) return l10n.t('changes no bit');
  return keeps === 0
    ? parts.join(l10n.t(', '))
    : l10n.t`${parts.join(l10n.t(', '))}, keeps all others`;
}

/** The steps that the kernel takes: `First clears bit 14 (mask 0x4000), then xors 0x4000: ...`. */
export function markStepsInWords(operation: { clear: number; xor: number }): string {
  const { clear, xor } = operation;
  const first =
    clear === 0 ? l10n.t('Clears nothing') : l10n.t`Clears ${bitNames(clear)} (${hex(clear)})`;
  const second = xor === 0 ? l10n.t('xors nothing') : l10n.t`xors ${hex(xor)}`;
  return l10n.t`${first}, then ${second}: ${markEffectInWords(operation)}.`;
}

/** What `--mark VALUE/MASK` asks: `bit 14 is 1`, `bit 14 is not 1`, `(mark & 0xff) is 0x80`. */
export function markTestInWords({
  value,
  mask,
  negated,
}: Omit<MarkMatch, 'kind' | 'range'>): string {
  const [v, m] = [value >>> 0, mask >>> 0];
  // (mark & mask) == value can't hold where the value has bits outside of the mask.
  if ((v & ~m) !== 0) {
    return negated
      ? l10n.t`always true: ${hex(v)} has bits outside the mask ${hex(m)}`
      : l10n.t`never true: ${hex(v)} has bits outside the mask ${hex(m)}`;
  }
  if (m === 0)
    return negated ? l10n.t('never true: the mask is 0') : l10n.t('always true: the mask is 0');
  if (m === 0xffffffff) {
    return negated ? l10n.t`the whole mark is not ${hex(v)}` : l10n.t`the whole mark is ${hex(v)}`;
  }
  if (v === 0) return `${bitNames(m)} ${negated ? notAll(m, '0') : isOrAre(m, '0')}`;
  if (v === m) return `${bitNames(m)} ${negated ? notAll(m, '1') : isOrAre(m, '1')}`;
  return negated
    ? l10n.t`(mark & ${hex(m)}) is not ${hex(v)}`
    : l10n.t`(mark & ${hex(m)}) is ${hex(v)}`;
}

function isSingle(mask: number): boolean {
  return (mask & (mask - 1)) === 0;
}

function isOrAre(mask: number, digit: string): string {
  return isSingle(mask) ? l10n.t`is ${digit}` : l10n.t`are all ${digit}`;
}

function notAll(mask: number, digit: string): string {
  return isSingle(mask) ? l10n.t`is not ${digit}` : l10n.t`are not all ${digit}`;
}
