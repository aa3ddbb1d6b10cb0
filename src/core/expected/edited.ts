import * as l10n from '@vscode/l10n';
import { formatAddress, hostIn, parseAddress, parseNetwork } from '../address';
import { isProxied } from '../kubeproxy/proxied';
import {
  serviceOfSlice,
  type ClusterObjects,
  type EndpointSliceObject,
  type ObjectMeta,
  type PodObject,
  type ServiceObject,
} from '../objects/types';

/** A cluster's objects with some that were edited or are new, and what was assumed of these. */
export interface EditedObjects {
  readonly objects: ClusterObjects;
  /** One plain English sentence each. */
  readonly notes: readonly string[];
}

/** What a manifest edits. */
export type Edited = ServiceObject | EndpointSliceObject;

/**
 * A cluster's objects as they would be with edited ones. What the cluster gives a Service (addresses,
 * node ports) and its manifest leaves out is kept, or made up where it has none yet. A Service that no
 * slice is of gets its ready Pods as endpoints.
 */
export function withEdited(objects: ClusterObjects, edited: readonly Edited[]): EditedObjects {
  const notes: string[] = [];
  let services = objects.services;
  let endpointSlices = objects.endpointSlices;
  for (const object of edited) {
    if (object.kind === 'EndpointSlice') {
      endpointSlices = [...endpointSlices.filter((one) => !isSame(one, object)), object];
      continue;
    }
    const before = services.find((one) => isSame(one, object));
    const given = isProxied(object) ? withGiven(object, before, services, objects, notes) : object;
    services = [...services.filter((one) => !isSame(one, object)), given];
    const selects = before === undefined || selectorOf(before) !== selectorOf(object);
    if (selects && Object.keys(object.spec.selector).length > 0) {
      const own = endpointSlices.filter((slice) => isOf(slice, object));
      if (before && own.length > 0)
        notes.push(l10n.t('Its selector changed: its endpoints are the Pods selected now.'));
      endpointSlices = [
        ...endpointSlices.filter((slice) => !isOf(slice, object)),
        ...slicesOfPods(given, objects.pods, notes),
      ];
    } else endpointSlices = endpointSlices.map((slice) => withPorts(slice, object));
  }
  return { objects: { ...objects, services, endpointSlices }, notes };
}

function isSame(one: { readonly metadata: ObjectMeta }, other: { readonly metadata: ObjectMeta }) {
  const { name, namespace } = one.metadata;
  return name === other.metadata.name && namespace === other.metadata.namespace;
}

function isOf(slice: EndpointSliceObject, service: ServiceObject): boolean {
  const { name, namespace } = service.metadata;
  return serviceOfSlice(slice) === name && slice.metadata.namespace === namespace;
}

function selectorOf({ spec }: ServiceObject): string {
  return JSON.stringify(Object.entries(spec.selector).sort());
}

/** The API server's part: addresses, node ports, and what a load balancer gave. */
function withGiven(
  service: ServiceObject,
  before: ServiceObject | undefined,
  others: readonly ServiceObject[],
  { serviceCidrs = [] }: ClusterObjects,
  notes: string[],
): ServiceObject {
  const { spec } = service;
  const held = before && isProxied(before) ? before.spec : undefined;
  let clusterIPs = spec.clusterIPs.length > 0 ? spec.clusterIPs : (held?.clusterIPs ?? []);
  let clusterIP = spec.clusterIP || clusterIPs[0] || held?.clusterIP;
  if (!clusterIP) {
    clusterIP = freeAddress(
      others,
      serviceCidrs.flatMap(({ cidrs }) => cidrs),
    );
    clusterIPs = [clusterIP];
    notes.push(l10n.t('The cluster will give it a ClusterIP: {0} stands for it.', clusterIP));
  }
  const open = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  const taken = new Set(others.flatMap((one) => one.spec.ports.map(({ nodePort }) => nodePort)));
  const ports = spec.ports.map((port) => {
    if (!open || port.nodePort !== undefined) return port;
    const same = held?.ports.find(
      (one) => one.name === port.name && one.protocol === port.protocol,
    );
    if (same?.nodePort) return { ...port, nodePort: same.nodePort };
    let nodePort = 30000;
    while (taken.has(nodePort)) nodePort++;
    taken.add(nodePort);
    notes.push(l10n.t('The cluster will give it a node port: {0} stands for it.', nodePort));
    return { ...port, nodePort };
  });
  const ingress = service.status.loadBalancer.ingress;
  const status = ingress.length > 0 || !before ? service.status : before.status;
  return {
    ...service,
    status: spec.type === 'LoadBalancer' ? status : service.status,
    spec: {
      ...spec,
      clusterIP,
      clusterIPs: clusterIPs.length > 0 ? clusterIPs : [clusterIP],
      ports,
    },
  };
}

/** An address beside those of other Services that none has. */
function freeAddress(services: readonly ServiceObject[], ranges: readonly string[]): string {
  const taken = new Set(services.flatMap(({ spec }) => [spec.clusterIP ?? '', ...spec.clusterIPs]));
  const four = [...taken].filter((text) => parseAddress(text)?.family === 4).sort();
  const start = parseNetwork(ranges[0] ?? '')?.address ?? parseAddress(four[0] ?? '10.96.0.1')!;
  for (let host = 200; ; host++) {
    const text = formatAddress(hostIn({ address: start }, host));
    if (!taken.has(text)) return text;
  }
}

/** Slices name ports as their Service does; a number that changed changes there, too. */
function withPorts(slice: EndpointSliceObject, service: ServiceObject): EndpointSliceObject {
  if (!isOf(slice, service)) return slice;
  const ports = slice.ports.flatMap((port) => {
    const own = service.spec.ports.find((one) => one.name === port.name);
    if (!own) return [];
    return typeof own.targetPort === 'number' ? [{ ...port, port: own.targetPort }] : [port];
  });
  const held = new Set(ports.map(({ name }) => name));
  for (const { name, protocol, port, targetPort = port } of service.spec.ports) {
    if (!held.has(name) && typeof targetPort === 'number')
      ports.push({ name, protocol, port: targetPort });
  }
  return { ...slice, ports };
}

function slicesOfPods(
  service: ServiceObject,
  pods: readonly PodObject[],
  notes: string[],
): readonly EndpointSliceObject[] {
  const { metadata, spec } = service;
  const selected = pods.filter(
    (pod) =>
      pod.metadata.namespace === metadata.namespace &&
      pod.phase !== 'Succeeded' &&
      pod.phase !== 'Failed' &&
      Object.entries(spec.selector).every(([key, value]) => pod.metadata.labels[key] === value),
  );
  notes.push(l10n.t('Its endpoints are the Pods that its selector takes: {0}.', selected.length));
  const named = spec.ports.filter(({ targetPort }) => typeof targetPort === 'string');
  if (named.length > 0) {
    notes.push(
      l10n.t(
        'Ports that targetPort names have no endpoints here: the objects at hand do not tell their numbers.',
      ),
    );
  }
  const ports = spec.ports.flatMap(({ name, protocol, port, targetPort = port }) =>
    typeof targetPort === 'number' ? [{ name, protocol, port: targetPort }] : [],
  );
  return (['IPv4', 'IPv6'] as const).map((addressType): EndpointSliceObject => ({
    kind: 'EndpointSlice',
    metadata: {
      name: `${metadata.name}-preview-${addressType.toLowerCase()}`,
      namespace: metadata.namespace,
      labels: { 'kubernetes.io/service-name': metadata.name },
    },
    addressType,
    ports,
    endpoints: selected.flatMap((pod) => {
      const address = pod.podIPs.find((ip) => ip.includes(':') === (addressType === 'IPv6'));
      if (address === undefined) return [];
      const ready = (pod.ready ?? true) || spec.publishNotReadyAddresses;
      const nodeName = pod.nodeName === undefined ? {} : { nodeName: pod.nodeName };
      return [{ addresses: [address], ready, ...nodeName, forZones: [], forNodes: [] }];
    }),
  }));
}
