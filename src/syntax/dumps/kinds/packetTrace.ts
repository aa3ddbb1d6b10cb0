import type { DumpKind } from '../dumpKind';

/** Not of a node's state: what happened to single packets on it (src/syntax/packetTrace). */
export const packetTraceKinds = [
  {
    id: 'packet-trace',
    language: 'packet-trace',
    lines: [
      /^PACKET: (?:0|2|10) [\da-f]{8} /,
      /^ ?TRACE: (?:2|10) [\da-f]{8} [a-z]+:/,
      /^trace id [\da-f]{8} (?:ip6?|inet|bridge|arp|netdev) /,
      /(?:^|\s)TRACE: [a-z]+:[^\s:]+:(?:rule|return|policy):\d+ /,
    ],
    names: ['packet-trace', 'xtables-monitor(-trace)?', 'nft-monitor-trace'],
  },
] as const satisfies readonly DumpKind[];
