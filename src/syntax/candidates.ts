import { addressKey, type Address, type AddressKey } from '../core/address';
import { finish, type Work } from '../core/work';
import { append } from '../core/append';

/** Below this many rules a chain is asked rule by rule. */
const longChain = 32;

/** Rules that are read between two pauses: a millisecond or two. */
const rulesAtOnce = 2000;

/** Which rules of a chain a packet to an address can match. */
export class CandidateRules {
  private others: number[] | undefined;
  private readonly byAddress = new Map<AddressKey, number[]>();

  /** @param exact the `addressKey` of the one destination that the i-th rule asks for before all else */
  constructor(
    private readonly count: number,
    private readonly exact: (i: number) => AddressKey | undefined,
  ) {
    if (count <= longChain) this.others = Array.from({ length: count }, (_, i) => i);
  }

  /** Work after which `of` answers at once; undefined: it does. It reads every rule of the chain once. */
  prepare(): Work<void> | undefined {
    return this.others ? undefined : this.read();
  }

  /** Ascending indices. */
  of(destination: Address): Iterable<number> {
    if (!this.others) finish(this.read());
    const others = this.others!;
    const found = this.byAddress.get(addressKey(destination));
    return found ? [...others, ...found].sort((left, right) => left - right) : others;
  }

  private *read(): Work<void> {
    const { count, exact, byAddress } = this;
    const others: number[] = [];
    const found = new Map<AddressKey, number[]>();
    for (let i = 0; i < count; i++) {
      if (i % rulesAtOnce === rulesAtOnce - 1) yield;
      const address = exact(i);
      if (address === undefined) {
        others.push(i);
        continue;
      }
      append(found, address, i);
    }
    for (const [address, rules] of found) byAddress.set(address, rules);
    this.others = others;
  }
}
