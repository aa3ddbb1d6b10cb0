import { parseNetwork } from '../../../core/address';
import { isRecord } from '../../../core/record';
import type { Expression } from '../../../core/rules/expression';
import type { ElementData, Elements, SetElement, SetReference } from '../../../core/rules/set';
import type { Pattern, Value } from '../../../core/rules/value';
import type { Verdict } from '../../../core/rules/verdict';
import type { SourceRange } from '../../../core/source';
import { arithmetic } from '../expressions/arithmetic';
import { typeOf, typesOf } from '../expressions/typeOf';
import type { ElementTypes } from '../expressions/element';
import { hasName } from '../values/names';
import { patternOf, singleValue, valueOf } from '../values/value';
import { jsonHeader } from './headers';
import { listedText } from './listedText';
import { listOf, numberAt, objectAt, scalarText, textOf, type Json } from './value';

/** Deeper than any rule of nft; text from outside must not decide how deep the stack gets. */
const deepest = 32;

/** An expression of libnftables-json(5). What is not understood is unknown. */
export function jsonExpression(
  value: Json | undefined,
  range: SourceRange,
  type?: string,
  depth = 0,
): Expression {
  const unknown: Expression = { kind: 'unknown', text: JSON.stringify(value) ?? '', range };
  if (depth > deepest) return unknown;
  const scalar = scalarText(value);
  if (scalar !== undefined) {
    const constant = valueOf(scalar, type);
    return constant ? { kind: 'constant', value: constant, range } : { ...unknown, text: scalar };
  }
  if (Array.isArray(value)) {
    // Flags: `["fin", "syn"]`.
    const flags = singleValue(jsonPattern(value as Json, type));
    return flags ? { kind: 'constant', value: flags, range } : unknown;
  }
  if (!isRecord(value)) return unknown;
  if (Array.isArray(value.concat)) {
    const parts = listOf(value.concat).map((part) =>
      jsonExpression(part, range, undefined, depth + 1),
    );
    return { kind: 'concat', parts, range };
  }
  const map = objectAt(value, 'map');
  if (map) {
    const key = jsonExpression(map.key, range, undefined, depth + 1);
    const reference = jsonSet(map.data, key, range, type);
    return reference ? { kind: 'map', key, map: reference, range } : unknown;
  }
  for (const operator of ['&', '|', '^', '<<', '>>'] as const) {
    const sides = value[operator];
    if (!Array.isArray(sides)) continue;
    return jsonArithmetic(operator, sides as readonly Json[], range, type, depth);
  }
  return jsonSelector(value, range) ?? unknown;
}

/** With more than two sides it goes from left to right. */
function jsonArithmetic(
  operator: '&' | '|' | '^' | '<<' | '>>',
  sides: readonly Json[],
  range: SourceRange,
  type: string | undefined,
  depth: number,
): Expression {
  let left = jsonExpression(sides[0], range, type, depth + 1);
  for (const side of sides.slice(1)) {
    const right = jsonExpression(side, range, typeOf(left) ?? type, depth + 1);
    left = arithmetic(operator, left, right, range);
  }
  return left;
}

function jsonSelector(value: Json, range: SourceRange): Expression | undefined {
  const meta = objectAt(value, 'meta');
  if (meta) return { kind: 'meta', key: textOf(meta.key) ?? '', range };
  const ct = objectAt(value, 'ct');
  if (ct) return conntrack(ct, range);
  const fib = objectAt(value, 'fib');
  if (fib) {
    const result = textOf(fib.result);
    if (result !== 'type' && result !== 'oif' && result !== 'oifname' && result !== 'check')
      return undefined;
    const flags = listOf(fib.flags).map((flag) => textOf(flag) ?? '');
    const present = result === 'check';
    return { kind: 'fib', result: present ? 'oif' : result, present, flags, range };
  }
  const numgen = objectAt(value, 'numgen');
  const modulus = numgen && numberAt(numgen, 'mod');
  if (numgen && modulus !== undefined) {
    const mode = numgen.mode === 'inc' ? 'inc' : 'random';
    return { kind: 'numgen', mode, modulus, offset: numberAt(numgen, 'offset') ?? 0, range };
  }
  return hash(value, range) ?? jsonHeader(value, range) ?? other(value, range);
}

function conntrack(ct: Readonly<Record<string, Json>>, range: SourceRange): Expression {
  const direction = textOf(ct.dir);
  // `ct original ip saddr` is the key `ip saddr`.
  const [, named, key] = /^(?:(ip6?) )?(.*)$/.exec(textOf(ct.key) ?? '')!;
  const family = named ?? textOf(ct.family);
  return {
    ...{ kind: 'ct', key: key!, range },
    ...((direction === 'original' || direction === 'reply') && { direction }),
    ...((family === 'ip' || family === 'ip6') && { family: family === 'ip' ? 4 : 6 }),
  };
}

function hash(value: Json, range: SourceRange): Expression | undefined {
  const jhash = objectAt(value, 'jhash');
  const found = jhash ?? objectAt(value, 'symhash');
  const modulus = found && numberAt(found, 'mod');
  if (!found || modulus === undefined) return undefined;
  const offset = numberAt(found, 'offset') ?? 0;
  if (!jhash) return { kind: 'symhash', modulus, offset, range };
  const seed = numberAt(jhash, 'seed');
  const of = jsonExpression(jhash.expr, range, undefined, 1);
  return { kind: 'jhash', of, modulus, offset, range, ...(seed !== undefined && { seed }) };
}

/** Read, not modelled. */
function other(value: Json, range: SourceRange): Expression | undefined {
  for (const kind of ['socket', 'osf', 'ipsec'] as const) {
    const found = objectAt(value, kind);
    if (!found) continue;
    const text =
      listedText(kind, found) ?? `${kind} ${Object.values(found).map(scalarText).join(' ')}`;
    return { kind, text, range };
  }
  return undefined;
}

/** `"@name"`, or `{"set": [...]}` behind a key. */
export function jsonSet(
  value: Json | undefined,
  key: Expression,
  range: SourceRange,
  data?: string,
): SetReference | undefined {
  if (typeof value === 'string' && value.startsWith('@')) {
    return { kind: 'named', name: value.slice(1), range };
  }
  const set = isRecord(value) ? value.set : undefined;
  if (set === undefined) return undefined;
  const types = { key: typesOf(key), data: data === undefined ? undefined : [data] };
  const listed = listOf(set);
  const elements = jsonElements(listed, types, range);
  return {
    kind: 'anonymous',
    elements: listed.length > mostAtOnce ? elements : [...elements],
    range,
  };
}

/** Elements of a rule that are decoded with it: a few milliseconds. */
const mostAtOnce = 256;

/** Decoded each time that they are gone over, so that whoever does can pause in between. */
export function jsonElements(
  listed: readonly Json[],
  types: ElementTypes,
  range: SourceRange,
): Elements {
  return {
    length: listed.length,
    *[Symbol.iterator]() {
      for (const element of listed) yield jsonElement(element, types, range);
    },
  };
}

/** `KEY`, `{"elem": {"val": KEY, ...}}`, and of maps the pair `[KEY, DATA]`. */
function jsonElement(value: Json, types: ElementTypes, range: SourceRange): SetElement {
  const pair = Array.isArray(value) ? (value as readonly Json[]) : undefined;
  const written = pair ? pair[0]! : value;
  const elem = objectAt(written, 'elem');
  const key = elem ? elem.val : written;
  const [comment, timeout, expires] = elem
    ? [textOf(elem.comment), numberAt(elem, 'timeout'), numberAt(elem, 'expires')]
    : [];
  const counter = elem && objectAt(elem, 'counter');
  const condition = elem && ['limit', 'quota', 'ct count', 'last'].find((name) => name in elem);
  return {
    key: key === '*' ? undefined : patternsOf(key, types.key),
    ...(comment !== undefined && { comment }),
    ...(timeout !== undefined && { timeout }),
    ...(expires !== undefined && { expires }),
    ...(counter && { counters: jsonCounters(counter) }),
    ...(condition !== undefined && { condition }),
    // `last` only remembers when the element was found.
    ...(condition !== undefined &&
      condition !== 'last' && {
        conditions: [{ kind: 'unmodelled', name: condition, text: condition, range } as const],
      }),
    ...(pair && { data: dataOf(pair[1], types.data, range) }),
    range,
  };
}

export function jsonCounters(value: Readonly<Record<string, Json>>): {
  packets: number;
  bytes: number;
} {
  return { packets: numberAt(value, 'packets') ?? 0, bytes: numberAt(value, 'bytes') ?? 0 };
}

function patternsOf(value: Json | undefined, types: readonly (string | undefined)[]): Pattern[] {
  const parts = isRecord(value) && Array.isArray(value.concat) ? listOf(value.concat) : [value];
  return parts.map((part, i) => jsonPattern(part, types[i]));
}

/** One value, prefix or interval; a list is flags of which any is asked for. */
export function jsonPattern(value: Json | undefined, type: string | undefined): Pattern {
  const unknown: Pattern = { kind: 'unknown', text: JSON.stringify(value) ?? '' };
  const flags = isRecord(value) && Array.isArray(value['|']) ? value['|'] : value;
  if (Array.isArray(flags)) {
    const bits = flags.map((one) => jsonPattern(one as Json, type));
    const sum = bits.reduce<number | undefined>(
      (sum, bit) =>
        sum === undefined || bit.kind !== 'numbers' ? undefined : (sum | bit.from) >>> 0,
      0,
    );
    return sum === undefined ? unknown : { kind: 'numbers', from: sum, to: sum };
  }
  const text = scalarText(typeof value === 'number' ? numberOf(value, type) : value);
  if (text === undefined) return unknown;
  // JSON has no quotes by which a name is told from `fd00::1`.
  const named = type === undefined && /^[a-z]/i.test(text) && !parseNetwork(text);
  return patternOf(text, named ? 'ifname' : type);
}

/**
 * Of numbers of two bytes that have a name, `nft -j -n` prints network order as it lies in memory (src/json.c,
 * symbolic_constant_json): 56710 is 0x86dd, ip6.
 */
function numberOf(number: number, type: string | undefined): number {
  if (type !== 'ether_type' && type !== 'arp_op') return number;
  const swapped = ((number & 0xff) << 8) | (number >> 8);
  return hasName(type, swapped) && !hasName(type, number) ? swapped : number;
}

function dataOf(
  value: Json | undefined,
  types: readonly (string | undefined)[] | undefined,
  range: SourceRange,
): ElementData {
  const verdict = jsonVerdict(value, range);
  if (verdict) return { kind: 'verdict', verdict };
  const parts = isRecord(value) && Array.isArray(value.concat) ? listOf(value.concat) : [value];
  const patterns = parts.map((part, i): Pattern => {
    const text = scalarText(part);
    const pattern = patternOf(text ?? JSON.stringify(part) ?? '', types?.[i]);
    // The name of an object: in text it stands in quotes.
    const named = pattern.kind === 'unknown' && text !== undefined && types === undefined;
    return named ? { kind: 'text', text, wildcard: false } : pattern;
  });
  if (patterns.some(({ kind }) => kind === 'unknown')) {
    return { kind: 'unknown', text: JSON.stringify(value) ?? '' };
  }
  const values = patterns.map(singleValue);
  return values.every((one): one is Value => one !== undefined)
    ? { kind: 'values', values }
    : { kind: 'patterns', patterns };
}

const verdicts = {
  accept: 'ACCEPT',
  drop: 'DROP',
  return: 'RETURN',
  continue: 'CONTINUE',
} as const;

/** `{"accept": null}`, `{"goto": {"target": "x"}}`. */
export function jsonVerdict(value: Json | undefined, range: SourceRange): Verdict | undefined {
  for (const kind of ['jump', 'goto'] as const) {
    const chain = textOf(objectAt(value, kind)?.target);
    if (chain !== undefined) return { kind, chain, nameRange: range, range };
  }
  if (!isRecord(value)) return undefined;
  const word = Object.keys(verdicts).find((name) => name in value) as
    keyof typeof verdicts | undefined;
  return word && { kind: verdicts[word], range };
}
