import { final, mix } from '../nat/jenkins';

/** include/linux/jhash.h, jhash: of bytes, as a little-endian kernel reads them. */
export function jhash(bytes: readonly number[], seed: number): number {
  let length = bytes.length;
  let a = (0xdeadbeef + length + seed) >>> 0;
  let b = a;
  let c = a;
  let at = 0;
  const word = (from: number): number =>
    ((bytes[from] ?? 0) |
      ((bytes[from + 1] ?? 0) << 8) |
      ((bytes[from + 2] ?? 0) << 16) |
      ((bytes[from + 3] ?? 0) << 24)) >>>
    0;
  while (length > 12) {
    [a, b, c] = mix(a + word(at), b + word(at + 4), c + word(at + 8));
    length -= 12;
    at += 12;
  }
  if (length === 0) return c;
  return final((a + word(at)) >>> 0, (b + word(at + 4)) >>> 0, (c + word(at + 8)) >>> 0);
}
