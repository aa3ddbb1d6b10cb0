import { formatAddress, parseAddress } from '../address';
import { once } from '../once';
import { slicesByService, takenSlices } from './slices';
import {
  addressesOfService,
  proxiedAddressesOfService,
  type ClusterObjects,
  type IndexedObjects,
} from './types';
import { append } from '../append';

/** Objects, by name and by address too; what was looked up in others before is replaced. */
export function indexObjects(objects: ClusterObjects): IndexedObjects {
  const services = byKey(objects.services, (service) => [nameKey(service.metadata)]);
  const nodes = byKey(objects.nodes, (node) => [node.metadata.name]);
  const slices = slicesByService(takenSlices(objects));
  const serviceAddresses = byKey(objects.services, (service) =>
    [...addressesOfService(service), ...proxiedAddressesOfService(service)].map(canonical),
  );
  const podAddresses = byKey(objects.pods, (pod) => pod.podIPs.map(canonical));
  const nodeAddresses = byKey(objects.nodes, (node) =>
    node.addresses.map(({ address }) => canonical(address)),
  );
  return {
    ...objects,
    service: (namespace, name) => services.get(nameKey({ namespace, name }))?.[0],
    node: (name) => nodes.get(name)?.[0],
    slicesOf: (namespace, name) => slices.get(nameKey({ namespace, name })) ?? [],
    servicesAt: (address) => serviceAddresses.get(canonical(address)) ?? [],
    podsAt: (address) => podAddresses.get(canonical(address)) ?? [],
    nodeAt: (address) => nodeAddresses.get(canonical(address))?.[0],
  };
}

const withoutServices = once((objects: IndexedObjects): IndexedObjects =>
  indexObjects({ ...objects, services: [] }),
);

/**
 * Whether Services are told in full. Those of a table have neither policies nor names of ports: where
 * there are such, rules are compared with none, since a part would accuse the rules of the others.
 */
export function tellServices({ services }: Pick<ClusterObjects, 'services'>): boolean {
  return services.length > 0 && !services.some(({ fromTable }) => fromTable);
}

/** The objects that rules are compared with: without Services that are not told in full. */
export function comparable(objects: IndexedObjects): IndexedObjects {
  const isWhole = objects.services.length === 0 || tellServices(objects);
  return isWhole ? objects : withoutServices(objects);
}

function byKey<T>(
  items: readonly T[],
  keysOf: (item: T) => readonly string[],
): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    for (const key of new Set(keysOf(item))) {
      append(found, key, item);
    }
  }
  return found;
}

function nameKey({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  return `${namespace}/${name}`;
}

/** One spelling for each address: objects may hold `fd00:0:0::1`. */
function canonical(text: string): string {
  const address = parseAddress(text);
  return address ? formatAddress(address) : text;
}
