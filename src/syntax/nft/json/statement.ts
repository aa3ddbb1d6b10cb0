import { protocolNumbers } from '../../../core/packet';
import { isRecord } from '../../../core/record';
import type { Expression } from '../../../core/rules/expression';
import type { TableFamily } from '../../../core/rules/ruleset';
import type { CompareMatch, SetUpdateAction, Statement } from '../../../core/rules/statement';
import type { NatTarget } from '../../../core/rules/target';
import type { SourceRange } from '../../../core/source';
import { typeOf, typesOf } from '../expressions/typeOf';
import { secondsOf } from '../text/duration';
import { bytesOf, limitText } from '../statements/limits';
import { endpoint, intervalOf, natFlags, type NatTo } from '../statements/nat';
import { readRule } from '../statements/rule';
import { log, rejectWith } from '../statements/verdicts';
import { flagTypes } from '../values/names';
import { jsonHeader } from './headers';
import { jsonCounters, jsonExpression, jsonPattern, jsonSet, jsonVerdict } from './expression';
import { listedText } from './listedText';
import {
  listOf,
  numberAt,
  objectAt,
  scalarText,
  textOf,
  type Json,
  type JsonObject,
} from './value';

/** A statement of libnftables-json(5); what is not understood is unknown. */
export function jsonStatement(
  value: Json,
  range: SourceRange,
  family: TableFamily | undefined,
): Statement {
  const unknown: Statement = { kind: 'unknown', text: JSON.stringify(value) ?? '', range };
  // What nft has no JSON for stands there as it lists it: `"update @map { ip saddr : meta mark }"`.
  if (typeof value === 'string') {
    const { statements } = readRule({ text: value, range: () => range }, family);
    return statements.length === 1 ? statements[0]! : unknown;
  }
  if (!isRecord(value)) return unknown;
  const verdict = jsonVerdict(value, range);
  if (verdict) return verdict;
  const [name] = Object.keys(value);
  const read = name === undefined ? undefined : readers.get(name);
  const chosen = objectKinds.find((kind) => kind === name);
  const map = chosen && jsonExpression(value[chosen], range);
  if (chosen && map?.kind === 'map') return { kind: 'object-map', object: chosen, map, range };
  return read?.(value[name!] ?? null, range, family) ?? unknown;
}

/** What a map may give by name: `{"counter": {"map": {"key": ..., "data": {"set": [[80, "web"]]}}}}`. */
const objectKinds = [
  ...(['counter', 'limit', 'quota', 'ct helper', 'ct timeout', 'ct expectation'] as const),
];

type Read = (
  value: Json,
  range: SourceRange,
  family: TableFamily | undefined,
) => Statement | undefined;

const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['match', (value, range) => (isRecord(value) ? match(value, range) : undefined)],
  [
    'vmap',
    (value, range) => {
      if (!isRecord(value)) return undefined;
      const key = jsonExpression(value.key, range);
      const map = jsonSet(value.data, key, range);
      return map && { kind: 'vmap', key, map, range };
    },
  ],
  [
    'mangle',
    (value, range) => {
      if (!isRecord(value)) return undefined;
      const to = jsonExpression(value.key, range);
      if (to.kind === 'ct' && to.key === 'event') {
        const text = `ct event set ${listOf(value.value).map(scalarText).join(',')}`;
        return { kind: 'neutral', text, range };
      }
      return { kind: 'assign', to, value: jsonExpression(value.value, range, typeOf(to)), range };
    },
  ],
  ...(['dnat', 'snat', 'masquerade', 'redirect'] as const).map((kind): [string, Read] => [
    kind,
    (value, range) => nat(kind, isRecord(value) ? value : {}, range),
  ]),
  [
    'counter',
    (value, range) => {
      if (typeof value === 'string') return { kind: 'counter', name: value, range };
      return { kind: 'counter', ...(isRecord(value) && { counters: jsonCounters(value) }), range };
    },
  ],
  ['limit', limit],
  ['quota', quota],
  [
    'log',
    (value, range) => {
      const options = isRecord(value) ? Object.entries(value) : [];
      return {
        ...log(options.map(([name, text]) => [name, scalarText(text) ?? ''] as const)),
        range,
      };
    },
  ],
  [
    'reject',
    (value, range, family) => {
      const about = isRecord(value) ? value : {};
      const type = textOf(about.type);
      const protocol = type === 'tcp reset' ? 'tcp' : type;
      return { kind: 'REJECT', with: rejectWith(protocol, scalarText(about.expr), family), range };
    },
  ],
  [
    'queue',
    (value, range) => {
      const about = isRecord(value) ? value : {};
      const bypass = listOf(about.flags).includes('bypass');
      return { kind: 'NFQUEUE', bypass, text: written('queue', value), range };
    },
  ],
  ['notrack', (_, range) => ({ kind: 'CT', notrack: true, text: 'notrack', range })],
  ['set', (value, range, family) => update(value, range, family)],
  ['map', (value, range, family) => update(value, range, family)],
  [
    'meter',
    (value, range, family) => {
      if (!isRecord(value)) return undefined;
      const set = textOf(value.name);
      if (set === undefined) return undefined;
      return {
        ...{ kind: 'set-update', operation: 'add', set, ...updatedKey(value.key, range) },
        statements: listOf(value.stmt).map((one) => jsonStatement(one, range, family)),
        range,
      };
    },
  ],
  ['xt', xt],
  ...['ct helper', 'ct timeout', 'ct expectation', 'flow', 'last', 'dup'].map(
    (name): [string, Read] => [
      name,
      (value, range) => ({
        kind: 'neutral',
        text: written(name, value),
        range,
      }),
    ],
  ),
  [
    'reset',
    (value, range) => {
      const option = jsonHeader(value, range);
      if (option?.kind !== 'option') return undefined;
      const { tcp } = protocolNumbers;
      return { kind: 'neutral', text: `reset ${option.text}`, protocol: tcp, range };
    },
  ],
  ['tproxy', (value, range) => ({ kind: 'tproxy', text: written('tproxy', value), range })],
  ['fwd', (value, range) => ({ kind: 'fwd', text: written('fwd', value), range })],
  ['synproxy', (value, range) => ({ kind: 'unknown', text: written('synproxy', value), range })],
  [
    'ct count',
    (value, range) => ({
      kind: 'unmodelled',
      name: 'ct count',
      text: written('ct count', value),
      range,
    }),
  ],
]);

/** As nft lists it; else what the JSON has of it. */
function written(name: string, value: Json): string {
  return listedText(name, value) ?? `${name} ${scalarText(value) ?? JSON.stringify(value)}`;
}

const operators: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=', 'in', '!']);

function match(value: JsonObject, range: SourceRange): Statement | undefined {
  const left = jsonExpression(value.left, range);
  const operator = textOf(value.op);
  if (operator === undefined || !operators.has(operator)) return undefined;
  const set = jsonSet(value.right, left, range);
  if (set) return { kind: 'lookup', key: left, set, negated: operator === '!=', range };
  if (left.kind === 'concat') {
    const types = typesOf(left);
    const parts = isRecord(value.right) ? listOf(value.right.concat) : [];
    const key = parts.map((part, i) => jsonPattern(part, types[i]));
    const one = { kind: 'anonymous' as const, elements: [{ key, range }], range };
    return { kind: 'lookup', key: left, set: one, negated: operator === '!=', range };
  }
  return compare(left, operator, value.right, range);
}

function compare(
  left: Expression,
  operator: string,
  right: Json | undefined,
  range: SourceRange,
): CompareMatch {
  const type = typeOf(left);
  // Whether there is a route at all: `oif missing` is false, `oif 0` as well.
  if (left.kind === 'fib' && /^(?:missing|exists|[01])$/.test(scalarText(right) ?? '')) {
    const found = right === true || scalarText(right) === '1' ? 1 : 0;
    return {
      ...{ kind: 'compare', left: { ...left, present: true }, range },
      operator: operator === '!=' ? '!=' : '==',
      right: { kind: 'numbers', from: found, to: found },
    };
  }
  const flags = type !== undefined && flagTypes.has(type) && left.kind !== 'arithmetic';
  const said = operator === 'in' ? (flags ? 'any' : '==') : operator === '!' ? 'none' : operator;
  const kind = said as CompareMatch['operator'];
  return { kind: 'compare', left, operator: kind, right: jsonPattern(right, type), range };
}

const natKinds = {
  dnat: 'DNAT',
  snat: 'SNAT',
  masquerade: 'MASQUERADE',
  redirect: 'REDIRECT',
} as const;

function nat(kind: keyof typeof natKinds, value: JsonObject, range: SourceRange): NatTarget {
  const flags = new Set(listOf(value.flags).flatMap((flag) => textOf(flag) ?? []));
  const family = textOf(value.family);
  return {
    ...{ kind: natKinds[kind], ...natTo(value, range), ...natFlags(flags) },
    ...((family === 'ip' || family === 'ip6') && {
      family: family === 'ip' ? (4 as const) : (6 as const),
    }),
    ...(flags.has('netmap') && { prefix: true }),
    range,
  };
}

function natTo(value: JsonObject, range: SourceRange): NatTo {
  const pair =
    isRecord(value.addr) && Array.isArray(value.addr.concat)
      ? listOf(value.addr.concat)
      : undefined;
  const addr = pair ? pair[0] : value.addr;
  const port = pair ? pair[1] : value.port;
  const plain = endpoint(scalarText(addr) ?? '');
  const ports = intervalOf(scalarText(port) ?? '');
  return {
    ...(plain?.addresses && { addresses: plain.addresses }),
    ...(ports && { ports }),
    ...(addr !== undefined && !plain && { toAddress: jsonExpression(addr, range) }),
    ...(port !== undefined && !ports && { toPort: jsonExpression(port, range) }),
  };
}

function limit(value: Json, range: SourceRange): Statement | undefined {
  if (typeof value === 'string') {
    return { kind: 'named', object: 'limit', name: value, range };
  }
  if (!isRecord(value)) return undefined;
  const [rate, per] = [numberAt(value, 'rate'), textOf(value.per)];
  if (rate === undefined || per === undefined) return undefined;
  const unit = textOf(value.rate_unit);
  const bytes = unit !== undefined && unit !== 'packets';
  const burst = numberAt(value, 'burst') ?? (bytes ? 0 : 5);
  const text = bytes
    ? limitText(`${rate} ${unit}/${per}`, `${burst} ${textOf(value.burst_unit) ?? 'bytes'}`)
    : limitText(`${rate}/${per}`, `${burst} packets`);
  return { kind: 'limit', text, ...(!bytes && { burst }), above: value.inv === true, range };
}

function quota(value: Json, range: SourceRange): Statement | undefined {
  if (typeof value === 'string') {
    return { kind: 'named', object: 'quota', name: value, range };
  }
  if (!isRecord(value)) return undefined;
  const bytes = bytesOf(numberAt(value, 'val') ?? Number.NaN, textOf(value.val_unit) ?? 'bytes');
  const used = bytesOf(numberAt(value, 'used') ?? 0, textOf(value.used_unit) ?? 'bytes');
  if (bytes === undefined || Number.isNaN(bytes)) return undefined;
  return { kind: 'quota', bytes, over: value.inv === true, used: used ?? 0, range };
}

function update(
  value: Json,
  range: SourceRange,
  family: TableFamily | undefined,
): Statement | undefined {
  if (!isRecord(value)) return undefined;
  const operation = textOf(value.op);
  const set = textOf(value.set) ?? textOf(value.map);
  if (operation !== 'add' && operation !== 'update' && operation !== 'delete') return undefined;
  if (set === undefined) return undefined;
  return {
    ...{ kind: 'set-update', operation, set: set.replace(/^@/, '') },
    ...updatedKey(value.elem, range),
    ...(value.data !== undefined && { data: jsonExpression(value.data, range) }),
    statements: listOf(value.stmt).map((one) => jsonStatement(one, range, family)),
    range,
  };
}

/** The key, or `{"elem": {"val": KEY, "timeout": 60}}`. */
function updatedKey(
  value: Json | undefined,
  range: SourceRange,
): Pick<SetUpdateAction, 'key' | 'timeout'> {
  const elem = objectAt(value, 'elem');
  const timeout = elem && timeoutOf(elem.timeout);
  return {
    key: jsonExpression(elem ? elem.val : value, range),
    ...(timeout !== undefined && { timeout }),
  };
}

function timeoutOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : secondsOf(textOf(value) ?? '');
}

function xt(value: Json, range: SourceRange): Statement | undefined {
  if (!isRecord(value)) return undefined;
  const [type, name] = [textOf(value.type), textOf(value.name)];
  if (name === undefined) return undefined;
  const text = `xt ${type ?? 'match'} "${name}"`;
  return type === 'target'
    ? { kind: 'unmodelled-target', name, text, range }
    : { kind: 'unmodelled', name, text, range };
}
