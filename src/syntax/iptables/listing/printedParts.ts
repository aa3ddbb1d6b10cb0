import { parseNetwork } from '../../../core/address';
import { parseConntrackDirection, parseStates, parseStatuses } from '../matches/conntrack';
import {
  parseAddressRange,
  parseInterval,
  parseNumber,
  parsePorts,
  parseProtocol,
} from '../values';
import type { MatchReader, PrintedMatch } from './printedMatch';
import type { Words } from './words';

/**
 * Extensions that print each option by itself, with its own `!`: the parts of one match follow each
 * other, and a part that comes again belongs to the next match.
 */
function partsReader(
  kind: 'conntrack' | 'iprange' | 'owner' | 'ipvs',
  parts: readonly Part[],
  defaults: object = {},
): MatchReader {
  return (words, negated, first) => {
    const match: Record<string, unknown> = { kind, ...defaults };
    let mark = words.mark;
    let part = parts.find(({ key }) => key[0] === first && key.slice(1).every(follows(words)));
    let sign = negated;
    while (part && !(part.property in match)) {
      words.skip(...part.key.slice(1));
      const value = readPart(part, words, sign);
      if (value === undefined) return undefined;
      match[part.property] = value;
      mark = words.mark;
      sign = words.skip('!');
      part = parts.find(({ key }) => key.every(follows(words)));
      if (part) words.skip(part.key[0]!);
    }
    words.reset(mark);
    return Object.keys(match).length > 1 + Object.keys(defaults).length
      ? (match as unknown as PrintedMatch)
      : undefined;
  };
}

interface Part {
  /** The words that stand before the value. */
  readonly key: readonly string[];
  readonly property: string;
  /** undefined for a part without value. */
  readonly read?: (text: string) => unknown;
  /** The `!` stands behind the key (iprange), not before it. */
  readonly signBehind?: true;
  /** The property is the plain value: it can't be negated. */
  readonly plain?: true;
}

function follows(words: Words): (word: string, i: number) => boolean {
  return (word, i) => words.peek(i) === word;
}

function readPart(part: Part, words: Words, before: boolean): unknown {
  const negated = part.signBehind ? words.skip('!') : before;
  if (!part.read) return { value: true, negated };
  const value = part.read(words.next());
  if (value === undefined) return undefined;
  return part.plain ? value : { value, negated };
}

function single(name: string, property: string, read: Part['read']): Part {
  return { key: [name], property, read };
}

const conntrack: readonly Part[] = [
  single('ctstate', 'states', parseStates),
  single('ctstatus', 'statuses', parseStatuses),
  single('ctproto', 'protocol', parseProtocol),
  single('ctorigsrc', 'originalSource', parseNetwork),
  single('ctorigdst', 'originalDestination', parseNetwork),
  single('ctreplsrc', 'replySource', parseNetwork),
  single('ctrepldst', 'replyDestination', parseNetwork),
  single('ctorigsrcport', 'originalSourcePort', parsePorts),
  single('ctorigdstport', 'originalDestinationPort', parsePorts),
  single('ctreplsrcport', 'replySourcePort', parsePorts),
  single('ctrepldstport', 'replyDestinationPort', parsePorts),
  single('ctexpire', 'expire', (text) => parseInterval(text, ':', 0xffffffff)),
  { ...single('ctdir', 'direction', parseConntrackDirection), plain: true },
];

const ipvs: readonly Part[] = [
  { key: ['ipvs'], property: 'ipvs' },
  single('vproto', 'protocol', parseProtocol),
  single('vaddr', 'address', parseNetwork),
  single('vport', 'port', parseNumber),
  single('vdir', 'direction', parseConntrackDirection),
  single('vmethod', 'method', (text) => text),
  single('vportctl', 'controlPort', parseNumber),
];

const iprange: readonly Part[] = [
  { key: ['source', 'IP', 'range'], property: 'source', read: parseAddressRange, signBehind: true },
  {
    ...{ key: ['destination', 'IP', 'range'], property: 'destination' },
    ...{ read: parseAddressRange, signBehind: true },
  },
];

const parseIds = (text: string) => parseInterval(text, '-', 0xffffffff);

const owner: readonly Part[] = [
  { key: ['owner', 'socket', 'exists'], property: 'socketExists' },
  { key: ['owner', 'UID', 'match'], property: 'uid', read: parseIds },
  { key: ['owner', 'GID', 'match'], property: 'gid', read: parseIds },
];

const readers = [
  [conntrack, partsReader('conntrack', conntrack)],
  [ipvs, partsReader('ipvs', ipvs)],
  [iprange, partsReader('iprange', iprange)],
  [owner, partsReader('owner', owner, { supplementaryGroups: false })],
] as const;

export const printedParts: readonly (readonly [string, MatchReader])[] = readers.flatMap(
  ([parts, reader]) => parts.map(({ key }) => [key[0]!, reader] as const),
);
