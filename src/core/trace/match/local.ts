import type { OwnerMatch, PhysdevMatch, Interval, Negatable } from '../../rules/match';
import { both, negate } from '../answer';
import type { Answer } from '../answer';
import type { RuleContext } from './context';

/** owner_mt (net/netfilter/xt_owner.c): without a socket only what is negated holds. */
export function ownerMatch(match: OwnerMatch, { state }: RuleContext): Answer {
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
      condition: `the sender's ${what} is ${text}`,
      otherwise: `the sender's ${what} is not ${text}`,
      key: `owner ${what} ${text}`,
    },
    asked.negated,
  );
}

/** xt_physdev.c: a packet that did not cross a bridge port matches only what is negated. */
export function physdevMatch(match: PhysdevMatch, { node, state, run }: RuleContext): Answer {
  const asked = [match.in, match.out, match.isIn, match.isOut, match.isBridged];
  const parts = asked.filter((part) => part !== undefined);
  const bridges = new Set(node.interfaces?.map(({ master }) => master));
  const device = state.packet.inInterface;
  const plain = device === undefined || (node.interfaces && !bridges.has(device));
  if (plain) return parts.every(({ negated }) => negated);
  const called = node.sysctls?.get('net.bridge.bridge-nf-call-iptables') === '1';
  if (called && run.hook === 'prerouting' && match.isIn && parts.length === 1) {
    return !match.isIn.negated;
  }
  return {
    condition: 'physdev holds',
    otherwise: 'physdev does not hold',
    unknown: `${device} may be a bridge: whether bridge-nf-call-iptables hands its ports on is not known`,
    key: `physdev ${JSON.stringify(parts.map(({ value, negated }) => [value, negated]))}`,
  };
}
