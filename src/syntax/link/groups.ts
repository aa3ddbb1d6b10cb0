import { parseAddress, type Address } from '../../core/address';
import type { Finding } from '../../core/finding';
import { lowByteFirst, withoutColons } from '../ip/procAddress';
import { lineRange, unknownLine, type LineReader } from '../lines';

export type Groups = ReadonlyMap<string, readonly Address[]>;

/** `1:\tlo`; of /proc/net/igmp `2\teth0      :     3      V3`. */
const device = /^\d+:?\s+(\S+)(\s.*)?$/;

/**
 * Reads `ip maddr` (`\tinet  224.0.0.1 users 2` below `2:\teth0`), /proc/net/igmp
 * (`\t\t\t\t010000E0     1 0:00000000\t\t0`, the address as the machine holds it: little-endian) and
 * /proc/net/igmp6 (`2    eth0            ff020000000000000000000000000001     1 0000000C 0`).
 */
export function groupsParser(source: string): LineReader<Groups> {
  const groups = new Map<string, Address[]>();
  const findings: Finding[] = [];
  let current: Address[] | undefined;
  const of = (name: string) => {
    let list = groups.get(name);
    if (!list) groups.set(name, (list = []));
    return list;
  };
  return {
    line(text, number) {
      if (text.trim() === '' || text.startsWith('Idx')) return;
      const six = /^\d+\s+(\S+)\s+([\da-f]{32})\s/.exec(text);
      if (six) {
        of(six[1]!).push(withoutColons(six[2]!)!);
        return;
      }
      const [, name, rest = ''] = device.exec(text) ?? [];
      if (name?.endsWith(':') || (name && /^\s*(?::|$)/.test(rest))) {
        current = of(name.replace(/:$/, ''));
        return;
      }
      const hex = /^\s+([\dA-F]{8})\s+\d+\s/.exec(text)?.[1];
      const told = /^\s+inet6?\s+(\S+)/.exec(text)?.[1];
      const address = hex === undefined ? parseAddress(told ?? '') : lowByteFirst(hex);
      if (address && current) current.push(address);
      // `link  33:33:00:00:00:01` are frame addresses.
      else if (!/^\s+link\s/.test(text)) {
        findings.push(unknownLine(lineRange(source, number, text), 'ip maddr or /proc/net/igmp'));
      }
    },
    end: () => ({ value: groups, findings }),
  };
}
