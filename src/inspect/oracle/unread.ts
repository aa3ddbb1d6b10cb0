import type { OracleCase, OracleEntry, OraclePacket } from './format';

/** What a case says of its node and its packets that this reader knows how to take. */
const ofTopology =
  'name family interfaces routes routes6 rules force sysctl bridge bridge_nf hairpin';
const ofTopologyIpvs = 'kube_ipvs0 listen';
const ofPacket =
  'proto src sport dst dport in port src_mac flags seq ack type code tos dscp ttl uid so_mark oif scope ext socket inner';
const ofEntry =
  'kind packet state keep random random_sport answer samples endpoints nft reply_to next_of icmp_of side type code flags seq ack skipped note';
const ofExtension = 'type opts rtype segsleft addrs off more spi';

/**
 * Why a packet can't be replayed: the recording says something that this reader does not take. Such
 * a packet counts as unknown, since leaving it out would make the figures better than they are.
 */
export function unreadOf(oracle: OracleCase, entry: OracleEntry): string | undefined {
  const extensions = Object.assign({}, ...(entry.packet?.ext ?? [])) as object;
  return (
    strange('topology', oracle.topology, `${ofTopology} ${ofTopologyIpvs}`) ??
    strange('entry', entry, ofEntry) ??
    strange('packet', entry.packet ?? {}, ofPacket) ??
    strange('extension header', extensions, ofExtension) ??
    badValue(entry.packet)
  );
}

function strange(what: string, value: object, known: string): string | undefined {
  const names = new Set(known.split(' '));
  const other = Object.keys(value).find((name) => !names.has(name));
  return other === undefined ? undefined : `this reader does not take ${other} of the ${what}`;
}

function badValue(packet: OraclePacket | undefined): string | undefined {
  const type = packet?.ext?.find(
    (header) => !['hbh', 'dst', 'rt', 'frag', 'ah'].includes(header.type),
  )?.type;
  return type === undefined ? undefined : `this reader does not take the extension header ${type}`;
}
