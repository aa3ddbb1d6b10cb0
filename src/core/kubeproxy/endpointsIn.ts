import { withPort } from '../address';
import type { IpvsState } from '../ipvs/state';
import type { NodeState } from '../node';
import type { Family } from '../address';
import type { Ruleset, Table } from '../rules/ruleset';
import type { ServiceEndpoint, ServiceEntry, ServiceView } from '../service';
import type { Work } from '../work';
import { localEndpointsOf } from './iptables/endpoints';
import { endpointsOf } from './nftables/endpoints';

/** Endpoints as `10.244.1.5:8080`. */
export interface ProgrammedEndpoints {
  readonly mode: ServiceView['mode'];
  /** In any chain or virtual server of the Service port. */
  readonly all: readonly string[];
  /** In KUBE-SVL-, KUBE-XLB- or nft's `local-`; in ipvs mode those of the external entries' virtual servers. */
  readonly local: readonly string[];
}

/** A Service port of one family, with the rules that it was found in. */
interface RulesOfService {
  readonly service: ServiceView;
  readonly family: Family;
  readonly ruleset?: Ruleset;
  /** Of nftables mode. */
  readonly table?: Table;
}

/** The endpoints of a Service port in its chains, or those of its virtual servers. */
export function* endpointsIn(
  state: NodeState,
  { service, family, ruleset, table }: RulesOfService,
): Work<ProgrammedEndpoints> {
  const { mode, entries, chains } = service;
  if (mode === 'ipvs' && state.ipvs) {
    const own = entries.filter(({ address }) => address?.family === family);
    const all = realServers(state.ipvs, own);
    const external = own.filter(({ kind }) => kind !== 'cluster-ip' && kind !== 'virtual');
    return { mode, all, local: realServers(state.ipvs, external) };
  }
  const text = ({ address, port }: ServiceEndpoint) => withPort(address, port);
  const all = (yield* service.readEndpoints()).map(text);
  if (table) {
    const [local] = chains.filter((name) => name.startsWith('local-'));
    const own = local === undefined ? [] : endpointsOf(table, local);
    return { mode, all, local: own.map(text) };
  }
  const local = localEndpointsOf(ruleset?.tables.get('nat'), chains);
  return { mode, all, local: local.map(text) };
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
