import type { Address, Network } from '../../core/address';
import type { IpvsToken } from '../../core/ipvs/state';
import type { Lines } from '../../syntax/textLines';
import { wordsOf, type Word } from '../../syntax/lines';
import { addressIn } from '../rules/hover/addressHover';
import { headingAt, ipvsTokens } from './ipvsTokens';

/** The languages of a node's dumps besides its rules, as package.json contributes them. */
export type NodeLanguage = 'ipvsadm' | 'ipset' | 'ip-address';

/** A dump of one of these languages. */
export interface NodeText {
  readonly language: NodeLanguage | 'iptables-save';
  /** As SourceRange.source names it. */
  readonly source: string;
  readonly lines: Lines;
}

/** What stands under a column; `end` is exclusive. */
export type NodeWord = { readonly start: number; readonly end: number } & (
  | AddressWord
  | { readonly what: 'ipvs'; readonly token: IpvsToken; readonly row: readonly IpvsToken[] }
  /** A word above a column of ipvsadm. */
  | { readonly what: 'heading'; readonly text: string }
  /** `directions` where a rule looks it up. */
  | { readonly what: 'set'; readonly name: string; readonly directions?: readonly string[] }
  | { readonly what: 'set-type'; readonly type: string }
  /** An element of a set, or a part of one that is no address. */
  | { readonly what: 'entry' }
  | { readonly what: 'device'; readonly name: string }
  | { readonly what: 'route-type'; readonly type: string }
);

export interface AddressWord {
  readonly what: 'address';
  readonly network: Network;
  readonly port?: number;
  readonly protocol?: string;
  /** As written where that is hex: `0AF40001:799A`. */
  readonly hex?: string;
}

/** The word of a dump under a column; undefined where there is none that means something. */
export function nodeWordAt(text: NodeText, line: number, column: number): NodeWord | undefined {
  const own = text.lines.line(line);
  switch (text.language) {
    case 'ipvsadm':
      return ipvsWord(text, line, column);
    case 'ipset':
      return setWord(own, column);
    case 'ip-address':
      return deviceWord(own, column);
    case 'iptables-save':
      return setInRule(own, column);
  }
}

function ipvsWord(text: NodeText, line: number, column: number): NodeWord | undefined {
  const heading = headingAt(text.lines.line(line), column);
  if (heading) return { what: 'heading', ...heading };
  const row = ipvsTokens(text.lines, line, text.source);
  const token =
    row.find(({ range }) => range.start <= column && column < range.end) ??
    row.find(({ range }) => range.end === column);
  if (!token) return undefined;
  const { start, end } = token.range;
  const at = row.indexOf(token);
  const address = token.kind === 'port' ? row[at - 1] : token;
  if (address?.kind !== 'address') return { what: 'ipvs', token, row, start, end };
  const port = row[row.indexOf(address) + 1];
  const found = addressIn(bracketed(address.value), 1);
  if (!found) return { what: 'ipvs', token, row, start, end };
  const whole = { start: address.range.start, end: port?.kind === 'port' ? port.range.end : end };
  const written = text.lines.line(line).slice(whole.start, whole.end);
  return {
    what: 'address',
    network: found.network,
    port: port?.kind === 'port' ? Number(port.value) : undefined,
    protocol: row.find(({ kind }) => kind === 'protocol')?.value.toLowerCase(),
    ...(written.startsWith(address.value) ? {} : { hex: written }),
    ...whole,
  };
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** `create NAME TYPE`, `add NAME ELEMENT`, `Name: NAME`, `Type: TYPE`, `ELEMENT`. */
function setWord(line: string, column: number): NodeWord | undefined {
  const words = wordsOf(line);
  const at = words.findIndex(({ start, end }) => start <= column && column <= end);
  const word = words[at];
  if (!word) return undefined;
  const { text, start, end } = word;
  const command = words[0]!.text;
  const saved = /^(?:create|add|-N|-A)$/.test(command);
  if (at === 1 && (saved || command === 'Name:')) return { what: 'set', name: text, start, end };
  const created = at === 2 && /^(?:create|-N)$/.test(command);
  if (created || (at === 1 && command === 'Type:')) {
    return { what: 'set-type', type: text, start, end };
  }
  const element = saved ? words[2] : words[0];
  if (!element || word !== element || /:$/.test(command) || created) return undefined;
  return addressWord(word, column) ?? { what: 'entry', start, end };
}

/** The address of a word; behind it may stand a port: `10.96.0.1,tcp:443`. */
function addressWord(word: Word, column: number): NodeWord | undefined {
  const found = addressIn(word.text, column - word.start);
  if (!found) return undefined;
  const port = /,(\w+):(\d+)(?:,|$)/.exec(word.text);
  return {
    what: 'address',
    network: found.network,
    ...(port ? { protocol: port[1], port: Number(port[2]) } : {}),
    start: word.start + found.start,
    end: word.start + found.end,
  };
}

/** `inet 10.244.0.1/24 scope global cni0`, `2: eth0: <UP>`, `local 10.96.0.1 dev kube-ipvs0`. */
function deviceWord(line: string, column: number): NodeWord | undefined {
  const words = wordsOf(line);
  const at = words.findIndex(({ start, end }) => start <= column && column <= end);
  const word = words[at];
  if (!word) return undefined;
  const before = words[at - 1]?.text;
  // An address of a device stands with its network's length; the address is meant.
  const bare =
    before === 'inet' || before === 'inet6' ? { ...word, text: word.text.split('/', 1)[0]! } : word;
  const named = /^\d+:$/.test(before ?? '') || before === 'dev' || before === 'master';
  if (named) {
    const name = word.text.replace(/:$/, '').split('@', 1)[0]!;
    return { what: 'device', name, start: word.start, end: word.start + name.length };
  }
  if (at === 0 && /^[a-z]+$/.test(word.text)) {
    return { what: 'route-type', type: word.text, start: word.start, end: word.end };
  }
  return addressWord({ ...bare, end: bare.start + bare.text.length }, column);
}

/** `--match-set NAME dst,dst` of iptables-save, `match-set NAME dst,dst` of a listing. */
const setInRuleText =
  /(?<=[\s-](?:match|add|del|map)-set )"?(?<name>[^\s"]+)"?(?: (?<directions>(?:src|dst)(?:,(?:src|dst))*)(?=\s|$))?/dg;

function setInRule(line: string, column: number): NodeWord | undefined {
  for (const { indices, groups, index: start, 0: whole } of line.matchAll(setInRuleText)) {
    if (column < start || column > start + whole.length) continue;
    const [from, to] = indices!.groups!.name!;
    const directions = groups!.directions?.split(',');
    return { what: 'set', name: groups!.name!, directions, start: from, end: to };
  }
  return undefined;
}

/** The one address of a word; undefined for a network. */
export function addressOf({ network }: AddressWord): Address | undefined {
  const { address, mask } = network;
  return mask.every((word) => word === 0xffffffff) ? address : undefined;
}
