import type { LimitMatch } from '../../../core/rules/match';
import type { NamedMatch, QuotaMatch } from '../../../core/rules/statefulMatch';
import type { Reader } from '../text/reader';
import { own } from '../../../core/own';

/** `limit rate over 10/second burst 5 packets`, `limit name "x"`. */
export function readLimit(reader: Reader): LimitMatch | NamedMatch | undefined {
  const from = reader.at;
  reader.at++;
  if (reader.take('name')) return named(reader, from, 'limit');
  if (!reader.take('rate')) return undefined;
  const over = reader.take('over');
  reader.take('until');
  const rate = reader.takeText();
  if (rate === undefined) return undefined;
  // `10/second`, and of bytes `10 mbytes/second`.
  const bytes = /^\d+$/.test(rate) ? reader.takeText() : undefined;
  let [burst, unit] = bytes === undefined ? ['5', 'packets'] : ['0', 'bytes'];
  if (reader.take('burst')) [burst, unit] = [reader.takeText() ?? '', reader.takeText() ?? ''];
  const text = limitText(bytes === undefined ? rate : `${rate} ${bytes}`, `${burst} ${unit}`);
  return {
    ...{ kind: 'limit', text, above: over, range: reader.range(from) },
    ...(bytes === undefined && { burst: Number(burst) }),
  };
}

/**
 * In one spelling: `10/second burst 5`, of bytes `10 mbytes/second burst 2 kbytes`.
 *
 * @param burst `5 packets`; nft leaves out the default of five in some versions
 */
export function limitText(rate: string, burst: string): string {
  return `${rate} burst ${burst.replace(/ packets$/, '')}`;
}

const units: Readonly<Record<string, number>> = {
  bytes: 1,
  kbytes: 1024,
  mbytes: 1024 * 1024,
  gbytes: 1024 * 1024 * 1024,
};

/** `quota over 100 mbytes used 5 bytes`, `quota name "x"`. */
export function readQuota(reader: Reader): QuotaMatch | NamedMatch | undefined {
  const from = reader.at;
  reader.at++;
  if (reader.take('name')) return named(reader, from, 'quota');
  const over = reader.take('over');
  reader.take('until');
  const bytes = readBytes(reader);
  if (bytes === undefined) return undefined;
  const used = (reader.take('used') ? readBytes(reader) : undefined) ?? 0;
  return { kind: 'quota', bytes, over, used, range: reader.range(from) };
}

function readBytes(reader: Reader): number | undefined {
  const number = reader.takeNumber();
  const unit = own(units, reader.word());
  if (number === undefined || unit === undefined) return undefined;
  reader.at++;
  return number * unit;
}

/** In bytes; undefined for a unit that nft does not have. */
export function bytesOf(number: number, unit: string): number | undefined {
  const factor = own(units, unit);
  return factor === undefined ? undefined : number * factor;
}

/** A limit or quota that stands by itself in the table; behind a key and `map` none is named. */
function named(reader: Reader, from: number, object: NamedMatch['object']): NamedMatch | undefined {
  const name = reader.takeText();
  if (name === undefined || reader.word() === 'map' || reader.word(1) === 'map') return undefined;
  return { kind: 'named', object, name, range: reader.range(from) };
}
