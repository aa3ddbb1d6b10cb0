import { l10n } from '../../l10n';
import type { ConcatExpression, Expression } from '../../rules/expression';
import type { Value } from '../../rules/value';
import type { StatementContext } from '../match/context';
import { fails, unsure } from './computed';
import type { Choice } from './choice';
import type { Chance, Computed, Unsure } from './computed';

/** `ip daddr . meta l4proto . th dport`: the first part that fails or is not known decides. */
export function concatenation(
  { parts }: ConcatExpression,
  context: StatementContext,
  compute: (expression: Expression, context: StatementContext) => Computed,
): Computed {
  const before: Value[] = [];
  const after: Value[] = [];
  const known: (Value | undefined)[] = [];
  let chance: Chance | undefined;
  let open: Unsure | Choice | undefined;
  for (const part of parts) {
    const computed = compute(part, context);
    switch (computed.kind) {
      case 'fails':
        return computed;
      case 'unsure':
      case 'choice':
        open ??= computed;
        known.push(undefined);
        break;
      case 'chance':
        known.push(undefined);
        if (chance) open ??= unsure(computed.what, l10n.t`more than one part is left to chance`);
        chance ??= computed;
        break;
      case 'values':
        known.push(...computed.values);
        (chance ? after : before).push(...computed.values);
    }
  }
  if (open) return open.kind === 'unsure' ? { ...open, parts: known } : open;
  if (!chance) return { kind: 'values', values: before };
  const { of } = chance;
  return {
    ...chance,
    of: (chosen) => {
      const own = of(chosen);
      if (own.kind === 'fails') return fails;
      return { kind: 'values', values: [...before, ...own.values, ...after] };
    },
  };
}
