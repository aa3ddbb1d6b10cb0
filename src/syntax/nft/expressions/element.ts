import type { Counters } from '../../../core/rules/counters';
import type { ElementData, SetElement } from '../../../core/rules/set';
import type { ElementCondition } from '../../../core/rules/statefulMatch';
import type { Pattern, Value } from '../../../core/rules/value';
import type { Reader } from '../text/reader';
import { readLimit, readQuota } from '../statements/limits';
import { secondsOf } from '../text/duration';
import { singleValue } from '../values/value';
import { mostParts } from './mostParts';
import { readElementPattern } from './pattern';
import { readVerdict } from './verdict';

/** The types of an element's parts, as far as they are known: nft's names of them. */
export interface ElementTypes {
  readonly key: readonly (string | undefined)[];
  readonly data: readonly (string | undefined)[] | undefined;
}

/**
 * `10.0.0.1 . tcp . 80 comment "shop/cart" : goto reject-chain`, up to the comma or brace behind it.
 * What of it is not understood makes that part unknown. nft prints what belongs to the element before
 * the colon; older versions and people write it behind the data, too.
 */
export function readElement(reader: Reader, types: ElementTypes): SetElement {
  const from = reader.at;
  const key = reader.take('*') ? undefined : readPatterns(reader, types.key, keyEnds);
  const about = readAbout(reader);
  const data = reader.take(':') ? readData(reader, types.data) : undefined;
  const more = data ? readAbout(reader) : {};
  skipToEnd(reader);
  return { key, ...about, ...more, ...(data && { data }), range: reader.range(from) };
}

const about = ['comment', 'timeout', 'expires', 'counter', 'limit', 'quota', 'ct', 'last'];
const keyEnds: ReadonlySet<string> = new Set([',', '}', ':', ...about]);

/** `10.0.0.1 . tcp . 80`: one pattern for each part. */
function readPatterns(
  reader: Reader,
  types: readonly (string | undefined)[],
  ends: ReadonlySet<string>,
): Pattern[] {
  const patterns: Pattern[] = [];
  for (;;) {
    const type = types[patterns.length];
    patterns.push(readPart(reader, type, ends));
    if (patterns.length > mostParts || !reader.take('.')) return patterns;
  }
}

function readPart(reader: Reader, type: string | undefined, ends: ReadonlySet<string>): Pattern {
  const from = reader.at;
  const pattern = readElementPattern(reader, type);
  const next = reader.word();
  if (pattern && (next === '.' || ends.has(next) || reader.done)) return pattern;
  while (!reader.done && reader.word() !== '.' && !ends.has(reader.word())) reader.at++;
  return { kind: 'unknown', text: reader.text(from) };
}

/** What stands beside the key. */
type About = Pick<
  SetElement,
  'comment' | 'timeout' | 'expires' | 'counters' | 'condition' | 'conditions'
>;

function readAbout(reader: Reader): About {
  let found: { -readonly [K in keyof About]: About[K] } = {};
  for (;;) {
    if (reader.take('comment')) found.comment = reader.takeText();
    else if (reader.take('timeout')) found.timeout = secondsOf(reader.takeText() ?? '');
    else if (reader.take('expires')) found.expires = secondsOf(reader.takeText() ?? '');
    else if (reader.word() === 'counter') {
      const counters = readCounter(reader);
      if (counters) found = { ...found, counters };
    } else if (/^(limit|quota|ct|last)$/.test(reader.word())) {
      const from = reader.at;
      const condition = readCondition(reader);
      const before = found.condition === undefined ? '' : `${found.condition} `;
      found.condition = before + reader.text(from);
      if (condition) found.conditions = [...(found.conditions ?? []), condition];
    } else return found;
  }
}

/** `limit rate over 5/minute burst 5 packets`, `quota over 100 bytes`; `last used never` asks nothing. */
function readCondition(reader: Reader): ElementCondition | undefined {
  const from = reader.at;
  const name = reader.word();
  const read =
    name === 'limit' ? readLimit(reader) : name === 'quota' ? readQuota(reader) : undefined;
  if (read && (reader.done || keyEnds.has(reader.word()))) return read;
  reader.at = from;
  while (!reader.done && !/^[,}:]$/.test(reader.word())) reader.at++;
  if (name === 'last') return undefined;
  return { kind: 'unmodelled', name, text: reader.text(from), range: reader.range(from) };
}

/** `counter`, `counter packets 0 bytes 0`; without numbers undefined. */
export function readCounter(reader: Reader): Counters | undefined {
  if (!reader.take('counter')) return undefined;
  if (reader.word() !== 'packets' || reader.word(2) !== 'bytes') return undefined;
  const [packets, bytes] = [Number(reader.word(1)), Number(reader.word(3))];
  if (!Number.isFinite(packets) || !Number.isFinite(bytes)) return undefined;
  reader.at += 4;
  return { packets, bytes };
}

const dataEnds: ReadonlySet<string> = new Set([',', '}', ...about]);

function readData(reader: Reader, types: readonly (string | undefined)[] | undefined): ElementData {
  const from = reader.at;
  const verdict = types && types[0] !== 'verdict' ? undefined : readVerdict(reader);
  if (verdict) return { kind: 'verdict', verdict };
  const patterns = readPatterns(reader, types ?? [], dataEnds);
  const values = patterns.map(singleValue);
  if (values.every((value): value is Value => value !== undefined)) {
    return { kind: 'values', values };
  }
  if (patterns.some(({ kind }) => kind === 'unknown')) {
    return { kind: 'unknown', text: reader.text(from) };
  }
  return { kind: 'patterns', patterns };
}

/** What is left up to the comma or the closing brace of this element. */
function skipToEnd(reader: Reader): void {
  for (let open = 0; !reader.done; reader.at++) {
    const word = reader.word();
    if (open === 0 && (word === ',' || word === '}')) return;
    if (word === '{') open++;
    else if (word === '}') open--;
  }
}
