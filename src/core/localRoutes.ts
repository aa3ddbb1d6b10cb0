import { addressBits, networkAround, type Network } from './address';
import type { NetworkInterface, Route } from './node';

/** What the kernel adds to table local for the addresses of one device (fib_add_ifaddr, net/ipv4/fib_frontend.c). */
export function localRoutes(device: NetworkInterface): readonly Route[] {
  return device.addresses.flatMap(({ address, prefixLength: length, broadcast, range }) => {
    const route = (type: Route['type'], destination: Network): Route => ({
      type,
      destination,
      table: 'local',
      nextHops: [{ device: device.name, weight: 1 }],
      source: address,
      metric: 0,
      flags: [],
      range,
    });
    const whole = addressBits(address.family);
    const loopback = address.family === 4 && address.words[0]! >>> 24 === 127 && length < whole;
    return [
      route('local', networkAround(address, whole)),
      ...(loopback ? [route('local', networkAround(address, length))] : []),
      ...(broadcast ? [route('broadcast', networkAround(broadcast, 32))] : []),
    ];
  });
}
