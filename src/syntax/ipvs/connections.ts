import type { Finding } from '../../core/finding';
import type { IpvsConnection } from '../../core/ipvs/state';
import { lineRange, parseLines, unknownLine, wordsOf } from '../lines';
import type { LineReader, Parsed } from '../lines';
import { parseEndpoint, parseHexAddress } from './endpoint';
import { protocols } from './row';

type Connections = readonly IpvsConnection[];
type Reader = (words: readonly string[]) => Omit<IpvsConnection, 'range'> | undefined;

/**
 * Reads `ipvsadm -Lnc`: `TCP 01:53 TIME_WAIT 10.244.0.4:58956 10.96.0.1:443 192.168.77.1:6443`. Wide
 * addresses break its columns, so it is split on blanks.
 */
export function parseIpvsConnections(text: string, source: string): Parsed<Connections> {
  return parseLines(text, ipvsConnectionsParser(source));
}

/**
 * Reads /proc/net/ip_vs_conn, hex but for the seconds:
 * `TCP 0A63CD88 B5E0 0A63CD88 0BB8 0AF40004 0BB8 TIME_WAIT 39` (kernel: ip_vs_conn_seq_show).
 */
export function parseProcIpvsConnections(text: string, source: string): Parsed<Connections> {
  return parseLines(text, procIpvsConnectionsParser(source));
}

export function ipvsConnectionsParser(source: string): LineReader<Connections> {
  return connectionParser(source, 'ipvsadm -Lnc', readListed);
}

export function procIpvsConnectionsParser(source: string): LineReader<Connections> {
  return connectionParser(source, '/proc/net/ip_vs_conn', readProc);
}

function connectionParser(source: string, format: string, read: Reader): LineReader<Connections> {
  const value: IpvsConnection[] = [];
  const findings: Finding[] = [];
  return {
    line(text, line) {
      if (/^\s*($|IPVS connection entries|pro expire state|Pro FromIP)/.test(text)) return;
      const range = lineRange(source, line, text);
      const connection = read(wordsOf(text).map((word) => word.text));
      if (connection) value.push({ ...connection, range });
      else findings.push(unknownLine(range, format));
    },
    end: () => ({ value, findings }),
  };
}

function readListed(words: readonly string[]): Omit<IpvsConnection, 'range'> | undefined {
  const protocol = protocols.get(words[0] ?? '');
  const expires = /^(\d+):(\d\d)$/.exec(words[1] ?? '');
  const [client, virtual, real] = words.slice(3, 6).map(parseEndpoint);
  if (protocol === undefined || !expires || !client || !virtual || !real) return undefined;
  const seconds = Number(expires[1]) * 60 + Number(expires[2]);
  return { protocol, expires: seconds, state: words[2]!, client, virtual, real };
}

function readProc(words: readonly string[]): Omit<IpvsConnection, 'range'> | undefined {
  const protocol = protocols.get(words[0] ?? '');
  const [client, virtual, real] = [1, 3, 5].map((i) => {
    const address = parseHexAddress(words[i] ?? '');
    const port = words[i + 1] ?? '';
    return address && /^[\dA-F]{4}$/i.test(port)
      ? { address, port: parseInt(port, 16) }
      : undefined;
  });
  if (protocol === undefined || !client || !virtual || !real) return undefined;
  if (!/^\d+$/.test(words[8] ?? '')) return undefined;
  return { protocol, expires: Number(words[8]), state: words[7]!, client, virtual, real };
}
