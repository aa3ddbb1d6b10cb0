import type { Finding } from '../../core/finding';
import type { SourceRange } from '../../core/source';
import { lineRange, parseLines, unknownLine } from '../lines';
import type { LineReader, Parsed } from '../lines';

/** One value, and where it stands. */
export interface SysctlLine {
  readonly value: string;
  readonly range: SourceRange;
}

/**
 * Reads `sysctl -a`: `net.ipv4.ip_forward = 1`, and `grep -r . /proc/sys/net`, for nodes without
 * sysctl: `/proc/sys/net/ipv4/ip_forward:1`.
 */
export function sysctlParser(source: string): LineReader<ReadonlyMap<string, SysctlLine>> {
  const value = new Map<string, SysctlLine>();
  const findings: Finding[] = [];
  return {
    line(text, line) {
      const told = text.trim();
      const file = /^\/proc\/sys\/([\w./@+-]+):(.*)$/.exec(told);
      const [key = '', ...rest] = told.split('=');
      const range = lineRange(source, line, text);
      if (file) value.set(keyOfFile(file[1]!), { value: file[2]!, range });
      else if (rest.length > 0 && /^[\w./@:+-]+$/.test(key.trimEnd())) {
        value.set(key.trimEnd(), { value: rest.join('=').trimStart(), range });
      } else if (told !== '' && !/^[#;]/.test(told)) {
        findings.push(unknownLine(range, 'sysctl -a'));
      }
    },
    end: () => ({ value, findings }),
  };
}

/** sysctl(8) writes `/` for the dots of a file's name: `net.ipv4.conf.eth0/100.rp_filter`. */
function keyOfFile(path: string): string {
  return path.replace(/[./]/g, (character) => (character === '.' ? '/' : '.'));
}

export function parseSysctl(text: string, source: string): Parsed<ReadonlyMap<string, SysctlLine>> {
  return parseLines(text, sysctlParser(source));
}
