import type { YamlNode } from '../yamlNode';
import type { SourceRange } from '../source';

/*
 * The objects of a cluster in the shape of the Kubernetes API, cut to the fields that matter to a
 * Service's way through a node. Secrets and environment variables are never among them.
 */

export interface ObjectMeta {
  readonly name: string;
  /** Empty for Nodes. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly uid?: string;
  /** ISO 8601; in UTC, as the API server writes it. */
  readonly creationTimestamp?: string;
  /**
   * ISO 8601: when its content changed last, as far as it tells: by managedFields, or for endpoints by
   * what triggered them.
   */
  readonly changed?: string;
  /** ISO 8601; set while the object is being deleted. */
  readonly deletionTimestamp?: string;
}

export interface KubernetesObject {
  readonly metadata: ObjectMeta;
  /** Where it stands in a snapshot's file: its first line. */
  readonly range?: SourceRange;
}

export interface ServicePort {
  /** Empty for the only, unnamed port. */
  readonly name: string;
  /** `TCP`, `UDP`, `SCTP`. */
  readonly protocol: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
}

export interface LoadBalancerIngress {
  readonly ip?: string;
  readonly hostname?: string;
  /** `VIP` or `Proxy`; kube-proxy leaves the address alone with `Proxy` (KEP-1860). */
  readonly ipMode?: string;
}

export interface ServiceObject extends KubernetesObject {
  readonly kind: 'Service';
  /** Of a table of `kubectl get`: names and targets of ports, policies and affinity are not told. */
  readonly fromTable?: true;
  readonly spec: {
    readonly type: string;
    readonly clusterIP?: string;
    /** Both families; empty in old releases, which have only `clusterIP`. */
    readonly clusterIPs: readonly string[];
    readonly ports: readonly ServicePort[];
    readonly selector: Readonly<Record<string, string>>;
    readonly externalIPs: readonly string[];
    readonly externalName?: string;
    readonly sessionAffinity?: string;
    /** Seconds of `sessionAffinity: ClientIP`. */
    readonly sessionAffinityTimeout?: number;
    readonly externalTrafficPolicy?: string;
    readonly internalTrafficPolicy?: string;
    readonly trafficDistribution?: string;
    readonly loadBalancerSourceRanges: readonly string[];
    readonly healthCheckNodePort?: number;
    /** undefined counts as true (SetDefaults_Service). */
    readonly allocateLoadBalancerNodePorts?: boolean;
    readonly publishNotReadyAddresses: boolean;
  };
  readonly status: { readonly loadBalancer: { readonly ingress: readonly LoadBalancerIngress[] } };
  /** Annotation service.kubernetes.io/topology-mode, or the older topology-aware-hints: `Auto`. */
  readonly topologyMode?: string;
}

export interface ObjectReference {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface EndpointSliceEndpoint {
  readonly addresses: readonly string[];
  /** undefined counts as ready (EndpointConditions in discovery/v1/types.go). */
  readonly ready?: boolean;
  readonly serving?: boolean;
  readonly terminating?: boolean;
  readonly nodeName?: string;
  readonly zone?: string;
  readonly targetRef?: ObjectReference;
  /** Topology hints: the zones and nodes that shall use this endpoint. */
  readonly forZones: readonly string[];
  readonly forNodes: readonly string[];
}

export interface EndpointPort {
  readonly name: string;
  readonly protocol: string;
  /** undefined means all ports. */
  readonly port?: number;
}

export interface EndpointSliceObject extends KubernetesObject {
  readonly kind: 'EndpointSlice';
  /** `IPv4`, `IPv6`, `FQDN`. */
  readonly addressType: string;
  readonly endpoints: readonly EndpointSliceEndpoint[];
  readonly ports: readonly EndpointPort[];
}

export interface EndpointsAddress {
  readonly ip: string;
  readonly nodeName?: string;
  readonly targetRef?: ObjectReference;
}

export interface EndpointsObject extends KubernetesObject {
  readonly kind: 'Endpoints';
  readonly subsets: readonly {
    readonly addresses: readonly EndpointsAddress[];
    readonly notReadyAddresses: readonly EndpointsAddress[];
    readonly ports: readonly EndpointPort[];
  }[];
}

export interface NodeObject extends KubernetesObject {
  readonly kind: 'Node';
  readonly podCIDRs: readonly string[];
  /** `InternalIP`, `ExternalIP`, `Hostname`, ... */
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
  readonly kubeletVersion?: string;
  readonly kernelVersion?: string;
  readonly osImage?: string;
  /** undefined where the status does not tell. */
  readonly ready?: boolean;
}

export interface PodObject extends KubernetesObject {
  readonly kind: 'Pod';
  readonly nodeName?: string;
  readonly hostNetwork: boolean;
  readonly containers: readonly {
    readonly name: string;
    readonly image: string;
    readonly command: readonly string[];
    readonly args: readonly string[];
  }[];
  readonly phase?: string;
  readonly podIPs: readonly string[];
  readonly hostIP?: string;
  readonly ready?: boolean;
}

/** A range that ClusterIPs are taken from (since 1.31, KEP-1880). */
export interface ServiceCidrObject extends KubernetesObject {
  readonly kind: 'ServiceCIDR';
  readonly cidrs: readonly string[];
}

/** KubeProxyConfiguration in a ConfigMap, `kube-proxy` by kubeadm: of all nodes that have none of their own. */
export interface ProxyConfigObject extends KubernetesObject {
  readonly kind: 'ProxyConfig';
  readonly config: YamlNode;
}

/** The command and arguments of a DaemonSet's kube-proxy. */
export interface ProxyCommandObject extends KubernetesObject {
  readonly kind: 'ProxyCommand';
  readonly words: readonly string[];
}

export type ClusterObject =
  | ServiceObject
  | EndpointSliceObject
  | EndpointsObject
  | NodeObject
  | PodObject
  | ServiceCidrObject
  | ProxyConfigObject
  | ProxyCommandObject;

/** All that is known of a cluster's objects; look-ups answer by address and by name. */
export interface ClusterObjects {
  readonly services: readonly ServiceObject[];
  readonly endpointSlices: readonly EndpointSliceObject[];
  readonly endpoints: readonly EndpointsObject[];
  readonly nodes: readonly NodeObject[];
  readonly pods: readonly PodObject[];
  /** undefined where none was read: then nobody knows whether there are any. */
  readonly serviceCidrs?: readonly ServiceCidrObject[];
  readonly proxyConfigs?: readonly ProxyConfigObject[];
  readonly proxyCommands?: readonly ProxyCommandObject[];
}

export interface ObjectIndex {
  service(namespace: string, name: string): ServiceObject | undefined;
  node(name: string): NodeObject | undefined;
  slicesOf(namespace: string, service: string): readonly EndpointSliceObject[];
  /** By cluster, external and load balancer IP; several Services may share an external IP. */
  servicesAt(address: string): readonly ServiceObject[];
  /** Several only on a node's own address: its host-network Pods. */
  podsAt(address: string): readonly PodObject[];
  nodeAt(address: string): NodeObject | undefined;
}

/** A cluster's objects, and the look-ups in them. */
export interface IndexedObjects extends ClusterObjects, ObjectIndex {}

/** Picks the objects of each kind. */
export function sortObjects(objects: Iterable<ClusterObject>): ClusterObjects {
  const sorted = {
    services: [] as ServiceObject[],
    endpointSlices: [] as EndpointSliceObject[],
    endpoints: [] as EndpointsObject[],
    nodes: [] as NodeObject[],
    pods: [] as PodObject[],
  };
  const serviceCidrs: ServiceCidrObject[] = [];
  const proxyConfigs: ProxyConfigObject[] = [];
  const proxyCommands: ProxyCommandObject[] = [];
  for (const object of objects) {
    switch (object.kind) {
      case 'Service':
        sorted.services.push(object);
        break;
      case 'EndpointSlice':
        sorted.endpointSlices.push(object);
        break;
      case 'Endpoints':
        sorted.endpoints.push(object);
        break;
      case 'Node':
        sorted.nodes.push(object);
        break;
      case 'Pod':
        sorted.pods.push(object);
        break;
      case 'ServiceCIDR':
        serviceCidrs.push(object);
        break;
      case 'ProxyConfig':
        proxyConfigs.push(object);
        break;
      case 'ProxyCommand':
        proxyCommands.push(object);
        break;
    }
  }
  return {
    ...sorted,
    ...(serviceCidrs.length > 0 && { serviceCidrs }),
    ...(proxyConfigs.length > 0 && { proxyConfigs }),
    ...(proxyCommands.length > 0 && { proxyCommands }),
  };
}

/** The Service that a slice belongs to, by its label (discovery/v1/well_known_labels.go). */
export function serviceOfSlice({ metadata }: EndpointSliceObject): string | undefined {
  return metadata.labels['kubernetes.io/service-name'];
}

/**
 * Every address at which kube-proxy serves the Service: cluster, external, load balancer. Not those
 * with `ipMode: Proxy` (KEP-1860: pkg/proxy/serviceport.go leaves them out).
 */
export function addressesOfService({ spec, status }: ServiceObject): readonly string[] {
  const cluster = spec.clusterIPs.length > 0 ? spec.clusterIPs : [spec.clusterIP ?? ''];
  const ingress = status.loadBalancer.ingress.filter(({ ipMode }) => ipMode !== 'Proxy');
  return [...cluster, ...spec.externalIPs, ...ingress.map(({ ip }) => ip ?? '')].filter(
    (address) => address !== '' && address !== 'None',
  );
}

/** Addresses that only the load balancer serves: packets for them pass kube-proxy's rules by. */
export function proxiedAddressesOfService({ status }: ServiceObject): readonly string[] {
  const proxied = status.loadBalancer.ingress.filter(({ ipMode }) => ipMode === 'Proxy');
  return proxied.flatMap(({ ip }) => (ip ? [ip] : []));
}
