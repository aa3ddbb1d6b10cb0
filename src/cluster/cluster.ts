import type {
  EndpointSliceObject,
  EndpointsObject,
  NodeObject,
  PodObject,
  ServiceObject,
} from '../core/objects/types';
import type { ApiObject } from './object';

/** The objects that are read, by the API's name for them. */
export interface ObjectsByResource {
  readonly services: ServiceObject;
  readonly endpointslices: EndpointSliceObject;
  readonly endpoints: EndpointsObject;
  readonly nodes: NodeObject;
  readonly pods: PodObject;
}

export type Resource = keyof ObjectsByResource;

export const resources: readonly Resource[] = [
  'services',
  'endpointslices',
  'endpoints',
  'nodes',
  'pods',
];

export interface ObjectList<R extends Resource = Resource> {
  readonly items: readonly ObjectsByResource[R][];
  /** Why the list may lack some: rights in one namespace only, a page that failed, a broken file. */
  readonly partial?: string | undefined;
  /** Set while changes do not arrive. */
  readonly stale?: Stale | undefined;
}

/** The list is as of `since` (ISO 8601): why changes do not arrive, one sentence. */
export interface Stale {
  readonly since: string;
  readonly reason: string;
}

/** Why a dump is not what the command should have printed. Facts about that dump, not failures of the node. */
export interface DumpProblem {
  readonly kind:
    | 'missing-binary'
    | 'exit-code'
    | 'refused'
    | 'incomplete'
    | 'no-status'
    | 'cut'
    | 'timeout'
    | 'too-large'
    | 'binary'
    | 'cancelled';
  /** One plain English sentence. */
  readonly message: string;
}

/** One command's output on one node, or one file of a snapshot. */
export interface Dump {
  /** As in a snapshot's node folder: `iptables-nft-save.txt`. */
  readonly name: string;
  /** The argv that wrote it, where known. */
  readonly command?: readonly string[];
  /** ISO 8601. */
  readonly captured?: string;
  readonly bytes: number;
  readonly stderr: string;
  readonly exitCode?: number;
  readonly problem?: DumpProblem;
  /** The text; a live dump has it in memory, a snapshot reads the file. Throws ClusterError. */
  read(signal?: AbortSignal): Promise<string>;
  /** The same in pieces of whole lines, some time between them. Throws ClusterError. */
  pieces(signal?: AbortSignal): AsyncIterable<string>;
}

/** Everything taken from one node at one time. */
export interface NodeDumps {
  readonly node: string;
  /** ISO 8601 of the first dump, where known. */
  readonly captured?: string;
  /** Where the commands ran. */
  readonly pod?: PodReference;
  readonly dumps: readonly Dump[];
  /** Why there are fewer dumps than there could be, when the fetch ended early. */
  readonly partial?: string;
}

/** What `iptables-save -c` printed. */
export interface CounterText {
  /** When it was asked for, by this machine's clock: ISO 8601. */
  readonly taken: string;
  /** In pieces of whole lines. */
  pieces(): AsyncIterable<string>;
}

export interface PodReference {
  readonly namespace: string;
  readonly name: string;
  readonly container: string;
}

export interface ClusterInfo {
  /** `v1.36.2`, where known. */
  readonly version?: string;
  /** ISO 8601; undefined for a cluster that answers now. */
  readonly captured?: string;
  /** The kubeconfig context it was reached by. */
  readonly context?: string;
  /** Of an archive, or a folder in a collector's layout. */
  readonly bundle?: BundleReport;
}

/** What a support bundle holds, and what a full answer would need besides. */
export interface BundleReport {
  /** `sos report`; `Archive` of what no known collector wrote. */
  readonly title: string;
  /** `IPv4 rules`, `addresses`, ...: what there is, of at least one node. */
  readonly present: readonly string[];
  readonly missing: readonly string[];
  /** The shell command whose archive has what is missing, for the sender to run on a node. */
  readonly ask?: string;
  /** What was left out, and what an absent part does not prove: plain English sentences. */
  readonly notes: readonly string[];
}

export interface ListOptions {
  readonly signal?: AbortSignal;
  /** Called after each page with the number of objects so far. */
  readonly onProgress?: (objects: number) => void;
}

export interface DumpOptions {
  readonly signal?: AbortSignal;
  /** Fetches again although dumps are held. */
  readonly fresh?: boolean;
  /** False: not kept for `heldDumps`. A thousand nodes' dumps would not fit into memory. */
  readonly hold?: boolean;
  /** Called as the work goes on: `node-a: iptables-nft-save`. */
  readonly onProgress?: (step: string) => void;
}

/**
 * Where dumps and objects come from: a cluster that answers now, or a folder. Nothing above this
 * interface knows which. All promises reject with ClusterError only.
 */
export interface Cluster {
  /** Stable over restarts; fit for a URI's path segment after encoding. */
  readonly id: string;
  /** The context's or the folder's name. */
  readonly title: string;
  /** What stands behind the title in the tree: the server's address, the folder. */
  readonly detail: string;
  /** True where no method sends a request. */
  readonly offline: boolean;
  /** Where objects belong that name no namespace: the context's, else `default`. */
  readonly namespace: string;
  info(signal?: AbortSignal): Promise<ClusterInfo>;
  /** The objects now held; the first call fetches them. */
  list<R extends Resource>(resource: R, options?: ListOptions): Promise<ObjectList<R>>;
  /** The same objects with all their fields, for a snapshot or to be read as YAML. */
  manifests(resource: Resource, options?: ListOptions): Promise<readonly ApiObject[]>;
  /** A node's dumps; the first call fetches them. */
  dumps(node: string, options?: DumpOptions): Promise<NodeDumps>;
  /** What `dumps` would answer without fetching. */
  heldDumps(node: string): NodeDumps | undefined;
  /** The nodes of which `heldDumps` has any. */
  heldNodes(): readonly string[];
  /**
   * What a node's rules and IPVS have counted until now, one reading at a time; undefined where nothing
   * answers now. A debug pod is not made for it.
   *
   * @param dump which: `iptables-nft-save.txt`, of IPVS `ipvsadm-Ln-exact-stats.txt`
   * @param table the one that is enough: `nat`, of nft `ip kube-proxy`
   */
  counters?(
    node: string,
    dump: string,
    table: string | undefined,
    signal: AbortSignal,
  ): Promise<CounterText>;
  /** Lets go of the lists, so that the next call fetches them. Dumps stay until fetched afresh. */
  refresh(): void;
  /** Told when a list's objects or a node's dumps have changed; ends with the returned function. */
  onDidChange(listener: (what: Resource | 'dumps') => void): () => void;
  dispose(): void;
}
