/** What the user can set about live clusters. */
export interface LiveSettings {
  /** Nodes asked at the same time. */
  readonly parallelNodes: number;
  /** For one command, in milliseconds. */
  readonly commandTimeout: number;
  /** For one dump. */
  readonly byteLimit: number;
  /** Which host-network pods have the tools, where none is labelled as kube-proxy (k3s, RKE2, Cilium). */
  readonly pods?: {
    /** All namespaces where undefined. */
    readonly namespace?: string | undefined;
    readonly labelSelector: string;
    /** The pod's first container where undefined. */
    readonly container?: string | undefined;
  };
  /** For the pod that is made on a node where no other has the tools; empty: none is made. */
  readonly debugImage: string;
  /** Asks the user whether that pod may be made. Without it, none ever is. */
  readonly mayCreatePod?: (node: string, image: string) => Promise<boolean>;
}

export const defaultLiveSettings: LiveSettings = {
  parallelNodes: 8,
  commandTimeout: 60_000,
  byteLimit: 256 * 1024 * 1024,
  debugImage: '',
};
