/** reciprocal_scale: the upper half of a 32 by 32 bit product. */
export function scale(hash: number, count: number): number {
  return Number((BigInt(hash) * BigInt(count)) >> 32n);
}

function rotate(word: number, bits: number): number {
  return ((word << bits) | (word >>> (32 - bits))) >>> 0;
}

/** __jhash_mix; the words are cut to 32 bits. */
export function mix(x: number, y: number, z: number): [number, number, number] {
  let [a, b, c] = [x >>> 0, y >>> 0, z >>> 0];
  a = ((a - c) ^ rotate(c, 4)) >>> 0;
  c = (c + b) >>> 0;
  b = ((b - a) ^ rotate(a, 6)) >>> 0;
  a = (a + c) >>> 0;
  c = ((c - b) ^ rotate(b, 8)) >>> 0;
  b = (b + a) >>> 0;
  a = ((a - c) ^ rotate(c, 16)) >>> 0;
  c = (c + b) >>> 0;
  b = ((b - a) ^ rotate(a, 19)) >>> 0;
  a = (a + c) >>> 0;
  c = ((c - b) ^ rotate(b, 4)) >>> 0;
  b = (b + a) >>> 0;
  return [a, b, c];
}

/** __jhash_final. */
export function final(x: number, y: number, z: number): number {
  let [a, b, c] = [x, y, z];
  c = ((c ^ b) - rotate(b, 14)) >>> 0;
  a = ((a ^ c) - rotate(c, 11)) >>> 0;
  b = ((b ^ a) - rotate(a, 25)) >>> 0;
  c = ((c ^ b) - rotate(b, 16)) >>> 0;
  a = ((a ^ c) - rotate(c, 4)) >>> 0;
  b = ((b ^ a) - rotate(a, 14)) >>> 0;
  return ((c ^ b) - rotate(b, 24)) >>> 0;
}
