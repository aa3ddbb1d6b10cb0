import type { Finding } from '../core/finding';
import { lineRange, parseLines, unknownLine } from './lines';
import type { LineParser, Parsed } from './lines';

/** Reads `sysctl -a`: `net.ipv4.ip_forward = 1`; also in the form of a sysctl.conf (`a/b=1`). */
export function sysctlParser(source: string): LineParser<ReadonlyMap<string, string>> {
  const value = new Map<string, string>();
  const findings: Finding[] = [];
  return {
    line(text, line) {
      const match = /^\s*([\w./@:+-]+)\s*=\s*(.*?)\s*$/.exec(text);
      if (match) value.set(match[1]!, match[2]!);
      else if (!/^\s*(#.*|;.*)?$/.test(text)) {
        findings.push(unknownLine(lineRange(source, line, text), 'sysctl -a'));
      }
    },
    end: () => ({ value, findings }),
  };
}

export function parseSysctl(text: string, source: string): Parsed<ReadonlyMap<string, string>> {
  return parseLines(text, sysctlParser(source));
}
