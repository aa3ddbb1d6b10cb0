import type { NodeState } from '../../../src/core/node';
import { groupPackets } from '../../../src/core/packetTrace/group';
import { layPacket } from '../../../src/core/packetTrace/lay';
import type { LaidPacket } from '../../../src/core/packetTrace/laid';
import { parsePacketTrace } from '../../../src/syntax/packetTrace/read';
import { node } from '../trace/helper';

/** A line of the kernel's log: `nat:PREROUTING:rule:1` with the head of a TCP packet. */
export function logLine(
  place: string,
  { from = '192.0.2.7', to = '192.168.50.10', port = 80, devices = 'IN=eth0 OUT=', more = '' } = {},
): string {
  const head = `${devices} SRC=${from} DST=${to} LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=7 DF PROTO=TCP SPT=40000 DPT=${port}`;
  return `[1.5] TRACE: ${place} ${head} SEQ=1 ACK=0 WINDOW=1 RES=0x00 SYN URGP=0${more}`;
}

/** Each packet of some lines, laid on rules written as iptables-save does. */
export function layOn(rules: readonly string[] | NodeState, ...lines: string[]): LaidPacket[] {
  const isText = Array.isArray(rules);
  const own = isText ? node({ rules: rules.join('\n') }) : (rules as NodeState);
  const rows: readonly string[] = isText ? rules : [];
  const { value } = parsePacketTrace(lines.join('\n'), 'trace');
  return groupPackets(value).map((packet) => layPacket(own, packet, ({ line }) => rows[line]));
}
