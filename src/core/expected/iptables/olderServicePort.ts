import { formatNetwork, prefixLength } from '../../address';
import type { Work } from '../../work';
import { holdNode } from '../nodePorts';
import type { ServicePort } from '../servicePorts';
import { portHash, titleOf, type IptablesContext } from './context';
import { addBalancing, addEndpointChains, endpointWays, type EndpointWays } from './endpointRules';
import { comment, host, local, reject, toPort } from './text';

/** The chains of one Service port until 1.23. */
interface OlderChains {
  readonly title: string;
  readonly svc: string;
  readonly fw: string;
  readonly xlb: string;
  /** For traffic from outside: KUBE-XLB- with policy Local. */
  readonly external: string;
}

/**
 * All rules of one Service port, as written from 1.10 to 1.23: KUBE-XLB- for endpoints of the node,
 * KUBE-FW- for every load balancer address, marks beside each entry.
 */
export function* addOlderServicePort(context: IptablesContext, port: ServicePort): Work<void> {
  const { nat, release } = context;
  const title = titleOf(port, release);
  const hash = portHash(port, title);
  const [svc, xlb] = [`KUBE-SVC-${hash}`, `KUBE-XLB-${hash}`];
  const external = port.externalLocal ? xlb : svc;
  const chains: OlderChains = { title, svc, xlb, fw: `KUBE-FW-${hash}`, external };
  const subject = { servicePort: port };
  const endpoints = clusterEndpoints(port);
  if (port.externalLocal) nat.chain(xlb, subject);
  if (port.healthCheckNodePort !== 0 && release >= 21) {
    const note = comment(`${title} health check node port`);
    const to = toPort('tcp', note, port.healthCheckNodePort);
    context.filter.add('KUBE-NODEPORTS', `${to}-j ACCEPT`, 'health-check', subject);
  }
  if (endpoints.length === 0) {
    addRefusals(context, port, title);
    return;
  }
  nat.chain(svc, subject);
  addClusterIp(context, port, chains);
  addExternalIps(context, port, chains);
  addLoadBalancer(context, port, chains);
  addNodePort(context, port, chains);
  const ways = yield* endpointWays(port, title);
  yield* addBalancing(context, svc, ways, endpoints);
  if (port.externalLocal) yield* addLocalChain(context, ways, chains);
  yield* addEndpointChains(context, ways, endpoints);
}

/** Internal policy Local (1.22, 1.23) had no chain of its own: it left the others out. */
function clusterEndpoints({ choice, internalLocal }: ServicePort): ServicePort['endpoints'] {
  return internalLocal ? choice.local : choice.cluster;
}

/** Until 1.19 those of load balancer addresses stood among those of ClusterIPs. */
function addRefusals(
  { filter, family, release }: IptablesContext,
  port: ServicePort,
  title: string,
): void {
  const why = comment(`${title} has no endpoints`);
  const end = reject(family);
  const subject = { servicePort: port };
  const at = (chain: string, address: string) => {
    const text = `-d ${host(address)} ${toPort(port.protocol, why, port.port)}${end}`;
    filter.add(chain, text, 'no-endpoints', subject);
  };
  at('KUBE-SERVICES', port.clusterIp);
  for (const address of port.externalIps) at('KUBE-EXTERNAL-SERVICES', address);
  if (release >= 14) {
    const chain = release >= 20 ? 'KUBE-EXTERNAL-SERVICES' : 'KUBE-SERVICES';
    for (const address of port.loadBalancerIps) at(chain, address);
  }
  if (port.nodePort !== 0) {
    const to = toPort(port.protocol, why, port.nodePort, '-m addrtype --dst-type LOCAL ');
    filter.add('KUBE-EXTERNAL-SERVICES', `${to}${end}`, 'no-endpoints', subject);
  }
}

function addClusterIp(context: IptablesContext, port: ServicePort, chains: OlderChains): void {
  const { nat, masqueradeAll, local: traffic, release } = context;
  const subject = { servicePort: port };
  const to = `-d ${host(port.clusterIp)} `;
  const rest = toPort(port.protocol, comment(`${chains.title} cluster IP`), port.port);
  if (masqueradeAll || traffic.kind !== 'none') {
    const from = masqueradeAll ? to : local(traffic, false, to);
    const chain = release >= 22 ? chains.svc : 'KUBE-SERVICES';
    nat.add(chain, `${from}${rest}-j KUBE-MARK-MASQ`, 'masquerade', subject);
  }
  nat.add('KUBE-SERVICES', `${to}${rest}-j ${chains.svc}`, 'cluster-ip', subject);
}

function addExternalIps(context: IptablesContext, port: ServicePort, chains: OlderChains): void {
  const { nat, release, local: traffic } = context;
  const { title, svc } = chains;
  const subject = { servicePort: port };
  // Policy Local counts for external IPs since 1.19 (gate ExternalPolicyForExternalIP).
  const isLocal = port.externalLocal && release >= 19;
  const target = isLocal ? chains.external : svc;
  const rest = toPort(port.protocol, comment(`${title} external IP`), port.port);
  for (const address of port.externalIps) {
    const to = `-d ${host(address)} `;
    const all = `${to}${rest}`;
    const add = (text: string) => nat.add('KUBE-SERVICES', text, 'external-ip', subject);
    if (!isLocal) {
      const outside = release >= 21 ? `${local(traffic, false, to)}${rest}` : all;
      const chain = release >= 22 ? svc : 'KUBE-SERVICES';
      nat.add(chain, `${outside}-j KUBE-MARK-MASQ`, 'masquerade', subject);
    }
    if (release >= 21) {
      add(`${all}-j ${target}`);
      continue;
    }
    // Traffic of other nodes and of none of the node's own; and that to an address of the node.
    const others = '-m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL ';
    add(`${all}${others}-j ${target}`);
    add(`${all}-m addrtype --dst-type LOCAL -j ${target}`);
  }
}

function addLoadBalancer(
  { nat, input, family }: IptablesContext,
  port: ServicePort,
  { title, fw, external }: OlderChains,
): void {
  const subject = { servicePort: port };
  const note = comment(`${title} loadbalancer IP`);
  const own = holdNode(port.sourceRanges, input, family);
  for (const address of port.loadBalancerIps) {
    const to = `-d ${host(address)} ${toPort(port.protocol, note, port.port)}`;
    nat.chain(fw, subject);
    nat.add('KUBE-SERVICES', `${to}-j ${fw}`, 'load-balancer-ip', subject);
    if (!port.externalLocal) nat.add(fw, `${note}-j KUBE-MARK-MASQ`, 'masquerade', subject);
    if (port.sourceRanges.length === 0) nat.add(fw, `${note}-j ${external}`, 'policy', subject);
    for (const range of port.sourceRanges) {
      const from = prefixLength(range) === 0 ? '' : `-s ${formatNetwork(range)} `;
      nat.add(fw, `${from}${note}-j ${external}`, 'source-range', subject);
    }
    if (own) {
      nat.add(fw, `-s ${host(address)} ${note}-j ${external}`, 'source-range', subject);
    }
    nat.add(fw, `${note}-j KUBE-MARK-DROP`, 'source-range', subject);
  }
}

function addNodePort(context: IptablesContext, port: ServicePort, chains: OlderChains): void {
  if (port.nodePort === 0) return;
  const { nat, family, release } = context;
  const subject = { servicePort: port };
  const to = toPort(port.protocol, comment(chains.title), port.nodePort);
  if (port.externalLocal) {
    const loopback = family === 4 ? '127.0.0.0/8' : '::1/128';
    nat.add('KUBE-NODEPORTS', `-s ${loopback} ${to}-j KUBE-MARK-MASQ`, 'masquerade', subject);
  } else {
    const chain = release >= 22 ? chains.svc : 'KUBE-NODEPORTS';
    nat.add(chain, `${to}-j KUBE-MARK-MASQ`, 'masquerade', subject);
  }
  nat.add('KUBE-NODEPORTS', `${to}-j ${chains.external}`, 'node-port', subject);
}

/** KUBE-XLB-: pods and the node itself may go anywhere, others to the node's own endpoints. */
function* addLocalChain(
  context: IptablesContext,
  ways: EndpointWays,
  { title, svc, xlb }: OlderChains,
): Work<void> {
  const { nat, local: traffic, release } = context;
  const { port } = ways;
  const subject = { servicePort: port };
  const pods = () => {
    if (traffic.kind === 'none') return;
    const note = comment('Redirect pods trying to reach external loadbalancer VIP to clusterIP');
    nat.add(xlb, `${local(traffic, true)}${note}-j ${svc}`, 'short-circuit', subject);
  };
  if (release !== 15) pods();
  if (release >= 15) {
    const own = '-m addrtype --src-type LOCAL ';
    const marks = comment(`masquerade LOCAL traffic for ${title} LB IP`);
    nat.add(xlb, `${marks}${own}-j KUBE-MARK-MASQ`, 'masquerade', subject);
    const route = comment(`route LOCAL traffic for ${title} LB IP to service chain`);
    nat.add(xlb, `${route}${own}-j ${svc}`, 'short-circuit', subject);
  }
  if (release === 15) pods();
  const { local: endpoints } = port.choice;
  if (endpoints.length === 0) {
    const none = comment(`${title} has no local endpoints`);
    nat.add(xlb, `${none}-j KUBE-MARK-DROP`, 'no-local-endpoints', subject);
  } else yield* addBalancing(context, xlb, ways, endpoints);
}
