import { contains, networkAround } from '../../address';
import type { Address } from '../../address';
import type { InterfaceAddress, NetworkInterface, NodeState } from '../../node';
import { addressKind6 } from './addressKind6';
import { isLoopback } from '../../specialAddresses';
import type { Device } from '../device';
import { deviceSwitch } from './sysctl';
import { isSameDomain, vrfOf } from './vrf';

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
  // inet_select_addr asks the VRF itself before the others.
  const vrf = vrfOf(node, device)?.name;
  for (const other of [...interfaces.filter(({ name }) => name === vrf), ...interfaces]) {
    if (!isSameDomain(node, other.name, device)) continue;
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
  destination: Address,
): Address | undefined | 'unknown' {
  if (!node.interfaces || device === undefined) return 'unknown';
  const incoming = node.interfaces.find(({ name }) => name === device);
  const own = incoming ? addressesOf(incoming, destination.family) : [];
  if (destination.family === 4) return (own.find((a) => !a.secondary) ?? own[0])?.address;
  return own.find((each) => isUsable6(each, destination))?.address;
}

/** nf_nat_redirect_ipv6_usable: for a link-local destination one of the link, else any. */
function isUsable6({ address, tentative }: InterfaceAddress, destination: Address): boolean {
  const { scope, mapped } = addressKind6(address);
  if (mapped || tentative) return false;
  const asked = addressKind6(destination).scope;
  return (asked !== 'link' && asked !== 'site') || scope === asked;
}

function addressesOf(device: NetworkInterface, family: 4 | 6): readonly InterfaceAddress[] {
  return device.addresses.filter(({ address }) => address.family === family);
}

function scopeOf({ scope }: InterfaceAddress): number {
  return scopes.get(scope) ?? (Number(scope) || 0);
}

function inSubnet({ address, prefixLength, peer }: InterfaceAddress, other: Address): boolean {
  return contains(networkAround(peer ?? address, prefixLength), other);
}
