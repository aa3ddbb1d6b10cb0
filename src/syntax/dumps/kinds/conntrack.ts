import type { DumpKind } from '../dumpKind';

export const conntrackKinds = [
  {
    id: 'conntrack',
    lines: [/^((ipv4|ipv6)\s+\d+ )?\w+\s+\d+ (\d+ )?([A-Z_]+ )?src=/],
    names: ['conntrack(-[\\w-]+)?', '(proc-net-)?nf-conntrack'],
    part: 'connections',
  },
] as const satisfies readonly DumpKind[];
