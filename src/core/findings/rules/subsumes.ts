import { contains } from '../../address';
import type { Match } from '../../rules/match';
import type { Rule } from '../../rules/ruleset';

/** Matches whose answer is the same for a packet wherever in a chain it is asked. */
const steady: ReadonlySet<Match['kind']> = new Set<Match['kind']>([
  'protocol',
  'source',
  'destination',
  'in-interface',
  'out-interface',
  'fragment',
  'tcp',
  'udp',
  'sctp',
  'icmp',
  'icmp6',
  'multiport',
  'addrtype',
  'comment',
]);

/** Ends the packet's way through the chain, whenever it matches, by what stays the same. */
export function takes({ target, matches, findings }: Rule): boolean {
  if (findings.length > 0 || !target) return false;
  const ends = ['ACCEPT', 'DROP', 'REJECT', 'RETURN', 'goto'].includes(target.kind);
  return ends && matches.every(({ kind }) => steady.has(kind));
}

/** Whether a packet that the later rule would match is surely one that the earlier one takes (`takes`). */
export function takesAllOf(earlier: Rule, later: Rule): boolean {
  return earlier.matches.every((match) => match.kind === 'comment' || isAsked(match, later));
}

/** Whether a packet that the rule matches is surely one that the match takes. */
function isAsked(match: Match, rule: Rule): boolean {
  return rule.matches.some((other) => {
    if (other.kind !== match.kind) return false;
    if (isNetwork(match) && isNetwork(other) && !match.negated && !other.negated) {
      return contains(match.network, other.network.address) && isNarrower(other, match);
    }
    return textOf(other) === textOf(match);
  });
}

type NetworkMatch = Match & { readonly kind: 'source' | 'destination' };

function isNetwork(match: Match): match is NetworkMatch {
  return match.kind === 'source' || match.kind === 'destination';
}

/** Every bit that the one looks at, the other looks at too. */
function isNarrower(inner: NetworkMatch, outer: NetworkMatch): boolean {
  return outer.network.mask.every((word, i) => (word & ~(inner.network.mask[i] ?? 0)) === 0);
}

function textOf(match: Match): string {
  return JSON.stringify({ ...match, range: undefined });
}
