import type { SetUpdateAction, Statement } from '../../../core/rules/statement';
import { readConcat, readExpression } from '../expressions/expression';
import { secondsOf } from '../text/duration';
import type { Reader } from '../text/reader';

type ReadStatement = (reader: Reader) => Statement;

/**
 * `update @set { ip saddr timeout 10s limit rate 3/second : meta mark }`.
 *
 * @param statement reads one of the statements that are carried out for the element
 */
export function readSetUpdate(
  reader: Reader,
  statement: ReadStatement,
): SetUpdateAction | undefined {
  const from = reader.at;
  const operation = reader.takeOneOf(['add', 'update', 'delete'] as const);
  const set = /^@(.+)/.exec(reader.word())?.[1];
  if (!operation || set === undefined) return undefined;
  reader.at++;
  const inner = reader.take('{') ? readInner(reader, statement) : undefined;
  return inner && { kind: 'set-update', operation, set, ...inner, range: reader.range(from) };
}

/** `meter name size 65535 { ip saddr limit rate 3/second }`: a set that the rule brings along. */
export function readMeter(reader: Reader, statement: ReadStatement): SetUpdateAction | undefined {
  const from = reader.at;
  reader.at++;
  const set = reader.takeText();
  if (reader.take('size')) reader.takeNumber();
  const inner = set !== undefined && reader.take('{') ? readInner(reader, statement) : undefined;
  if (set === undefined || !inner) return undefined;
  return { kind: 'set-update', operation: 'add', set, ...inner, range: reader.range(from) };
}

type Inner = Pick<SetUpdateAction, 'key' | 'data' | 'timeout' | 'statements'>;

/** nft takes a counter, a limit, a quota, a connection count, a last; a brace without end stops here. */
const mostInner = 16;

function readInner(reader: Reader, statement: ReadStatement): Inner | undefined {
  const key = readConcat(reader);
  if (!key) return undefined;
  let inner: Inner = { key, statements: [] };
  for (let read = 0; read < mostInner; read++) {
    if (reader.take('}')) return inner;
    if (reader.done) return undefined;
    if (reader.take('timeout')) {
      const timeout = secondsOf(reader.takeText() ?? '');
      if (timeout !== undefined) inner = { ...inner, timeout };
    } else if (reader.take('comment')) reader.takeText();
    else if (reader.take(':')) {
      const data = readExpression(reader);
      if (!data) return undefined;
      inner = { ...inner, data };
    } else inner = { ...inner, statements: [...inner.statements, statement(reader)] };
  }
  return undefined;
}
