import { formatAddress } from '../../address';
import { noEndpointOf, type NoEndpoint } from '../../objects/noEndpoint';
import { portEndpoints } from '../../objects/endpoints';
import { tellEndpoints } from '../../objects/slices';
import type { ObjectIndex, IndexedObjects } from '../../objects/types';
import { protocolName } from '../../protocol';
import type { NodeState } from '../../node';
import type { DrawableService } from '../services';

/** Why a Service port has no endpoint, on any node or on this one; undefined where objects don't tell. */
export function causeOf(
  objects: IndexedObjects,
  { service, family }: Pick<DrawableService, 'service' | 'family'>,
  node: NodeState,
): NoEndpoint | undefined {
  const { servicePort } = service;
  if (!servicePort || !tellEndpoints(objects)) return undefined;
  const object = objects.service(servicePort.namespace, servicePort.name);
  const protocol = protocolName(service.protocol).toUpperCase();
  const port = object?.spec.ports.find(
    (one) => one.name === servicePort.port && one.protocol === protocol,
  );
  if (!object || !port) return undefined;
  const slices = objects.slicesOf(servicePort.namespace, servicePort.name);
  const everywhere = noEndpointOf(object, slices, port);
  if (everywhere) return everywhere;
  const { internalTrafficPolicy, externalTrafficPolicy } = object.spec;
  if (internalTrafficPolicy !== 'Local' && externalTrafficPolicy !== 'Local') return undefined;
  const name = nodeName(objects, node);
  if (name === undefined) return undefined;
  const endpoints = portEndpoints(slices, { name: port.name, protocol }, family, name);
  if (endpoints.some(({ ready, nodeName }) => ready && nodeName === name)) return undefined;
  const external = externalTrafficPolicy === 'Local';
  return {
    kind: 'none-local',
    policy: external ? 'externalTrafficPolicy' : 'internalTrafficPolicy',
  };
}

/** The Node that the dumps are of, by its name or by its addresses. */
function nodeName(objects: ObjectIndex, { name, interfaces = [] }: NodeState): string | undefined {
  if (objects.node(name)) return name;
  for (const { address } of interfaces.flatMap(({ addresses }) => addresses)) {
    const found = objects.nodeAt(formatAddress(address));
    if (found) return found.metadata.name;
  }
  return undefined;
}
