import type { Finding } from '../../core/finding';
import type { InterfaceAddress, NetworkInterface } from '../../core/node';
import { lineRange, parseLines, unknownLine } from '../lines';
import { withoutColons } from './procAddress';
import type { LineReader, Parsed } from '../lines';

type Interfaces = readonly NetworkInterface[];
type Draft = NetworkInterface & { readonly addresses: InterfaceAddress[] };

/**
 * Reads /proc/net/if_inet6: the IPv6 addresses where there is no `ip`. One line is address,
 * device index, prefix length, scope, flags (all hex) and device (kernel: net/ipv6/addrconf.c,
 * if6_seq_show): `fd000077000000000000000000000010 02 40 00 82 eth0`. It holds no IPv4 address.
 */
export function ifInet6Parser(source: string): LineReader<Interfaces> {
  const interfaces = new Map<string, Draft>();
  const findings: Finding[] = [];
  return {
    line(text, line) {
      if (text.trim() === '') return;
      const range = lineRange(source, line, text);
      const match =
        /^\s*([\da-f]{32})\s+([\da-f]+)\s+([\da-f]+)\s+([\da-f]+)\s+([\da-f]+)\s+(\S+)\s*$/.exec(
          text,
        );
      const address = match && withoutColons(match[1]!);
      if (!match || !address) {
        findings.push(unknownLine(range, '/proc/net/if_inet6'));
        return;
      }
      const [, , index, length, scope, , name] = match.map((part, i) =>
        i >= 2 && i <= 5 ? String(parseInt(part, 16)) : part,
      );
      const draft = interfaces.get(name!) ?? {
        index: Number(index),
        name: name!,
        flags: [],
        addresses: [],
        range,
      };
      interfaces.set(name!, draft);
      draft.addresses.push({
        address,
        prefixLength: Number(length),
        scope: scopes.get(Number(scope)) ?? `0x${Number(scope).toString(16)}`,
        secondary: false,
        range,
      });
    },
    end: () => ({ value: [...interfaces.values()], findings }),
  };
}

export function parseIfInet6(text: string, source: string): Parsed<Interfaces> {
  return parseLines(text, ifInet6Parser(source));
}

/** IPV6_ADDR_* scope bits (include/net/ipv6.h) in the words of `ip addr`. */
const scopes: ReadonlyMap<number, string> = new Map([
  [0x00, 'global'],
  [0x10, 'host'],
  [0x20, 'link'],
  [0x40, 'site'],
]);
