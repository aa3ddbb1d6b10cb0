import { formatServicePortName } from '../../kubeproxy/names';
import { mapInPieces, type Work } from '../../work';
import { holdNode } from '../nodePorts';
import type { RuleRole } from '../rules';
import { isExternal, type ServicePort } from '../servicePorts';
import { chainOf, markStatement, type NftablesContext } from './context';
import { addEndpoints, addHairpins } from './endpointRules';
import { localMatch, networkSet, single } from './text';

/** All elements and chains of one Service port. */
export function* addServicePort(context: NftablesContext, port: ServicePort): Work<void> {
  const { cluster, local } = port.choice;
  addEntries(context, port);
  if (isGuarded(port)) addFirewall(context, port);
  yield* addEndpoints(context, port);
  if (cluster.length > 0) yield* addPolicyChain(context, port, 'service');
  if (local.length > 0) yield* addPolicyChain(context, port, 'local');
  if (port.choice.any && isExternal(port)) addExternalChain(context, port);
  if (context.release >= 36) addHairpins(context, port);
}

function isGuarded({ loadBalancerIps, sourceRanges }: ServicePort): boolean {
  return loadBalancerIps.length > 0 && sourceRanges.length > 0;
}

/** Where traffic comes in: elements of maps, for what is served and for what is refused. */
function addEntries({ table, release }: NftablesContext, port: ServicePort): void {
  const { choice, protocol, clusterIp, nodePort, internalLocal, externalLocal } = port;
  const subject = { servicePort: port };
  const put = (map: string, text: string, role: RuleRole) =>
    table.sets.get(map)!.elements.push({ text, role, ...subject });
  const title = formatServicePortName(port.name);
  const [none, end] = choice.any
    ? (['no-local-endpoints', 'drop'] as const)
    : (['no-endpoints', 'goto reject-chain'] as const);
  const serves = (isLocal: boolean) => choice.any && (!isLocal || choice.local.length > 0);
  const at = (address: string) => `${address} . ${protocol} . ${port.port}`;
  const refuse = (map: string, key: string) => put(map, `${key} comment "${title}" : ${end}`, none);

  const { elements } = table.sets.get('cluster-ips')!;
  elements.push({ text: clusterIp, role: 'cluster-ip', ...subject });
  if (serves(internalLocal)) {
    const to = chainOf(internalLocal ? 'local' : 'service', port);
    put('service-ips', `${at(clusterIp)} : goto ${to}`, 'cluster-ip');
  } else refuse('no-endpoint-services', at(clusterIp));

  const external = chainOf('external', port);
  const outside: readonly (readonly [readonly string[], RuleRole])[] = [
    [port.externalIps, 'external-ip'],
    [port.loadBalancerIps, 'load-balancer-ip'],
  ];
  for (const [addresses, role] of outside) {
    for (const address of addresses) {
      if (choice.any) put('service-ips', `${at(address)} : goto ${external}`, role);
      if (!serves(externalLocal)) refuse('no-endpoint-services', at(address));
      if (role !== 'load-balancer-ip' || !isGuarded(port)) continue;
      // 1.30 named the Service beside each element.
      const note = release === 30 ? ` comment "${title}"` : '';
      const to = chainOf('firewall', port);
      put('firewall-ips', `${at(address)}${note} : goto ${to}`, 'source-range');
    }
  }
  if (nodePort !== 0) {
    const key = `${protocol} . ${nodePort}`;
    if (choice.any) put('service-nodeports', `${key} : goto ${external}`, 'node-port');
    if (!serves(externalLocal)) refuse('no-endpoint-nodeports', key);
  }
}

/** Who is none of the sources is dropped before anything is translated. */
function addFirewall({ table, ip, input, family }: NftablesContext, port: ServicePort): void {
  const own = holdNode(port.sourceRanges, input, family);
  const addresses = own ? port.loadBalancerIps.flatMap(single) : [];
  const allowed = networkSet([...port.sourceRanges, ...addresses]);
  const subject = { servicePort: port };
  const chain = chainOf('firewall', port);
  table.chain(chain, subject);
  table.add(chain, `${ip} saddr != ${allowed} drop`, 'source-range', subject);
}

/** service- and local-: before 1.36 the masquerade of ClusterIP traffic, then the endpoints. */
function* addPolicyChain(
  context: NftablesContext,
  port: ServicePort,
  kind: 'service' | 'local',
): Work<void> {
  const { table, release, ip, masqueradeAll, local, family } = context;
  const { affinity, protocol, choice } = port;
  const chain = chainOf(kind, port);
  const endpoints = kind === 'service' ? choice.cluster : choice.local;
  const subject = { servicePort: port };
  table.chain(chain, subject);
  const outside = masqueradeAll ? '' : localMatch(local, false, family);
  if (release < 36 && outside !== undefined && (kind === 'local') === port.internalLocal) {
    const toPort = release < 34 ? ` ${protocol} dport ${port.port}` : '';
    const from = outside === '' ? '' : ` ${outside}`;
    const text = `${ip} daddr ${port.clusterIp}${toPort}${from} ${markStatement(context)}`;
    table.add(chain, text, 'masquerade', subject);
  }
  const choose = `numgen random mod ${endpoints.length}`;
  if (affinity === undefined && release >= 36) {
    const ways = endpoints.map(({ address, port: to }, i) => `${i} : ${address} . ${to}`);
    const dnat = `meta l4proto ${protocol} dnat ${ip} to`;
    const text = `${dnat} ${choose} map { ${ways.join(', ')} }`;
    table.add(chain, text, 'endpoint', subject);
    return;
  }
  const chains = yield* mapInPieces(endpoints, (one) => chainOf('endpoint', port, one));
  if (affinity !== undefined) {
    yield* mapInPieces(endpoints.entries(), ([i, endpoint]) => {
      const known = `${ip} saddr @${chainOf('affinity', port, endpoint)}`;
      table.add(chain, `${known} goto ${chains[i]}`, 'affinity', { ...subject, endpoint });
    });
  }
  const ways = chains.map((name, i) => `${i} : goto ${name}`).join(', ');
  table.add(chain, `${choose} vmap { ${ways} }`, 'endpoint', subject);
}

/** external-: what comes by a node port, external or load balancer IP. */
function addExternalChain(context: NftablesContext, port: ServicePort): void {
  const { table, local, family } = context;
  const chain = chainOf('external', port);
  const all = chainOf('service', port);
  const subject = { servicePort: port };
  const marks = markStatement(context);
  table.chain(chain, subject);
  if (!port.externalLocal) {
    table.add(chain, `${marks} comment "masquerade"`, 'masquerade', subject);
    table.add(chain, `goto ${all}`, 'policy', subject);
    return;
  }
  const pods = localMatch(local, true, family);
  if (pods !== undefined) {
    const note = 'comment "short-circuit pod traffic"';
    table.add(chain, `${pods} goto ${all} ${note}`, 'short-circuit', subject);
  }
  const own = 'fib saddr type local';
  table.add(chain, `${own} ${marks} comment "masquerade local traffic"`, 'masquerade', subject);
  const note = 'comment "short-circuit local traffic"';
  table.add(chain, `${own} goto ${all} ${note}`, 'short-circuit', subject);
  if (port.choice.local.length > 0) {
    table.add(chain, `goto ${chainOf('local', port)}`, 'policy', subject);
  }
}
