import { hiddenInterfaces, type Match } from '../../../core/rules/match';
import type { Rule } from '../../../core/rules/ruleset';

/** The match that is written at a column. The devices that a listing hides are written nowhere. */
export function matchAt({ matches }: Rule, column: number): Match | undefined {
  return matches.find(
    (match) =>
      match.range.start <= column &&
      column <= match.range.end &&
      !(match.kind === 'unmodelled' && match.name === hiddenInterfaces),
  );
}
