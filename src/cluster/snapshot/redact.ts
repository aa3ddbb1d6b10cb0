import { withoutManagedFields, type ApiObject } from '../object';
import { withoutSecrets } from '../secrets/secrets';

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
 * network needs: environment, annotations and command lines hold passwords. Of kube-proxy's own
 * command line its flags stay; of annotations those of Kubernetes itself, which hold none.
 */
export function forSnapshot(object: ApiObject): ApiObject {
  const { annotations, ...metadata } = withoutManagedFields(object).metadata;
  if (object.kind === 'Pod') return pod({ ...object, metadata } as PodManifest);
  const kept = Object.entries(annotations ?? {}).filter(([key]) => isOfKubernetes(key));
  if (kept.length === 0) return { ...object, metadata };
  const shown = kept.map(([key, value]) => [key, withoutSecrets(String(value))] as const);
  return { ...object, metadata: { ...metadata, annotations: Object.fromEntries(shown) } };
}

/** `service.kubernetes.io/topology-mode`, but not what kubectl applied last: that is the whole object. */
function isOfKubernetes(key: string): boolean {
  const [domain = '', name] = key.split('/');
  if (name === undefined || name === 'last-applied-configuration') return false;
  return (
    domain === 'kubernetes.io' || domain.endsWith('.kubernetes.io') || domain.endsWith('.k8s.io')
  );
}

function pod({ apiVersion, kind, metadata, spec = {}, status = {} }: PodManifest): PodManifest {
  const isProxy = /^kube-proxy(-|$)/.test(metadata.name);
  const containers = (spec.containers ?? []).map(({ name, image, ports, command, args }) => ({
    name,
    image,
    ports,
    ...(isProxy ? { command: proxyFlags(command), args: proxyFlags(args) } : {}),
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

/**
 * Any Pod may be called kube-proxy-*, so that only what is a flag of kube-proxy stays, and the
 * program's name: `/usr/local/bin/kube-proxy`, `--config=/var/lib/kube-proxy/config.conf`.
 */
function proxyFlags(words: unknown): readonly string[] | undefined {
  if (!Array.isArray(words)) return undefined;
  /** Of `--proxy-mode ipvs`, whose value is a word of its own. */
  let isValue = false;
  return words.map((word: unknown) => {
    const text = String(word);
    const flag = /^--?([a-z0-9-]+)(?:=|$)/.exec(text)?.[1];
    const isProgram = /^[/\w.-]*kube-proxy$/.test(text);
    const isKept = flag === undefined ? isProgram || isValue : isProxyFlag(flag);
    isValue = flag !== undefined && isKept && !text.includes('=');
    return isKept ? withoutSecrets(text) : leftOut;
  });
}

/**
 * The same of a pod's command line as a dump beside the others, what is left out without a trace: the pod
 * may be any that the settings name, and its command a line for a shell.
 */
export function proxyCommandLine(words: readonly string[]): readonly string[] {
  const single = words.flatMap((word) => word.split(/\s+/)).filter((word) => word !== '');
  return (proxyFlags(single) ?? []).filter((word) => word !== leftOut);
}

const leftOut = '(left out)';

/** kube-proxy(8): those of the configuration and of logging. */
function isProxyFlag(name: string): boolean {
  return (
    /^(?:iptables|ipvs|nftables|conntrack|detect-local|healthz|metrics|pod|proxy|masquerade)-/.test(
      name,
    ) || proxyFlagNames.has(name)
  );
}

const proxyFlagNames: ReadonlySet<string> = new Set([
  'bind-address',
  'bind-address-hard-fail',
  'cleanup',
  'cluster-cidr',
  'config',
  'config-sync-period',
  'feature-gates',
  'hostname-override',
  'init-only',
  'kube-api-burst',
  'kube-api-qps',
  'kubeconfig',
  'logging-format',
  'logtostderr',
  'nodeport-addresses',
  'oom-score-adj',
  'show-hidden-metrics-for-version',
  'v',
  'vmodule',
]);
