import { contains, parseNetwork, type Address, type Network } from './address';

function network(text: string): Network {
  return parseNetwork(text)!;
}

const loopback = [network('127.0.0.0/8'), network('::1/128')];
const zero = [network('0.0.0.0/32'), network('::/128')];
const multicast = [network('224.0.0.0/4'), network('ff00::/8')];
const allOnes = network('255.255.255.255/32');

export function isLoopback(address: Address): boolean {
  return loopback.some((net) => contains(net, address));
}

/** The unspecified address; the rest of 0.0.0.0/8 is unicast since Linux 5.3. */
export function isZero(address: Address): boolean {
  return zero.some((net) => contains(net, address));
}

export function isMulticast(address: Address): boolean {
  return multicast.some((net) => contains(net, address));
}

/** 255.255.255.255. */
export function isLimitedBroadcast(address: Address): boolean {
  return contains(allOnes, address);
}
