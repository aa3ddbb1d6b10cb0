import type { ApiObject } from '../object';

interface Container {
  readonly name?: string;
  readonly image?: string;
  readonly ports?: unknown;
  readonly command?: unknown;
  readonly args?: unknown;
}

interface PodManifest extends ApiObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly containers?: readonly Container[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly podIPs?: unknown;
    readonly hostIP?: string;
    readonly conditions?: unknown;
  };
}

/**
 * What of an object may be in a folder that people attach to tickets. Pods are cut to what the
 * network needs: environment, annotations and command lines hold passwords; kube-proxy's own
 * arguments stay.
 */
export function forSnapshot(object: ApiObject): ApiObject {
  const { annotations, ...rest } = object.metadata;
  const metadata = { ...rest, managedFields: undefined };
  if (object.kind === 'Pod') return pod({ ...object, metadata } as PodManifest);
  const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
  const kept = Object.entries(annotations ?? {}).filter(([key]) => key !== lastApplied);
  if (kept.length === 0) return { ...object, metadata };
  return { ...object, metadata: { ...metadata, annotations: Object.fromEntries(kept) } };
}

function pod({ apiVersion, kind, metadata, spec = {}, status = {} }: PodManifest): PodManifest {
  const isProxy = /^kube-proxy(-|$)/.test(metadata.name);
  const containers = (spec.containers ?? []).map(({ name, image, ports, command, args }) => ({
    name,
    image,
    ports,
    ...(isProxy ? { command, args } : {}),
  }));
  const { phase, podIP, podIPs, hostIP, conditions } = status;
  return {
    apiVersion,
    kind,
    metadata,
    spec: { nodeName: spec.nodeName, hostNetwork: spec.hostNetwork, containers },
    status: { phase, podIP, podIPs, hostIP, conditions },
  };
}
