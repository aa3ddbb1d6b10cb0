import type { Cluster } from '../../cluster/cluster';
import { lacksEveryPort } from '../../core/objects/noEndpoint';
import { noEndpointText } from '../../core/objects/noEndpointText';
import { isProxied } from '../../core/kubeproxy/proxied';
import {
  addressesOfService,
  proxiedAddressesOfService,
  type ServiceObject,
  type ServicePort,
} from '../../core/objects/types';
import { countReady, serviceKey, type ListedEndpoint } from '../../core/objects/endpoints';
import { faultCount } from '../../workspace/findings/faultCount';
import { distinct, faultRows } from './findings';
import type { TreeNode, TreeWorld } from './node';
import { inPages } from './pages';
import { list } from '../../core/list';

/** One Service; below it its ports and its endpoints. */
export function serviceNode(
  world: TreeWorld,
  cluster: Cluster,
  service: ServiceObject,
  endpoints: readonly ListedEndpoint[],
): TreeNode {
  const { l10n } = world;
  const id = `${cluster.id}/service/${serviceKey(service)}`;
  const { ready, all } = countReady(endpoints);
  const { spec, metadata } = service;
  // A table of Services names no endpoints: there may be any.
  const isCounted = isProxied(service) && !service.fromTable;
  const proxied = list(proxiedAddressesOfService(service), 'row');
  const address = spec.type === 'ExternalName' ? spec.externalName : spec.clusterIP;
  const ports = list(spec.ports.map(portText), 'row');
  // `targetPort: htttp`: the Pods are ready, and no port of the Service leads to them.
  const lacking = lacksEveryPort(
    service,
    endpoints.map((endpoint) => ({ ports: endpoint.ports, endpoints: [endpoint] })),
  );
  const healthy = lacking ? noEndpointText(lacking, l10n) : l10n.t('{0}/{1} ready', ready, all);
  const faults = world.clusterFindings(cluster)?.services.get(serviceKey(service)) ?? [];
  const broken = faults.some(({ severity }) => severity === 'error');
  // Faults and readiness first: a narrow side bar cuts the end off.
  const parts = [
    faults.length > 0 ? faultCount(world, faults.length) : undefined,
    isCounted ? healthy : undefined,
    spec.type,
    address,
    ports,
  ];
  const bad = (isCounted && ready < all) || faults.length > 0;
  const none = (isCounted && (all === 0 || lacking !== undefined)) || broken;
  return {
    id,
    label: metadata.name,
    description: parts.filter((part) => part).join(' · '),
    tooltip: [
      `${metadata.namespace}/${metadata.name}`,
      spec.type,
      list(addressesOfService(service), 'row'),
      proxied === '' ? undefined : l10n.t('not by kube-proxy (ipMode Proxy): {0}', proxied),
      ports,
      isCounted && lacking ? healthy : undefined,
      isCounted ? l10n.t('{0} of {1} endpoints ready', ready, all) : undefined,
    ]
      .filter((line) => line)
      .join('\n'),
    icon: none ? 'error' : bad ? 'warning' : 'symbol-interface',
    color: none ? 'list.errorForeground' : bad ? 'list.warningForeground' : undefined,
    faults,
    contextValue: isProxied(service) ? 'service' : 'service-untraced',
    target: { kind: 'service', cluster, service },
    open: false,
    children: () =>
      Promise.resolve([
        ...faultRows(world, id, distinct(faults), { kind: 'service', cluster, service }),
        ...spec.ports.map((port) => portNode(world, id, cluster, service, port)),
        ...inPages(
          id,
          endpoints.map((endpoint) => endpointNode(world, id, cluster, service, endpoint)),
        ),
      ]),
  };
}

/** `53:31053/UDP` as kubectl prints it. */
function portText({ port, nodePort, protocol }: ServicePort): string {
  return `${port}${nodePort === undefined ? '' : `:${nodePort}`}/${protocol}`;
}

function portNode(
  { l10n }: TreeWorld,
  parent: string,
  cluster: Cluster,
  service: ServiceObject,
  port: ServicePort,
): TreeNode {
  const nodePort = port.nodePort === undefined ? '' : l10n.t('NodePort {0}', port.nodePort);
  const target = port.targetPort === undefined ? '' : `→ ${port.targetPort}`;
  return {
    id: `${parent}/port/${port.port}/${port.protocol}`,
    label: `${port.port}/${port.protocol}`,
    description: [port.name, target, nodePort].filter((part) => part !== '').join(' · '),
    icon: 'plug',
    contextValue: isProxied(service) ? 'port' : 'port-untraced',
    target: { kind: 'port', cluster, service, port },
  };
}

function endpointNode(
  { l10n }: TreeWorld,
  parent: string,
  cluster: Cluster,
  service: ServiceObject,
  endpoint: ListedEndpoint,
): TreeNode {
  const state = endpoint.terminating
    ? l10n.t('terminating')
    : endpoint.ready
      ? l10n.t('ready')
      : l10n.t('not ready');
  const ports = list(
    endpoint.ports.map(({ port, protocol }) => `${port ?? '*'}/${protocol}`),
    'row',
  );
  const on = endpoint.nodeName === undefined ? undefined : l10n.t('on {0}', endpoint.nodeName);
  const parts = [endpoint.pod?.name, on, state];
  return {
    id: `${parent}/endpoint/${endpoint.address}`,
    label: endpoint.address,
    description: parts.filter((part) => part).join(' · '),
    tooltip: [endpoint.address, ports, ...parts].filter((line) => line).join('\n'),
    icon: endpoint.ready ? 'circle-filled' : 'circle-outline',
    color: endpoint.ready ? 'charts.green' : 'list.warningForeground',
    contextValue: isProxied(service) ? 'endpoint' : 'endpoint-untraced',
    target: { kind: 'endpoint', cluster, service, endpoint },
  };
}
