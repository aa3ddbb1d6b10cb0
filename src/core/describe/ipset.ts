import * as l10n from '@vscode/l10n';
import type { IpSetEntry, IpSetPart } from '../ipset/types';
import { hex } from '../hex';
import { list } from '../list';
import { protocolName } from '../protocol';
import { networkInWords } from './words';

/** What the elements of a set are, in one sentence; undefined for a type that ipset does not have. */
export function describeSetType(type: string): string | undefined {
  const [method, parts] = type.split(':');
  const way = methods.get(method ?? '');
  const words = parts?.split(',').map((part) => partWords.get(part));
  if (way === undefined || !words || words.includes(undefined)) return undefined;
  if (method === 'list') return l10n.t('A set of sets: it holds what any of its members holds.');
  return l10n.t`Each element is ${list(words as string[])}. ${way}`;
}

/**
 * What a rule looks up in a set, part by part: `hash:ip,port,ip` with `dst,dst,src` is "destination
 * address, destination port, source address". Directions that the type has no part for are left out,
 * as the kernel does; undefined where there are too few.
 */
export function describeDirections(
  type: string,
  directions: readonly string[],
): string | undefined {
  const parts = type.slice(type.indexOf(':') + 1).split(',');
  if (type.startsWith('list:')) {
    return l10n.t`the ${list(
      directions.map((each) => sides.get(each) ?? each),
      'row',
    )} of the packet, in each member set`;
  }
  if (directions.length < parts.length) return undefined;
  const words = parts.map((part, i) => {
    if (part === 'mark') return l10n.t('the mark of the packet');
    const side = sides.get(directions[i]!);
    if (part === 'iface')
      return side === 'source' ? l10n.t('incoming interface') : l10n.t('outgoing interface');
    return side === undefined ? undefined : `${side} ${lookedUp.get(part) ?? part}`;
  });
  return words.includes(undefined) ? undefined : list(words as string[], 'row');
}

/** One element in words: `10.96.0.1, tcp port 443`. */
export function describeEntry({ parts, nomatch, timeout, comment }: IpSetEntry): string {
  const words = list(parts.map(describePart), 'row');
  const notes = [
    ...(nomatch ? [l10n.t('an exception: what falls here is not in the set')] : []),
    ...(timeout === undefined
      ? []
      : [timeout === 0 ? l10n.t('stays for ever') : l10n.t`${timeout} s left`]),
    ...(comment === undefined ? [] : [l10n.t`comment: ${comment}`]),
  ];
  return notes.length > 0 ? `${words} (${notes.join(l10n.t('; '))})` : words;
}

function describePart(part: IpSetPart): string {
  switch (part.kind) {
    case 'network':
      return networkInWords(part.network);
    case 'port': {
      const { protocol, from, to } = part;
      if (protocol === 1 || protocol === 58) {
        return l10n.t`${protocolName(protocol)} type ${from >> 8} code ${from & 255}`;
      }
      const range = from === to ? l10n.t`port ${from}` : l10n.t`ports ${from} to ${to}`;
      return protocol === undefined ? range : `${protocolName(protocol)} ${range}`;
    }
    case 'mark':
      return `mark ${hex(part.mark)}`;
    case 'interface':
      return part.wildcard ? l10n.t`interfaces ${part.name}*` : l10n.t`interface ${part.name}`;
    case 'mac':
      return part.mac;
    case 'set':
      return l10n.t`the set ${part.name}`;
    case 'other':
      return l10n.t`${part.text} (not understood)`;
  }
}

/** ipset(8), SET TYPES. */
const methods: ReadonlyMap<string, string> = new Map([
  ['bitmap', l10n.t('The range is given when the set is created.')],
  [
    'hash',
    l10n.t(
      'The time of a look-up does not grow with the set; for net types it grows with the number of prefix lengths.',
    ),
  ],
  ['list', ''],
]);

const partWords: ReadonlyMap<string, string> = new Map([
  ['ip', l10n.t('an address')],
  ['net', l10n.t('a network')],
  ['port', l10n.t('a port (with its protocol, in hash types)')],
  ['mark', l10n.t('a packet mark')],
  ['mac', l10n.t`a MAC address`],
  ['iface', l10n.t('an interface')],
  ['set', l10n.t('a set')],
]);

const sides: ReadonlyMap<string, string> = new Map([
  ['src', l10n.t('source')],
  ['dst', l10n.t('destination')],
]);

const lookedUp: ReadonlyMap<string, string> = new Map([
  ['ip', 'address'],
  ['net', 'address'],
  ['port', 'port'],
  ['mac', l10n.t`MAC address`],
]);
