import { sameAddress } from './address';
import type { Address } from './address';
import type { NetworkInterface } from './node';

/** The devices that have an address, in the order of the dump; several may have one of a link. */
export function devicesWith(
  interfaces: readonly NetworkInterface[],
  address: Address,
): readonly NetworkInterface[] {
  return interfaces.filter(({ addresses }) =>
    addresses.some((own) => sameAddress(own.address, address)),
  );
}
