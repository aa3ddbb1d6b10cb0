import type { Expression } from '../../../core/rules/expression';
import type { SourceRange } from '../../../core/source';
import { optionProtocols, rawBases, routingKeys } from '../values/keywords';
import { numberAt, objectAt, scalarText, textOf, type Json, type JsonObject } from './value';

/** What libnftables-json(5) has of headers, their options and the route, besides fields of known headers. */
export function jsonHeader(value: Json, range: SourceRange): Expression | undefined {
  return (
    payload(value, range) ??
    extensionHeader(value, range) ??
    option(value, range) ??
    routing(value, range)
  );
}

function payload(value: Json, range: SourceRange): Expression | undefined {
  const found = objectAt(value, 'payload');
  const [protocol, field] = [textOf(found?.protocol), textOf(found?.field)];
  if (protocol !== undefined && field !== undefined) {
    return { kind: 'payload', protocol, field, range };
  }
  const base = rawBases.find((one) => one === found?.base);
  if (!found || !base) return undefined;
  const [offset, length] = [numberAt(found, 'offset'), numberAt(found, 'len')];
  if (offset === undefined || length === undefined) return undefined;
  const text = `@${base},${offset},${length}`;
  return { kind: 'raw', base, offset, length, text, range };
}

/** Without a field it is asked whether the header is there. */
function extensionHeader(value: Json, range: SourceRange): Expression | undefined {
  const found = objectAt(value, 'exthdr');
  const [name, field] = [textOf(found?.name), textOf(found?.field)];
  if (name === undefined) return undefined;
  if (field !== undefined) return { kind: 'payload', protocol: name, field, range };
  return { kind: 'exthdr', name, text: `exthdr ${name}`, range };
}

function option(value: Json, range: SourceRange): Expression | undefined {
  for (const protocol of optionProtocols) {
    const what = protocol === 'sctp' ? 'sctp chunk' : `${protocol} option`;
    const found = objectAt(value, what);
    if (!found) continue;
    const { text, presence } = optionPart(found);
    return { kind: 'option', protocol, presence, text: `${what} ${text}`, range };
  }
  return undefined;
}

/** `maxseg size`; by its number `@255,8,8`, or `255` where only its presence is asked. */
function optionPart(option: JsonObject) {
  const [base, offset, length] = ['base', 'offset', 'len'].map((name) => numberAt(option, name));
  if (base === undefined) {
    const text = Object.values(option).map(scalarText).join(' ');
    return { text, presence: option.field === undefined };
  }
  const presence = offset === 0 && length === 8;
  return { text: presence ? `${base}` : `@${base},${offset},${length}`, presence };
}

function routing(value: Json, range: SourceRange): Expression | undefined {
  const found = objectAt(value, 'rt');
  const key = routingKeys.find((one) => one === found?.key);
  if (!found || !key) return undefined;
  const family = textOf(found.family);
  if (family !== 'ip' && family !== 'ip6') return { kind: 'rt', key, text: `rt ${key}`, range };
  const text = `rt ${family} ${key}`;
  return { kind: 'rt', key, family: family === 'ip' ? 4 : 6, text, range };
}
