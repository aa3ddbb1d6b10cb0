import { formatAddress } from '../../core/address';
import type { IpvsToken, IpvsTokenKind } from '../../core/ipvs/state';
import { describeColumn } from '../../core/describe/ipvs';
import { parseHexAddress } from '../../syntax/ipvs/endpoint';
import { wordsOf, type Word } from '../../syntax/lines';
import type { Lines } from '../../syntax/textLines';
import { formOfHeader, readIpvsRow, tokenReader, type IpvsForm } from '../../syntax/ipvs/row';
import { readIpvsCommand } from '../../syntax/ipvs/save';

/** The tokens of one line of an IPVS dump, whichever of its forms it is in; none for other lines. */
export function ipvsTokens(lines: Lines, line: number, source: string): readonly IpvsToken[] {
  const text = lines.line(line);
  const at = { source, line };
  const connection = connectionTokens(text, at);
  if (connection) return connection;
  const command = readIpvsCommand(text, at);
  if (command) return command.tokens;
  // `-> RemoteAddress:Port Forward Weight` reads like a row.
  if (formOfHeader(text, plain)) return [];
  const form = formAt(lines, line);
  return readIpvsRow(text, at, form)?.tokens ?? [];
}

const plain: IpvsForm = { columns: 'table', hex: false };

/** The form of the rows at a line, by the header above; rows without one tell hex by themselves. */
function formAt(lines: Lines, line: number): IpvsForm {
  for (let above = line - 1; above >= 0; above--) {
    const form = formOfHeader(lines.line(above), plain);
    if (!form || lines.line(above).trimStart().startsWith('->')) continue;
    return formOfHeader(lines.line(above + 1), form) ?? form;
  }
  const hex = /^\s*\S+\s+(?:[\dA-F]{8}|\[(?:[\da-f]{4}:){7}[\da-f]{4}\]):[\dA-F]{4}\b/.test(
    lines.line(line),
  );
  return { ...plain, hex };
}

/** A column's heading under a column of the text: `ActiveConn`, `InPkts`. */
export function headingAt(
  line: string,
  column: number,
): { readonly text: string; readonly start: number; readonly end: number } | undefined {
  if (!/^\s*(?:Prot LocalAddress|-> RemoteAddress|Pro FromIP|pro expire)/.test(line)) {
    return undefined;
  }
  const word = wordsOf(line).find(({ start, end }) => start <= column && column <= end);
  return word && describeColumn(word.text) !== undefined ? word : undefined;
}

/**
 * `TCP 01:53 TIME_WAIT 10.244.0.4:58956 10.96.0.1:443 192.168.77.1:6443` of `ipvsadm -Lnc`, or
 * `TCP 0A63CD88 B5E0 0A63CD88 0BB8 0AF40004 0BB8 TIME_WAIT 39` of /proc/net/ip_vs_conn.
 */
function connectionTokens(
  line: string,
  at: { readonly source: string; readonly line: number },
): readonly IpvsToken[] | undefined {
  const words = wordsOf(line);
  if (/^\d+:\d\d$/.test(words[1]?.text ?? '') && words.length >= 6) {
    const reader = tokenReader(at);
    reader.columns(words.slice(0, 3), ['protocol', 'expires', 'state']);
    for (const word of words.slice(3, 6)) reader.endpoint(word, false);
    return reader.tokens;
  }
  const hexPort = (i: number) => /^[\dA-F]{4}$/i.test(words[i]?.text ?? '');
  if (words.length < 9 || ![2, 4, 6].every(hexPort)) return undefined;
  const reader = tokenReader(at);
  const add = (kind: IpvsTokenKind, word: Word, value?: string) => reader.add(kind, word, value);
  add('protocol', words[0]!);
  for (const i of [1, 3, 5]) {
    const address = parseHexAddress(words[i]!.text);
    add('address', words[i]!, address && formatAddress(address));
    add('port', words[i + 1]!, String(parseInt(words[i + 1]!.text, 16)));
  }
  add('state', words[7]!);
  add('expires', words[8]!, `${words[8]!.text} s`);
  return reader.tokens;
}
