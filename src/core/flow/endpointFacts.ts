import { parseAddress, sameAddress } from '../address';
import type { EndpointSliceEndpoint, ObjectIndex, PodObject } from '../objects/types';
import type { ServiceView } from '../service';

/** What is known of an endpoint beyond the dump. */
export interface EndpointFacts {
  /** Pod name and state: `checkout-7d4b9-x, terminating`. */
  readonly detail?: string;
  /** The node it runs on. */
  readonly place?: string;
}

/**
 * What the cluster's objects say of a Service's endpoints. Objects may be of another time than the
 * dump: an endpoint that no EndpointSlice has is told as such, not left out.
 */
export function endpointFacts(
  objects: ObjectIndex,
  { servicePort }: ServiceView,
): (address: string) => EndpointFacts | undefined {
  const slices = servicePort
    ? objects.slicesOf(servicePort.namespace, servicePort.name)
    : undefined;
  return (address) => {
    const host = address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
    const endpoint = slices && findEndpoint(slices, host);
    const pod = podAt(objects, host, endpoint);
    const state = slices && slices.length > 0 ? stateOf(endpoint) : undefined;
    const name = pod?.metadata.name ?? endpoint?.targetRef?.name;
    const detail = [name, state].filter(Boolean).join(', ');
    const place = endpoint?.nodeName ?? pod?.nodeName;
    return detail === '' && !place ? undefined : { detail: detail || undefined, place };
  };
}

function findEndpoint(
  slices: ReturnType<ObjectIndex['slicesOf']>,
  host: string,
): EndpointSliceEndpoint | undefined {
  const wanted = parseAddress(host);
  if (!wanted) return undefined;
  const isIt = (text: string) => {
    const address = parseAddress(text);
    return address !== undefined && sameAddress(address, wanted);
  };
  return slices.flatMap(({ endpoints }) => endpoints).find((one) => one.addresses.some(isIt));
}

/** Several Pods share a node's own address: the EndpointSlice then tells which it is. */
function podAt(
  objects: ObjectIndex,
  host: string,
  endpoint: EndpointSliceEndpoint | undefined,
): PodObject | undefined {
  const pods = objects.podsAt(host);
  const name = endpoint?.targetRef?.name;
  return (
    pods.find(({ metadata }) => metadata.name === name) ?? (pods.length === 1 ? pods[0] : undefined)
  );
}

function stateOf(endpoint: EndpointSliceEndpoint | undefined): string | undefined {
  if (!endpoint) return 'not in the EndpointSlice';
  if (endpoint.terminating)
    return endpoint.serving === false ? 'terminating' : 'terminating, serving';
  return endpoint.ready === false ? 'not ready' : undefined;
}
