import * as vscode from 'vscode';
import { capturedObjects } from '../../cluster/capturedObjects';
import type { Cluster, NodeDumps } from '../../cluster/cluster';
import { nodeNames } from '../../cluster/nodeNames';
import { byName } from '../../core/byName';
import type { NodeStates } from '../clusters/nodeStates';
import { checkedNode, type CheckedNode } from './checkedNode';
import { foundInCluster, type FoundInCluster } from './foundInCluster';

/** So many nodes, and so much text in bytes, are looked at before anybody asks for it. */
const mostNodes = 10;
const mostBytes = 10 << 20;

interface Looked {
  /** Of which dumps. */
  readonly dumps: readonly NodeDumps[];
  found?: FoundInCluster;
}

/**
 * Looks for what is wrong in the dumps of a cluster's nodes: those that are held, and a snapshot's.
 * Nothing is fetched for it; it goes on while others work, and tells when it is done.
 */
export class ClusterFindings implements vscode.Disposable {
  private readonly looked = new WeakMap<Cluster, Looked>();
  private readonly running = new WeakSet<Cluster>();
  private readonly changed = new vscode.EventEmitter<Cluster>();

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly states: NodeStates,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  dispose(): void {
    this.changed.dispose();
  }

  /** What is known by now; undefined before the first look is over. Looks anew at newer captures. */
  of(cluster: Cluster): FoundInCluster | undefined {
    if (!this.running.has(cluster)) void this.look(cluster);
    return this.known(cluster);
  }

  /** What an earlier look found. */
  known(cluster: Cluster): FoundInCluster | undefined {
    return this.looked.get(cluster)?.found;
  }

  /**
   * All that is wrong with one node of a cluster: what the counts beside its name are made of.
   *
   * @param dumps of the node, as the cluster holds them
   */
  async ofNode(cluster: Cluster, dumps: NodeDumps): Promise<CheckedNode> {
    return checkedNode(await this.states(dumps), await capturedObjects(cluster));
  }

  private async look(cluster: Cluster): Promise<void> {
    this.running.add(cluster);
    try {
      const dumps = await dumpsAtHand(cluster);
      const before = this.looked.get(cluster);
      if (before && isSame(before.dumps, dumps)) return;
      const found = dumps.length === 0 ? undefined : await this.find(cluster, dumps);
      this.looked.set(cluster, { dumps, ...(found ? { found } : {}) });
      if (isShown(found) || isShown(before?.found)) this.changed.fire(cluster);
    } catch (error) {
      // Why nothing can be read is told where the dumps are asked for.
      this.log.debug(`Checking the nodes of ${cluster.title}: ${String(error)}`);
    } finally {
      this.running.delete(cluster);
    }
  }

  private async find(cluster: Cluster, dumps: readonly NodeDumps[]): Promise<FoundInCluster> {
    const checked = new Map<string, CheckedNode>();
    for (const one of dumps) checked.set(one.node, await this.ofNode(cluster, one));
    return foundInCluster(checked);
  }
}

async function dumpsAtHand(cluster: Cluster): Promise<readonly NodeDumps[]> {
  const names = cluster.offline ? await nodeNames(cluster) : [...cluster.heldNodes()].sort(byName);
  const found: NodeDumps[] = [];
  let bytes = 0;
  for (const name of names.slice(0, mostNodes)) {
    const dumps =
      cluster.heldDumps(name) ??
      (cluster.offline ? await cluster.dumps(name).catch(() => undefined) : undefined);
    bytes += dumps?.dumps.reduce((sum, dump) => sum + dump.bytes, 0) ?? 0;
    if (bytes > mostBytes) break;
    if (dumps && dumps.dumps.length > 0) found.push(dumps);
  }
  return found;
}

/** A tree that is drawn anew closes the menu that is open on it: not where nothing is to be shown. */
function isShown(found: FoundInCluster | undefined): boolean {
  if (!found) return false;
  return [...found.services.values(), ...found.nodes.values()].some(({ length }) => length > 0);
}

function isSame(left: readonly NodeDumps[], right: readonly NodeDumps[]): boolean {
  return left.length === right.length && left.every((one, i) => one === right[i]);
}
