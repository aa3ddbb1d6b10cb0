import { l10n } from '../../l10n';
import type { OwnerMatch } from '../../rules/match';
import type { Interval, Negatable } from '../../rules/optionValue';
import { both, negate } from '../answer';
import type { Answer } from '../answer';
import type { StatementContext } from './context';

/** owner_mt (net/netfilter/xt_owner.c): without a socket only what is negated holds. */
export function ownerMatch(match: OwnerMatch, { state }: StatementContext): Answer {
  const { packet, looped } = state;
  const { uid, gid, socketExists } = match;
  const asked = [uid, gid, socketExists].filter((part) => part !== undefined);
  if (packet.inInterface !== undefined || looped) return asked.every(({ negated }) => negated);
  if (socketExists?.negated) return false;
  return both(id('uid', packet.owner?.uid, uid), id('gid', packet.owner?.gid, gid));
}

function id(
  what: string,
  value: number | undefined,
  asked: Negatable<Interval> | undefined,
): Answer {
  if (!asked) return true;
  const { from, to } = asked.value;
  if (value !== undefined) return (value >= from && value <= to) !== asked.negated;
  const text = from === to ? String(from) : `${from}-${to}`;
  return negate(
    {
      condition: l10n.t`the sender's ${what} is ${text}`,
      otherwise: l10n.t`the sender's ${what} is not ${text}`,
      key: `owner ${what} ${text}`,
    },
    asked.negated,
  );
}
