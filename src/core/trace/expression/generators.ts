import { l10n } from '../../l10n';
import type { Expression, HashExpression, NumgenExpression } from '../../rules/expression';
import type { Value } from '../../rules/value';
import { countUp } from '../counting';
import { scale } from '../jenkins';
import { placeOf } from '../match/context';
import type { StatementContext } from '../match/context';
import { number, unsure } from './computed';
import type { Computed } from './computed';
import { jhash } from './jhash';

/** nft_numgen.c: one counter for each rule, which begins at 0; chance for each packet. */
export function numgen(
  { mode, modulus, offset }: NumgenExpression,
  context: StatementContext,
): Computed {
  const what = `numgen ${mode} mod ${modulus}${offset === 0 ? '' : ` offset ${offset}`}`;
  if (modulus === 1) return number(offset);
  if (mode === 'inc') {
    const turn = countUp(context.state, placeOf(context), 1);
    if (turn !== undefined) return number((turn % modulus) + offset);
  }
  return {
    kind: 'chance',
    what,
    among: [{ from: offset, to: offset + modulus - 1 }],
    even: mode === 'random',
    of: number,
  };
}

/** nft_hash.c: with a seed it can be computed; without, the kernel chose one that no dump tells. */
export function hashValue(
  { kind, of, modulus, seed, offset }: HashExpression,
  context: StatementContext,
  compute: (expression: Expression, context: StatementContext) => Computed,
): Computed {
  const what = `${kind} mod ${modulus}`;
  if (modulus === 1) return number(offset);
  const hashed = of && compute(of, context);
  if (hashed?.kind === 'fails' || hashed?.kind === 'unsure' || hashed?.kind === 'choice') {
    return hashed;
  }
  if (kind === 'jhash' && seed !== undefined && hashed?.kind === 'values') {
    const bytes = keyBytes(hashed.values, of!);
    if (bytes) return number(scale(jhash(bytes, seed), modulus) + offset);
    return unsure(what, l10n.t`${what} of such a key is not modelled`);
  }
  const among = [{ from: offset, to: offset + modulus - 1 }];
  return { kind: 'chance', what, among, even: true, of: number };
}

/** As the registers hold it: each part in network order, filled up to four bytes. */
function keyBytes(values: readonly Value[], of: Expression): number[] | undefined {
  const parts = of.kind === 'concat' ? of.parts : [of];
  const bytes: number[] = [];
  for (const [i, value] of values.entries()) {
    if (value.kind === 'address') {
      for (const word of value.address.words) bytes.push(...inNetworkOrder(word, 4));
    } else if (value.kind === 'number') {
      const size = sizeOf(parts[i]);
      if (size === undefined) return undefined;
      const host = parts[i]!.kind === 'meta' && size === 4;
      const own = inNetworkOrder(value.number, size);
      bytes.push(...(host ? own.reverse() : own));
      if (parts.length > 1) while (bytes.length % 4 !== 0) bytes.push(0);
    } else return undefined;
  }
  return bytes;
}

function sizeOf(part: Expression | undefined): number | undefined {
  if (part?.kind === 'payload') {
    if (['sport', 'dport'].includes(part.field)) return 2;
    return ['protocol', 'nexthdr', 'type', 'code'].includes(part.field) ? 1 : undefined;
  }
  if (part?.kind === 'meta')
    return part.key === 'l4proto' ? 1 : part.key === 'mark' ? 4 : undefined;
  return undefined;
}

function inNetworkOrder(value: number, size: number): number[] {
  return [24, 16, 8, 0].slice(4 - size).map((shift) => (value >>> shift) & 255);
}
