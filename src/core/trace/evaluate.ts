import { ofPacket } from './facts';
import { l10n } from '../l10n';
import type { Rule } from '../rules/ruleset';
import type { MatchStatement } from '../rules/statement';
import { isAction } from '../rules/statementKind';
import { both, known } from './answer';
import type { Answer, Open } from './answer';
import type { StatementContext } from './match/context';
import { ask, hasEffect } from './match/index';

/**
 * Do the matches up to the next action hold: sure, with the action's place (or the end), or open with
 * the statement to go on with once that is settled.
 */
export type MatchesAnswer =
  false | { readonly next: number; readonly question?: undefined } | OpenMatches;

export interface OpenMatches {
  readonly question: Open;
  readonly next: number;
}

/**
 * The kernel asks the matches in order and stops at the first that does not hold. What is not modelled
 * is put off while the others are asked, so that a sure no decides; what changes something where it is
 * asked (a list, a count) is asked only when all before it hold.
 *
 * @param from the statement to begin with: after a fork, or after an action
 */
export function evaluate(context: StatementContext, from: number): MatchesAnswer {
  const { rule, state } = context;
  const { statements } = rule;
  let open: Answer = from === 0 ? known(readable(rule), state.facts) : true;
  let i = from;
  for (; i < statements.length; i++) {
    const statement = statements[i]!;
    if (isAction(statement)) break;
    if (typeof open === 'object' && hasEffect(statement)) return { question: open, next: i };
    const answer = askAt(context, statement, i);
    if (answer === false) return false;
    if (answer === true) continue;
    if (answer.probability === undefined && answer.apply === undefined) {
      open = both(open, answer);
      continue;
    }
    if (typeof open === 'object') {
      return laterNo(context, i) ? false : { question: open, next: i };
    }
    if (!hasEffect(statement) && laterNo(context, i + 1)) return false;
    return { question: answer, next: i + 1 };
  }
  return typeof open === 'object' ? { question: open, next: i } : { next: i };
}

function askAt(context: StatementContext, match: MatchStatement, at: number): Answer {
  context.at = at;
  return known(ask(match, context), context.state.facts);
}

/** A line that could not be read in full may ask for anything. */
function readable({ findings }: Rule): Answer {
  const [first] = findings;
  if (!first) return true;
  return {
    condition: l10n.t`the rule matches`,
    otherwise: l10n.t`the rule does not match`,
    unknown: l10n.t`the rule could not be read in full: ${first.message}`,
    key: ofPacket(`rule ${first.range.source}:${first.range.line}`),
  };
}

/** Whether one of the matches before the next action surely does not hold. */
function laterNo(context: StatementContext, from: number): boolean {
  const { statements } = context.rule;
  for (let i = from; i < statements.length; i++) {
    const statement = statements[i]!;
    if (isAction(statement) || hasEffect(statement)) return false;
    if (askAt(context, statement, i) === false) return true;
  }
  return false;
}
