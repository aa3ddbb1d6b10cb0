import { asFacts } from '../../node/nodeFacts';
import { ipvsConnectionsParser, procIpvsConnectionsParser } from '../../ipvs/connections';
import { ipvsSaveParser } from '../../ipvs/save';
import { ipvsTableParser } from '../../ipvs/table';
import type { DumpKind } from '../dumpKind';

const heading = /^\s*Prot LocalAddress:Port/;

/** The line with the columns' names of a table that begins here. ipvsadm prints its version above. */
function headingOf(line: string, next: readonly string[]): string | undefined {
  if (heading.test(line)) return line;
  if (!/^\s*IP Virtual Server version/.test(line)) return undefined;
  return next.find((text) => text.includes('LocalAddress:Port')) ?? '';
}

/** ipvsadm aligns its header, /proc/net/ip_vs does not; nor has a page that takes blanks for one. */
const isProc = (next: readonly string[]) =>
  next.some((text) => text.includes('RemoteAddress:Port Forward ')) &&
  !next.some((text) => /^\s*(?:TCP|UDP|SCTP)\s+\d{1,3}\.\d/.test(text));

const isStatistics = (columns: string | undefined) => /InPkts|InPPS/.test(columns ?? '');

const ipvsTable =
  (hex: boolean): DumpKind['read'] =>
  ({ source, filter }) =>
    asFacts(ipvsTableParser(source, hex, filter), (ipvs) => ({ ipvs }));

export const ipvsKinds = [
  {
    id: 'ipvsadm-Sn',
    language: 'ipvsadm',
    lines: [/^(ipvsadm )?(-[Aa]|--add-se\w+) (-[tuf]|--(tcp|udp|sctp|fwmark)-service) /],
    names: ['ipvsadm-s(-?n)?', 'ipvsadm-save(-n)?'],
    part: 'IPVS',
    services: 4,
    mayBeEmpty: true,
    read: ({ source }) => asFacts(ipvsSaveParser(source), (ipvs) => ({ ipvs })),
  },
  {
    id: 'ipvsadm-stats',
    language: 'ipvsadm',
    lines: [
      (line, next) => isStatistics(headingOf(line, next)),
      /^(TCP|UDP|SCTP)\s+\S+:\d+ +\d+[KMGT]? +\d+/,
    ],
    names: ['ipvsadm-l-?n?(-exact)?-(stats|rate)'],
    // No part: where nothing else is at hand, it shows at least which virtual servers there are.
    read: ipvsTable(false),
  },
  {
    id: 'ipvsadm-timeout',
    language: 'ipvsadm',
    lines: [/^Timeout \(tcp tcpfin udp\):/],
    names: ['ipvsadm-l-?n?-timeout'],
  },
  {
    id: 'proc-ip_vs',
    language: 'ipvsadm',
    lines: [
      (line, next) => headingOf(line, next) !== undefined && isProc(next),
      /^(TCP|UDP|SCTP)\s+([\dA-F]{8}|\[([\da-f]{4}:){7}[\da-f]{4}\]):[\dA-F]{4}\s/,
    ],
    names: ['(proc-net-)?ip-vs'],
    part: 'IPVS',
    services: 3,
    mayBeEmpty: /ip_vs: No such file/,
    read: ipvsTable(true),
  },
  {
    id: 'ipvsadm-Ln',
    language: 'ipvsadm',
    lines: [
      (line, next) => headingOf(line, next) !== undefined,
      /^(TCP|UDP|SCTP)\s+\S+:[\w-]+ [a-z]/,
      /^FWM\s+\d+ /,
    ],
    names: ['(ipvsadm|ipvs)(-l-?n?(-\\w+)*)?'],
    part: 'IPVS',
    services: 5,
    mayBeEmpty: /Protocol not available/,
    read: ipvsTable(false),
  },
  {
    id: 'ipvsadm-Lnc',
    language: 'ipvsadm',
    lines: [/^\s*IPVS connection entries|^\s*pro expire state/],
    names: ['ipvsadm-(l-?n?-?c|lc)(-n)?', '(proc-net-)?ip-vs-conn'],
    part: 'connections',
    read: ({ source }) =>
      asFacts(ipvsConnectionsParser(source), (ipvsConnections) => ({ ipvsConnections })),
  },
  {
    id: 'proc-ip_vs_conn',
    language: 'ipvsadm',
    lines: [/^\s*Pro FromIP/],
    part: 'connections',
    read: ({ source }) =>
      asFacts(procIpvsConnectionsParser(source), (ipvsConnections) => ({
        ipvsConnections,
      })),
  },
  {
    id: 'proc-ip_vs_stats',
    language: 'ipvsadm',
    lines: [/^\s*Total Incoming Outgoing/],
    names: ['(proc-net-)?ip-vs-stats(-percpu)?'],
  },
] as const satisfies readonly DumpKind[];
