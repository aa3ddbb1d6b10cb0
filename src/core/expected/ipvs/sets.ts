import type { Family } from '../../address';
import { ipv6Name } from '../../kubeproxy/ipvs/sets';
import { TableBuilder } from '../builder';
import type { Endpoint } from '../endpoints';
import type { RuleRole } from '../rules';
import type { ServicePort } from '../servicePorts';

/** One of kube-proxy's ipsets: what it is called, its type, and since when there is one. */
interface SetKind {
  readonly name: string;
  readonly type: string;
  readonly since: number;
}

/** pkg/proxy/ipvs/ipset.go and proxier.go: the sets by their names without `KUBE-`. */
export const setKinds: readonly SetKind[] = [
  { name: 'LOOP-BACK', type: 'hash:ip,port,ip', since: 9 },
  { name: 'CLUSTER-IP', type: 'hash:ip,port', since: 9 },
  { name: 'EXTERNAL-IP', type: 'hash:ip,port', since: 9 },
  { name: 'EXTERNAL-IP-LOCAL', type: 'hash:ip,port', since: 18 },
  { name: 'LOAD-BALANCER', type: 'hash:ip,port', since: 9 },
  { name: 'LOAD-BALANCER-LOCAL', type: 'hash:ip,port', since: 11 },
  { name: 'LOAD-BALANCER-FW', type: 'hash:ip,port', since: 11 },
  { name: 'LOAD-BALANCER-SOURCE-IP', type: 'hash:ip,port,ip', since: 9 },
  { name: 'LOAD-BALANCER-SOURCE-CIDR', type: 'hash:ip,port,net', since: 9 },
  { name: 'NODE-PORT-TCP', type: 'bitmap:port', since: 9 },
  { name: 'NODE-PORT-LOCAL-TCP', type: 'bitmap:port', since: 11 },
  { name: 'NODE-PORT-UDP', type: 'bitmap:port', since: 9 },
  { name: 'NODE-PORT-LOCAL-UDP', type: 'bitmap:port', since: 11 },
  { name: 'NODE-PORT-SCTP-HASH', type: 'hash:ip,port', since: 15 },
  { name: 'NODE-PORT-LOCAL-SCTP-HASH', type: 'hash:ip,port', since: 15 },
  { name: 'HEALTH-CHECK-NODE-PORT', type: 'bitmap:port', since: 21 },
  { name: 'IPVS-IPS', type: 'hash:ip', since: 26 },
];

/** The name in full; sets of IPv6 have names of their own since 1.16. */
export function setName(name: string, family: Family): string {
  return family === 4 ? `KUBE-${name}` : ipv6Name(`KUBE-${name}`);
}

/** The ipsets of one family, by their names without `KUBE-`. */
export class SetsBuilder {
  readonly table = new TableBuilder('ipset');
  private readonly known = new Set<string>();

  constructor(
    private readonly family: Family,
    release: number,
  ) {
    const inet = family === 4 ? 'inet' : 'inet6';
    for (const { name, type, since } of setKinds) {
      if (release < since) continue;
      const header = type === 'bitmap:port' ? type : `${type} family ${inet}`;
      this.table.set(setName(name, family), [header]);
    }
  }

  /** An element, once; sets that the release does not have take none. */
  add(
    name: string,
    text: string,
    role: RuleRole,
    servicePort: ServicePort,
    endpoint?: Endpoint,
  ): void {
    const elements = this.table.sets.get(setName(name, this.family))?.elements;
    const key = `${name} ${text}`;
    if (!elements || this.known.has(key)) return;
    this.known.add(key);
    elements.push({ text, role, servicePort, endpoint });
  }

  isEmpty(name: string): boolean {
    return (this.table.sets.get(setName(name, this.family))?.elements.length ?? 0) === 0;
  }
}
