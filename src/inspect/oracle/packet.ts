import { parseAddress } from '../../core/address';
import type { Address } from '../../core/address';
import { protocolNumbers, tcpFlagBits } from '../../core/packet';
import type { Packet } from '../../core/packet';
import type { FlowState } from '../../core/trace/flowState';
import type { OracleAnswer, OracleEntry, OraclePacket } from './format';

const { tcp, udp, icmp, sctp } = protocolNumbers;
const protocols: Readonly<Record<string, number>> = { tcp, udp, icmp, sctp };
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
  return {
    protocol,
    source: addressOf(packet.src ?? chosen?.src ?? packet.dst),
    destination: addressOf(packet.dst),
    sourcePort: packet.sport ?? chosen?.sport,
    destinationPort: protocol === icmp ? undefined : packet.dport,
    flags: protocol === tcp ? flags : undefined,
    icmpType: packet.type,
    icmpCode: packet.code,
    inInterface: packet.in,
    length: protocol === tcp ? 40 : 34,
    ttl: 200,
    owner: { uid: 0, gid: 0, rawSocket: packet.socket === undefined },
  };
}

export function protocolNumber(name: string): number {
  return protocols[name] ?? Number(name);
}

function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (!address) throw new Error(`not an address: ${text}`);
  return address;
}

/** A node set up for this packet: no connection, the lists as given, every count at zero. */
export function freshMemory({ state }: OracleEntry): FlowState {
  const lists = Object.entries(state?.recent ?? {}).map(
    ([name, addresses]) => [name, new Map(addresses.map((a) => [a, 1]))] as const,
  );
  return { connections: [], recent: new Map(lists), counters: new Map(), facts: new Map() };
}
