import * as l10n from '@vscode/l10n';
import { formatAddress, hostIn, parseAddress, parseNetwork } from '../address';
import { isProxied } from '../kubeproxy/proxied';
import type { ClusterObjects, ServiceObject, ServicePort } from '../objects/types';

/** What is taken in a cluster: its other Services, and the ranges of their addresses. */
type Others = Pick<ClusterObjects, 'services' | 'serviceCidrs'>;

/**
 * A Service with the API server's part: addresses, node ports, and what a load balancer gave. What it
 * has is kept where its manifest leaves it out (patchAllocatedValues of pkg/registry/core/service),
 * what it lacks is made up, with a note.
 */
export function withAllocated(
  service: ServiceObject,
  before: ServiceObject | undefined,
  others: Others,
  notes: string[],
): ServiceObject {
  const { spec, status } = service;
  const held = before && isProxied(before) ? before.spec : undefined;
  const byHand = spec.clusterIPs.length > 0 ? spec.clusterIPs : (held?.clusterIPs ?? []);
  let clusterIP = spec.clusterIP || byHand[0] || held?.clusterIP;
  if (!clusterIP) {
    clusterIP = freeAddress(others);
    notes.push(l10n.t('The cluster will give it a ClusterIP: {0} stands for it.', clusterIP));
  }
  const taken = new Set([...others.services.map((one) => one.spec), spec].flatMap(nodePortsOf));
  /** The lowest of the API server's range that is free. */
  const free = () => {
    let nodePort = 30000;
    while (taken.has(nodePort)) nodePort++;
    taken.add(nodePort);
    return nodePort;
  };
  const ports = withNodePorts(spec, held, before === undefined, () => {
    const nodePort = free();
    notes.push(l10n.t('The cluster will give it a node port: {0} stands for it.', nodePort));
    return nodePort;
  });
  const isBalanced = spec.type === 'LoadBalancer';
  const given = isBalanced && status.loadBalancer.ingress.length === 0 && before?.status;
  const checked = healthCheckNodePort(service, held, free);
  return {
    ...service,
    status: given || status,
    spec: {
      ...spec,
      clusterIP,
      clusterIPs: byHand.length > 0 ? byHand : [clusterIP],
      ports,
      ...(checked !== undefined && { healthCheckNodePort: checked }),
    },
  };
}

type Spec = ServiceObject['spec'];

function nodePortsOf({ ports, healthCheckNodePort: checked }: Spec): readonly number[] {
  const found = ports.flatMap(({ nodePort }) => nodePort ?? []);
  return checked === undefined ? found : [...found, checked];
}

/**
 * Those that the Service had, by their names, unless the manifest gives one to another port. A new
 * Service gets one number for all protocols of a port (initNodePorts); a load balancer may do
 * without (allocateLoadBalancerNodePorts).
 */
function withNodePorts(
  spec: Spec,
  held: Spec | undefined,
  isNew: boolean,
  free: () => number,
): readonly ServicePort[] {
  const { type, ports } = spec;
  if (type !== 'NodePort' && type !== 'LoadBalancer') return ports;
  const explicit = new Set(ports.map(({ nodePort }) => nodePort));
  const given = new Map<number, number>();
  for (const { port, nodePort } of ports) {
    if (nodePort !== undefined && !given.has(port)) given.set(port, nodePort);
  }
  return ports.map((port): ServicePort => {
    if (port.nodePort !== undefined) return port;
    const own = held?.ports.find(({ name }) => name === port.name)?.nodePort;
    if (own !== undefined && !explicit.has(own)) return { ...port, nodePort: own };
    if (type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts === false) return port;
    const nodePort = (isNew ? given.get(port.port) : undefined) ?? free();
    given.set(port.port, nodePort);
    return { ...port, nodePort };
  });
}

/** A load balancer of policy Local has one, else none is needed (needsHCNodePort). */
function healthCheckNodePort(
  { spec }: ServiceObject,
  held: Spec | undefined,
  free: () => number,
): number | undefined {
  if (spec.type !== 'LoadBalancer' || spec.externalTrafficPolicy !== 'Local') return undefined;
  return spec.healthCheckNodePort ?? held?.healthCheckNodePort ?? free();
}

/** An address beside those of other Services that none has. */
function freeAddress({ services, serviceCidrs = [] }: Others): string {
  const taken = new Set(services.flatMap(({ spec }) => [spec.clusterIP ?? '', ...spec.clusterIPs]));
  const four = [...taken].filter((text) => parseAddress(text)?.family === 4).sort();
  const [range = ''] = serviceCidrs.flatMap(({ cidrs }) => cidrs);
  const start = parseNetwork(range)?.address ?? parseAddress(four[0] ?? '10.96.0.1')!;
  for (let host = 200; ; host++) {
    const text = formatAddress(hostIn({ address: start }, host));
    if (!taken.has(text)) return text;
  }
}
