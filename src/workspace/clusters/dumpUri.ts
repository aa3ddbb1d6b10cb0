import { createHash } from 'node:crypto';
import type { Cluster, NodeDumps } from '../../cluster/cluster';

/** Documents of the explorer: read only, laid out like a snapshot's folder. */
export const scheme = 'kube-proxy-dump';

/** The parts of a document's address. */
export interface DumpAddress {
  /** `clusterKey`. */
  readonly cluster: string;
  /** Below the cluster: `nodes/node-a/iptables-save.txt`, `objects/services.yaml`. */
  readonly path: readonly string[];
  /** Which capture of the node; empty for the one that is held. */
  readonly captured: string;
}

/** The cluster's folder: its title, and what makes it unique. */
export function clusterKey({ id, title }: Pick<Cluster, 'id' | 'title'>): string {
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8);
  return `${title.replace(/[^\w.-]+/g, '_')}~${hash}`;
}

/**
 * Path and query of a dump's document. A capture never changes: a later one is another document,
 * so that two can be compared. package.json's resourceLabelFormatters put the query's `title` into
 * the tab's title.
 */
export function dumpUriParts(cluster: Cluster, dumps: NodeDumps, dump: string): DumpUriParts {
  return dumpUriOf(clusterKey(cluster), dumps, dump);
}

export interface DumpUriParts {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;
}

/** @param cluster `clusterKey`. */
export function dumpUriOf(
  cluster: string,
  { node, captured = '' }: Pick<NodeDumps, 'node' | 'captured'>,
  dump: string,
): DumpUriParts {
  const time = captured.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
  return {
    scheme,
    path: `/${cluster}/nodes/${node}/${dump}`,
    query: JSON.stringify({ node, captured, title: time === '' ? node : `${node}, ${time}` }),
  };
}

/** The folder of all nodes: there before any dump is fetched. */
export function nodesUriParts(cluster: Cluster): {
  readonly scheme: string;
  readonly path: string;
} {
  return { scheme, path: `/${clusterKey(cluster)}/nodes` };
}

export function parseDumpUri({ path, query }: { path: string; query: string }): DumpAddress {
  const [cluster = '', ...rest] = path.split('/').filter((part) => part !== '');
  const { node, captured } = parseQuery(query);
  // Who goes from one node's folder to another's keeps the query: the capture is not of that node.
  const own = typeof captured === 'string' && node === rest[1];
  return { cluster, path: rest, captured: own ? captured : '' };
}

function parseQuery(query: string): { readonly node?: unknown; readonly captured?: unknown } {
  try {
    return (JSON.parse(query) ?? {}) as object;
  } catch {
    return {};
  }
}
