import { l10n } from '../../l10n';
import type { Address } from '../../address';
import { protocolNumbers } from '../../packet';
import type { ExtensionHeader } from '../../packet';
import type {
  ExtensionMatch,
  FragmentHeaderMatch,
  HeaderName,
  HeadersMatch,
  OptionsHeaderMatch,
  RoutingHeaderMatch,
  SecurityHeaderMatch,
} from '../../rules/extensionMatch';
import type { Interval, Negatable } from '../../rules/optionValue';
import { negate } from '../answer';
import type { Answer } from '../answer';
import { extensionsOf, optionBytes } from '../extensions';
import type { StatementContext } from './context';
import { hasLinkAddress } from './packet';

/** The matches of IPv6's extension headers; a packet of which none are told has none. */
export function extensionMatch(match: ExtensionMatch, context: StatementContext): Answer {
  const { packet, header } = context.state;
  switch (match.kind) {
    case 'ipv6header':
      return headersMatch(match, context);
    case 'frag':
      return fragmentMatch(match, context);
    case 'rt':
      return routingMatch(match, context);
    case 'hbh':
    case 'dst':
      return optionsMatch(match, context);
    case 'ah':
    case 'esp':
      return securityMatch(match, context);
    case 'mh': {
      // ip6t_mh.c: not of a fragment.
      if (header.protocol !== protocolNumbers.mobility || packet.fragment) return false;
      return within(packet.mobilityType ?? 0, match.type);
    }
    case 'eui64':
      return eui64Match(context);
  }
}

/** ipv6header_mt6 (ip6t_ipv6header.c). */
function headersMatch(
  { headers, soft, negated }: HeadersMatch,
  context: StatementContext,
): boolean {
  const found = new Set<HeaderName>(extensionsOf(context.state).map(nameOf));
  const { protocol } = context.state.header;
  if (protocol === none) found.add('none');
  else found.add(protocol === esp ? 'esp' : 'proto');
  if (soft) return headers.every((name) => found.has(name) !== negated);
  const same = found.size === new Set(headers).size && headers.every((name) => found.has(name));
  return same !== negated;
}

const { esp, ah } = protocolNumbers;
const none = 59;

function nameOf({ kind }: ExtensionHeader): HeaderName {
  switch (kind) {
    case 'hop-by-hop':
      return 'hop';
    case 'destination':
      return 'dst';
    case 'routing':
      return 'route';
    case 'fragment':
      return 'frag';
    case 'authentication':
      return 'auth';
  }
}

/** frag_mt6 (ip6t_frag.c). */
function fragmentMatch(match: FragmentHeaderMatch, { state }: StatementContext): Answer {
  const found = extensionsOf(state).find((header) => header.kind === 'fragment');
  if (!found) return false;
  if (match.first && found.offset !== 0) return false;
  if ((match.more && !found.more) || (match.last && found.more)) return false;
  return known(l10n.t`the fragment’s identification`, found.id, match.id);
}

/** rt_mt6 (ip6t_rt.c). */
function routingMatch(match: RoutingHeaderMatch, { state }: StatementContext): Answer {
  const found = extensionsOf(state).find((header) => header.kind === 'routing');
  if (!found) return false;
  const bytes = 8 + 16 * found.addresses.length;
  if (!within(found.segmentsLeft, match.segmentsLeft)) return false;
  if (!equals(bytes, match.length) || !equals(found.type, match.type)) return false;
  if (!match.addresses) return true;
  return open(l10n.t`--rt-0-addrs of ${match.text}`, l10n.t`--rt-0-addrs is not modelled`);
}

/** hbh_mt6 (ip6t_hbh.c): the first options of the header, with padding, one by one. */
function optionsMatch(match: OptionsHeaderMatch, { state }: StatementContext): boolean {
  const kind = match.kind === 'hbh' ? 'hop-by-hop' : 'destination';
  const found = extensionsOf(state).find((header) => header.kind === kind);
  if (!found || !('options' in found)) return false;
  if (!equals(optionBytes(found.options), match.length)) return false;
  return match.options.every(({ type, length }, i) => {
    const option = found.options[i];
    return option?.type === type && (length === undefined || length === option.data.length);
  });
}

/** ah_mt6 (ip6t_ah.c) looks for the header; esp_mt (xt_esp.c) and ah of IPv4 for the protocol. */
function securityMatch(match: SecurityHeaderMatch, { state }: StatementContext): Answer {
  const { header, packet } = state;
  const found = extensionsOf(state).find(({ kind }) => kind === 'authentication');
  if (match.kind === 'ah' && found && 'spi' in found) return within(found.spi, match.spi);
  const protocol = match.kind === 'ah' ? ah : esp;
  if (header.protocol !== protocol || packet.fragment) return false;
  return known(l10n.t`the packet’s SPI`, packet.securityIndex, match.spi);
}

/** eui64_mt6 (ip6t_eui64.c): only of a frame of Ethernet. */
function eui64Match({ node, state }: StatementContext): Answer {
  const { sourceMac } = state.packet;
  if (!hasLinkAddress(node, state.packet)) return false;
  if (sourceMac !== undefined) return isOfMac(state.header.source, sourceMac);
  return open(
    l10n.t`the source is made of the MAC address`,
    l10n.t`the packet’s MAC address is not known`,
  );
}

function isOfMac({ words }: Address, mac: string): boolean {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac
    .split(':')
    .map((byte) => parseInt(byte, 16));
  const high = (((a ^ 2) << 24) | (b << 16) | (c << 8) | 0xff) >>> 0;
  const low = ((0xfe << 24) | (d << 16) | (e << 8) | f) >>> 0;
  return words[2] === high && words[3] === low;
}

function within(value: number, asked: Negatable<Interval> | undefined): boolean {
  if (!asked) return true;
  return (value >= asked.value.from && value <= asked.value.to) !== asked.negated;
}

function equals(value: number, asked: Negatable<number> | undefined): boolean {
  return !asked || (value === asked.value) !== asked.negated;
}

/** A number that the caller may not have told. */
function known(
  what: string,
  value: number | undefined,
  asked: Negatable<Interval> | undefined,
): Answer {
  if (!asked) return true;
  if (value !== undefined) return within(value, asked);
  const { from, to } = asked.value;
  return negate(
    open(l10n.t`${what} is in ${from} to ${to}`, l10n.t`${what} is not known`),
    asked.negated,
  );
}

function open(condition: string, unknown: string): Answer {
  return { condition, otherwise: l10n.t`not: ${condition}`, unknown, key: condition };
}
