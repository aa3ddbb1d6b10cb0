/** Both ends included: `--dport 80` is 80 to 80. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** `0x4000/0xc000`: the bits of `mask` are asked. */
export interface MaskedNumber {
  readonly value: number;
  readonly mask: number;
}

/** One option's value with its own negation: `! --dport 22`. */
export interface Negatable<T> {
  readonly value: T;
  readonly negated: boolean;
}
