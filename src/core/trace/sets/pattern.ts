import { compareAddresses, contains } from '../../address';
import type { Pattern, Value } from '../../rules/value';

type Understood = Exclude<Pattern, { kind: 'unknown' }>;

/** Whether a pattern may hold a value: what is not understood may. */
export function holds(pattern: Pattern, value: Value): boolean {
  return pattern.kind === 'unknown' || order(value, pattern) === 0;
}

/** Below, within or above the pattern: negative, 0 or positive. */
export function order(value: Value, right: Understood): number {
  switch (right.kind) {
    case 'numbers':
      if (value.kind !== 'number') return 1;
      return value.number < right.from ? -1 : value.number > right.to ? 1 : 0;
    case 'network': {
      if (value.kind !== 'address') return 1;
      if (contains(right.network, value.address)) return 0;
      return compareAddresses(value.address, right.network.address);
    }
    case 'addresses':
      if (value.kind !== 'address') return 1;
      if (compareAddresses(value.address, right.from) < 0) return -1;
      return compareAddresses(value.address, right.to) > 0 ? 1 : 0;
    case 'text':
      if (value.kind !== 'text') return 1;
      return (right.wildcard ? value.text.startsWith(right.text) : value.text === right.text)
        ? 0
        : 1;
  }
}
