import type { Expression } from '../../../core/rules/expression';
import type { CompareMatch, LookupMatch } from '../../../core/rules/statement';
import type { Pattern } from '../../../core/rules/value';
import { readSetReference } from '../expressions/set';
import { readSelector } from '../expressions/selector';
import { typeOf, typesOf } from '../expressions/typeOf';
import type { Reader } from '../text/reader';
import { statementWords } from '../values/keywords';
import { flagTypes } from '../values/names';
import { patternOf } from '../values/value';

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
    const right = readRight(reader, types[patterns.length]);
    if (!right) return undefined;
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
  const right = readRight(reader, type);
  if (!right) return undefined;
  const flags = type !== undefined && flagTypes.has(type) && left.kind !== 'arithmetic';
  const operator = written ?? (flags ? 'any' : '==');
  // `tcp flags syn / fin,syn`: the value, then the bits that are looked at.
  if (flags && reader.take('/')) {
    const mask = readRight(reader, type);
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

/** One value, prefix or interval, or flags: `established,related`, `fin | syn`, `(fin|syn)`. */
function readRight(reader: Reader, type: string | undefined): Pattern | undefined {
  const parenthesis = reader.take('(');
  const first = readValue(reader, type);
  if (!first) return undefined;
  let sum = first;
  while (/^[,|]$/.test(reader.word())) {
    reader.at++;
    const next = readValue(reader, type);
    if (!next) return undefined;
    const bits =
      sum.kind === 'numbers' && next.kind === 'numbers' ? sum.from | next.from : undefined;
    sum =
      bits === undefined
        ? { kind: 'unknown', text: `${textOf(sum)},${textOf(next)}` }
        : { kind: 'numbers', from: bits >>> 0, to: bits >>> 0 };
  }
  if (parenthesis && !reader.take(')')) return undefined;
  return sum;
}

function readValue(reader: Reader, type: string | undefined): Pattern | undefined {
  const token = reader.token();
  if (!token || token.kind === 'sign') return undefined;
  const pattern = patternOf(token.text, token.kind === 'string' && !type ? 'string' : type);
  if (token.kind === 'word' && statementWords.has(token.text)) return undefined;
  if (pattern.kind === 'unknown') {
    // `ct mark == meta mark`: two things of the packet are compared.
    const from = reader.at;
    if (readSelector(reader)) return { kind: 'unknown', text: reader.text(from) };
  }
  reader.at++;
  return pattern;
}

function textOf(pattern: Pattern): string {
  if (pattern.kind === 'numbers') return String(pattern.from);
  return pattern.kind === 'unknown' || pattern.kind === 'text' ? pattern.text : '?';
}
