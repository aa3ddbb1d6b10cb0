import * as l10n from '@vscode/l10n';
import type { Cluster, NodeDumps } from '../cluster/cluster';
import { errorText, isCancelled } from '../cluster/error';
import { nodeNames } from '../cluster/nodeNames';

/** Nodes whose dumps are read for one page. */
const mostNodes = 50;

/** Of a live cluster without any dumps so many nodes may fail before nobody is asked any more. */
const mostFailed = 5;

/** What a page on a whole cluster is made of. */
export interface NodesAtHand {
  /** A dump of each node. */
  readonly uris: readonly string[];
  /** Why nodes are left out: one sentence each. */
  readonly unread: readonly string[];
}

/**
 * A snapshot's nodes, or those of a live cluster that were fetched: one is, where none was.
 *
 * @param placeOf of a dump that leads to the node; undefined where the node has none
 */
export async function nodesAtHand(
  cluster: Cluster,
  placeOf: (dumps: NodeDumps) => string | undefined,
  signal: AbortSignal,
  report: (node: string) => void,
): Promise<NodesAtHand> {
  const names = await nodeNames(cluster);
  const wanted = cluster.offline ? names : names.filter((name) => cluster.heldDumps(name));
  const uris: string[] = [];
  const unread: string[] = [];
  const read = async (name: string) => {
    report(name);
    try {
      const dumps = cluster.heldDumps(name) ?? (await cluster.dumps(name, { signal }));
      const uri = placeOf(dumps);
      if (uri === undefined) unread.push(l10n.t`${name} has no dumps.`);
      else uris.push(uri);
    } catch (error) {
      if (isCancelled(error)) throw error;
      unread.push(`${name}: ${errorText(error)}`);
    }
  };
  for (const name of wanted.slice(0, mostNodes)) await read(name);
  for (const name of wanted.length === 0 ? names : []) {
    if (uris.length > 0 || unread.length > mostFailed) break;
    await read(name);
  }
  const beyond = Math.max(0, wanted.length - mostNodes);
  const left = names.length - uris.length - unread.length - beyond;
  if (beyond > 0) unread.push(l10n.t`${beyond} more nodes are not on this page.`);
  if (left > 0) {
    unread.push(l10n.t`${left} more nodes: their dumps were not fetched ("Fetch Dumps").`);
  }
  return { uris, unread };
}
