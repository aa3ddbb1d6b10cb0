import type { Address } from '../core/address';
import { addressKey } from './addressKey';

/** Below this many rules a chain is asked rule by rule. */
const longChain = 32;

/**
 * Which rules of a chain a packet to an address can match: ascending indices. Asks for every rule of
 * the chain once, at the first question.
 *
 * @param exact the `addressKey` of the one destination that the i-th rule asks for before all else
 */
export function candidateRules(
  count: number,
  exact: (i: number) => string | undefined,
): (destination: Address) => Iterable<number> {
  if (count <= longChain) {
    const all = Array.from({ length: count }, (_, i) => i);
    return () => all;
  }
  let others: number[] | undefined;
  const byAddress = new Map<string, number[]>();
  return (destination) => {
    others ??= Array.from({ length: count }, (_, i) => i).filter((i) => {
      const address = exact(i);
      if (address === undefined) return true;
      const rules = byAddress.get(address);
      if (rules) rules.push(i);
      else byAddress.set(address, [i]);
      return false;
    });
    const found = byAddress.get(addressKey(destination));
    return found ? [...others, ...found].sort((left, right) => left - right) : others;
  };
}
