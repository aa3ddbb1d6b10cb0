import type { Address } from './address';

/** What `bridge -d link` and `ip -d link` tell of a device beyond `ip addr`. */
export interface LinkFacts {
  readonly name: string;
  /** The bridge, bond or VRF that it is a part of. */
  readonly master?: string;
  /** `bridge`, `bond`, `vrf`, `veth`, ...: only `ip -d` prints it. */
  readonly kind?: string;
  /** Of a VRF: the routing table that its devices' packets are routed by (`vrf table 10`). */
  readonly vrfTable?: string;
  /** Of a port of a bridge: may a frame leave by the port it came in by. */
  readonly hairpin?: boolean;
}

/** One line of `ip neigh`, `arp -n` or /proc/net/arp: which frame address an address has. */
export interface Neighbour {
  readonly address: Address;
  /** Lower case, with colons. */
  readonly mac: string;
  readonly device: string;
}

/** One line of `bridge fdb`: a frame address that was learned behind a port. */
export interface LearnedMac {
  /** Lower case, with colons. */
  readonly mac: string;
  readonly port: string;
}
