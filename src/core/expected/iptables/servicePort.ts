import { formatNetwork } from '../../address';
import type { Work } from '../../work';
import { holdNode } from '../nodePorts';
import { isExternal, type ServicePort } from '../servicePorts';
import { portHash, titleOf, type IptablesContext } from './context';
import { addBalancing, addEndpointChains, endpointWays } from './endpointRules';
import { comment, host, local, reject, toPort } from './text';

/** The chains of one Service port, and which of them its traffic takes. */
interface PortChains {
  readonly title: string;
  readonly svc: string;
  readonly svl: string;
  readonly ext: string;
  readonly fw: string;
  /** For ClusterIP traffic. */
  readonly internal: string;
  /** Behind KUBE-EXT-. */
  readonly external: string;
  readonly servesInternal: boolean;
  readonly servesExternal: boolean;
  /** Load balancer traffic is asked for its source first. */
  readonly guarded: boolean;
}

/** All rules of one Service port, as written since 1.24. */
export function* addServicePort(context: IptablesContext, port: ServicePort): Work<void> {
  const chains = chainsOf(context, port);
  const { nat } = context;
  const subject = { servicePort: port };
  addEntries(context, port, chains);
  if (port.choice.any) {
    addMasquerade(context, port, chains);
    if (isExternal(port)) addExternalChain(context, port, chains);
    if (chains.guarded) addFirewallChain(context, port, chains);
  }
  const { cluster, local: own, reachable } = port.choice;
  const isOld = context.release === 24;
  const ways = yield* endpointWays(port, chains.title);
  if (cluster.length > 0) {
    nat.chain(chains.svc, subject);
    yield* addBalancing(context, chains.svc, ways, cluster);
  }
  if (own.length > 0) {
    nat.chain(chains.svl, subject);
    yield* addBalancing(context, chains.svl, ways, own);
  } else if (isOld && port.choice.any && usesLocal(port)) {
    const note = comment(`${chains.title} has no local endpoints`);
    nat.add(chains.svl, `${note}-j KUBE-MARK-DROP`, 'no-local-endpoints', subject);
  }
  yield* addEndpointChains(context, ways, reachable);
}

function usesLocal(port: ServicePort): boolean {
  return port.internalLocal || (port.externalLocal && isExternal(port));
}

function chainsOf({ release }: IptablesContext, port: ServicePort): PortChains {
  const title = titleOf(port, release);
  const hash = portHash(port, title);
  const [svc, svl] = [`KUBE-SVC-${hash}`, `KUBE-SVL-${hash}`];
  const { any, local: own } = port.choice;
  // 1.24 dropped what finds no local endpoint in KUBE-SVL- itself.
  const ownServe = release === 24 ? any : own.length > 0;
  return {
    title,
    svc,
    svl,
    ext: `KUBE-EXT-${hash}`,
    fw: `KUBE-FW-${hash}`,
    internal: port.internalLocal ? svl : svc,
    external: port.externalLocal ? svl : svc,
    servesInternal: port.internalLocal ? any && ownServe : any,
    servesExternal: port.externalLocal ? any && ownServe : any,
    guarded: any && port.loadBalancerIps.length > 0 && port.sourceRanges.length > 0,
  };
}

/** Where traffic comes in: rules of nat where something serves, of filter where nothing does. */
function addEntries(context: IptablesContext, port: ServicePort, chains: PortChains): void {
  const { nat, filter, family, countsLocalhost } = context;
  const { title, internal, ext, fw, servesInternal, servesExternal, guarded } = chains;
  const { protocol, clusterIp, nodePort, choice } = port;
  const subject = { servicePort: port };
  const role = choice.any ? 'no-local-endpoints' : 'no-endpoints';
  const why = comment(`${title} has no ${choice.any ? 'local ' : ''}endpoints`);
  const end = choice.any ? '-j DROP' : reject(family);
  const at = (address: string, note: string) =>
    `-d ${host(address)} ${toPort(protocol, note, port.port)}`;

  if (servesInternal) {
    const text = `${at(clusterIp, comment(`${title} cluster IP`))}-j ${internal}`;
    nat.add('KUBE-SERVICES', text, 'cluster-ip', subject);
  } else filter.add('KUBE-SERVICES', `${at(clusterIp, why)}${end}`, role, subject);

  const outside = [
    { addresses: port.externalIps, role: 'external-ip', what: 'external IP', to: ext },
    {
      addresses: port.loadBalancerIps,
      role: 'load-balancer-ip',
      what: 'loadbalancer IP',
      to: guarded ? fw : ext,
    },
  ] as const;
  for (const { addresses, role: kind, what, to } of outside) {
    for (const address of addresses) {
      if (choice.any) {
        const text = `${at(address, comment(`${title} ${what}`))}-j ${to}`;
        nat.add('KUBE-SERVICES', text, kind, subject);
      }
      if (!servesExternal) {
        filter.add('KUBE-EXTERNAL-SERVICES', `${at(address, why)}${end}`, role, subject);
      }
    }
  }
  if (guarded && context.release >= 25) {
    for (const address of port.loadBalancerIps) {
      const note = comment(`${title} traffic not accepted by ${fw}`);
      filter.add('KUBE-PROXY-FIREWALL', `${at(address, note)}-j DROP`, 'source-range', subject);
    }
  }
  if (nodePort !== 0) {
    if (choice.any) {
      const to = toPort(protocol, comment(title), nodePort);
      if (countsLocalhost) {
        const counter = '-m nfacct --nfacct-name  localhost_nps_accepted_pkts ';
        nat.add('KUBE-NODEPORTS', `-d 127.0.0.0/8 ${to}${counter}-j ${ext}`, 'node-port', subject);
      }
      nat.add('KUBE-NODEPORTS', `${to}-j ${ext}`, 'node-port', subject);
    }
    if (!servesExternal) {
      const to = toPort(protocol, why, nodePort, '-m addrtype --dst-type LOCAL ');
      filter.add('KUBE-EXTERNAL-SERVICES', `${to}${end}`, role, subject);
    }
  }
  if (port.healthCheckNodePort !== 0) {
    const note = comment(`${title} health check node port`);
    const to = toPort('tcp', note, port.healthCheckNodePort);
    filter.add('KUBE-NODEPORTS', `${to}-j ACCEPT`, 'health-check', subject);
  }
}

/** ClusterIP traffic that does not come from pods gets the node's address. */
function addMasquerade(
  { nat, masqueradeAll, local: traffic }: IptablesContext,
  port: ServicePort,
  { title, internal, servesInternal }: PortChains,
): void {
  if (!servesInternal || (!masqueradeAll && traffic.kind === 'none')) return;
  const to = `-d ${host(port.clusterIp)} `;
  const from = masqueradeAll ? to : local(traffic, false, to);
  const text = `${from}${toPort(port.protocol, comment(`${title} cluster IP`), port.port)}`;
  nat.add(internal, `${text}-j KUBE-MARK-MASQ`, 'masquerade', { servicePort: port });
}

/** KUBE-EXT-: what comes by a node port, external or load balancer IP. */
function addExternalChain(
  { nat, local: traffic }: IptablesContext,
  port: ServicePort,
  { title, ext, svc, external, servesExternal }: PortChains,
): void {
  const subject = { servicePort: port };
  const to = (what: string) => comment(`${what} for ${title} external destinations`);
  nat.chain(ext, subject);
  if (port.externalLocal) {
    const own = '-m addrtype --src-type LOCAL ';
    if (traffic.kind !== 'none') {
      const pods = `${local(traffic, true)}${to('pod traffic')}`;
      nat.add(ext, `${pods}-j ${svc}`, 'short-circuit', subject);
    }
    nat.add(ext, `${to('masquerade LOCAL traffic')}${own}-j KUBE-MARK-MASQ`, 'masquerade', subject);
    nat.add(ext, `${to('route LOCAL traffic')}${own}-j ${svc}`, 'short-circuit', subject);
  } else {
    nat.add(ext, `${to('masquerade traffic')}-j KUBE-MARK-MASQ`, 'masquerade', subject);
  }
  if (servesExternal) nat.add(ext, `-j ${external}`, 'policy', subject);
}

/** KUBE-FW-: who may use the load balancer's addresses. */
function addFirewallChain(
  { nat, release, input, family }: IptablesContext,
  port: ServicePort,
  { title, fw, ext }: PortChains,
): void {
  const subject = { servicePort: port };
  const note = comment(`${title} loadbalancer IP`);
  nat.chain(fw, subject);
  const own = holdNode(port.sourceRanges, input, family);
  const add = (from: string, to: string) =>
    nat.add(fw, `${from}${note}-j ${to}`, 'source-range', subject);
  // 1.24 wrote all of it anew for each address (PR 109826).
  const blocks = release === 24 ? port.loadBalancerIps.map((one) => [one]) : [port.loadBalancerIps];
  for (const addresses of blocks) {
    for (const range of port.sourceRanges) add(`-s ${formatNetwork(range)} `, ext);
    // A load balancer's address may stand on the node itself: what it sends there has it as source.
    for (const address of own ? addresses : []) add(`-s ${host(address)} `, ext);
    if (release === 24) add('', 'KUBE-MARK-DROP');
  }
  if (release >= 27) {
    const other = `other traffic to ${title} will be dropped by KUBE-PROXY-FIREWALL`;
    nat.add(fw, comment(other).trimEnd(), 'source-range', subject);
  }
}
