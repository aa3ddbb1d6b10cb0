/** rt_dsfield of iproute2, by which `ip` prints what it has a name for. */
export const tosNames: ReadonlyMap<string, number> = new Map([
  ['default', 0],
  ['reliability', 0x04],
  ['throughput', 0x08],
  ['lowdelay', 0x10],
  ['EF', 0xb8],
  ...[1, 2, 3, 4, 5, 6, 7].map((n): [string, number] => [`CS${n}`, n << 5]),
  ...[1, 2, 3, 4].flatMap((n) =>
    [1, 2, 3].map((m): [string, number] => [`AF${n}${m}`, (n << 5) | (m << 3)]),
  ),
]);
