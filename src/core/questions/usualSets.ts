import { addressBits, networkAround, type Address } from '../address';
import { append } from '../append';
import { setKinds, setName } from '../expected/ipvs/sets';
import type { IpSet, IpSetEntry, IpSetPart } from '../ipset/types';
import { isUsualNodePort } from '../kubeproxy/nodePortRange';
import { protocolNumbers } from '../packet';
import { protocolName } from '../protocol';
import type { ServiceEndpoint, ServiceEntryKind, ServiceView } from '../service';
import type { Work } from '../work';

/**
 * kube-proxy's sets as they usually are for one Service in ipvs mode: the addresses of its virtual
 * servers in the sets of their kind, its endpoints in KUBE-LOOP-BACK. A virtual server of which nothing
 * tells the kind is a NodePort's by its port, else a ClusterIP's. What virtual servers do not tell,
 * traffic policy Local and source ranges, is in none.
 */
export function* usualSets(service: ServiceView): Work<ReadonlyMap<string, IpSet>> {
  const entries = entriesOf(service, yield* service.readEndpoints());
  const sets = setKinds.flatMap(({ name, type }) =>
    ([4, 6] as const).map((family): IpSet => {
      const own = (entries.get(name) ?? []).filter(({ parts }) =>
        parts.every((part) => part.kind !== 'network' || part.network.address.family === family),
      );
      return {
        name: setName(name, family),
        type,
        family,
        options: new Map(),
        entries: own,
        complete: true,
        range: service.range,
      };
    }),
  );
  return new Map(sets.map((set) => [set.name, set]));
}

const setOf: Readonly<Record<Exclude<ServiceEntryKind, 'node-port' | 'virtual'>, string>> = {
  'cluster-ip': 'CLUSTER-IP',
  'external-ip': 'EXTERNAL-IP',
  external: 'EXTERNAL-IP',
  'load-balancer-ip': 'LOAD-BALANCER',
};

function entriesOf(
  { entries, protocol, range }: ServiceView,
  endpoints: readonly ServiceEndpoint[],
) {
  const found = new Map<string, IpSetEntry[]>();
  const add = (name: string, ...parts: readonly IpSetPart[]) =>
    append(found, name, { parts, nomatch: false, text: '', range });
  const portOf = (port: number): IpSetPart => ({ kind: 'port', protocol, from: port, to: port });
  for (const { address, port } of endpoints) {
    add('LOOP-BACK', hostOf(address), portOf(port), hostOf(address));
  }
  for (const entry of entries) {
    const { address, port, kind } = entry;
    if (!address) continue;
    if (kind === 'node-port' || (kind === 'virtual' && isUsualNodePort(port))) {
      const name = `NODE-PORT-${protocolName(protocol).toUpperCase()}`;
      if (protocol === protocolNumbers.sctp) add(`${name}-HASH`, hostOf(address), portOf(port));
      else add(name, { kind: 'port', from: port, to: port });
      continue;
    }
    add(setOf[kind === 'virtual' ? 'cluster-ip' : kind], hostOf(address), portOf(port));
    add('IPVS-IPS', hostOf(address));
  }
  return found;
}

function hostOf(address: Address): IpSetPart {
  return { kind: 'network', network: networkAround(address, addressBits(address.family)) };
}
