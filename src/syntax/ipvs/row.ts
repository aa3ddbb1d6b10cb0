import { formatAddress } from '../../core/address';
import type { Endpoint, IpvsToken, IpvsTokenKind } from '../../core/ipvs/state';
import { wordsOf } from '../lines';
import type { Word } from '../lines';
import { parseEndpoint, parseHexEndpoint, splitEndpoint } from './endpoint';

/** How the rows of a listing read: its columns, and whether numbers are hex as in /proc/net/ip_vs. */
export interface IpvsForm {
  readonly columns: 'table' | 'stats' | 'rate' | 'thresholds' | 'persistent';
  readonly hex: boolean;
}

/** One row of a listing. The tokens hold every word; the rest is what they say together. */
export interface IpvsRow {
  readonly kind: 'virtual' | 'real';
  readonly tokens: readonly IpvsToken[];
  readonly protocol?: number;
  readonly firewallMark?: number;
  /** undefined where the dump holds names (`ipvsadm -L`), or a mark. */
  readonly endpoint?: Endpoint;
}

/** Ticks per second in /proc/net/ip_vs: CONFIG_HZ is 250 in the kernels of Debian, Ubuntu, RHEL and COS. */
export const assumedHz = 250;

/**
 * What a header line tells of the rows below; undefined for other lines. /proc/net/ip_vs has single
 * blanks where ipvsadm aligns: `  -> RemoteAddress:Port Forward Weight ActiveConn InActConn`.
 */
export function formOfHeader(line: string, before: IpvsForm): IpvsForm | undefined {
  const text = line.trim();
  if (/^-> RemoteAddress:Port/.test(text)) {
    return { ...before, hex: before.hex || text.startsWith('-> RemoteAddress:Port Forward ') };
  }
  if (!text.startsWith('Prot LocalAddress:Port')) return undefined;
  if (text.includes('InPkts')) return { ...before, columns: 'stats' };
  if (text.includes('InPPS')) return { ...before, columns: 'rate' };
  if (text.includes('Uthreshold')) return { ...before, columns: 'thresholds' };
  if (text.includes('PersistConn')) return { ...before, columns: 'persistent' };
  return { ...before, columns: 'table' };
}

/** Reads one row; blanks at its start may be lost. undefined for what is no row. */
export function readIpvsRow(
  line: string,
  at: { readonly source: string; readonly line: number },
  form: IpvsForm,
): IpvsRow | undefined {
  const words = wordsOf(line);
  const first = words[0];
  if (!first) return undefined;
  const reader = tokenReader(at);
  if (first.text === '->' && words[1]) {
    reader.add('arrow', first);
    const endpoint = reader.endpoint(words[1], form.hex);
    reader.columns(words.slice(2), serverColumns[form.columns]);
    return { kind: 'real', tokens: reader.tokens, endpoint };
  }
  const protocol = protocols.get(first.text);
  if (first.text === 'FWM' && words[1]) {
    reader.add('protocol', first);
    const firewallMark = parseInt(words[1].text, form.hex ? 16 : 10);
    reader.add('firewall-mark', words[1], String(firewallMark));
    serviceRest(reader, words.slice(2), form);
    return { kind: 'virtual', tokens: reader.tokens, firewallMark };
  }
  if (protocol === undefined || !words[1]?.text.includes(':')) return undefined;
  reader.add('protocol', first);
  const endpoint = reader.endpoint(words[1], form.hex);
  serviceRest(reader, words.slice(2), form);
  return { kind: 'virtual', tokens: reader.tokens, protocol, endpoint };
}

/** What follows `TCP  10.96.0.1:443`: numbers, or `rr (flags) persistent 600 mask M pe sip ops`. */
function serviceRest(reader: TokenReader, words: readonly Word[], form: IpvsForm): void {
  if (form.columns === 'stats' || form.columns === 'rate') {
    reader.columns(words, serverColumns[form.columns]);
    return;
  }
  let scheduler = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const next = words[i + 1];
    if (word.text === 'IPv6' && !scheduler) reader.add('family', word);
    else if (!scheduler) {
      reader.add('scheduler', word);
      scheduler = true;
    } else if (word.text.startsWith('(')) reader.add('flag', word, word.text.slice(1, -1));
    else if (word.text === 'ops') reader.add('flag', word);
    else if (word.text === 'persistent' && next) {
      const seconds = form.hex ? String(Number(next.text) / assumedHz) : next.text;
      reader.add('persistent', { ...word, end: next.end }, seconds);
      i++;
      const mask = words[i + 1];
      // /proc/net/ip_vs prints the mask without a word before it.
      if (form.hex && mask && /^[\dA-F]{8}$/.test(mask.text)) {
        reader.add('mask', mask);
        i++;
      }
    } else if (word.text === 'mask' && next) reader.add('mask', words[++i]!);
    else if (word.text === 'pe' && next) reader.add('engine', words[++i]!);
    else reader.add('unknown', word);
  }
}

interface TokenReader {
  readonly tokens: IpvsToken[];
  add(kind: IpvsTokenKind, word: Word, value?: string): void;
  endpoint(word: Word, hex: boolean): Endpoint | undefined;
  columns(words: readonly Word[], kinds: readonly IpvsTokenKind[]): void;
}

/** Collects the tokens of one line. */
export function tokenReader(at: { readonly source: string; readonly line: number }): TokenReader {
  const tokens: IpvsToken[] = [];
  function add(kind: IpvsTokenKind, { text, start, end }: Word, value = text): void {
    tokens.push({ kind, value, range: { ...at, start, end } });
  }
  return {
    tokens,
    add,
    endpoint(word, hex) {
      const split = splitEndpoint(word.text);
      if (!split) {
        add('unknown', word);
        return undefined;
      }
      const endpoint = hex ? parseHexEndpoint(word.text) : parseEndpoint(word.text);
      const start = word.start + split.addressStart;
      const address = { text: split.address, start, end: start + split.address.length };
      add('address', address, endpoint ? formatAddress(endpoint.address) : split.address);
      const port = { text: split.port, start: word.end - split.port.length, end: word.end };
      add('port', port, endpoint ? String(endpoint.port) : split.port);
      return endpoint;
    },
    columns(words, kinds) {
      words.forEach((word, i) => add(kinds[i] ?? 'unknown', word));
    },
  };
}

const serverColumns: Readonly<Record<IpvsForm['columns'], readonly IpvsTokenKind[]>> = {
  table: ['forward', 'weight', 'active-connections', 'inactive-connections'],
  stats: ['connections', 'in-packets', 'out-packets', 'in-bytes', 'out-bytes'],
  rate: ['connections', 'in-packets', 'out-packets', 'in-bytes', 'out-bytes'],
  thresholds: ['upper-threshold', 'lower-threshold', 'active-connections', 'inactive-connections'],
  persistent: ['weight', 'persistent-connections', 'active-connections', 'inactive-connections'],
};

/** What ipvsadm and the kernel print (ip_vs_proto_name); `IP` is any, of a template. */
export const protocols: ReadonlyMap<string, number> = new Map([
  ['IP', 0],
  ['ICMP', 1],
  ['TCP', 6],
  ['UDP', 17],
  ['ESP', 50],
  ['AH', 51],
  ['ICMPv6', 58],
  ['SCTP', 132],
]);
