import { l10n } from '../../l10n';
import type { LimitMatch, StatisticMatch } from '../../rules/match';
import { negate } from '../answer';
import type { Answer } from '../answer';
import { countUp } from '../counting';
import { placeOf } from './context';
import type { StatementContext } from './context';

/** xt_statistic.c: the probability is kept in 1/2^31, the count of nth in the rule. */
export function statisticMatch(match: StatisticMatch, context: StatementContext): Answer {
  const { mode } = match;
  if ('random' in mode) {
    const probability = Math.round(mode.random * 2147483648) / 2147483648;
    if (probability <= 0 || probability >= 1) return probability >= 1 !== match.negated;
    const text = `statistic random ${mode.random}`;
    return negate(
      { condition: l10n.t`${text} holds`, otherwise: l10n.t`${text} does not hold`, probability },
      match.negated,
    );
  }
  const count = countUp(context.state, placeOf(context), 1);
  if (count === undefined) {
    const text = l10n.t`statistic nth, one in ${mode.every}`;
    return negate(
      { condition: l10n.t`${text}: its turn`, otherwise: l10n.t`${text}: not its turn` },
      match.negated,
    );
  }
  return (count % mode.every === mode.packet) !== match.negated;
}

/** xt_limit.c, nft_limit.c: a bucket that is full after loading; what of it is left no dump tells. */
export function limitMatch(match: LimitMatch, context: StatementContext): Answer {
  const { burst } = match;
  if (burst !== undefined) {
    const count = countUp(context.state, placeOf(context), 1);
    if (count !== undefined && count < burst) return !match.above;
  }
  const text = `${match.kind} ${match.text}`;
  return negate(
    { condition: l10n.t`below the ${text}`, otherwise: l10n.t`above the ${text}` },
    match.above,
  );
}
