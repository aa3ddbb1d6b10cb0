import type { Resource } from '../cluster';

/** The items of a list name neither their kind nor their version. */
export const typeMeta: Readonly<
  Record<Resource, { readonly apiVersion: string; readonly kind: string }>
> = {
  services: { apiVersion: 'v1', kind: 'Service' },
  endpointslices: { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
  endpoints: { apiVersion: 'v1', kind: 'Endpoints' },
  nodes: { apiVersion: 'v1', kind: 'Node' },
  pods: { apiVersion: 'v1', kind: 'Pod' },
};
