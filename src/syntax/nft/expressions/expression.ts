import type { ArithmeticExpression, Expression } from '../../../core/rules/expression';
import type { Reader } from '../text/reader';
import { valueOf } from '../values/value';
import { arithmetic } from './arithmetic';
import { mostParts } from './mostParts';
import { readSelector } from './selector';
import { readSetReference } from './set';
import { typeOf } from './typeOf';

/** Parentheses in each other: more than nft prints. Text from outside must not decide on the stack. */
const deepest = 4;

/**
 * `meta mark & 0xff`, `ip daddr . meta l4proto`, `numgen random mod 2 map { ... }`.
 *
 * @param type what a constant, or the data of a map, is read as, where the other side says it: `mark`
 *   behind `meta mark set`
 */
export function readExpression(reader: Reader, type?: string, depth = 0): Expression | undefined {
  const from = reader.at;
  const key = readConcat(reader, type, depth);
  if (!key || reader.word() !== 'map') return key;
  reader.at++;
  const map = readSetReference(reader, key, type);
  return map && { kind: 'map', key, map, range: reader.range(from) };
}

/** Without `map` behind it. */
export function readConcat(reader: Reader, type?: string, depth = 0): Expression | undefined {
  const from = reader.at;
  const first = readBinary(reader, 0, type, depth);
  if (!first || reader.word() !== '.') return first;
  const parts = [first];
  while (reader.take('.')) {
    const part = readBinary(reader, 0, undefined, depth);
    if (!part || parts.length === mostParts) return undefined;
    parts.push(part);
  }
  return { kind: 'concat', parts, range: reader.range(from) };
}

type Operator = ArithmeticExpression['operator'];

/** From the loosest to the tightest; old versions print and take words. */
const operators: readonly ReadonlyMap<string, Operator>[] = [
  new Map([
    ['|', '|'],
    ['or', '|'],
  ]),
  new Map([
    ['^', '^'],
    ['xor', '^'],
  ]),
  new Map([
    ['&', '&'],
    ['and', '&'],
  ]),
  new Map([
    ['<<', '<<'],
    ['lshift', '<<'],
    ['>>', '>>'],
    ['rshift', '>>'],
  ]),
];

function readBinary(
  reader: Reader,
  level: number,
  type: string | undefined,
  depth: number,
): Expression | undefined {
  if (level === operators.length) return readPrimary(reader, type, depth);
  const from = reader.at;
  let left = readBinary(reader, level + 1, type, depth);
  for (let count = 0; ; count++) {
    const operator = operators[level]!.get(reader.word());
    if (!left || !operator) return left;
    if (count === mostParts) return undefined;
    reader.at++;
    const right = readBinary(reader, level + 1, typeOf(left) ?? type, depth);
    left = right && arithmetic(operator, left, right, reader.range(from));
  }
}

function readPrimary(
  reader: Reader,
  type: string | undefined,
  depth: number,
): Expression | undefined {
  const from = reader.at;
  if (reader.take('(')) {
    const inner = depth < deepest ? readExpression(reader, type, depth + 1) : undefined;
    return reader.take(')') ? inner : undefined;
  }
  const selector = readSelector(reader);
  if (selector) return selector;
  const token = reader.token();
  if (!token || token.kind === 'sign' || token.text.startsWith('@')) return undefined;
  // `nft -S` prints ports as `"https"`.
  const quoted = token.kind === 'string' && type !== 'inet_service';
  const value = valueOf(token.text, quoted ? 'string' : type);
  reader.at++;
  const range = reader.range(from);
  if (value) return { kind: 'constant', value, range };
  return { kind: 'unknown', text: reader.text(from), range };
}
