import { parseAddress } from '../../core/address';
import type { Address } from '../../core/address';
import { protocolNumbers, tcpFlagBits } from '../../core/packet';
import type { ExtensionHeader, HeaderOption, InnerPacket, Packet } from '../../core/packet';
import { headerBytes, optionBytes } from '../../core/trace/extensions';
import type { FlowState } from '../../core/trace/conntrack/flowState';
import type { OracleAnswer, OracleEntry, OracleExtension, OraclePacket } from './format';

const { tcp, udp, icmp, icmp6, sctp, mobility } = protocolNumbers;
const protocols: Readonly<Record<string, number>> = {
  tcp,
  udp,
  icmp,
  icmpv6: icmp6,
  sctp,
  esp: 50,
  none: 59,
  mh: mobility,
};
const { FIN, SYN, RST, PSH, ACK, URG } = tcpFlagBits;
const flagBits: Readonly<Record<string, number>> = {
  F: FIN,
  S: SYN,
  R: RST,
  P: PSH,
  A: ACK,
  U: URG,
};

/** As oracle.py builds it: a raw socket of root, TTL 200, eight bytes more than the UDP payload. */
export function packetOf(packet: OraclePacket, answer?: OracleAnswer): Packet {
  const protocol = protocolNumber(packet.proto);
  const chosen = answer?.socket_tuple;
  const flags = [...(packet.flags ?? 'S')].reduce((bits, flag) => bits | (flagBits[flag] ?? 0), 0);
  const isIcmp = protocol === icmp || protocol === icmp6;
  const destination = addressOf(packet.dst);
  return {
    protocol,
    source: addressOf(packet.src ?? chosen?.src ?? packet.dst),
    destination,
    sourcePort: packet.sport ?? chosen?.sport,
    destinationPort: isIcmp ? undefined : packet.dport,
    flags: protocol === tcp ? flags : undefined,
    icmpType: isIcmp ? packet.type : undefined,
    icmpCode: isIcmp ? packet.code : undefined,
    inner: packet.inner && innerOf(packet.inner),
    mobilityType: protocol === mobility ? (packet.type ?? 0) : undefined,
    inInterface: packet.in,
    bridgePort: packet.port?.replace(/^p/, 'veth'),
    sourceMac: packet.src_mac,
    length: lengthOf(packet, protocol, destination.family),
    ttl: packet.ttl ?? 200,
    tos: packet.tos ?? (packet.dscp === undefined ? undefined : packet.dscp << 2),
    fragment: packet.ext?.some((header) => header.type === 'frag' && (header.off ?? 0) > 0),
    owner: { uid: packet.uid ?? 0, gid: 0, rawSocket: packet.socket === undefined },
    boundDevice: packet.oif ?? (needsScope(packet.dst) ? packet.scope : undefined),
    extensions: packet.ext?.map(extensionOf),
    securityIndex: packet.proto === 'esp' ? securityIndex : undefined,
  };
}

/** __ipv6_addr_needs_scope_id: a scope with another address is not looked at. */
function needsScope(address: string): boolean {
  return /^(fe[89ab]|ff.[12]:)/i.test(address);
}

export function protocolNumber(name: string): number {
  return protocols[name] ?? Number(name);
}

function innerOf(inner: OraclePacket): InnerPacket {
  return {
    protocol: protocolNumber(inner.proto),
    source: addressOf(inner.src ?? ''),
    destination: addressOf(inner.dst),
    sourcePort: inner.sport,
    destinationPort: inner.dport,
  };
}

/**
 * kernel-oracle/ip6/README.md; of IPv4 always six bytes of payload. SCTP is an INIT of 32 bytes, and an
 * ICMP error quotes a head and eight bytes.
 */
function lengthOf(packet: OraclePacket, protocol: number, family: 4 | 6): number {
  if (family === 4) {
    if (packet.inner) return 56;
    return { [tcp]: 40, [sctp]: 52 }[protocol] ?? 34;
  }
  if (packet.inner) return 96;
  const headers = (packet.ext ?? []).reduce(
    (sum, header) => sum + headerBytes(extensionOf(header)),
    40,
  );
  const ofIcmp: Readonly<Record<number, number>> = { 133: 8, 134: 16, 135: 24, 136: 24, 137: 40 };
  const payload: Readonly<Record<string, number>> = {
    tcp: 20,
    sctp: 32,
    esp: 16,
    mh: 8,
    none: 0,
  };
  const own = protocol === icmp6 ? ofIcmp[packet.type ?? 128] : payload[packet.proto];
  return headers + (own ?? 14);
}

/** The recorder's identifications count from here. */
const firstIdentification = 1001;

/** The recorder's SPI of esp. */
const securityIndex = 256;

/** Options fill up to a multiple of 8 bytes: Pad1 for one byte, else PadN. */
function padded(options: readonly HeaderOption[]): readonly HeaderOption[] {
  const rest = (8 - (optionBytes(options) % 8)) % 8;
  if (rest === 0) return options;
  if (rest === 1) return [...options, { type: 0, data: [] }];
  return [...options, { type: 1, data: new Array<number>(rest - 2).fill(0) }];
}

function extensionOf(header: OracleExtension): ExtensionHeader {
  switch (header.type) {
    case 'hbh':
    case 'dst':
      return {
        kind: header.type === 'hbh' ? 'hop-by-hop' : 'destination',
        options: padded(
          header.opts.map(([type, hex]) => ({ type, data: [...Buffer.from(hex, 'hex')] })),
        ),
      };
    case 'rt':
      return {
        kind: 'routing',
        type: header.rtype,
        segmentsLeft: header.segsleft,
        addresses: header.addrs.map(addressOf),
      };
    case 'frag':
      return {
        kind: 'fragment',
        offset: header.off ?? 0,
        more: Boolean(header.more),
        id: firstIdentification,
      };
    case 'ah':
      return { kind: 'authentication', spi: header.spi };
  }
}

export function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (!address) throw new Error(`not an address: ${text}`);
  return address;
}

/** `10.244.1.9 timeout 10m`: the key alone. */
function keyOf(element: string): string {
  return element.split(/ (?:timeout|expires|comment|counter) /, 1)[0]!;
}

/** A node set up for this packet: no connection, the lists as given, every count at zero. */
export function freshMemory({ state }: OracleEntry): FlowState {
  const recent = Object.entries(state?.recent ?? {}).map(
    ([name, addresses]) => [`recent ${name}`, new Map(addresses.map((a) => [a, 1]))] as const,
  );
  const sets = (state?.sets ?? []).map(
    ({ family, table, name, elements }) =>
      [
        `set ${family} ${table} ${name}`,
        new Map(elements.map((text) => [keyOf(text), 1])),
      ] as const,
  );
  const lists = [...recent, ...sets];
  return { connections: [], lists: new Map(lists), counters: new Map(), facts: new Map() };
}
