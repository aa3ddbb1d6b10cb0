import type { Address } from '../../core/address';
import type { LearnedMac, LinkFacts, Neighbour } from '../../core/links';
import type { NetworkInterface } from '../../core/node';
import { append } from '../../core/append';

/** What the dumps beside `ip addr` tell of devices. */
export interface LinkDumps {
  readonly links: readonly LinkFacts[];
  readonly neighbours: readonly Neighbour[];
  readonly learned: readonly LearnedMac[];
}

/**
 * The devices with what `bridge -d link` or `ip -d link` tells of them, and the addresses behind each
 * port: those whose frame address (`ip neigh`) was learned there (`bridge fdb`).
 */
export function withLinks(
  interfaces: readonly NetworkInterface[],
  { links, neighbours, learned }: LinkDumps,
): readonly NetworkInterface[] {
  if (links.length === 0 && learned.length === 0) return interfaces;
  const facts = new Map<string, LinkFacts>();
  for (const link of links) facts.set(link.name, { ...facts.get(link.name), ...link });
  const behind = addressesBehind(interfaces, facts, neighbours, learned);
  return interfaces.map((device) => {
    const { master, kind, hairpin, vrfTable } = { ...facts.get(device.name), ...defined(device) };
    const addresses = device.behind ?? behind.get(device.name);
    return {
      ...device,
      ...(master === undefined ? {} : { master }),
      ...(kind === undefined ? {} : { kind }),
      ...(vrfTable === undefined ? {} : { vrfTable }),
      ...(hairpin === undefined ? {} : { hairpin }),
      ...(addresses === undefined ? {} : { behind: addresses }),
    };
  });
}

function defined({ master, kind, hairpin, vrfTable }: NetworkInterface): Partial<LinkFacts> {
  return {
    ...(master === undefined ? {} : { master }),
    ...(kind === undefined ? {} : { kind }),
    ...(vrfTable === undefined ? {} : { vrfTable }),
    ...(hairpin === undefined ? {} : { hairpin }),
  };
}

/** A frame address may be known on several bridges: only the port's own one counts. */
function addressesBehind(
  interfaces: readonly NetworkInterface[],
  links: ReadonlyMap<string, LinkFacts>,
  neighbours: readonly Neighbour[],
  learned: readonly LearnedMac[],
): ReadonlyMap<string, readonly Address[]> {
  const masters = new Map(interfaces.map(({ name, master }) => [name, master]));
  const behind = new Map<string, Address[]>();
  const at = new Map<string, Address[]>();
  for (const { mac, device, address } of neighbours) {
    const key = `${device} ${mac}`;
    append(at, key, address);
  }
  for (const { mac, port } of learned) {
    const bridge = masters.get(port) ?? links.get(port)?.master;
    const addresses = at.get(`${bridge} ${mac}`) ?? [];
    if (addresses.length === 0) continue;
    behind.set(port, [...(behind.get(port) ?? []), ...addresses]);
  }
  return behind;
}
