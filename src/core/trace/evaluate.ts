import type { NodeState } from '../node';
import type { Rule } from '../rules/ruleset';
import { both, known } from './answer';
import type { Answer, Open } from './answer';
import { ask, hasEffect } from './match/index';
import type { HookRun, State } from './state';

/** Does a rule match: sure, or open with the match to go on with once that is settled. */
export type RuleAnswer = boolean | { readonly question: Open; readonly next: number };

/**
 * ipt_do_table asks the matches in order and stops at the first that does not hold. What is not
 * modelled is put off while the others are asked, so that a sure no decides; what changes
 * something where it is asked (a recent list, a count) is asked only when all before it hold.
 *
 * @param from the match to begin with, after a fork
 */
export function evaluate(
  node: NodeState,
  state: State,
  run: HookRun,
  rule: Rule,
  place: string,
  from: number,
): RuleAnswer {
  const { matches } = rule;
  const at = (i: number): Answer =>
    known(ask(matches[i]!, { node, state, run, place: `${place}/${i}` }), state.facts);
  let open: Answer = from === 0 ? readable(rule) : true;
  open = known(open, state.facts);
  for (let i = from; i < matches.length; i++) {
    if (typeof open === 'object' && hasEffect(matches[i]!)) return { question: open, next: i };
    const answer = at(i);
    if (answer === false) return false;
    if (answer === true) continue;
    if (answer.probability === undefined && answer.apply === undefined) {
      open = both(open, answer);
      continue;
    }
    if (typeof open === 'object') return laterNo(rule, i, at) ? false : { question: open, next: i };
    if (!hasEffect(matches[i]!) && laterNo(rule, i + 1, at)) return false;
    return { question: answer, next: i + 1 };
  }
  return typeof open === 'object' ? { question: open, next: matches.length } : true;
}

/** A line that could not be read in full may ask for anything. */
function readable({ findings }: Rule): Answer {
  const [first] = findings;
  if (!first) return true;
  return {
    condition: 'the rule matches',
    otherwise: 'the rule does not match',
    unknown: `the rule could not be read in full: ${first.message}`,
    key: `rule ${first.range.source}:${first.range.line}`,
  };
}

function laterNo({ matches }: Rule, from: number, at: (i: number) => Answer): boolean {
  for (let i = from; i < matches.length; i++) {
    if (hasEffect(matches[i]!)) return false;
    if (at(i) === false) return true;
  }
  return false;
}
