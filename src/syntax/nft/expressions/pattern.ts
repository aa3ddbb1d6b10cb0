import type { Pattern } from '../../../core/rules/value';
import type { Reader } from '../text/reader';
import { statementWords } from '../values/keywords';
import { flagTypes } from '../values/names';
import { patternOf } from '../values/value';
import { readSelector } from './selector';

/**
 * One value, prefix or interval, or flags: `established,related`, `fin | syn`, `(fin|syn)`. undefined
 * where nothing that could be one stands.
 */
export function readPattern(reader: Reader, type: string | undefined): Pattern | undefined {
  const from = reader.at;
  const parenthesis = reader.take('(');
  let sum = readOne(reader, type);
  // In a set a comma ends the element; only flags are listed with commas.
  const listed = type !== undefined && flagTypes.has(type);
  while (sum && (reader.word() === '|' || (listed && reader.word() === ','))) {
    reader.at++;
    const next = readOne(reader, type);
    if (!next) return undefined;
    const bits =
      sum.kind === 'numbers' && next.kind === 'numbers' ? (sum.from | next.from) >>> 0 : undefined;
    sum =
      bits === undefined
        ? { kind: 'unknown', text: reader.text(from) }
        : { kind: 'numbers', from: bits, to: bits };
  }
  return parenthesis && !reader.take(')') ? undefined : sum;
}

/** A single value; that of an element of a set. */
export function readElementPattern(reader: Reader, type: string | undefined): Pattern | undefined {
  const from = reader.at;
  const first = readOne(reader, type);
  if (reader.word() !== '|') return first;
  reader.at = from;
  return readPattern(reader, type);
}

function readOne(reader: Reader, type: string | undefined): Pattern | undefined {
  const token = reader.token();
  if (!token || token.kind === 'sign') return undefined;
  const pattern = patternOf(token.text, token.kind === 'string' ? (type ?? 'ifname') : type);
  if (pattern.kind === 'unknown') {
    if (token.kind === 'word' && statementWords.has(token.text)) return undefined;
    // `ct mark == meta mark`: two things of the packet are compared.
    const from = reader.at;
    if (readSelector(reader)) return { kind: 'unknown', text: reader.text(from) };
  }
  reader.at++;
  return pattern;
}
