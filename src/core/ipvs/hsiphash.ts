/**
 * The kernel's hsiphash of one 32-bit word, as 64-bit kernels compute it: SipHash-1-3 under a key of
 * twice the same word, cut to 32 bits (lib/siphash.c, hsiphash_1u32).
 */
export function hsiphash(word: number, key: bigint): number {
  const state = [
    0x736f6d6570736575n ^ key,
    0x646f72616e646f6dn ^ key,
    0x6c7967656e657261n ^ key,
    0x7465646279746573n ^ key,
  ] as [bigint, bigint, bigint, bigint];
  // The length, 4 bytes, stands in the top byte.
  const block = (4n << 56n) | BigInt(word);
  state[3] ^= block;
  round(state);
  state[0] ^= block;
  state[2] ^= 0xffn;
  for (let i = 0; i < 3; i++) round(state);
  const [v0, v1, v2, v3] = state;
  return Number((v0 ^ v1 ^ v2 ^ v3) & 0xffffffffn);
}

/** include/linux/siphash.h, SIPHASH_PERMUTATION. */
function round(v: [bigint, bigint, bigint, bigint]): void {
  v[0] = sum(v[0], v[1]);
  v[1] = rotate(v[1], 13n) ^ v[0];
  v[0] = rotate(v[0], 32n);
  v[2] = sum(v[2], v[3]);
  v[3] = rotate(v[3], 16n) ^ v[2];
  v[0] = sum(v[0], v[3]);
  v[3] = rotate(v[3], 21n) ^ v[0];
  v[2] = sum(v[2], v[1]);
  v[1] = rotate(v[1], 17n) ^ v[2];
  v[2] = rotate(v[2], 32n);
}

function sum(left: bigint, right: bigint): bigint {
  return BigInt.asUintN(64, left + right);
}

function rotate(value: bigint, count: bigint): bigint {
  return BigInt.asUintN(64, (value << count) | (value >> (64n - count)));
}
