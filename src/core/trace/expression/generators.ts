import { l10n } from '../../l10n';
import { own } from '../../own';
import type { Expression, HashExpression, NumgenExpression } from '../../rules/expression';
import type { Value } from '../../rules/value';
import { countUp } from '../counting';
import { scale } from '../nat/jenkins';
import { placeOf } from '../match/context';
import type { StatementContext } from '../match/context';
import { fails, number, unsure } from './computed';
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
  const hashed = of && compute(of, context);
  if (hashed?.kind === 'fails') return fails;
  if (modulus === 1) return number(offset);
  if (hashed?.kind === 'unsure' || hashed?.kind === 'choice') {
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

/** As the registers hold it: each part in its own order, filled up to four bytes. */
function keyBytes(values: readonly Value[], of: Expression): number[] | undefined {
  const parts = of.kind === 'concat' ? of.parts : [of];
  const bytes: number[] = [];
  for (const [i, value] of values.entries()) {
    const part = partBytes(value, parts[i]);
    if (!part) return undefined;
    bytes.push(...part);
    if (parts.length > 1) while (bytes.length % 4 !== 0) bytes.push(0);
  }
  return bytes;
}

function partBytes(value: Value, part: Expression | undefined): readonly number[] | undefined {
  switch (value.kind) {
    case 'address':
      return value.address.words.flatMap((word) => inNetworkOrder(word, 4));
    case 'number': {
      const size = part && sizeOf(part);
      if (size === undefined) return undefined;
      const bytes = inNetworkOrder(value.number, size);
      return isHostOrder(part!) ? bytes.reverse() : bytes;
    }
    case 'text':
      return part?.kind === 'meta' && /^[io]ifname$/.test(part.key)
        ? nameBytes(value.text)
        : undefined;
  }
}

/** A device's name fills IFNAMSIZ bytes. */
function nameBytes(name: string): readonly number[] {
  const bytes = [...new TextEncoder().encode(name)];
  return [...bytes, ...Array.from({ length: 16 - bytes.length }, () => 0)];
}

/** Bytes of what is one number; undefined where that is not modelled. */
function sizeOf(part: Expression): number | undefined {
  switch (part.kind) {
    case 'payload':
      return own(payloadSizes, part.field);
    case 'meta':
      return own(metaSizes, part.key);
    case 'ct':
      return own(conntrackSizes, part.key);
    default:
      return undefined;
  }
}

type Sizes = Readonly<Record<string, number>>;

const payloadSizes: Sizes = {
  ...{ sport: 2, dport: 2, protocol: 1, nexthdr: 1 },
  ...{ type: 1, code: 1, ttl: 1, hoplimit: 1 },
};
const metaSizes: Sizes = { l4proto: 1, nfproto: 1, protocol: 2, mark: 4 };
const conntrackSizes: Sizes = { mark: 4, state: 4, protocol: 1, 'proto-src': 2, 'proto-dst': 2 };

/** Marks and states are words of the kernel's own; the rest is as the packet has it. */
function isHostOrder(part: Expression): boolean {
  return (part.kind === 'meta' || part.kind === 'ct') && /^(mark|state)$/.test(part.key);
}

function inNetworkOrder(value: number, size: number): number[] {
  return [24, 16, 8, 0].slice(4 - size).map((shift) => (value >>> shift) & 255);
}
