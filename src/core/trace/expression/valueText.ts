import { formatAddress } from '../../address';
import type { Value } from '../../rules/value';

/** `10.0.0.1 . 80`: also the key of an entry in a set that rules change. */
export function formatValues(values: readonly Value[]): string {
  return values.map(formatValue).join(' . ');
}

function formatValue(value: Value): string {
  switch (value.kind) {
    case 'number':
      return String(value.number);
    case 'address':
      return formatAddress(value.address);
    case 'text':
      return value.text;
  }
}
