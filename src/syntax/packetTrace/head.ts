import { parseAddress } from '../../core/address';
import { protocolNumbers, tcpFlagBits } from '../../core/packet';
import type { InnerPacket } from '../../core/packet';
import type { PrintedHead } from '../../core/packetTrace/line';
import { protocolNumber } from '../../core/protocol';

const { tcp, udp, icmp, icmp6 } = protocolNumbers;

/** The `KEY=VALUE` words and the bare ones of a kernel's log line. */
interface Words {
  readonly values: ReadonlyMap<string, string>;
  readonly bare: ReadonlySet<string>;
}

/**
 * The head that nf_log_syslog.c and xtables-monitor print: `IN= OUT=ens192 SRC=10.12.22.151
 * DST=10.100.3.59 LEN=60 TOS=0x00 TTL=64 ID=31766 DF PROTO=TCP SPT=47644 DPT=80 SYN ... MARK=0x4000`.
 * An ICMP error has the packet that it quotes between brackets.
 *
 * @returns undefined where the text names no addresses
 */
export function readHead(text: string): PrintedHead | undefined {
  const open = text.indexOf('[SRC=');
  const close = text.indexOf(']', open);
  const end = close < 0 ? text.length : close;
  const own = wordsOf(open < 0 ? text : text.slice(0, open) + text.slice(end + 1));
  const source = parseAddress(own.values.get('SRC') ?? '');
  const destination = parseAddress(own.values.get('DST') ?? '');
  if (!source || !destination) return undefined;
  const protocol = protocolOf(own);
  const inner = open < 0 ? undefined : innerOf(wordsOf(text.slice(open + 1, end)));
  const device = (name: string) => own.values.get(name) || undefined;
  return {
    family: source.family,
    source,
    destination,
    protocol,
    sourcePort: numberOf(own, 'SPT') ?? numberOf(own, 'SPORT') ?? echoId(own, protocol),
    destinationPort: numberOf(own, 'DPT') ?? numberOf(own, 'DPORT'),
    inDevice: device('IN'),
    outDevice: device('OUT'),
    bridgePort: device('PHYSIN'),
    mark: numberOf(own, 'MARK') ?? 0,
    ttl: numberOf(own, 'TTL') ?? numberOf(own, 'HOPLIMIT'),
    length: numberOf(own, 'LEN'),
    icmpType: numberOf(own, 'TYPE'),
    icmpCode: numberOf(own, 'CODE'),
    inner,
    flags: protocol === tcp ? flagsOf(own) : undefined,
    identity: identityOf(own),
  };
}

/** Of a key that stands twice the first counts: UDP prints the datagram's length as a second LEN. */
function wordsOf(text: string): Words {
  const values = new Map<string, string>();
  const bare = new Set<string>();
  for (const word of text.split(/\s+/)) {
    const equals = word.indexOf('=');
    if (equals < 0) bare.add(word);
    else if (!values.has(word.slice(0, equals))) {
      values.set(word.slice(0, equals), word.slice(equals + 1));
    }
  }
  return { values, bare };
}

/** xtables-monitor prints no protocol: TCP has flags, ICMP a type. */
function protocolOf(words: Words): number | undefined {
  const named = words.values.get('PROTO');
  if (named !== undefined) {
    const name = named.toLowerCase();
    return name === 'icmpv6' ? icmp6 : (protocolNumber(name) ?? numberOf(words, 'PROTO'));
  }
  if (words.values.has('TYPE')) return icmp;
  if (!words.values.has('SPORT') && !words.values.has('SPT')) return undefined;
  return flagsOf(words) === 0 ? udp : tcp;
}

function flagsOf({ bare }: Words): number {
  return Object.entries(tcpFlagBits).reduce(
    (bits, [name, bit]) => bits | (bare.has(name) ? bit : 0),
    0,
  );
}

/** The kernel's `ID=31766`, and xtables-monitor's `ID=45471DF`, without a blank between. */
function numberOf({ values }: Words, name: string): number | undefined {
  const text = values.get(name);
  const [digits] = /^(0x[\da-f]+|\d+)/i.exec(text ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** The second ID of an echo is its own; the first is that of the IP head. */
function echoId(words: Words, protocol: number | undefined): number | undefined {
  if (protocol !== icmp && protocol !== icmp6) return undefined;
  return numberOf(words, 'ID');
}

/** What NAT leaves alone; empty where it was trimmed away. */
function identityOf(words: Words): string {
  const { values } = words;
  const id = values.get('ID');
  const seq = values.get('SEQ');
  if (id === undefined && seq === undefined) return '';
  return [values.get('PROTO'), id, seq, values.get('ACK'), values.get('LEN')].join(' ');
}

function innerOf(words: Words): InnerPacket | undefined {
  const source = parseAddress(words.values.get('SRC') ?? '');
  const destination = parseAddress(words.values.get('DST') ?? '');
  const protocol = protocolOf(words);
  if (!source || !destination || protocol === undefined) return undefined;
  const [sourcePort, destinationPort] = [numberOf(words, 'SPT'), numberOf(words, 'DPT')];
  return { protocol, source, destination, sourcePort, destinationPort };
}
