import { parseAddress } from '../../core/address';
import type { InterfaceAddress, NetworkInterface } from '../../core/node';
import { lineRange, type LineReader } from '../lines';

type Draft = NetworkInterface & { readonly addresses: InterfaceAddress[] };

/**
 * Reads ifconfig of net-tools: `eth0: flags=4163<UP,BROADCAST> mtu 1500` with `inet 192.0.2.10 netmask
 * 255.255.255.0 broadcast ...`, and the older `eth0  Link encap:Ethernet` with `inet addr:192.0.2.10
 * Bcast:... Mask:255.255.255.0`, which busybox prints as well.
 */
export function ifconfigParser(source: string): LineReader<readonly NetworkInterface[]> {
  const interfaces: Draft[] = [];
  return {
    line(text, line) {
      const range = lineRange(source, line, text);
      const device = /^([^\s:]+(?::\d+)?)(?::\s+flags=\d+<([^>]*)>|\s+Link encap:)/.exec(text);
      if (device) {
        const [, name = '', flags = ''] = device;
        const words = flags.split(',').filter(Boolean);
        // `eth0:1` is an alias: one more address of eth0.
        const plain = name.replace(/:\d+$/, '');
        const known = interfaces.find((one) => one.name === plain);
        if (known) interfaces.splice(interfaces.indexOf(known), 1);
        const addresses = known?.addresses ?? [];
        interfaces.push({ index: 0, name: plain, flags: words, addresses, range });
        return;
      }
      const last = interfaces[interfaces.length - 1];
      const address = readAddress(text);
      if (last && address) last.addresses.push({ ...address, range });
    },
    end: () => ({ value: interfaces, findings: [] }),
  };
}

function readAddress(text: string): Omit<InterfaceAddress, 'range'> | undefined {
  const four = /^\s+inet (?:addr:)?([\d.]+)/.exec(text)?.[1];
  const six = /^\s+inet6 (?:addr: ?)?([\da-f:]+)(?:\/(\d+))?/i.exec(text);
  const address = parseAddress(four ?? six?.[1] ?? '');
  if (!address) return undefined;
  const broadcast = /\b(?:broadcast |Bcast:)([\d.]+)/.exec(text)?.[1];
  const mask = /\b(?:netmask |Mask:)([\d.]+)/.exec(text)?.[1];
  const prefixLength = four
    ? lengthOf(mask ?? '255.255.255.255')
    : Number(six?.[2] ?? /prefixlen (\d+)/.exec(text)?.[1] ?? 128);
  const scope = /scopeid 0x[\da-f]+<(\w+)>|Scope:(\w+)/i.exec(text);
  const named = (scope?.[1] ?? scope?.[2] ?? 'global').toLowerCase();
  const of = broadcast === undefined ? undefined : parseAddress(broadcast);
  return { address, prefixLength, scope: named, secondary: false, ...(of && { broadcast: of }) };
}

function lengthOf(mask: string): number {
  const word = parseAddress(mask)?.words[0] ?? 0xffffffff;
  return 32 - Math.log2((~word >>> 0) + 1);
}
