import { compareAddresses, parseAddress, parseNetwork, prefixMask } from '../../core/address';
import type { Address, Family, Network } from '../../core/address';
import type { IpSetPart } from '../../core/ipset/types';
import { protocolNumber } from '../../core/protocol';

/**
 * The ways to read one part of an element: several where a range of addresses falls into several
 * networks (`10.0.0.1-10.0.0.9`), one otherwise.
 *
 * @param dimension the part's name in the set's type: `ip`, `net`, `port`, `iface`, `mark`, `mac`, `set`
 * @param mask the set's `netmask` or `bitmask`, under which the kernel stores and looks up plain addresses
 */
export function parsePart(
  dimension: string,
  text: string,
  mask: readonly number[] | undefined,
): readonly IpSetPart[] {
  switch (dimension) {
    case 'ip':
    case 'net':
      return networks(text, mask).map((network) => ({ kind: 'network', network }));
    case 'port':
      return [port(text) ?? { kind: 'other', text }];
    case 'iface':
      // `physdev:` means the port of a bridge, which is not the packet's device.
      return text.startsWith('physdev:')
        ? [{ kind: 'other', text }]
        : [{ kind: 'interface', name: text, wildcard: false }];
    case 'mark':
      return /^(0x[\da-f]+|\d+)$/i.test(text)
        ? [{ kind: 'mark', mark: Number(text) >>> 0 }]
        : [{ kind: 'other', text }];
    case 'mac':
      return /^([\da-f]{2}:){5}[\da-f]{2}$/i.test(text)
        ? [{ kind: 'mac', mac: text.toLowerCase() }]
        : [{ kind: 'other', text }];
    case 'set':
      return [{ kind: 'set', name: text }];
    default:
      return [{ kind: 'other', text }];
  }
}

function networks(text: string, mask: readonly number[] | undefined): readonly Network[] {
  const dash = text.indexOf('-');
  if (dash < 0) {
    const network = parseNetwork(text);
    if (!network) return [];
    const masked = mask && !text.includes('/') ? underMask(network.address, mask) : network;
    return masked ? [masked] : [];
  }
  const from = parseAddress(text.slice(0, dash));
  const to = parseAddress(text.slice(dash + 1));
  return from && to ? networksOfRange(from, to) : [];
}

function underMask(address: Address, mask: readonly number[]): Network | undefined {
  if (mask.length !== address.words.length) return undefined;
  const words = address.words.map((word, i) => (word & mask[i]!) >>> 0);
  return { address: { family: address.family, words }, mask };
}

/** The networks that make up an IPv4 range, both ends included; ipset(8) has no IPv6 ranges. */
function networksOfRange(from: Address, to: Address): readonly Network[] {
  if (from.family !== 4 || to.family !== 4 || compareAddresses(from, to) > 0) return [];
  const found: Network[] = [];
  const last = to.words[0]!;
  for (let next = from.words[0]!; next <= last;) {
    let bits = 0;
    while (bits < 32 && next % 2 ** (bits + 1) === 0 && next + 2 ** (bits + 1) - 1 <= last) bits++;
    found.push({ address: { family: 4, words: [next] }, mask: prefixMask(4, 32 - bits) });
    next += 2 ** bits;
  }
  return found;
}

/** `80`, `80-90`, `tcp:80`, `icmp:8/0`, `icmp:echo-request`, `esp:0`, `igmp:0`. */
function port(text: string): IpSetPart | undefined {
  const colon = text.indexOf(':');
  const protocol = colon < 0 ? undefined : numberOf(text.slice(0, colon));
  if (colon >= 0 && protocol === undefined) return undefined;
  const value = text.slice(colon + 1);
  if (protocol === 1 || protocol === 58) {
    const typeAndCode = icmpPort(value, protocol === 1 ? 4 : 6);
    return typeAndCode === undefined
      ? undefined
      : { kind: 'port', protocol, from: typeAndCode, to: typeAndCode };
  }
  const match = /^(\d+)(?:-(\d+))?$/.exec(value);
  if (!match) return undefined;
  const from = Number(match[1]);
  const to = match[2] === undefined ? from : Number(match[2]);
  if (to > 65535 || from > to) return undefined;
  return { kind: 'port', ...(protocol === undefined ? {} : { protocol }), from, to };
}

/** ipset prints a name of /etc/protocols where there is one (ipset_print_proto_port). */
function numberOf(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : protocolNumber(text);
}

function icmpPort(text: string, family: Family): number | undefined {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  if (match) return Number(match[1]) * 256 + Number(match[2]);
  return (family === 4 ? icmpNames : icmpv6Names).get(text);
}

/** ipset prints a name where it has one: lib/icmp.c and lib/icmpv6.c of ipset 7. */
const icmpNames: ReadonlyMap<string, number> = new Map([
  ['echo-reply', 0x0000],
  ['pong', 0x0000],
  ['network-unreachable', 0x0300],
  ['host-unreachable', 0x0301],
  ['protocol-unreachable', 0x0302],
  ['port-unreachable', 0x0303],
  ['fragmentation-needed', 0x0304],
  ['source-route-failed', 0x0305],
  ['network-unknown', 0x0306],
  ['host-unknown', 0x0307],
  ['network-prohibited', 0x0309],
  ['host-prohibited', 0x030a],
  ['TOS-network-unreachable', 0x030b],
  ['TOS-host-unreachable', 0x030c],
  ['communication-prohibited', 0x030d],
  ['host-precedence-violation', 0x030e],
  ['precedence-cutoff', 0x030f],
  ['source-quench', 0x0400],
  ['network-redirect', 0x0500],
  ['host-redirect', 0x0501],
  ['TOS-network-redirect', 0x0502],
  ['TOS-host-redirect', 0x0503],
  ['echo-request', 0x0800],
  ['ping', 0x0800],
  ['router-advertisement', 0x0900],
  ['router-solicitation', 0x0a00],
  ['ttl-zero-during-transit', 0x0b00],
  ['ttl-zero-during-reassembly', 0x0b01],
  ['ip-header-bad', 0x0c00],
  ['required-option-missing', 0x0c01],
  ['timestamp-request', 0x0d00],
  ['timestamp-reply', 0x0e00],
  ['address-mask-request', 0x1100],
  ['address-mask-reply', 0x1200],
]);

const icmpv6Names: ReadonlyMap<string, number> = new Map([
  ['no-route', 0x0100],
  ['communication-prohibited', 0x0101],
  ['address-unreachable', 0x0103],
  ['port-unreachable', 0x0104],
  ['packet-too-big', 0x0200],
  ['ttl-zero-during-transit', 0x0300],
  ['ttl-zero-during-reassembly', 0x0301],
  ['bad-header', 0x0400],
  ['unknown-header-type', 0x0401],
  ['unknown-option', 0x0402],
  ['echo-request', 0x8000],
  ['ping', 0x8000],
  ['echo-reply', 0x8100],
  ['pong', 0x8100],
  ['router-solicitation', 0x8500],
  ['router-advertisement', 0x8600],
  ['neighbour-solicitation', 0x8700],
  ['neigbour-solicitation', 0x8700],
  ['neighbour-advertisement', 0x8800],
  ['neigbour-advertisement', 0x8800],
  ['redirect', 0x8900],
]);
