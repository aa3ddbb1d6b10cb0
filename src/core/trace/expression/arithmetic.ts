import { l10n } from '../../l10n';
import type { Address } from '../../address';
import type { ArithmeticExpression, Expression } from '../../rules/expression';
import type { StatementContext } from '../match/context';
import { notOfTrace } from '../undecided';
import { fails, number, unsure } from './computed';
import type { Chance, Computed } from './computed';

/** nft_bitwise.c: 32 bits, unsigned. */
export function arithmetic(
  { operator, left, right }: ArithmeticExpression,
  context: StatementContext,
  compute: (expression: Expression, context: StatementContext) => Computed,
): Computed {
  if (operator === '&' && left.kind === 'payload' && left.field === 'frag-off') {
    return fragmentBits(right, context);
  }
  const first = compute(left, context);
  if (first.kind === 'fails' || first.kind === 'unsure' || first.kind === 'choice') return first;
  const second = compute(right, context);
  if (second.kind === 'fails' || second.kind === 'unsure' || second.kind === 'choice')
    return second;
  if (second.kind === 'chance')
    return unsure(second.what, l10n.t`chance on the right is not modelled`);
  const operand = second.values[0];
  const address = first.kind === 'values' ? first.values[0] : undefined;
  if (address?.kind === 'address' && operand?.kind === 'address') {
    return ofAddresses(operator, address.address, operand.address);
  }
  if (operand?.kind !== 'number') return unsure(operator, l10n.t`not a number`);
  if (first.kind === 'chance') return ofChance(first, operator, operand.number);
  const value = first.values[0];
  if (value?.kind !== 'number') return unsure(operator, l10n.t`not a number`);
  return number(operate(operator, value.number, operand.number));
}

/** `ip saddr & 255.255.0.0`, word by word. */
function ofAddresses(
  operator: ArithmeticExpression['operator'],
  left: Address,
  right: Address,
): Computed {
  if (left.family !== right.family || operator === '<<' || operator === '>>') {
    return unsure(operator, l10n.t`not a number`);
  }
  const words = left.words.map((word, i) => operate(operator, word, right.words[i]!));
  return { kind: 'values', values: [{ kind: 'address', address: { ...left, words } }] };
}

/** `ip frag-off & 0x1fff`: what is no fragment has neither offset nor more of them to come. */
function fragmentBits(right: Expression, { state }: StatementContext): Computed {
  const { header, packet } = state;
  if (header.destination.family !== 4) return fails;
  const mask =
    right.kind === 'constant' && right.value.kind === 'number' ? right.value.number : 0xffff;
  const dontFragment = 0x4000;
  if (packet.fragment !== true && (mask & dontFragment) === 0) return number(0);
  const what = 'ip frag-off';
  return unsure(what, notOfTrace(what));
}

function operate(operator: ArithmeticExpression['operator'], left: number, right: number): number {
  switch (operator) {
    case '&':
      return (left & right) >>> 0;
    case '|':
      return (left | right) >>> 0;
    case '^':
      return (left ^ right) >>> 0;
    case '<<':
      return right > 31 ? 0 : (left << right) >>> 0;
    case '>>':
      return right > 31 ? 0 : left >>> right;
  }
}

/** The low bits of an even number are even: `meta random & 0x7fffffff`. */
function ofChance(
  chance: Chance,
  operator: ArithmeticExpression['operator'],
  operand: number,
): Chance {
  const [all] = chance.among;
  const whole = all?.from === 0 && all.to === 0xffffffff;
  if (operator === '&' && whole && (operand & (operand + 1)) === 0) {
    const what = `${chance.what} & ${operand}`;
    return { ...chance, what, among: [{ from: 0, to: operand >>> 0 }], of: number };
  }
  return {
    ...chance,
    of: (chosen) => {
      const before = chance.of(chosen);
      const value = before.kind === 'values' ? before.values[0] : undefined;
      return value?.kind === 'number' ? number(operate(operator, value.number, operand)) : fails;
    },
  };
}
