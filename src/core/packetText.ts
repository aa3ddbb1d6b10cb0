import { parseAddress, type Address, withPort } from './address';
import { formatExtensions, parseExtensions } from './extensionText';
import { protocolNumbers, type ExtensionHeader } from './packet';
import { protocolName } from './protocol';
import { own } from './own';

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
  const protocol = own(protocols, name);
  if (protocol === undefined) return undefined;
  const isPing = protocol === icmp || protocol === icmp6;
  return isPing || end.port !== undefined ? { ...end, protocol } : undefined;
}

/** A packet to trace, as far as a user tells it. */
export interface PacketRequest extends PacketWay {
  readonly source: PacketEnd;
}

/** Where a packet goes, and what else a user says of it behind that. */
export interface PacketWay {
  readonly target: PacketEnd & { readonly protocol: number };
  /** The device it comes in by; undefined where the routes shall tell. */
  readonly device?: string;
  /** The device that the sender's socket is bound to (SO_BINDTODEVICE): a packet of the node itself. */
  readonly boundDevice?: string;
  /** Of IPv6. */
  readonly extensions?: readonly ExtensionHeader[];
}

/**
 * `10.96.0.10:53/udp`, `10.96.0.10:53/udp in cni0`, `10.96.0.10:53/udp bound eth1`,
 * `[fd00::1]:80/tcp with fragment:0+`; undefined for anything else.
 */
export function parsePacketWay(text: string): PacketWay | undefined {
  const [to = '', ...words] = text.split(' ');
  const target = parsePacketTarget(to);
  if (!target || words.length % 2 > 0) return undefined;
  const told = new Map<string, string>();
  for (let i = 0; i < words.length; i += 2) {
    if (told.has(words[i]!)) return undefined;
    told.set(words[i]!, words[i + 1]!);
  }
  const device = told.get('in');
  const boundDevice = told.get('bound');
  const named = told.get('with');
  const extensions = named === undefined ? undefined : parseExtensions(named);
  const known = [device, boundDevice, extensions].filter((part) => part !== undefined).length;
  if (known !== told.size || [...told.values()].includes('')) return undefined;
  // A socket of the node has no device that its packet came in by, and IPv4 no such headers.
  if (device !== undefined && boundDevice !== undefined) return undefined;
  if (extensions && target.address.family === 4) return undefined;
  return {
    target,
    ...(device === undefined ? {} : { device }),
    ...(boundDevice === undefined ? {} : { boundDevice }),
    ...(extensions === undefined ? {} : { extensions }),
  };
}

/** `10.244.0.9 > 10.96.0.10:53/udp in cni0`; undefined for anything else. */
export function parsePacket(text: string): PacketRequest | undefined {
  const [from = '', to = ''] = text.split(' > ', 2);
  const source = parsePacketEnd(from);
  const way = parsePacketWay(to);
  if (!source || way?.target.address.family !== source.address.family) return undefined;
  return { source, ...way };
}

/** What parsePacket reads. */
export function formatPacket({ source, ...way }: PacketRequest): string {
  const { target, device, boundDevice, extensions } = way;
  const to = `${withPort(target.address, target.port)}/${protocolName(target.protocol)}`;
  return [
    `${withPort(source.address, source.port)} > ${to}`,
    ...(device === undefined ? [] : [`in ${device}`]),
    ...(boundDevice === undefined ? [] : [`bound ${boundDevice}`]),
    ...(extensions === undefined ? [] : [`with ${formatExtensions(extensions)}`]),
  ].join(' ');
}
