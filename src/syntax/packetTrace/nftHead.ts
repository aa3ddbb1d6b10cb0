import { parseAddress } from '../../core/address';
import type { PrintedHead } from '../../core/packetTrace/line';
import { tcpFlagBits } from '../../core/packet';
import { protocolNumber } from '../../core/protocol';

/**
 * The packet of `nft monitor trace`: `iif "eth0" ip saddr 10.23.42.2 ip daddr 10.23.42.1 ip ttl 64
 * ip protocol tcp tcp sport 40000 tcp dport 80 tcp flags == syn`. Names stand where the monitor ran
 * without -n; they are left out.
 */
export function readNftHead(text: string): PrintedHead | undefined {
  const source = parseAddress(after(text, /\bip6? saddr (\S+)/) ?? '');
  const destination = parseAddress(after(text, /\bip6? daddr (\S+)/) ?? '');
  if (!source || !destination) return undefined;
  const name = after(text, /\b(?:ip protocol|ip6 nexthdr|meta l4proto) (\S+)/) ?? transport(text);
  const flags = after(text, /\btcp flags (?:== )?(\S+)/);
  return {
    family: source.family,
    source,
    destination,
    protocol: name === undefined ? undefined : protocolNumber(name.replace('ipv6-icmp', 'icmpv6')),
    sourcePort: port(after(text, /\b(?:tcp|udp|sctp|th) sport (\S+)/)),
    destinationPort: port(after(text, /\b(?:tcp|udp|sctp|th) dport (\S+)/)),
    inDevice: after(text, /\biif(?:name)? "?([^\s"]+)/),
    outDevice: after(text, /\boif(?:name)? "?([^\s"]+)/),
    mark: Number(after(text, /\bmeta mark (\S+)/) ?? 0),
    ttl: port(after(text, /\bip6? (?:ttl|hoplimit) (\d+)/)),
    length: port(after(text, /\bip6? length (\d+)/)),
    flags: flags === undefined ? undefined : flagsOf(flags),
    identity: '',
  };
}

function after(text: string, pattern: RegExp): string | undefined {
  return pattern.exec(text)?.[1];
}

function transport(text: string): string | undefined {
  return after(text, /\b(tcp|udp|sctp) [sd]port /);
}

function port(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function flagsOf(text: string): number | undefined {
  if (/^0x/.test(text)) return Number(text);
  const names = text.toUpperCase().split(/[|,]/);
  return Object.entries(tcpFlagBits).reduce(
    (bits, [name, bit]) => bits | (names.includes(name) ? bit : 0),
    0,
  );
}
