import type { ClusterObjects, PodObject } from '../objects/types';

/** The kube-proxy that reads the configuration. */
export interface ProxyVersion {
  /** 36 of `v1.36.2`. */
  readonly minor: number;
  /** `v1.36.2`. */
  readonly text: string;
  /** What tells it: the image of its Pod, its log, or the version of the node's kubelet. */
  readonly from: 'image' | 'log' | 'kubelet';
}

/** The releases that the table of keys was read from: Kubernetes 1.9 to 1.36. */
export const oldestMinor = 9;
export const newestMinor = 36;

/**
 * The version of kube-proxy on a node: by the image of its Pod, else its log, else the node's kubelet,
 * whose version it mostly shares. undefined where nothing tells.
 */
export function proxyVersion(
  node: string,
  objects: Pick<ClusterObjects, 'nodes' | 'pods'> | undefined,
  log: string | undefined,
): ProxyVersion | undefined {
  const pods = (objects?.pods ?? []).filter(({ nodeName }) => nodeName === node);
  const image = pods.map(imageVersion).find((text) => text !== undefined);
  const kubelet = objects?.nodes.find(({ metadata }) => metadata.name === node)?.kubeletVersion;
  return versionOf(image, 'image') ?? versionOf(log, 'log') ?? versionOf(kubelet, 'kubelet');
}

/** `images.example/kube-proxy:v1.36.2@sha256:...`, `kube-proxy-amd64:v1.12.0`. */
function imageVersion({ containers }: PodObject): string | undefined {
  for (const { image } of containers) {
    const tag = /(?:^|\/)(?:[\w.-]*-)?kube-proxy(?:-\w+)?:(v?1\.\d+[^@]*)/.exec(image)?.[1];
    if (tag !== undefined) return tag;
  }
  return undefined;
}

function versionOf(text: string | undefined, from: ProxyVersion['from']): ProxyVersion | undefined {
  const minor = /^v?1\.(\d{1,3})(?!\d)/.exec(text ?? '')?.[1];
  return minor === undefined ? undefined : { minor: Number(minor), text: text!, from };
}
