import { l10n } from '../l10n';
import type { Address } from '../address';
import type { ExtensionHeader, HeaderOption, Packet } from '../packet';
import { isLoopback, isMulticast } from '../specialAddresses';
import type { State } from './state';

/** The extension headers as rules see them: conntrack takes a fragment header of a whole packet out. */
export function extensionsOf({ packet }: Pick<State, 'packet'>): readonly ExtensionHeader[] {
  const { extensions = [] } = packet;
  return extensions.filter(
    (header) => header.kind !== 'fragment' || header.offset > 0 || header.more,
  );
}

/** Bytes of a hop-by-hop or destination header: two and its options, padding among them. */
export function optionBytes(options: readonly HeaderOption[]): number {
  return options.reduce((sum, { type, data }) => sum + (type === 0 ? 1 : 2 + data.length), 2);
}

/** Bytes of the packet as rules see it: the fragment header of a whole packet is gone. */
export function lengthOf({ length, extensions = [] }: Packet): number | undefined {
  const whole = extensions.some(
    (header) => header.kind === 'fragment' && header.offset === 0 && !header.more,
  );
  return length !== undefined && whole ? length - fragmentBytes : length;
}

const fragmentBytes = 8;

/**
 * Whether conntrack keeps a fragment until the others are there (nf_ct_frag6_gather, ip_defrag),
 * before any rule sees it. Of IPv6 one that is not a multiple of 8 bytes and not the last goes on as
 * it is.
 *
 * @returns why the packet ends here; undefined where it goes on
 */
export function defragmented(packet: Packet): string | undefined {
  const { extensions = [], fragment, length, destination } = packet;
  if (destination.family === 4) return fragment ? kept : undefined;
  const at = extensions.findIndex(({ kind }) => kind === 'fragment');
  const found = extensions[at];
  if (found?.kind !== 'fragment') return undefined;
  const before = extensions.slice(0, at + 1).reduce((sum, header) => sum + headerBytes(header), 40);
  if (length === before) return l10n.t`an empty fragment`;
  if (found.offset === 0 && !found.more) return undefined;
  const rounded = length === undefined || (length - before) % 8 === 0;
  return !found.more || rounded ? kept : undefined;
}

const kept = l10n.t`conntrack keeps the fragment until the others are there`;

/** Of an authentication header with a check value of 12 bytes, as HMAC-SHA1-96 has. */
export function headerBytes(header: ExtensionHeader): number {
  switch (header.kind) {
    case 'hop-by-hop':
    case 'destination':
      return optionBytes(header.options);
    case 'routing':
      return 8 + 16 * header.addresses.length;
    case 'fragment':
      return fragmentBytes;
    case 'authentication':
      return 24;
  }
}

/**
 * ip6_rcv_core (net/ipv6/ip6_input.c): why a packet is dropped before PREROUTING; undefined where it
 * goes on.
 *
 * @param loopback it came by the loopback device
 */
export function refusedOnArrival(
  { source, destination, extensions = [] }: Packet,
  loopback: boolean,
): string | undefined {
  if (source.family === 4) return undefined;
  if (!loopback && (isLoopback(source) || isLoopback(destination))) {
    return l10n.t`::1 does not come in by a device`;
  }
  const scope = isMulticast(destination) ? multicastScope(destination) : undefined;
  if (scope === 0) return l10n.t`a multicast group of the reserved scope 0`;
  if (scope === 1 && !loopback)
    return l10n.t`a multicast group of one node does not come in by a device`;
  if (isMulticast(source)) return l10n.t`a multicast address cannot be a source`;
  const [first] = extensions;
  const options = first?.kind === 'hop-by-hop' ? first.options : [];
  return refusedOptions(options);
}

/** ip6_parse_tlv (net/ipv6/exthdrs.c): padding of 8 bytes or more, or not of zeros, is refused. */
function refusedOptions(options: readonly HeaderOption[]): string | undefined {
  let padding = 0;
  for (const { type, data } of options) {
    padding = type > 1 ? 0 : padding + (type === 0 ? 1 : 2 + data.length);
    if (padding > 7 || (type === 1 && data.some((byte) => byte !== 0))) {
      return l10n.t`the padding of its hop-by-hop header is refused`;
    }
    if (!knownOptions.has(type) && type >>> 6 !== 0) {
      return l10n.t`the hop-by-hop option ${type} is not known`;
    }
  }
  return undefined;
}

function multicastScope({ words }: Address): number {
  return (words[0]! >>> 16) & 15;
}

/** Pad1, PadN, router alert, CALIPSO, IOAM, jumbo payload; others may say that they can be passed by. */
const knownOptions: ReadonlySet<number> = new Set([0, 1, 5, 7, 49, 194]);
