import type { ProgrammedPort } from '../kubeproxy/programmed';
import { serviceName } from '../kubeproxy/serviceId';
import { listedEndpoints } from '../objects/endpoints';
import type { ObjectIndex } from '../objects/types';

/** Objects that say whose endpoints a node should have. */
export type PolicyObjects = Pick<ObjectIndex, 'service' | 'slicesOf'>;

/**
 * Whether each node has endpoints of its own at a ClusterIP by right; undefined where neither rules nor
 * objects tell. A chain says it of internalTrafficPolicy Local, in ipvs mode only the Service does. Topology
 * hints count whatever the Service says since 1.31 (`hintsThatCount`), so the EndpointSlices are asked, too.
 */
export function hasOwnEndpoints(
  { service }: ProgrammedPort,
  objects: PolicyObjects | undefined,
): boolean | undefined {
  // The first chain is for traffic policy Cluster, where there is one.
  if (/^(?:KUBE-SVL|local)-/.test(service.chains[0] ?? '')) return true;
  const [namespace = '', name] = serviceName(service).split('/');
  const object = name === undefined ? undefined : objects?.service(namespace, name);
  if (!object || object.fromTable) return undefined;
  const { internalTrafficPolicy, trafficDistribution } = object.spec;
  return (
    internalTrafficPolicy === 'Local' ||
    trafficDistribution !== undefined ||
    object.topologyMode?.toLowerCase() === 'auto' ||
    listedEndpoints(objects!.slicesOf(namespace, name!)).some(
      ({ forZones, forNodes }) => forZones.length + forNodes.length > 0,
    )
  );
}
