import { l10n } from '../../l10n';
import type { LookupMatch, MatchStatement } from '../../rules/statement';
import type { QuotaMatch } from '../../rules/statefulMatch';
import { countUp } from '../counting';
import { both, negate } from '../answer';
import type { Answer } from '../answer';
import type { SetElement, SetReference } from '../../rules/set';
import { compute } from '../expression/compute';
import { tooManyToTry } from '../expression/computed';
import type { Chance } from '../expression/computed';
import { excluded, lookUp } from '../sets/tableSet';
import { chanceAnswer, openQuestion, triedOneByOne } from './compare';
import { placeOf } from './context';
import type { StatementContext } from './context';

type Ask = (match: MatchStatement, context: StatementContext) => Answer;

/**
 * nft_lookup.c: a key that the packet does not have fails the rule, negated or not.
 *
 * @param ask for what stands at the element that is found
 */
export function lookupMatch(match: LookupMatch, context: StatementContext, ask: Ask): Answer {
  const { set, negated } = match;
  const key = compute(match.key, context);
  const name = set.kind === 'named' ? `@${set.name}` : l10n.t`the set`;
  switch (key.kind) {
    case 'fails':
      return false;
    case 'unsure':
      if (excluded(set, key, context.table)) return negated;
      return negate(openQuestion(key, l10n.t`is in ${name}`), negated);
    case 'choice':
      return negate(
        openQuestion({ kind: 'unsure', what: l10n.t`the element` }, l10n.t`is in ${name}`),
        negated,
      );
    case 'chance':
      return negate(ofChance(match, key, name, context), negated);
    case 'values': {
      const found = lookUp(set, key.values, context.table, context.state);
      if (found.kind === 'none') return negated;
      if (found.kind === 'found')
        return negated ? false : elementHolds(found.element, set, context, ask);
      const { kind, ...open } = found;
      void kind;
      return negate(open, negated);
    }
  }
}

/** nft_set_elem_update_expr: what stands at an element fails the rule where it does not hold. */
function elementHolds(
  { conditions = [], range }: SetElement,
  set: SetReference,
  context: StatementContext,
  ask: Ask,
): Answer {
  let answer: Answer = true;
  const { family, name: table } = context.table;
  const name = set.kind === 'named' ? set.name : placeOf(context);
  for (const [i, condition] of conditions.entries()) {
    const place = `${family} ${table}/@${name}/${range.line}:${range.start}/${i}`;
    answer = both(answer, ask(condition, { ...context, place }));
    if (answer === false) return false;
  }
  return answer;
}

function ofChance(
  match: LookupMatch,
  key: Chance,
  name: string,
  context: StatementContext,
): Answer {
  const { table, state } = context;
  const tooMany = tooManyToTry(key);
  const fitting =
    tooMany === undefined
      ? triedOneByOne(key, context, (_, values) => {
          const found = lookUp(match.set, values, table, state);
          return found.kind === 'open' ? undefined : found.kind === 'found';
        })
      : undefined;
  if (fitting) return chanceAnswer(key, fitting, l10n.t`is in ${name}`);
  const unknown = tooMany ?? l10n.t`${name} is not known`;
  return openQuestion({ kind: 'unsure', what: key.what, unknown }, l10n.t`is in ${name}`);
}

/**
 * nft_overquota (net/netfilter/nft_quota.c): the bytes of this packet count, too. A packet that just
 * uses the quota up is within it; before Linux 6.16 it was above.
 */
export function quotaMatch({ bytes, over, used }: QuotaMatch, context: StatementContext): Answer {
  const { state } = context;
  const { length } = state.packet;
  const before = length === undefined ? undefined : countUp(state, placeOf(context), length);
  const what = l10n.t`the quota of ${bytes} bytes`;
  if (before === undefined) {
    return negate({ condition: l10n.t`below ${what}`, otherwise: l10n.t`above ${what}` }, over);
  }
  return used + before + length! > bytes === over;
}
