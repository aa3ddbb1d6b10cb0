import * as l10n from '@vscode/l10n';
import { isProxied } from '../kubeproxy/proxied';
import {
  serviceOfSlice,
  type ClusterObjects,
  type EndpointPort,
  type EndpointSliceObject,
  type ObjectMeta,
  type PodObject,
  type ServiceObject,
} from '../objects/types';
import { withAllocated } from './allocated';

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
    const others = services.filter((one) => !isSame(one, object));
    const given = isProxied(object)
      ? withAllocated(object, before, { ...objects, services: others }, notes)
      : object;
    services = [...others, given];
    // Slices of a Service without a selector are whoever's who wrote them: no controller follows it.
    if (Object.keys(object.spec.selector).length === 0) continue;
    if (before === undefined || selectorOf(before) !== selectorOf(object)) {
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

/**
 * Slices name ports as their Service does; a number that changed changes there, too. A number that
 * targetPort names stays: which one it is, the containers tell, not the Service.
 */
function withPorts(slice: EndpointSliceObject, service: ServiceObject): EndpointSliceObject {
  if (!isOf(slice, service)) return slice;
  const named = service.spec.ports.flatMap(({ name, targetPort }) =>
    typeof targetPort === 'string' ? slice.ports.filter((port) => port.name === name) : [],
  );
  return { ...slice, ports: [...named, ...numberedPorts(service)] };
}

/** Without targetPort a Service port leads to its own number (SetDefaults_Service). */
function numberedPorts({ spec }: ServiceObject): readonly EndpointPort[] {
  return spec.ports.flatMap(({ name, protocol, port, targetPort = port }) =>
    typeof targetPort === 'number' ? [{ name, protocol, port: targetPort }] : [],
  );
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
  return (['IPv4', 'IPv6'] as const).map((addressType): EndpointSliceObject => ({
    kind: 'EndpointSlice',
    metadata: {
      name: `${metadata.name}-preview-${addressType.toLowerCase()}`,
      namespace: metadata.namespace,
      labels: { 'kubernetes.io/service-name': metadata.name },
    },
    addressType,
    ports: numberedPorts(service),
    endpoints: selected.flatMap((pod) => {
      const address = pod.podIPs.find((ip) => ip.includes(':') === (addressType === 'IPv6'));
      if (address === undefined) return [];
      // As the controller has it (podToEndpoint of endpointslice/utils.go).
      const serving = pod.ready ?? true;
      const terminating = pod.metadata.deletionTimestamp !== undefined;
      const ready = spec.publishNotReadyAddresses || (serving && !terminating);
      const states = { ready, serving, terminating };
      const nodeName = pod.nodeName === undefined ? {} : { nodeName: pod.nodeName };
      return [{ addresses: [address], ...states, ...nodeName, forZones: [], forNodes: [] }];
    }),
  }));
}
