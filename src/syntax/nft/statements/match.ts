import type { Expression } from '../../../core/rules/expression';
import type { CompareMatch, LookupMatch } from '../../../core/rules/statement';
import type { Pattern } from '../../../core/rules/value';
import { mostParts } from '../expressions/mostParts';
import { readPattern } from '../expressions/pattern';
import { readSetReference } from '../expressions/set';
import { typeOf, typesOf } from '../expressions/typeOf';
import type { Reader } from '../text/reader';
import { flagTypes } from '../values/names';

type Operator = CompareMatch['operator'];

const operators: ReadonlyMap<string, Operator> = new Map([
  ['==', '=='],
  ['eq', '=='],
  ['!=', '!='],
  ['ne', '!='],
  ['<', '<'],
  ['lt', '<'],
  ['<=', '<='],
  ['le', '<='],
  ['>', '>'],
  ['gt', '>'],
  ['>=', '>='],
  ['ge', '>='],
  ['!', 'none'],
]);

/**
 * What is behind the left side of a match: `!= 10.0.0.0/8`, `@cluster-ips`, `established,related`.
 * undefined where nothing that it could be compared with follows.
 *
 * @param from the token at which the left side begins
 */
export function readMatch(
  reader: Reader,
  from: number,
  left: Expression,
): CompareMatch | LookupMatch | undefined {
  const written = operators.get(reader.word());
  if (written) reader.at++;
  const next = reader.word();
  if (next === '{' || /^@./.test(next)) {
    if (written && written !== '==' && written !== '!=') return undefined;
    const set = readSetReference(reader, left);
    const negated = written === '!=';
    return set && { kind: 'lookup', key: left, set, negated, range: reader.range(from) };
  }
  if (left.kind === 'concat') return readConstantKey(reader, from, left, written);
  return readComparison(reader, from, left, written);
}

/** `ip saddr . tcp dport 10.0.0.1 . 80`: a set of one element. */
function readConstantKey(
  reader: Reader,
  from: number,
  key: Expression,
  written: Operator | undefined,
): LookupMatch | undefined {
  const start = reader.at;
  const types = typesOf(key);
  const patterns: Pattern[] = [];
  do {
    const right = readPattern(reader, types[patterns.length]);
    if (!right || patterns.length === mostParts) return undefined;
    patterns.push(right);
  } while (reader.take('.'));
  if (written && written !== '==' && written !== '!=') return undefined;
  const range = reader.range(start);
  return {
    kind: 'lookup',
    key,
    set: { kind: 'anonymous', elements: [{ key: patterns, range }], range },
    negated: written === '!=',
    range: reader.range(from),
  };
}

function readComparison(
  reader: Reader,
  from: number,
  left: Expression,
  written: Operator | undefined,
): CompareMatch | undefined {
  const type = typeOf(left);
  const right = readPattern(reader, type);
  if (!right) return undefined;
  const flags = type !== undefined && flagTypes.has(type) && left.kind !== 'arithmetic';
  const operator = written ?? (flags ? 'any' : '==');
  // `tcp flags syn / fin,syn`: the value, then the bits that are looked at.
  if (flags && reader.take('/')) {
    const mask = readPattern(reader, type);
    const compare = operator === 'any' ? '==' : operator;
    if (mask?.kind !== 'numbers') return undefined;
    return masked(left, mask.from, {
      kind: 'compare',
      left,
      operator: compare,
      right,
      range: reader.range(from),
    });
  }
  return { kind: 'compare', left, operator, right, range: reader.range(from) };
}

function masked(left: Expression, mask: number, match: CompareMatch): CompareMatch {
  const { range } = left;
  const right: Expression = { kind: 'constant', value: { kind: 'number', number: mask }, range };
  return { ...match, left: { kind: 'arithmetic', operator: '&', left, right, range } };
}
