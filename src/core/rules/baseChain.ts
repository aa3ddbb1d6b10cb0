import type { Counters } from './counters';

/** The hooks of ip, ip6 and inet, named as nft names them (include/uapi/linux/netfilter.h). */
export type Hook = 'ingress' | 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';

/** Called for one device (families netdev and inet). */
export type DeviceHook = 'egress';

/** A nat chain sees first packets only; a route chain re-routes in output what it changes. */
export type ChainType = 'filter' | 'nat' | 'route';

/** What netfilter calls a chain by: of iptables its name and table, of nft `type ... hook ...`. */
export interface BaseDeclaration {
  readonly hook: Hook | DeviceHook;
  /** include/uapi/linux/netfilter_ipv4.h: raw -300, mangle -150, dstnat -100, filter 0, ... */
  readonly priority: number;
  readonly type: ChainType;
  /** `ACCEPT`, `DROP`; undefined when the dump does not show it (`iptables -S CHAIN`). */
  readonly policy?: string;
  /** Of the policy. */
  readonly counters?: Counters;
  /** Of ingress and egress. */
  readonly devices?: readonly string[];
}
