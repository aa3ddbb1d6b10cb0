import type { Family } from '../../core/address';
import type { Finding } from '../../core/finding';
import { EntryList } from '../../core/ipset/entryList';
import type { IpSet } from '../../core/ipset/types';
import type { SourceRange } from '../../core/source';
import { entryFormat, parseEntries } from './entry';
import type { EntryFormat, RangeBudget } from './entry';
import type { Word } from '../lines';
import { mayBePlain, plainElement } from './plainElement';

/** One set while its lines are read. */
export interface SetBuilder {
  readonly name: string;
  readonly type: string;
  readonly options: ReadonlyMap<string, string>;
  readonly range: SourceRange;
  readonly format: EntryFormat;
  readonly entries: EntryList;
  /** Of all sets of the text. */
  readonly budget: RangeBudget;
  /** Whether elements may be plain. */
  readonly plain: boolean;
  /** Their second part is a port. */
  readonly withPort: boolean;
}

/** @param start the column in which lines have their elements */
export function startSet(
  name: string,
  type: string,
  options: ReadonlyMap<string, string>,
  range: SourceRange,
  start: number,
  budget: RangeBudget,
): SetBuilder {
  const format = entryFormat(type, options);
  const { dimensions, mask } = format;
  return {
    name,
    type,
    options,
    range,
    format,
    budget,
    entries: new EntryList(range.source, start),
    plain: mayBePlain(dimensions, mask),
    withPort: dimensions[1] === 'port',
  };
}

/** Adds the element that a line ends with where it is plain; else says false. */
export function addPlainElement(set: SetBuilder, text: string, line: number): boolean {
  if (!set.plain) return false;
  const entry = plainElement(text, set.entries.start, set.withPort, line);
  if (!entry) return false;
  set.entries.addPlain(entry);
  return true;
}

export function addElement(
  set: SetBuilder,
  words: readonly Word[],
  line: number,
  findings: Finding[],
): void {
  const at = { source: set.range.source, line };
  for (const entry of parseEntries(words, set.format, at, findings, set.budget))
    set.entries.add(entry);
}

export function finishSet(set: SetBuilder, complete: boolean): IpSet {
  const { name, type, options, entries, range } = set;
  const family = familyOf(type, options.get('family'));
  return {
    name,
    type,
    ...(family === undefined ? {} : { family }),
    options,
    entries,
    complete,
    range,
  };
}

function familyOf(type: string, option: string | undefined): Family | undefined {
  if (option === 'inet') return 4;
  if (option === 'inet6') return 6;
  return type.startsWith('bitmap:ip') ? 4 : undefined;
}

/** `family inet hashsize 1024 maxelem 65536 counters`: words that stand alone get an empty value. */
export function setOptions(words: readonly string[]): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (standAlone.has(word)) options.set(word, '');
    else options.set(word, words[++i] ?? '');
  }
  return options;
}

const standAlone: ReadonlySet<string> = new Set([
  'counters',
  'comment',
  'skbinfo',
  'forceadd',
  '-exist',
  '-!',
]);
