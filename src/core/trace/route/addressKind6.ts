import type { Address } from '../../address';

/** How far an address reaches, narrowest first (RFC 4291; include/net/ipv6.h, IPV6_ADDR_SCOPE_*). */
export type Scope6 = 'none' | 'node' | 'link' | 'site' | 'organisation' | 'global';

const order: readonly Scope6[] = ['none', 'node', 'link', 'site', 'organisation', 'global'];

/** The number by which scopes are compared: larger reaches farther. */
export function scopeRank(scope: Scope6): number {
  return order.indexOf(scope);
}

export interface AddressKind6 {
  readonly unicast: boolean;
  readonly multicast: boolean;
  readonly mapped: boolean;
  readonly scope: Scope6;
}

/** __ipv6_addr_type (net/ipv6/addrconf_core.c). */
export function addressKind6({ words }: Address): AddressKind6 {
  const [first = 0, second = 0, third = 0, fourth = 0] = words;
  const kind = { unicast: true, multicast: false, mapped: false };
  const top = first >>> 29;
  if (top !== 0 && top !== 7) return { ...kind, scope: 'global' };
  if (first >>> 24 === 0xff) {
    const scope = multicastScopes.get((first >>> 16) & 15) ?? 'none';
    return { unicast: false, multicast: true, mapped: false, scope };
  }
  if (first >>> 22 === 0xfe80 >>> 6) return { ...kind, scope: 'link' };
  if (first >>> 22 === 0xfec0 >>> 6) return { ...kind, scope: 'site' };
  if (first === 0 && second === 0) {
    if (third === 0 && fourth === 0) return { ...kind, unicast: false, scope: 'none' };
    if (third === 0 && fourth === 1) return { ...kind, scope: 'link' };
    if (third === 0xffff) return { ...kind, unicast: false, mapped: true, scope: 'global' };
  }
  return { ...kind, scope: 'global' };
}

/** The scope nibble of ff0X:: (ipv6_addr_scope2type). */
const multicastScopes: ReadonlyMap<number, Scope6> = new Map([
  [1, 'node'],
  [2, 'link'],
  [5, 'site'],
  [8, 'organisation'],
  [14, 'global'],
]);
