import type {
  ClusterObject,
  EndpointPort,
  EndpointSliceEndpoint,
  EndpointSliceObject,
  EndpointsAddress,
  EndpointsObject,
  NodeObject,
  ObjectMeta,
  ObjectReference,
  PodObject,
  ServiceCidrObject,
  ServiceObject,
} from '../../core/objects/types';
import { changedAt } from './changed';
import { readProxyCommand, readProxyConfig } from './proxySetup';
import { fields, list, number, text, textRecord, texts, truth } from './fields';
import type { Fields } from './fields';

/**
 * One object of the API, from JSON or YAML, cut to what core knows. undefined for kinds that are not
 * read (Secrets above all) and for objects without a name.
 *
 * @param listKind the kind of the list it came in, `ServiceList`: its items name no kind themselves
 * @param load for the configuration in kube-proxy's ConfigMap, which is left out without
 */
export function readObject(
  value: unknown,
  listKind?: string,
  load?: LoadYaml,
): ClusterObject | undefined {
  const object = fields(value);
  const kind = text(object['kind']) ?? (listKind?.replace(/List$/, '') || kindByShape(object));
  const reader = kind === undefined ? undefined : readers.get(kind);
  const metadata = readMeta(fields(object['metadata']));
  return metadata && (reader?.(object, metadata) ?? readSetup(kind, object, metadata, load));
}

/** Items of a `kind: List` put together by a program name no kind; some fields have one kind only. */
function kindByShape(object: Fields): string | undefined {
  const spec = fields(object['spec']);
  if ('clusterIP' in spec || 'clusterIPs' in spec) return 'Service';
  if ('addressType' in object) return 'EndpointSlice';
  if ('subsets' in object) return 'Endpoints';
  if ('podCIDR' in spec || 'podCIDRs' in spec) return 'Node';
  return 'cidrs' in spec ? 'ServiceCIDR' : undefined;
}

const readers: ReadonlyMap<string, (object: Fields, metadata: ObjectMeta) => ClusterObject> =
  new Map<string, (object: Fields, metadata: ObjectMeta) => ClusterObject>([
    ['Service', readService],
    ['EndpointSlice', readSlice],
    ['Endpoints', readEndpoints],
    ['Node', readNode],
    ['Pod', readPod],
    ['ServiceCIDR', readServiceCidr],
  ]);

/** Whether `readObject` reads objects of a kind, lists of them apart. */
export function isReadKind(kind: string): boolean {
  return readers.has(kind) || kind === 'DaemonSet' || kind === 'ConfigMap';
}

/** Those that are read for what they say of kube-proxy alone, where they do. */
function readSetup(
  kind: string | undefined,
  object: Fields,
  metadata: ObjectMeta,
  load?: LoadYaml,
) {
  if (kind === 'DaemonSet') return readProxyCommand(object, metadata);
  return kind === 'ConfigMap' && load ? readProxyConfig(object, metadata, load) : undefined;
}

/** Reads YAML in an object's text; throws where it is broken. */
export type LoadYaml = (text: string) => unknown;

function readMeta(meta: Fields): ObjectMeta | undefined {
  const name = text(meta['name']);
  if (name === undefined || name === '') return undefined;
  return {
    name,
    namespace: text(meta['namespace']) ?? '',
    labels: textRecord(meta['labels']),
    uid: text(meta['uid']),
    creationTimestamp: text(meta['creationTimestamp']),
    deletionTimestamp: text(meta['deletionTimestamp']),
    changed: changedAt(meta),
  };
}

function readService(object: Fields, metadata: ObjectMeta): ServiceObject {
  const spec = fields(object['spec']);
  const affinity = fields(fields(spec['sessionAffinityConfig'])['clientIP']);
  const loadBalancer = fields(fields(object['status'])['loadBalancer']);
  return {
    kind: 'Service',
    metadata,
    topologyMode: topologyModeOf(object),
    spec: {
      type: text(spec['type']) ?? 'ClusterIP',
      clusterIP: text(spec['clusterIP']),
      clusterIPs: texts(spec['clusterIPs']),
      ports: list(spec['ports']).flatMap((value) => {
        const item = fields(value);
        const port = number(item['port']);
        if (port === undefined) return [];
        return {
          name: text(item['name']) ?? '',
          protocol: text(item['protocol']) ?? 'TCP',
          port,
          targetPort: number(item['targetPort']) ?? text(item['targetPort']),
          nodePort: number(item['nodePort']),
        };
      }),
      selector: textRecord(spec['selector']),
      externalIPs: texts(spec['externalIPs']),
      externalName: text(spec['externalName']),
      sessionAffinity: text(spec['sessionAffinity']),
      sessionAffinityTimeout: number(affinity['timeoutSeconds']),
      externalTrafficPolicy: text(spec['externalTrafficPolicy']),
      internalTrafficPolicy: text(spec['internalTrafficPolicy']),
      trafficDistribution: text(spec['trafficDistribution']),
      loadBalancerSourceRanges: texts(spec['loadBalancerSourceRanges']),
      healthCheckNodePort: number(spec['healthCheckNodePort']),
      allocateLoadBalancerNodePorts: truth(spec['allocateLoadBalancerNodePorts']),
      publishNotReadyAddresses: truth(spec['publishNotReadyAddresses']) ?? false,
    },
    status: {
      loadBalancer: {
        ingress: list(loadBalancer['ingress']).map((value) => {
          const item = fields(value);
          return {
            ip: text(item['ip']),
            hostname: text(item['hostname']),
            ipMode: text(item['ipMode']),
          };
        }),
      },
    },
  };
}

/** Until 1.26 the annotation had the longer name, which still goes first. */
function topologyModeOf(object: Fields): string | undefined {
  const annotations = fields(fields(object['metadata'])['annotations']);
  return (
    text(annotations['service.kubernetes.io/topology-aware-hints']) ??
    text(annotations['service.kubernetes.io/topology-mode'])
  );
}

function readServiceCidr(object: Fields, metadata: ObjectMeta): ServiceCidrObject {
  return { kind: 'ServiceCIDR', metadata, cidrs: texts(fields(object['spec'])['cidrs']) };
}

function readSlice(object: Fields, metadata: ObjectMeta): EndpointSliceObject {
  return {
    kind: 'EndpointSlice',
    metadata,
    addressType: text(object['addressType']) ?? 'IPv4',
    endpoints: list(object['endpoints']).map((value) => readEndpoint(fields(value))),
    ports: list(object['ports']).map((value) => readPort(fields(value))),
  };
}

/** v1beta1 has node and zone among the topology labels (discovery/v1beta1/types.go). */
function readEndpoint(endpoint: Fields): EndpointSliceEndpoint {
  const conditions = fields(endpoint['conditions']);
  const topology = textRecord(endpoint['deprecatedTopology'] ?? endpoint['topology']);
  const hints = fields(endpoint['hints']);
  const names = (value: unknown) => list(value).flatMap((item) => text(fields(item)['name']) ?? []);
  return {
    addresses: texts(endpoint['addresses']),
    ready: truth(conditions['ready']),
    serving: truth(conditions['serving']),
    terminating: truth(conditions['terminating']),
    nodeName: text(endpoint['nodeName']) ?? topology['kubernetes.io/hostname'],
    zone: text(endpoint['zone']) ?? topology['topology.kubernetes.io/zone'],
    targetRef: readReference(endpoint['targetRef']),
    forZones: names(hints['forZones']),
    forNodes: names(hints['forNodes']),
  };
}

function readPort(port: Fields): EndpointPort {
  return {
    name: text(port['name']) ?? '',
    protocol: text(port['protocol']) ?? 'TCP',
    port: number(port['port']),
  };
}

function readReference(value: unknown): ObjectReference | undefined {
  const reference = fields(value);
  const kind = text(reference['kind']);
  const name = text(reference['name']);
  if (kind === undefined || name === undefined) return undefined;
  return { kind, namespace: text(reference['namespace']) ?? '', name };
}

function readEndpoints(object: Fields, metadata: ObjectMeta): EndpointsObject {
  return {
    kind: 'Endpoints',
    metadata,
    subsets: list(object['subsets']).map((value) => {
      const subset = fields(value);
      return {
        addresses: readAddresses(subset['addresses']),
        notReadyAddresses: readAddresses(subset['notReadyAddresses']),
        ports: list(subset['ports']).map((port) => readPort(fields(port))),
      };
    }),
  };
}

function readAddresses(value: unknown): readonly EndpointsAddress[] {
  return list(value).flatMap((item) => {
    const address = fields(item);
    const ip = text(address['ip']);
    if (ip === undefined) return [];
    const nodeName = text(address['nodeName']);
    return { ip, nodeName, targetRef: readReference(address['targetRef']) };
  });
}

function readNode(object: Fields, metadata: ObjectMeta): NodeObject {
  const spec = fields(object['spec']);
  const status = fields(object['status']);
  const info = fields(status['nodeInfo']);
  const cidrs = texts(spec['podCIDRs']);
  return {
    kind: 'Node',
    metadata,
    podCIDRs: cidrs.length > 0 ? cidrs : texts([spec['podCIDR']]),
    addresses: list(status['addresses']).flatMap((value) => {
      const { type, address } = textRecord(value);
      return type === undefined || address === undefined ? [] : { type, address };
    }),
    kubeletVersion: text(info['kubeletVersion']),
    kernelVersion: text(info['kernelVersion']),
    osImage: text(info['osImage']),
    ready: readyCondition(status),
  };
}

function readPod(object: Fields, metadata: ObjectMeta): PodObject {
  const spec = fields(object['spec']);
  const status = fields(object['status']);
  const ips = list(status['podIPs']).flatMap((value) => text(fields(value)['ip']) ?? []);
  return {
    kind: 'Pod',
    metadata,
    nodeName: text(spec['nodeName']),
    hostNetwork: truth(spec['hostNetwork']) ?? false,
    containers: list(spec['containers']).map((value) => {
      const container = fields(value);
      return {
        name: text(container['name']) ?? '',
        image: text(container['image']) ?? '',
        command: texts(container['command']),
        args: texts(container['args']),
      };
    }),
    phase: text(status['phase']),
    podIPs: ips.length > 0 ? ips : texts([status['podIP']]),
    hostIP: text(status['hostIP']),
    ready: readyCondition(status),
  };
}

function readyCondition(status: Fields): boolean | undefined {
  const ready = list(status['conditions'])
    .map(textRecord)
    .find(({ type }) => type === 'Ready');
  return ready?.['status'] === undefined ? undefined : ready['status'] === 'True';
}
