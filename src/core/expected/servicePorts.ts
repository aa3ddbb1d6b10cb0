import { formatAddress, parseAddress, prefixLength } from '../address';
import type { Family, Network } from '../address';
import { isProxied } from '../kubeproxy/proxied';
import type { NodeObject, ServiceObject, ServicePort as PortOfService } from '../objects/types';
import { cidrOf } from '../proxyconfig/settings';
import type { ServicePortName } from '../service';
import type { Work } from '../work';
import { chooseEndpoints, type EndpointChoice } from './choose';
import { byText, endpointsOf, type Endpoint } from './endpoints';
import type { ExpectedInput } from './input';
import { proxiedSlices } from './slices';

/** One port of a Service in one family, as kube-proxy takes it. */
export interface ServicePort {
  readonly service: ServiceObject;
  readonly name: ServicePortName;
  /** `tcp`, `udp`, `sctp`. */
  readonly protocol: string;
  readonly clusterIp: string;
  readonly port: number;
  /** 0 without one. */
  readonly nodePort: number;
  readonly externalIps: readonly string[];
  /** Without those of `ipMode: Proxy`. */
  readonly loadBalancerIps: readonly string[];
  /** None where one of them is the whole family. */
  readonly sourceRanges: readonly Network[];
  readonly internalLocal: boolean;
  readonly externalLocal: boolean;
  /** Seconds of session affinity; undefined without. */
  readonly affinity: number | undefined;
  /** 0 without one. */
  readonly healthCheckNodePort: number;
  /** All of the slices, also those that are not ready. */
  readonly endpoints: readonly Endpoint[];
  readonly choice: EndpointChoice;
}

/** A Service port answers to others than ClusterIP traffic. */
export function isExternal({
  nodePort,
  externalIps,
  loadBalancerIps,
}: Pick<ServicePort, 'nodePort' | 'externalIps' | 'loadBalancerIps'>): boolean {
  return nodePort !== 0 || externalIps.length > 0 || loadBalancerIps.length > 0;
}

/** The Service ports that kube-proxy has rules for, in the order of the objects. */
export function* servicePortsOf(
  input: ExpectedInput,
  family: Family,
): Work<readonly ServicePort[]> {
  const slices = proxiedSlices(input);
  yield;
  const { objects, release, node } = input;
  const { name: nodeName, zoneMissing = false } = node;
  const object = objects.nodes.find(({ metadata }) => metadata.name === nodeName);
  const place = { object, name: nodeName, zoneMissing, release };
  const found: ServicePort[] = [];
  for (const [i, service] of input.objects.services.entries()) {
    if (i % 64 === 63) yield;
    if (!isProxied(service)) continue;
    const { namespace, name } = service.metadata;
    const own = slices.get(`${namespace}/${name}`) ?? [];
    const endpoints = (port: PortOfService) =>
      endpointsOf(own, port, family, nodeName).toSorted(byText);
    for (const port of servicePortsOn(service, endpoints, place, family)) found.push(port);
  }
  return found;
}

/** The node that endpoints are chosen for, and the release that chooses. */
export interface ChoosingNode {
  readonly name: string;
  /** undefined where the objects have none of its name. */
  readonly object: NodeObject | undefined;
  /** As `ProxiedNode.zoneMissing`. */
  readonly zoneMissing: boolean;
  /** 36 of Kubernetes 1.36. */
  readonly release: number;
}

/**
 * The ports of one Service in one family, which kube-proxy has rules for.
 *
 * @param endpointsFor a port's on the node, of whatever release
 * @param ports those that are asked for
 */
export function servicePortsOn(
  service: ServiceObject,
  endpointsFor: (port: PortOfService) => readonly Endpoint[],
  on: ChoosingNode,
  family: Family,
  ports = service.spec.ports,
): readonly ServicePort[] {
  const { spec, status, metadata } = service;
  const all = spec.clusterIPs.length > 0 ? spec.clusterIPs : [spec.clusterIP ?? ''];
  const [clusterIp] = ofFamily(all, family);
  if (clusterIp === undefined) return [];
  const ingress = status.loadBalancer.ingress.filter(
    ({ ipMode }) => !(ipMode === 'Proxy' && on.release >= 30),
  );
  const externalIps = ofFamily(spec.externalIPs, family);
  const loadBalancerIps = ofFamily(
    ingress.map(({ ip }) => ip ?? ''),
    family,
  );
  const isOpen =
    spec.type === 'NodePort' || spec.type === 'LoadBalancer' || spec.externalIPs.length > 0;
  const externalLocal = isOpen && spec.externalTrafficPolicy === 'Local';
  const internalLocal = spec.internalTrafficPolicy === 'Local' && on.release >= 22;
  const sourceRanges = spec.loadBalancerSourceRanges
    .map((text) => cidrOf(text.trim()))
    .filter((network) => network?.address.family === family) as Network[];
  const affinity =
    spec.sessionAffinity === 'ClientIP' ? (spec.sessionAffinityTimeout ?? 10800) : undefined;
  const checked = spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
  return ports.map((port): ServicePort => {
    const nodePort = port.nodePort ?? 0;
    const endpoints = endpointsFor(port);
    const external = isExternal({ nodePort, externalIps, loadBalancerIps });
    return {
      service,
      name: { namespace: metadata.namespace, name: metadata.name, port: port.name },
      protocol: port.protocol.toLowerCase(),
      clusterIp,
      port: port.port,
      nodePort,
      externalIps,
      loadBalancerIps,
      sourceRanges: takesAll(sourceRanges, on.release) ? [] : sourceRanges,
      internalLocal,
      externalLocal,
      affinity,
      healthCheckNodePort: checked ? (spec.healthCheckNodePort ?? 0) : 0,
      endpoints,
      choice: chooseEndpoints(endpoints, {
        ...choiceOf(on, service),
        usesCluster: !internalLocal || external,
        usesLocal: internalLocal || (externalLocal && external),
      }),
    };
  });
}

/** What of the choice the release, the Service and the node decide. */
function choiceOf({ name, object, zoneMissing, release }: ChoosingNode, service: ServiceObject) {
  return {
    node: name,
    zone: zoneMissing ? undefined : object?.metadata.labels['topology.kubernetes.io/zone'],
    terminating: release >= 26,
    hints: hintsThatCount(service, release),
  };
}

/**
 * Which topology hints a release takes of a Service's endpoints (KEP-2433, KEP-3015): until 1.30 an
 * annotation had to ask for them; then whoever sets trafficDistribution does.
 */
export function hintsThatCount({ topologyMode = '' }: ServiceObject, release: number) {
  const asked = /^[Aa]uto$/.test(topologyMode);
  return { zones: release >= 31 || (release >= 24 && asked), nodes: release >= 34 };
}

function ofFamily(texts: readonly string[], family: Family): readonly string[] {
  return texts.flatMap((text) => {
    const address = parseAddress(text);
    return address?.family === family ? [formatAddress(address)] : [];
  });
}

/** A range that is the whole family asks nothing, so newer releases leave the firewall out. */
function takesAll(ranges: readonly Network[], release: number): boolean {
  return release >= 29 && ranges.some((range) => prefixLength(range) === 0);
}
