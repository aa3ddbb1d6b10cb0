import { parseAddress, type Address } from './address';
import { protocolNumbers } from './packet';

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
  const protocols: Readonly<Record<string, number>> = { tcp, udp, sctp, icmp: ping, icmpv6: icmp6 };
  const protocol = protocols[name];
  if (protocol === undefined) return undefined;
  const isPing = protocol === icmp || protocol === icmp6;
  return isPing || end.port !== undefined ? { ...end, protocol } : undefined;
}
