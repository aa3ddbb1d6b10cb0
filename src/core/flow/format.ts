/** `33.3 %` of 1/3, `50 %`, `0.1 %`, `0.04 %`: one decimal, below 0.1 % one significant digit. */
/** `0x4000`. */
export function hex(bits: number): string {
  return `0x${(bits >>> 0).toString(16)}`;
}

/** `1,234,567`. */
export function number(n: number): string {
  return n.toLocaleString('en');
}

/** `1 endpoint`, `1,234 endpoints`. */
export function count(n: number, thing: string): string {
  return `${number(n)} ${thing}${n === 1 ? '' : 's'}`;
}

/** The text, its middle left out where it has more than `length` characters. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const tail = Math.floor((length - 1) / 2);
  return `${text.slice(0, length - 1 - tail)}\u2026${text.slice(text.length - tail)}`;
}
