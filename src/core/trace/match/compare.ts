import { ofPacket } from '../facts';
import { l10n } from '../../l10n';
import type { CompareMatch } from '../../rules/statement';
import type { Pattern, Value } from '../../rules/value';
import type { Interval } from '../../rules/optionValue';
import type { Answer } from '../answer';
import { compute } from '../expression/compute';
import { count, tooManyToTry } from '../expression/computed';
import type { Chance, Unsure } from '../expression/computed';
import { outside, within } from '../nat/ports';
import { order } from '../sets/pattern';
import type { StatementContext } from './context';

/** nft_cmp.c, nft_range.c, nft_bitwise.c. */
export function compareMatch(match: CompareMatch, context: StatementContext): Answer {
  const left = compute(match.left, context);
  switch (left.kind) {
    case 'fails':
      return false;
    case 'unsure':
      return openQuestion(left, `${match.operator} ${patternText(match.right)}`);
    case 'choice':
      return openQuestion({ kind: 'unsure', what: l10n.t`the element of the map` }, l10n.t`fits`);
    case 'chance':
      return ofChance(match, left, context);
    case 'values': {
      const [value] = left.values;
      const fits = value ? compare(match, value) : false;
      if (fits !== undefined) return fits;
      const unknown = l10n.t`“${patternText(match.right)}” is not understood`;
      return openQuestion({ kind: 'unsure', what: l10n.t`it`, unknown }, patternText(match.right));
    }
  }
}

/** What is asked of something that is not known; the same question has the same key. */
export function openQuestion({ what, unknown, lasting }: Unsure, asked: string): Answer {
  const key = `${what} ${asked}`;
  return {
    condition: `${what} ${asked}`,
    otherwise: l10n.t`not: ${what} ${asked}`,
    ...(unknown === undefined ? {} : { unknown }),
    key: lasting ? key : ofPacket(key),
  };
}

function compare({ operator, right }: CompareMatch, value: Value): boolean | undefined {
  if (right.kind === 'unknown') return undefined;
  if (operator === 'any' || operator === 'none') {
    if (value.kind !== 'number' || right.kind !== 'numbers') return undefined;
    return ((value.number & right.from) !== 0) === (operator === 'any');
  }
  const place = order(value, right);
  switch (operator) {
    case '==':
      return place === 0;
    case '!=':
      return place !== 0;
    case '<':
      return place < 0;
    case '<=':
      return place <= 0;
    case '>':
      return place > 0;
    case '>=':
      return place >= 0;
  }
}

/** A number left to chance: how many of its values fit. */
function ofChance(match: CompareMatch, left: Chance, context: StatementContext): Answer {
  const fitting = fittingValues(match, left, context);
  const asked = `${match.operator} ${patternText(match.right)}`;
  if (!fitting) {
    const unknown = l10n.t`${left.what} has too many values to try`;
    return openQuestion({ kind: 'unsure', what: left.what, unknown }, asked);
  }
  return chanceAnswer(left, fitting, asked);
}

/** Open with its probability; the branches know which of the values are left. */
export function chanceAnswer(left: Chance, fitting: readonly Interval[], asked: string): Answer {
  const all = count(left.among);
  const share = count(fitting) / all;
  if (share === 0 || share === 1) return share === 1;
  const { settle } = left;
  const others = outside(left.among, fitting);
  return {
    condition: `${left.what} ${asked}`,
    otherwise: l10n.t`not: ${left.what} ${asked}`,
    ...(left.even ? { probability: share } : {}),
    ...(settle && { apply: (state, holds) => settle(state, holds ? fitting : others) }),
  };
}

function fittingValues(
  match: CompareMatch,
  left: Chance,
  context: StatementContext,
): readonly Interval[] | undefined {
  if (tooManyToTry(left) === undefined) {
    return triedOneByOne(left, context, (value) => compare(match, value));
  }
  const { operator, right } = match;
  if (right.kind !== 'numbers' || operator === 'any' || operator === 'none') return undefined;
  const probe = left.of(left.among[0]!.from);
  const first = probe.kind === 'values' ? probe.values[0] : undefined;
  if (first?.kind !== 'number' || first.number !== left.among[0]!.from) return undefined;
  const { from, to } = right;
  const end = 0xffffffff;
  switch (operator) {
    case '==':
      return within(left.among, right);
    case '!=':
      return outside(left.among, [right]);
    case '<':
      return within(left.among, { from: 0, to: from - 1 });
    case '<=':
      return within(left.among, { from: 0, to });
    case '>':
      return within(left.among, { from: to + 1, to: end });
    case '>=':
      return within(left.among, { from, to: end });
  }
}

/** The values of which the question holds, as intervals; undefined where one can't be answered. Ask `tooManyToTry` first. */
export function triedOneByOne(
  { among, of }: Chance,
  { tried }: StatementContext,
  holds: (value: Value, all: readonly Value[]) => boolean | undefined,
): readonly Interval[] | undefined {
  tried(count(among));
  const fitting: Interval[] = [];
  for (const { from, to } of among) {
    for (let value = from; value <= to; value++) {
      const own = of(value);
      const fits = own.kind === 'values' ? holds(own.values[0]!, own.values) : false;
      if (fits === undefined) return undefined;
      if (!fits) continue;
      const last = fitting.at(-1);
      if (last?.to === value - 1) fitting[fitting.length - 1] = { from: last.from, to: value };
      else fitting.push({ from: value, to: value });
    }
  }
  return fitting;
}

function patternText(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'numbers':
      return pattern.from === pattern.to ? String(pattern.from) : `${pattern.from}-${pattern.to}`;
    case 'text':
      return pattern.wildcard ? `"${pattern.text}*"` : `"${pattern.text}"`;
    case 'network':
    case 'addresses':
      return l10n.t`the address`;
    case 'unknown':
      return pattern.text;
  }
}
