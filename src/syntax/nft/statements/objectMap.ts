import type { ObjectMapMatch } from '../../../core/rules/statement';
import { readExpression } from '../expressions/expression';
import type { Reader } from '../text/reader';

/**
 * `counter name KEY map { 80 : "web" }`, `ct helper set KEY map @helpers`; undefined, and nothing read,
 * where an object is named.
 *
 * @param words before the key: `counter name`
 */
export function readObjectMap(
  reader: Reader,
  object: ObjectMapMatch['object'],
  words: readonly string[],
): ObjectMapMatch | undefined {
  const from = reader.at;
  if (!reader.take(...words)) return undefined;
  const map = reader.token()?.kind === 'string' ? undefined : readExpression(reader);
  if (map?.kind === 'map') return { kind: 'object-map', object, map, range: reader.range(from) };
  reader.at = from;
  return undefined;
}
