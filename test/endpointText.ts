import { withPort, type Address } from '../src/core/address';

/** `10.244.0.3:3000`. */
export function endpointText({ address, port }: { address: Address; port: number }): string {
  return withPort(address, port);
}
