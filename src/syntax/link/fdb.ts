import type { Finding } from '../../core/finding';
import type { LearnedMac } from '../../core/links';
import { lineRange, unknownLine, type LineReader } from '../lines';

const entry = /^((?:[\da-f]{2}:){5}[\da-f]{2}) dev (\S+)( .*)?$/i;

/**
 * Reads `bridge fdb`: `0a:58:0a:f4:01:05 dev veth1 master cni0`. Entries that are `permanent` are the
 * bridge's and the ports' own addresses, those without `master` belong to the device itself (`self`).
 */
export function fdbParser(source: string): LineReader<readonly LearnedMac[]> {
  const learned: LearnedMac[] = [];
  const findings: Finding[] = [];
  return {
    line(text, number) {
      if (text.trim() === '') return;
      const [, mac, port, rest = ''] = entry.exec(text) ?? [];
      if (mac === undefined) {
        findings.push(unknownLine(lineRange(source, number, text), 'bridge fdb'));
      } else if (/ master /.test(rest) && !/ permanent\b/.test(rest)) {
        learned.push({ mac: mac.toLowerCase(), port: port! });
      }
    },
    end: () => ({ value: learned, findings }),
  };
}
