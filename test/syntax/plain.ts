import { formatAddress, formatNetwork } from '../../src/core/address';

/** What was read, without places and absent properties; addresses as text. */
export function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, part) => {
      if (key === 'range' || key === 'nameRange') return undefined;
      if (part?.mask && part.address?.words) return formatNetwork(part);
      return part?.words ? formatAddress(part) : part;
    }),
  );
}
