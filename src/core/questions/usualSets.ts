import { addressBits, networkAround, type Address } from '../address';
import type { IpSet, IpSetEntry, IpSetPart } from '../ipset/types';
import { ipv6Name, kubeProxySetNames } from '../kubeproxy/ipvs/sets';
import { isUsualNodePort } from '../kubeproxy/nodePortRange';
import { protocolName } from '../protocol';
import type { ServiceEntryKind, ServiceView } from '../service';

/**
 * kube-proxy's sets as they usually are for one Service in ipvs mode: the addresses of its virtual
 * servers in the sets of their kind, its endpoints in KUBE-LOOP-BACK. A virtual server of which nothing
 * tells the kind is a NodePort's by its port, else a ClusterIP's. What virtual servers do not tell,
 * traffic policy Local and source ranges, is in none.
 */
export function usualSets(service: ServiceView): ReadonlyMap<string, IpSet> {
  const entries = entriesOf(service);
  const sets = kubeProxySetNames().flatMap((name) =>
    ([4, 6] as const).map((family): IpSet => {
      const own = (entries.get(name) ?? []).filter(({ parts }) =>
        parts.every((part) => part.kind !== 'network' || part.network.address.family === family),
      );
      return {
        name: family === 4 ? name : ipv6Name(name),
        type: typeOf(name),
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

/** pkg/proxy/ipvs/ipset.go. */
function typeOf(name: string): string {
  if (/NODE-PORT(?:-LOCAL)?-(?:TCP|UDP)$|HEALTH-CHECK/.test(name)) return 'bitmap:port';
  if (name === 'KUBE-IPVS-IPS') return 'hash:ip';
  if (name.endsWith('SOURCE-CIDR')) return 'hash:ip,port,net';
  return /LOOP-BACK|SOURCE-IP$/.test(name) ? 'hash:ip,port,ip' : 'hash:ip,port';
}

const setOf: Readonly<Record<Exclude<ServiceEntryKind, 'node-port' | 'virtual'>, string>> = {
  'cluster-ip': 'KUBE-CLUSTER-IP',
  'external-ip': 'KUBE-EXTERNAL-IP',
  external: 'KUBE-EXTERNAL-IP',
  'load-balancer-ip': 'KUBE-LOAD-BALANCER',
};

function entriesOf({ entries, endpoints, protocol, range }: ServiceView) {
  const found = new Map<string, IpSetEntry[]>();
  const add = (name: string, ...parts: readonly IpSetPart[]) => {
    const entry = { parts, nomatch: false, text: '', range };
    found.set(name, [...(found.get(name) ?? []), entry]);
  };
  const portOf = (port: number): IpSetPart => ({ kind: 'port', protocol, from: port, to: port });
  for (const { address, port } of endpoints) {
    add('KUBE-LOOP-BACK', hostOf(address), portOf(port), hostOf(address));
  }
  for (const entry of entries) {
    const { address, port, kind } = entry;
    if (!address) continue;
    if (kind === 'node-port' || (kind === 'virtual' && isUsualNodePort(port))) {
      const name = `KUBE-NODE-PORT-${protocolName(protocol).toUpperCase()}`;
      if (protocol === sctp) add(`${name}-HASH`, hostOf(address), portOf(port));
      else add(name, { kind: 'port', from: port, to: port });
      continue;
    }
    add(setOf[kind === 'virtual' ? 'cluster-ip' : kind], hostOf(address), portOf(port));
    add('KUBE-IPVS-IPS', hostOf(address));
  }
  return found;
}

const sctp = 132;

function hostOf(address: Address): IpSetPart {
  return { kind: 'network', network: networkAround(address, addressBits(address.family)) };
}
