import { l10n } from '../../l10n';
import type { Interval } from '../../rules/optionValue';
import type { Expression, MapExpression } from '../../rules/expression';
import type { SetElement, SetReference } from '../../rules/set';
import type { Value } from '../../rules/value';
import type { StatementContext } from '../match/context';
import { excluded, lookUp, referredTo } from '../sets/tableSet';
import type { Choice, ElementOption } from './choice';
import { count, fails, tooManyToTry, unsure } from './computed';
import type { Chance, Computed, Unsure } from './computed';
import { formatValues } from './valueText';
import { list } from '../../list';

/** What a map is asked with: a map's expression or a vmap. */
interface MapUse {
  readonly key: Expression;
  readonly map: SetReference;
}

/** More elements than that are no fork. */
const shownElements = 64;

/** What a map gives; an element with several values is a concatenation. */
export function mapValue(
  expression: MapExpression,
  context: StatementContext,
  compute: (expression: Expression, context: StatementContext) => Computed,
): Computed {
  const picked = pickElement(expression, context, compute(expression.key, context));
  if (picked === 'none') return fails;
  if ('kind' in picked) return picked;
  const { data } = picked.element;
  if (data?.kind === 'values') return { kind: 'values', values: data.values };
  return unsure(l10n.t`what the map gives`, l10n.t`the data of the element is not understood`);
}

/**
 * The element of a map for a key; a key that chance decides is a choice between the elements, each with
 * the share of the values that lead to it.
 */
export function pickElement(
  use: MapUse,
  context: StatementContext,
  key: Computed,
): { readonly element: SetElement } | 'none' | Choice | Unsure {
  const chosen = context.chosen.get(use);
  if (chosen === 'none') return 'none';
  if (chosen) return { element: chosen };
  switch (key.kind) {
    case 'fails':
      return 'none';
    case 'choice':
      return key;
    case 'unsure':
      return excluded(use.map, key, context.table) ? 'none' : amongAll(use, context, key);
    case 'chance':
      return amongChances(use, context, key);
    case 'values': {
      const found = lookUp(use.map, key.values, context.table, context.state);
      if (found.kind === 'found') {
        const { condition } = found.element;
        const asks = (found.element.conditions ?? []).length > 0;
        if (!asks) return { element: found.element };
        const what = `${elementText(found.element)} ${condition}`;
        return amongElement(
          use,
          found.element,
          unsure(what, l10n.t`${what} of the map is not modelled`),
        );
      }
      if (found.kind === 'none') return 'none';
      return amongAll(use, context, unsure(found.condition, found.unknown));
    }
  }
}

/** Each value of the key, put together by the element that it leads to. */
function amongChances(
  use: MapUse,
  { table, state }: StatementContext,
  key: Chance,
): Choice | Unsure {
  const all = count(key.among);
  const tooMany = tooManyToTry(key);
  if (tooMany !== undefined) return unsure(key.what, tooMany);
  const groups = new Map<SetElement | 'none', Interval[]>();
  for (const { from, to } of key.among) {
    for (let value = from; value <= to; value++) {
      const own = key.of(value);
      const found =
        own.kind === 'fails'
          ? ({ kind: 'none' } as const)
          : lookUp(use.map, own.values, table, state);
      if (found.kind === 'open') return unsure(found.condition, found.unknown);
      add(groups, found.kind === 'found' ? found.element : 'none', value);
    }
  }
  const options = [...groups].map(([element, values]): ElementOption => {
    const chance = count(values) / all;
    return {
      condition: l10n.t`${key.what} is ${valuesText(values)}`,
      ...(key.even ? { probability: chance } : {}),
      element,
      settle: key.settle && ((branch) => key.settle!(branch, values)),
    };
  });
  return { kind: 'choice', of: use, options };
}

function add(
  groups: Map<SetElement | 'none', Interval[]>,
  element: SetElement | 'none',
  value: number,
): void {
  const values = groups.get(element);
  const last = values?.at(-1);
  if (!values) groups.set(element, [{ from: value, to: value }]);
  else if (last?.to === value - 1) values[values.length - 1] = { from: last.from, to: value };
  else values.push({ from: value, to: value });
}

/** `tcp sport & 1` leads half of the ports to each element. */
function valuesText(values: readonly Interval[]): string {
  const named = list(values.slice(0, namedValues).map(intervalText), 'row');
  const others = values.length - namedValues;
  return others > 0 ? l10n.t`${named} and ${others} more` : named;
}

const namedValues = 16;

function intervalText({ from, to }: Interval): string {
  return from === to ? String(from) : l10n.t`${from} to ${to}`;
}

/** The element, or none where what is asked for it does not hold. */
function amongElement(use: MapUse, element: SetElement, { what, unknown }: Unsure): Choice {
  const holds = { condition: l10n.t`${what} holds`, unknown, element } as const;
  const none = { condition: l10n.t`${what} does not hold`, unknown, element: 'none' } as const;
  return { kind: 'choice', of: use, options: [holds, none] };
}

/** A key that is not known may lead to any element, or to none. */
function amongAll(use: MapUse, { table }: StatementContext, key: Unsure): Choice | Unsure {
  const referred = referredTo(use.map, table);
  if (!referred || referred.set?.complete === false || referred.elements.length > shownElements) {
    return key;
  }
  const unknown = key.unknown ?? l10n.t`${key.what} is not known`;
  const options = [...referred.elements].map((element): ElementOption => ({
    condition: l10n.t`${key.what} is ${elementText(element)}`,
    unknown,
    element,
  }));
  const none = {
    condition: l10n.t`${key.what} is none of the map`,
    unknown,
    element: 'none',
  } as const;
  return { kind: 'choice', of: use, options: [...options, none] };
}

function elementText({ key }: SetElement): string {
  if (!key) return l10n.t`any other`;
  const parts = key.map((pattern): Value | string => {
    if (pattern.kind === 'numbers' && pattern.from === pattern.to) {
      return { kind: 'number', number: pattern.from };
    }
    if (pattern.kind === 'network') return { kind: 'address', address: pattern.network.address };
    if (pattern.kind === 'text') return pattern.wildcard ? `${pattern.text}*` : pattern.text;
    return pattern.kind === 'unknown' ? pattern.text : l10n.t`an interval`;
  });
  return parts.map((part) => (typeof part === 'string' ? part : formatValues([part]))).join(' . ');
}
