import { parseAddress, type Address } from './address';
import { protocolNumbers } from './packet';
import { protocolName } from './protocol';
import { withPort } from './trace/headerText';

/** One end of a connection as a user writes it. */
export interface PacketEnd {
  readonly address: Address;
  readonly port: number | undefined;
}

/** `10.0.0.1`, `10.0.0.1:80`, `fd00::1`, `[fd00::1]:80`; undefined for anything else. */
export function parsePacketEnd(text: string): PacketEnd | undefined {
  const whole = parseAddress(text);
  if (whole) return { address: whole, port: undefined };
  const [, inBrackets, plain, portText] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = parseAddress(inBrackets ?? plain ?? '');
  const port = Number(portText);
  return address && port <= 65535 ? { address, port } : undefined;
}

/**
 * `10.96.0.10:53/udp`, `10.96.0.1:443` (tcp), `10.96.0.10/icmp`; undefined for anything else, and
 * where the protocol has ports but none is given.
 */
export function parsePacketTarget(
  text: string,
): (PacketEnd & { readonly protocol: number }) | undefined {
  const slash = text.lastIndexOf('/');
  const name = slash < 0 ? 'tcp' : text.slice(slash + 1).toLowerCase();
  const end = parsePacketEnd(slash < 0 ? text : text.slice(0, slash));
  if (!end) return undefined;
  const { tcp, udp, sctp, icmp, icmp6 } = protocolNumbers;
  const ping = end.address.family === 6 ? icmp6 : icmp;
  const protocols: Readonly<Record<string, number>> = {
    tcp,
    udp,
    sctp,
    icmp: ping,
    icmpv6: icmp6,
    'ipv6-icmp': icmp6,
  };
  const protocol = protocols[name];
  if (protocol === undefined) return undefined;
  const isPing = protocol === icmp || protocol === icmp6;
  return isPing || end.port !== undefined ? { ...end, protocol } : undefined;
}

/** A packet to trace, as far as a user tells it. */
export interface PacketRequest {
  readonly source: PacketEnd;
  readonly target: PacketEnd & { readonly protocol: number };
  /** The device it comes in by; undefined where the routes shall tell. */
  readonly device?: string;
}

/** `10.244.0.9 > 10.96.0.10:53/udp in cni0`; undefined for anything else. */
export function parsePacket(text: string): PacketRequest | undefined {
  const [, from = '', to = '', device] = /^(\S+) > (\S+?)(?: in (\S+))?$/.exec(text) ?? [];
  const source = parsePacketEnd(from);
  const target = parsePacketTarget(to);
  if (!source || target?.address.family !== source.address.family) return undefined;
  return { source, target, device };
}

/** What parsePacket reads. */
export function formatPacket({ source, target, device }: PacketRequest): string {
  const to = `${withPort(target.address, target.port)}/${protocolName(target.protocol)}`;
  return `${withPort(source.address, source.port)} > ${to}${device === undefined ? '' : ` in ${device}`}`;
}
