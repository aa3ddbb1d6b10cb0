import type { MarkMatch } from '../../rules/match';
import type { Answer } from '../answer';
import type { StatementContext } from './context';

/** xt_mark.c, xt_connmark.c: a packet without a connection never matches connmark, negated or not. */
export function markMatch(match: MarkMatch, { state }: StatementContext): Answer {
  const { connection, tracking, mark } = state;
  if (match.kind === 'connmark' && (tracking !== 'tracked' || !connection)) return false;
  const value = match.kind === 'mark' ? mark : connection!.mark;
  return ((value & match.mask) >>> 0 === match.value >>> 0) !== match.negated;
}
