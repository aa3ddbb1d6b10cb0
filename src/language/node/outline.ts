import * as l10n from '@vscode/l10n';
import type { IpvsToken } from '../../core/ipvs/state';
import type { IpSet } from '../../core/ipset/types';
import type { NetworkInterface } from '../../core/node';
import type { Work } from '../../core/work';
import { formatAddress, hostPort } from '../../core/address';
import { ipAddressParser } from '../../syntax/ip/address';
import { ipsetListParser } from '../../syntax/ipset/list';
import { ipsetSaveParser } from '../../syntax/ipset/save';
import type { Lines } from '../../syntax/textLines';
import { ipvsTokens } from './ipvsTokens';
import type { NodeText } from './word';

/** A virtual server with its real servers, a set with its elements, a device with its addresses. */
export interface OutlineItem {
  readonly kind: 'virtual' | 'real' | 'set' | 'element' | 'device' | 'address';
  readonly name: string;
  readonly detail: string;
  /** The first line, and the last that belongs to it. */
  readonly line: number;
  readonly last: number;
  readonly children: readonly OutlineItem[];
}

/** Above this many the outline holds virtual servers, sets and devices only: VS Code draws each of them. */
export const childrenShown = 20_000;

/** The outline of a dump; may be left at every `yield`. Connections and routes have none. */
export function* outlineOf({ language, lines, source }: NodeText): Work<OutlineItem[]> {
  switch (language) {
    case 'ipvsadm':
      return yield* servers(lines, source);
    case 'ipset':
      return yield* sets(lines, source);
    case 'ip-address':
      return yield* devices(lines, source);
    case 'iptables-save':
      return [];
  }
}

type Draft = { -readonly [K in keyof OutlineItem]: OutlineItem[K] } & { children: OutlineItem[] };

function* servers(lines: Lines, source: string): Work<OutlineItem[]> {
  const found = new Map<string, Draft>();
  let current: Draft | undefined;
  for (let line = 0; line < lines.count; line++) {
    yield;
    if (/^\s*(?:Prot|IP Virtual|-> Remote|Pro FromIP|pro expire|IPVS|$)/.test(lines.line(line))) {
      continue;
    }
    const tokens = ipvsTokens(lines, line, source);
    const endpoints = endpointsIn(tokens);
    // A connection has three endpoints, the others one or two.
    if (tokens.length === 0 || endpoints.length > 2) continue;
    const protocol = tokens.find(({ kind }) => kind === 'protocol')?.value ?? '';
    const mark = tokens.find(({ kind }) => kind === 'firewall-mark');
    const command = /^\s*(?:ipvsadm )?(-A|-a|--add-se\w+) /.exec(lines.line(line))?.[1];
    const added = command === '-a' || command === '--add-server';
    const key = `${protocol} ${mark ? mark.value : endpoints[0]}`;
    if (tokens[0]!.kind === 'arrow' || added) {
      const owner = added ? (found.get(key) ?? current) : current;
      const detail = detailOf(tokens, ['forward', 'weight']);
      const name = endpoints.at(-1) ?? '';
      owner?.children.push({ kind: 'real', name, detail, line, last: line, children: [] });
      if (owner) owner.last = Math.max(owner.last, line);
      continue;
    }
    const detail = detailOf(tokens, ['scheduler', 'flag', 'persistent']);
    const name = mark ? `FWM ${mark.value}` : `${protocol} ${endpoints[0] ?? ''}`;
    current = { kind: 'virtual', name, detail, line, last: line, children: [] };
    found.set(key, current);
  }
  return [...found.values()];
}

/** `10.96.0.1:443`, decoded, in the order of the line. */
function endpointsIn(tokens: readonly IpvsToken[]): string[] {
  return tokens.flatMap(({ kind, value }, i) => {
    if (kind !== 'address') return [];
    const next = tokens[i + 1];
    return [next?.kind === 'port' ? hostPort(value, Number(next.value)) : value];
  });
}

function detailOf(tokens: readonly IpvsToken[], kinds: readonly IpvsToken['kind'][]): string {
  return tokens
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ kind, value }) =>
      kind === 'persistent'
        ? l10n.t`persistent ${value}`
        : kind === 'weight'
          ? l10n.t`weight ${value}`
          : value,
    )
    .join(l10n.t(', '));
}

function* sets(lines: Lines, source: string): Work<OutlineItem[]> {
  let listed = false;
  for (let line = 0; line < lines.count && !listed; line++) {
    if (/^(?:create|-N) /.test(lines.line(line))) break;
    listed = /^Name: /.test(lines.line(line));
  }
  const parser = listed ? ipsetListParser(source) : ipsetSaveParser(source);
  for (let line = 0; line < lines.count; line++) {
    parser.line(lines.line(line), line);
    yield;
  }
  const found = [...parser.end().value.values()];
  const count = found.reduce((sum, { entries }) => sum + entries.length, 0);
  const items: OutlineItem[] = [];
  for (const set of found) items.push(yield* setItem(set, listed, count <= childrenShown));
  return items;
}

function* setItem(
  { name, type, entries, complete, range }: IpSet,
  listed: boolean,
  withElements: boolean,
): Work<OutlineItem> {
  const children: OutlineItem[] = [];
  for (const entry of withElements ? entries : []) {
    yield;
    const { line } = entry.range;
    const detail = entry.comment ?? '';
    children.push({ kind: 'element', name: entry.text, detail, line, last: line, children: [] });
  }
  // `ipset list` has some lines on the set before its elements, which is where it ends without any.
  const least = listed ? range.line + 1 : range.line;
  const last = Math.max(least, entries.at(-1)?.range.line ?? 0);
  const detail = complete ? `${type}, ${entries.length}` : type;
  return { kind: 'set', name, detail, line: range.line, last, children };
}

function* devices(lines: Lines, source: string): Work<OutlineItem[]> {
  const parser = ipAddressParser(source);
  for (let line = 0; line < lines.count; line++) {
    parser.line(lines.line(line), line);
    yield;
  }
  const { value } = parser.end();
  return value.map((device, i) => deviceItem(device, lastLine(lines, value[i + 1], device)));
}

function lastLine(lines: Lines, next: NetworkInterface | undefined, own: NetworkInterface): number {
  let last = (next?.range.line ?? lines.count) - 1;
  while (last > own.range.line && lines.line(last).trim() === '') last--;
  return last;
}

function deviceItem(
  { name, flags, addresses, range }: NetworkInterface,
  last: number,
): OutlineItem {
  const children = addresses.map(({ address, prefixLength, scope, range }): OutlineItem => ({
    kind: 'address',
    name: `${formatAddress(address)}/${prefixLength}`,
    detail: scope,
    line: range.line,
    last: range.line,
    children: [],
  }));
  return { kind: 'device', name, detail: flags.join(', '), line: range.line, last, children };
}

/** First and last line of everything in an outline that folds. */
export function foldsOf(items: readonly OutlineItem[]): [number, number][] {
  return items.flatMap(({ line, last }): [number, number][] => (last > line ? [[line, last]] : []));
}
