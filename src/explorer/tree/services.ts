import type { Cluster } from '../../cluster/cluster';
import { listSlices } from '../../cluster/endpointSlices';
import { byName } from '../../core/byName';
import type { ServiceObject } from '../../core/objects/types';
import {
  countReady,
  endpointsByService,
  serviceKey,
  type EndpointsByService,
} from '../../core/objects/endpoints';
import { distinct, faultRows } from './findings';
import type { TreeNode, TreeWorld } from './node';
import { inPages } from './pages';
import { serviceNode } from './service';
import { emptyNode, remarkNodes } from './states';
import { append } from '../../core/append';

/** "Services": the namespaces, and in them the Services. */
export function servicesNode(world: TreeWorld, cluster: Cluster): TreeNode {
  const id = `${cluster.id}/services`;
  const faults = distinct([...(world.clusterFindings(cluster)?.services.values() ?? [])].flat());
  return {
    id,
    label: world.l10n.t('Services'),
    icon: 'symbol-interface',
    contextValue: 'services',
    open: true,
    faults,
    children: async (signal) => {
      const services = await cluster.list('services', { signal });
      const slices = await listSlices(cluster, { signal });
      const endpoints = endpointsByService(slices.items);
      const shown = services.items.filter((service) => matches(service, world.filter));
      const partial = services.partial ?? slices.partial;
      const stale = services.stale ?? slices.stale;
      return [
        ...faultRows(world, id, faults, { kind: 'cluster', cluster }),
        ...remarkNodes(world, id, { partial, stale }),
        ...namespaces(world, cluster, id, shown, endpoints),
        ...(shown.length > 0 ? [] : [emptyNode(id, nothing(world, services.items.length))]),
      ];
    },
  };
}

function nothing({ l10n, filter }: TreeWorld, all: number): string {
  return all === 0 ? l10n.t('No Services') : l10n.t('None of {0} Services has "{1}"', all, filter);
}

/** By namespace/name, type, addresses and ports. */
function matches({ metadata, spec }: ServiceObject, filter: string): boolean {
  if (filter === '') return true;
  const ports = spec.ports.map(({ port, nodePort, name }) => `${port} ${nodePort ?? ''} ${name}`);
  const words = [
    `${metadata.namespace}/${metadata.name}`,
    spec.type,
    spec.clusterIP ?? '',
    ...spec.clusterIPs,
    ...spec.externalIPs,
    ...ports,
  ];
  return words.join(' ').toLowerCase().includes(filter);
}

function namespaces(
  world: TreeWorld,
  cluster: Cluster,
  parent: string,
  services: readonly ServiceObject[],
  endpoints: EndpointsByService,
): TreeNode[] {
  const byNamespace = new Map<string, ServiceObject[]>();
  for (const service of services) {
    const { namespace } = service.metadata;
    append(byNamespace, namespace, service);
  }
  return [...byNamespace.keys()].sort(byName).map((namespace) => {
    const members = byNamespace.get(namespace) ?? [];
    const id = `${parent}/${namespace}`;
    return {
      id,
      label: namespace,
      description: String(members.length),
      icon: 'symbol-namespace',
      contextValue: 'namespace',
      // A filter is set to see what it finds.
      open: world.filter !== '' && members.length <= 50,
      children: () =>
        Promise.resolve(
          inPages(
            id,
            sorted(world, members, endpoints).map((service) =>
              serviceNode(world, cluster, service, endpoints.get(serviceKey(service)) ?? []),
            ),
          ),
        ),
    };
  });
}

function sorted(
  { sort }: TreeWorld,
  services: readonly ServiceObject[],
  endpoints: EndpointsByService,
): ServiceObject[] {
  const ordered = [...services].sort((a, b) => byName(a.metadata.name, b.metadata.name));
  if (sort === 'name') return ordered;
  const share = (service: ServiceObject) => {
    const { ready, all } = countReady(endpoints.get(serviceKey(service)) ?? []);
    return all === 0 ? 0 : ready / all;
  };
  return ordered.sort((a, b) => share(a) - share(b));
}
