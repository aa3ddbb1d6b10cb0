import type { IpvsState } from '../../ipvs/state';
import type { NodeState } from '../../node';
import type { Ruleset } from '../../rules/ruleset';
import type { ServiceEntry, ServiceView } from '../../service';
import { withPort } from '../../trace/headerText';
import { endpointsOf } from '../iptables/endpoints';

/** Endpoints as `10.244.1.5:8080`. */
export interface ProgrammedEndpoints {
  readonly mode: ServiceView['mode'];
  /** In any chain or virtual server of the Service port. */
  readonly all: readonly string[];
  /** In KUBE-SVL- or KUBE-XLB-; in ipvs mode those of the external entries' virtual servers. */
  readonly local: readonly string[];
}

/** The endpoints of a Service port in its chains, or those of its virtual servers. */
export function endpointsIn(
  state: NodeState,
  { service, ruleset }: { readonly service: ServiceView; readonly ruleset: Ruleset },
): ProgrammedEndpoints {
  const { mode, entries, chains } = service;
  if (mode === 'ipvs' && state.ipvs) {
    const own = entries.filter(({ address }) => address?.family === ruleset.family);
    const all = realServers(state.ipvs, own);
    const external = own.filter(({ kind }) => kind !== 'cluster-ip' && kind !== 'virtual');
    return { mode, all, local: realServers(state.ipvs, external) };
  }
  const nat = ruleset.tables.get('nat');
  const local = chains.filter((name) => /^KUBE-(SVL|XLB)-/.test(name));
  const text = ({ address, port }: ServiceView['endpoints'][number]) => withPort(address, port);
  return {
    mode,
    all: service.endpoints.map(text),
    local: nat ? local.flatMap((chain) => endpointsOf(nat, chain)).map(text) : [],
  };
}

/** Real servers of weight 0 only keep the connections that they have. */
function realServers({ virtualServers }: IpvsState, entries: readonly ServiceEntry[]): string[] {
  const rows = new Set(entries.map(({ range }) => range.line));
  const found = virtualServers
    .filter(({ range }) => rows.has(range.line))
    .flatMap((server) => server.realServers.filter(({ weight }) => weight > 0))
    .map(({ address, port }) => withPort(address, port));
  return [...new Set(found)];
}
