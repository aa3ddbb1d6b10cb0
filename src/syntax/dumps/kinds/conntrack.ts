import { asFacts } from '../../node/nodeFacts';
import { conntrackParser } from '../../conntrack/entries';
import type { DumpKind } from '../dumpKind';

export const conntrackKinds = [
  {
    id: 'conntrack',
    // `    [NEW] tcp      6 120 SYN_SENT src=...` are events of conntrack -E.
    lines: [
      /^((ipv4|ipv6)\s+\d+ )?\w+\s+\d+ (\d+ )?([A-Z_]+ )?src=/,
      /^\s*(\[\d[\d.]*\]\s+)?\[(NEW|UPDATE|DESTROY)\]\s+\w+\s+\d+ /,
    ],
    names: ['conntrack(-[\\w-]+)?', '(proc-net-)?nf-conntrack'],
    part: 'connections',
    mayBeEmpty: true,
    read: ({ source }) => asFacts(conntrackParser(source), (connections) => ({ connections })),
  },
] as const satisfies readonly DumpKind[];
