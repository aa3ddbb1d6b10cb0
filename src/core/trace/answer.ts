import { l10n } from '../l10n';
import { withFact, type Facts } from './facts';
import { isUnknown, not } from '../truth';
import type { Truth } from '../truth';
import type { State } from './state';

/** What a match says: sure, or open with what would decide it. */
export type Answer = boolean | Open;

/** Chance, state or something not modelled decides. */
export interface Open {
  /** In words, what holds if the match does: `statistic random 0.5 holds`. */
  readonly condition: string;
  /** In words, what holds if it does not. */
  readonly otherwise: string;
  /** That the match holds; undefined where not chance decides. */
  readonly probability?: number;
  /** Why it can't be said, where not even what would decide it is modelled. */
  readonly unknown?: string;
  /** The same question asked again in one branch gets the same answer. */
  readonly key?: string;
  /** What the branch in which the match holds (or not) then knows or has changed. */
  readonly apply?: (state: State, holds: boolean) => void;
}

/** A question of which only the reason is known why it stays open. */
export function openFor(truth: Truth, what: string, key?: string): Answer {
  if (!isUnknown(truth)) return truth;
  return {
    condition: l10n.t`${what} holds`,
    otherwise: l10n.t`${what} does not hold`,
    unknown: truth.unknown,
    key,
  };
}

export function negate(answer: Answer, negated: boolean): Answer {
  if (!negated) return answer;
  if (typeof answer === 'boolean') return not(answer) as boolean;
  const { probability, apply } = answer;
  return {
    ...answer,
    condition: answer.otherwise,
    otherwise: answer.condition,
    probability: probability === undefined ? undefined : 1 - probability,
    key: answer.key === undefined ? undefined : negatedKey(answer.key),
    apply: apply && ((state, holds) => apply(state, !holds)),
  };
}

/** Keys of a question and of its negation differ by a leading `!`. */
function negatedKey(key: string): string {
  return key.startsWith('!') ? key.slice(1) : `!${key}`;
}

/** The branch's own earlier decision on the same question. */
export function known(answer: Answer, facts: Facts): Answer {
  if (typeof answer === 'boolean' || answer.key === undefined) return answer;
  const inverted = answer.key.startsWith('!');
  const fact = facts.get(inverted ? answer.key.slice(1) : answer.key);
  return fact === undefined ? answer : fact !== inverted;
}

/** Sure answers decide; several open questions without chance become one. */
export function both(left: Answer, right: Answer): Answer {
  if (left === false || right === false) return false;
  if (left === true) return right;
  if (right === true) return left;
  const reasons = [left.unknown, right.unknown].filter((r) => r !== undefined);
  return {
    condition: l10n.t`${left.condition} and ${right.condition}`,
    otherwise: l10n.t`not both: ${left.condition}; ${right.condition}`,
    unknown: reasons.length ? [...new Set(reasons)].join(l10n.t`; `) : undefined,
    apply: (state, holds) => {
      if (!holds) return;
      for (const part of [left, right]) settle(state, part, true);
    },
  };
}

/** Writes a decision into the branch that took it. */
export function settle(state: State, open: Open, holds: boolean): void {
  if (open.key !== undefined) {
    const inverted = open.key.startsWith('!');
    const question = inverted ? open.key.slice(1) : open.key;
    state.facts = withFact(state.facts, question, holds !== inverted);
  }
  open.apply?.(state, holds);
}
