import { contains, prefixMask } from '../address';
import type { Address } from '../address';
import type { InterfaceAddress, NetworkInterface, NodeState } from '../node';
import { isLoopback } from './addressType';
import type { Device } from './state';
import { deviceSwitch } from './sysctl';

/** Larger is narrower (include/uapi/linux/rtnetlink.h). */
const scopes = new Map([
  ['global', 0],
  ['universe', 0],
  ['site', 200],
  ['link', 253],
  ['host', 254],
]);

/**
 * The source that MASQUERADE takes: inet_select_addr (net/ipv4/devinet.c) looks for the first
 * primary address on the device, best one in the next hop's subnet; a device without an address
 * borrows one from the others in their order. The route's `src` is not asked.
 *
 * @returns undefined when there is none; 'unknown' when no dump tells the device or its addresses
 */
export function masqueradeAddress(
  node: NodeState,
  device: Device,
  nextHop: Address,
): Address | undefined | 'unknown' {
  const { interfaces } = node;
  if (!interfaces || device === undefined) return 'unknown';
  if (nextHop.family === 6) return masqueradeAddress6(interfaces, device, nextHop);
  const out = interfaces.find(({ name }) => name === device);
  const localnet = deviceSwitch(node, 'route_localnet', device) === true;
  let first: Address | undefined;
  for (const own of out ? addressesOf(out, 4) : []) {
    if (own.secondary || scopeOf(own) > 0) continue;
    if (isLoopback(own.address) && !localnet) continue;
    if (inSubnet(own, nextHop)) return own.address;
    first ??= own.address;
  }
  if (first) return first;
  for (const other of interfaces) {
    const borrowed = addressesOf(other, 4).find((own) => !own.secondary && scopeOf(own) === 0);
    if (borrowed) return borrowed.address;
  }
  return undefined;
}

/**
 * The address that REDIRECT rewrites to: the incoming device's first one, whatever its scope, and
 * the loopback address in OUTPUT (nf_nat_redirect.c).
 */
export function redirectAddress(
  node: NodeState,
  device: Device,
  family: 4 | 6,
): Address | undefined | 'unknown' {
  if (!node.interfaces || device === undefined) return 'unknown';
  const incoming = node.interfaces.find(({ name }) => name === device);
  const own = incoming ? addressesOf(incoming, family) : [];
  if (family === 4) return (own.find((a) => !a.secondary) ?? own[0])?.address;
  return (own.find((a) => scopeOf(a) === 0) ?? own[0])?.address;
}

/** RFC 6724 in short: the device's own, of no narrower scope, with the longest common prefix. */
function masqueradeAddress6(
  interfaces: readonly NetworkInterface[],
  device: string,
  nextHop: Address,
): Address | undefined {
  const ordered = [...interfaces].sort(
    (left, right) => Number(right.name === device) - Number(left.name === device),
  );
  for (const { addresses } of ordered) {
    const usable = addresses.filter((own) => own.address.family === 6 && scopeOf(own) === 0);
    const best = usable.reduce<InterfaceAddress | undefined>(
      (found, own) =>
        !found || common(own.address, nextHop) > common(found.address, nextHop) ? own : found,
      undefined,
    );
    if (best) return best.address;
  }
  return undefined;
}

function common(left: Address, right: Address): number {
  for (let i = 0; i < left.words.length; i++) {
    const different = (left.words[i]! ^ right.words[i]!) >>> 0;
    if (different !== 0) return 32 * i + Math.clz32(different);
  }
  return 32 * left.words.length;
}

function addressesOf(device: NetworkInterface, family: 4 | 6): readonly InterfaceAddress[] {
  return device.addresses.filter(({ address }) => address.family === family);
}

function scopeOf({ scope }: InterfaceAddress): number {
  return scopes.get(scope) ?? (Number(scope) || 0);
}

function inSubnet({ address, prefixLength, peer }: InterfaceAddress, other: Address): boolean {
  const mask = prefixMask(address.family, prefixLength);
  const base = peer ?? address;
  const words = base.words.map((word, i) => (word & mask[i]!) >>> 0);
  return contains({ address: { family: base.family, words }, mask }, other);
}
