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
  const flags = type !== undefined && flagTypes.has(type);
  return readSum(reader, type, flags ? ['|', ','] : ['|']);
}

/** The same in a set, where a comma ends the element. */
export function readElementPattern(reader: Reader, type: string | undefined): Pattern | undefined {
  return readSum(reader, type, ['|']);
}

function readSum(
  reader: Reader,
  type: string | undefined,
  signs: readonly string[],
): Pattern | undefined {
  const from = reader.at;
  const parenthesis = reader.take('(');
  let sum = readOne(reader, type);
  while (sum && reader.takeOneOf(signs)) {
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

function readOne(reader: Reader, type: string | undefined): Pattern | undefined {
  const token = reader.token();
  if (!token || token.kind === 'sign') return undefined;
  if (token.kind === 'string' && reader.word(1) === '-') return timeRange(reader);
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

/** `meta hour "08:00"-"17:00"`: a trace has no clock, so it stays as written. */
function timeRange(reader: Reader): Pattern {
  const from = reader.at;
  reader.at += 2;
  reader.takeText();
  return { kind: 'unknown', text: reader.text(from) };
}
