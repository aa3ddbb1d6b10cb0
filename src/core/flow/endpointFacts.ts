import { l10n } from '../l10n';
import { listedEndpoints, type ListedEndpoint } from '../objects/endpoints';
import type { ObjectIndex, PodObject } from '../objects/types';
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
  const listed = new Map(slices && listedEndpoints(slices).map((one) => [one.address, one]));
  return (address) => {
    const host = address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
    const endpoint = listed.get(host);
    const pod = podAt(objects, host, endpoint);
    const state = slices && slices.length > 0 ? stateOf(endpoint) : undefined;
    const name = pod?.metadata.name ?? endpoint?.pod?.name;
    const detail = [name, state].filter(Boolean).join(l10n.t`, `);
    const place = endpoint?.nodeName ?? pod?.nodeName;
    return detail === '' && !place ? undefined : { detail: detail || undefined, place };
  };
}

/** Several Pods share a node's own address: the EndpointSlice then tells which it is. */
function podAt(
  objects: ObjectIndex,
  host: string,
  endpoint: ListedEndpoint | undefined,
): PodObject | undefined {
  const pods = objects.podsAt(host);
  const name = endpoint?.pod?.name;
  return (
    pods.find(({ metadata }) => metadata.name === name) ?? (pods.length === 1 ? pods[0] : undefined)
  );
}

function stateOf(endpoint: ListedEndpoint | undefined): string | undefined {
  if (!endpoint) return l10n.t`not in the EndpointSlice`;
  if (endpoint.terminating)
    return endpoint.serving ? l10n.t`terminating, serving` : l10n.t`terminating`;
  return endpoint.ready ? undefined : l10n.t`not ready`;
}
