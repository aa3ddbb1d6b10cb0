import type { Family } from '../../core/address';
import type { Finding } from '../../core/finding';
import type { IpSet, IpSetEntry } from '../../core/node';
import type { SourceRange } from '../../core/source';
import { entryFormat, parseEntries } from './entry';
import type { EntryFormat } from './entry';
import type { Word } from '../lines';

/** One set while its lines are read. */
export interface SetBuilder {
  readonly name: string;
  readonly type: string;
  readonly options: ReadonlyMap<string, string>;
  readonly range: SourceRange;
  readonly format: EntryFormat;
  readonly entries: IpSetEntry[];
}

export function startSet(
  name: string,
  type: string,
  options: ReadonlyMap<string, string>,
  range: SourceRange,
): SetBuilder {
  return { name, type, options, range, format: entryFormat(type, options), entries: [] };
}

export function addElement(
  set: SetBuilder,
  words: readonly Word[],
  line: number,
  findings: Finding[],
): void {
  const at = { source: set.range.source, line };
  set.entries.push(...parseEntries(words, set.format, at, findings));
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
