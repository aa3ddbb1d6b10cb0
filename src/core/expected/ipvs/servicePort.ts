import { formatAddress, formatNetwork, hostPort, isHost } from '../../address';
import { host } from '../iptables/text';
import { holdNode } from '../nodePorts';
import type { RuleRole } from '../rules';
import type { ServicePort } from '../servicePorts';
import type { IpvsContext } from './context';
import { realServersOf } from './realServers';
import { own } from '../../own';

/** The elements of sets and the virtual servers of one Service port. */
export function addServicePort(context: IpvsContext, port: ServicePort): void {
  const { sets, release } = context;
  const { protocol, clusterIp, externalLocal } = port;
  const at = (address: string, to = port.port) => `${address},${protocol}:${to}`;
  for (const endpoint of port.endpoints) {
    // Before 1.22 endpoints that are not ready were not kept.
    if (!endpoint.local || (release < 22 && !endpoint.ready)) continue;
    const { address } = endpoint;
    const text = `${at(address, endpoint.port)},${address}`;
    sets.add('LOOP-BACK', text, 'hairpin', port, endpoint);
  }
  sets.add('CLUSTER-IP', at(clusterIp), 'cluster-ip', port);
  addServer(context, port, clusterIp, port.port, 'cluster-ip', port.internalLocal);
  bind(context, port, clusterIp);

  for (const address of port.externalIps) {
    const set = externalLocal ? 'EXTERNAL-IP-LOCAL' : 'EXTERNAL-IP';
    sets.add(set, at(address), 'external-ip', port);
    addServer(context, port, address, port.port, 'external-ip', externalLocal);
    bind(context, port, address);
  }
  for (const address of port.loadBalancerIps) {
    sets.add('LOAD-BALANCER', at(address), 'load-balancer-ip', port);
    if (externalLocal) sets.add('LOAD-BALANCER-LOCAL', at(address), 'load-balancer-ip', port);
    addSourceRanges(context, port, address);
    addServer(context, port, address, port.port, 'load-balancer-ip', externalLocal);
    bind(context, port, address);
  }
  if (port.nodePort !== 0) addNodePort(context, port);
  if (port.healthCheckNodePort !== 0) {
    sets.add('HEALTH-CHECK-NODE-PORT', String(port.healthCheckNodePort), 'health-check', port);
  }
}

function addSourceRanges(
  { sets, input, family, filter, release }: IpvsContext,
  port: ServicePort,
  address: string,
): void {
  if (port.sourceRanges.length === 0) return;
  const key = `${address},${port.protocol}:${port.port}`;
  const subject = { servicePort: port };
  sets.add('LOAD-BALANCER-FW', key, 'source-range', port);
  for (const range of port.sourceRanges) {
    const source = isHost(range) ? formatAddress(range.address) : formatNetwork(range);
    sets.add('LOAD-BALANCER-SOURCE-CIDR', `${key},${source}`, 'source-range', port);
  }
  if (holdNode(port.sourceRanges, input, family)) {
    sets.add('LOAD-BALANCER-SOURCE-IP', `${key},${address}`, 'source-range', port);
  } else if (release >= 29) {
    const protocol = own({ tcp: 6, udp: 17, sctp: 132 }, port.protocol) ?? 0;
    const flow = `-m ipvs --vproto ${protocol} --vaddr ${address} --vport ${port.port} -j DROP`;
    filter.add('KUBE-IPVS-OUT-FILTER', `-s ${host(address)} ${flow}`, 'source-range', subject);
  }
}

function addNodePort(context: IpvsContext, port: ServicePort): void {
  const { sets, nodeAddresses } = context;
  const { protocol, nodePort, externalLocal } = port;
  const name = protocol.toUpperCase();
  const put = (set: string, text: string) => sets.add(set, text, 'node-port', port);
  if (protocol === 'sctp') {
    for (const address of nodeAddresses ?? []) {
      put('NODE-PORT-SCTP-HASH', `${address},sctp:${nodePort}`);
      if (externalLocal) put('NODE-PORT-LOCAL-SCTP-HASH', `${address},sctp:${nodePort}`);
    }
  } else {
    put(`NODE-PORT-${name}`, String(nodePort));
    if (externalLocal) put(`NODE-PORT-LOCAL-${name}`, String(nodePort));
  }
  for (const address of nodeAddresses ?? []) {
    addServer(context, port, address, nodePort, 'node-port', externalLocal);
  }
}

/** A virtual server with those that it leads to. */
function addServer(
  { servers, scheduler, release }: IpvsContext,
  port: ServicePort,
  address: string,
  number: number,
  role: RuleRole,
  isLocal: boolean,
): void {
  const option = own({ tcp: '-t', udp: '-u', sctp: '--sctp-service' }, port.protocol) ?? '-t';
  const name = `${option} ${hostPort(address, number)}`;
  const subject = { servicePort: port };
  const persistent = port.affinity === undefined ? '' : ` -p ${port.affinity}`;
  const hashed = scheduler === 'mh' && release >= 27 ? ' -b mh-port' : '';
  if (servers.chains.has(name)) return;
  servers.chain(name, subject);
  servers.add(name, `-s ${scheduler}${persistent}${hashed}`, role, subject);
  for (const endpoint of realServersOf(port, isLocal, release)) {
    servers.add(name, `-r ${endpoint.text} -m -w 1`, 'endpoint', { ...subject, endpoint });
  }
}

/** Puts an address on kube-ipvs0; since 1.28 none but a ClusterIP that another device has. */
function bind(
  { dummy, bound, ownAddresses, sets, release }: IpvsContext,
  port: ServicePort,
  address: string,
) {
  if (release >= 28 && address !== port.clusterIp && ownAddresses.has(address)) return;
  if (!bound.has(address)) {
    bound.add(address);
    dummy.add('addresses', address, 'cluster-ip', { servicePort: port });
  }
  sets.add('IPVS-IPS', address, 'cluster-ip', port);
}
