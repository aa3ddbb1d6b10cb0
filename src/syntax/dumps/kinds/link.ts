import { asFacts } from '../../node/nodeFacts';
import { fdbParser } from '../../link/fdb';
import { groupsParser } from '../../link/groups';
import { linkParser } from '../../link/link';
import { neighbourParser } from '../../link/neighbours';
import type { DumpKind } from '../dumpKind';

/** `master cni0 state forwarding priority 32 cost 2`: only `bridge link` prints it on the device's line. */
const bridgePort =
  /^\d+: \S.* master \S+ state (disabled|listening|learning|forwarding|blocking)\b/;

const linkMode = / mode (DEFAULT|DORMANT)\b/;

/** A device's line of `ip link` or `bridge link`, not of `ip addr`. */
export function isLink(line: string): boolean {
  return linkMode.test(line) || bridgePort.test(line);
}

const states = 'REACHABLE|STALE|DELAY|PROBE|FAILED|PERMANENT|NOARP|INCOMPLETE|NONE';

const links: DumpKind['read'] = ({ source }) =>
  asFacts(linkParser(source), (value) => ({ links: value }));

const groups: DumpKind['read'] = ({ source }) =>
  asFacts(groupsParser(source), (value) => ({ groups: value }));

/** What is behind which device: links, bridges' ports, neighbours and multicast groups. */
export const linkKinds = [
  {
    id: 'bridge-link',
    lines: [bridgePort],
    names: ['bridge(-[do])*-link(-show)?'],
    part: 'links',
    read: links,
  },
  // It says nothing of addresses.
  {
    id: 'ip-link',
    lines: [
      (line) => /^\d+: [^:\s]+: </.test(line) && linkMode.test(line),
      // ip -br link
      /^\S+\s+[A-Z]+\s+([\da-f]{2}:){5}[\da-f]{2} <[A-Z,_\d-]*>/,
    ],
    names: ['ip(-[46osd]|-br(ief)?)*-l(ink)?(-show)?'],
    part: 'links',
    read: links,
  },
  {
    id: 'bridge-fdb',
    lines: [/^([\da-f]{2}:){5}[\da-f]{2} dev \S+ (vlan |master |self|dst |permanent|extern_learn)/],
    names: ['bridge-fdb(-show)?'],
    part: 'forwarding',
    read: ({ source }) => asFacts(fdbParser(source), (learned) => ({ learned })),
  },
  {
    id: 'ip-neigh',
    lines: [
      new RegExp(
        `^[\\da-f.:]+ dev \\S+ (lladdr [\\da-f:]+ )?((router|proxy|extern_learn|used \\S+|ref \\d+|probes \\d+) ){0,6}(${states})\\s*$`,
      ),
      /^(Address\s+HWtype|IP address\s+HW type)\s/,
      /^\S+ \([\d.]+\) at ([\da-f:]{17} \[ether\]|<incomplete>)/,
    ],
    names: ['ip(-[46s])*-n(eigh(bou?r)?)?(-show)?', '(proc-net-)?arp(-\\w+)?'],
    part: 'neighbours',
    read: ({ source }) => asFacts(neighbourParser(source), (neighbours) => ({ neighbours })),
  },
  {
    id: 'ip-maddr',
    lines: [(line, next) => /^\d+:\s+\S+$/.test(line) && /^\s+(link|inet6?)\s/.test(next[0] ?? '')],
    names: ['ip(-[46])?-m(addr(ess)?)?(-show)?'],
    part: 'groups',
    read: groups,
  },
  {
    id: 'proc-igmp',
    lines: [/^Idx\s+Device\s+: Count Querier/, /^\d+\s+\S+\s+ff[\da-f]{30}\s+\d+ [\dA-F]{8} \d+$/],
    names: ['(proc-net-)?igmp6?'],
    part: 'groups',
    read: groups,
  },
] as const satisfies readonly DumpKind[];
