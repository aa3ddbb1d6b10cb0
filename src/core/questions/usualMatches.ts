import type { Match } from '../rules/match';
import type { NatTarget } from '../rules/target';
import type { SourceRange } from '../source';

/*
 * What rules that are made up ask and do, in all modes alike; their place is one of the excerpt's.
 */

/** `-m addrtype --dst-type LOCAL` */
export function toNode(range: SourceRange): Match {
  return {
    kind: 'addrtype',
    destination: { value: ['LOCAL'], negated: false },
    limitIn: false,
    limitOut: false,
    range,
  };
}

/** `-m mark --mark 0x4000/0x4000` */
export function isMarked(bits: number, range: SourceRange): Match {
  return { kind: 'mark', value: bits, mask: bits, negated: false, range };
}

/** `-j MASQUERADE --random-fully` */
export function masquerade(range: SourceRange): NatTarget {
  return { kind: 'MASQUERADE', random: false, fullyRandom: true, persistent: false, range };
}
