import type { ServiceObject, ServicePort } from '../../core/objects/types';
import type { Cluster, Dump, NodeDumps } from '../../cluster/cluster';
import type { Finding } from '../../core/finding';
import type { ReleaseRange } from '../../core/kubeproxy/release/sign';
import type { NodeState } from '../../core/node';
import type { ListedEndpoint } from '../../core/objects/endpoints';
import type { FoundInCluster } from '../../workspace/findings/foundInCluster';

/** What a tree node stands for; the commands of its menu work on it. */
export type Target =
  | { readonly kind: 'cluster'; readonly cluster: Cluster; readonly folder?: string }
  | { readonly kind: 'service'; readonly cluster: Cluster; readonly service: ServiceObject }
  | {
      readonly kind: 'port';
      readonly cluster: Cluster;
      readonly service: ServiceObject;
      readonly port: ServicePort;
    }
  | {
      readonly kind: 'endpoint';
      readonly cluster: Cluster;
      readonly service: ServiceObject;
      readonly endpoint: ListedEndpoint;
    }
  /** What a support bundle lacks: the command that its sender is asked to run. */
  | { readonly kind: 'bundle'; readonly cluster: Cluster; readonly ask: string | undefined }
  | { readonly kind: 'node'; readonly cluster: Cluster; readonly node: string }
  | {
      readonly kind: 'dump';
      readonly cluster: Cluster;
      readonly node: string;
      readonly dump: Dump;
    };

/** One line of the tree, free of VS Code: provider.ts makes a TreeItem of it. */
export interface TreeNode {
  /** Unique in the tree and the same after a refresh, so that what is open stays open. */
  readonly id: string;
  readonly label: string;
  readonly description?: string | undefined;
  readonly tooltip?: string | undefined;
  /** A codicon, and a theme color for it. */
  readonly icon?: string | undefined;
  readonly color?: string | undefined;
  /** What is wrong with it: counted in a badge behind the row. */
  readonly faults?: readonly Finding[] | undefined;
  /** What menus go by: `service`, `dump`. */
  readonly contextValue?: string | undefined;
  readonly command?: { readonly id: string; readonly title: string } | undefined;
  readonly target?: Target | undefined;
  /** Whether it is open at first; nodes without children leave it out. */
  readonly open?: boolean | undefined;
  readonly children?: ((signal: AbortSignal) => Promise<readonly TreeNode[]>) | undefined;
}

/** What the nodes need from around them. */
export interface TreeWorld {
  /** vscode.l10n, or a stand-in for tests. */
  readonly l10n: { t(message: string, ...parts: (string | number)[]): string };
  /** Lower case; empty shows all. */
  readonly filter: string;
  /** `problems`: those with endpoints that are not ready first. */
  readonly sort: 'name' | 'problems';
  /** Now, in milliseconds; for "stale since". */
  now(): number;
  /** Fetches a node's dumps with progress that the user sees and can cancel. */
  fetchDumps(cluster: Cluster, node: string): Promise<NodeDumps>;
  /** What is wrong with a node, by what the counts of `clusterFindings` are made of; in slices. */
  nodeFindings(cluster: Cluster, dumps: NodeDumps): Promise<readonly Finding[]>;
  /** Errors and warnings of a cluster, as far as known by now; what comes later redraws the tree. */
  clusterFindings(cluster: Cluster): FoundInCluster | undefined;
  /** The same without a look at the cluster: nobody opened it yet. */
  knownFindings(cluster: Cluster): FoundInCluster | undefined;
  /** What a node's dumps tell. */
  nodeState(dumps: NodeDumps): Promise<NodeState>;
  /** Which releases of kube-proxy may have written its rules; in slices. */
  nodeRelease(state: NodeState): Promise<ReleaseRange | undefined>;
}
