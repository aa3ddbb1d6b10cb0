import type { HelperMatch } from '../../rules/match';
import { ofPacket } from '../facts';
import { unknown } from '../../truth';
import { negate, openFor } from '../answer';
import type { Answer } from '../answer';
import { mayBeExpected } from '../conntrack/conntrack';
import { undecided } from '../undecided';
import type { StatementContext } from './context';

/** helper_mt (net/netfilter/xt_helper.c): of the connection that expected this one. */
export function helperMatch({ name, negated }: HelperMatch, { state }: StatementContext): Answer {
  if (state.tracking !== 'tracked' || !mayBeExpected(state)) return negated;
  const what = `helper ${name}`;
  const reason = undecided('ct helper');
  return negate(openFor(unknown(reason), what, ofPacket(what)), negated);
}
