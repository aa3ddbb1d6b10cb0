import type { Expression } from '../../../core/rules/expression';
import type { Elements, SetReference } from '../../../core/rules/set';
import { partOf, type Reader } from '../text/reader';
import { readElement, type ElementTypes } from './element';
import { writtenElements } from './elements';
import { typesOf } from './typeOf';

/**
 * `@name`, or `{ ... }` behind a key.
 *
 * @param data the type of what the elements give, where the rule says it
 */
export function readSetReference(
  reader: Reader,
  key: Expression,
  data?: string,
): SetReference | undefined {
  const from = reader.at;
  const word = reader.word();
  if (/^@./.test(word)) {
    reader.at++;
    return { kind: 'named', name: word.slice(1), range: reader.range(from) };
  }
  if (word !== '{') return undefined;
  const elements = readBraces(reader, {
    key: typesOf(key),
    data: data === undefined ? undefined : [data],
  });
  return elements && { kind: 'anonymous', elements, range: reader.range(from) };
}

/** `{ ELEMENT, ELEMENT }`. */
function readBraces(reader: Reader, types: ElementTypes): Elements | undefined {
  if (reader.word() !== '{' || !reader.closes) return undefined;
  reader.at++;
  const long = reader.token();
  if (long?.kind === 'elements') {
    reader.at += 2;
    return writtenElements(partOf(reader.statement, long.start, long.end), types);
  }
  const elements = [];
  while (!reader.take('}')) {
    if (reader.done) return undefined;
    if (reader.take(',')) continue;
    elements.push(readElement(reader, types));
  }
  return elements;
}
