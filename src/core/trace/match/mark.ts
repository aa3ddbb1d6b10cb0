import type { MarkMatch } from '../../rules/match';
import type { Answer } from '../answer';
import type { StatementContext } from './context';
import { seenConnection } from '../conntrack/zone';

/** xt_mark.c, xt_connmark.c: a packet without a connection never matches connmark, negated or not. */
export function markMatch(match: MarkMatch, { state }: StatementContext): Answer {
  const value = match.kind === 'mark' ? state.mark : seenConnection(state)?.mark;
  if (value === undefined) return false;
  return ((value & match.mask) >>> 0 === match.value >>> 0) !== match.negated;
}
