import { openLiveCluster } from '../src/cluster/live/liveCluster';
import { defaultLiveSettings } from '../src/cluster/live/settings';
import { silentLog } from '../src/cluster/log';
import { clusterNode } from '../src/explorer/tree/clusters';
import type { TreeNode } from '../src/explorer/tree/node';
import type { Kubeconfig } from '../src/cluster/live/kubeconfig';
import { world } from './treeWorld';

interface Used {
  /** Of the process, in bytes. */
  readonly rss: number;
  readonly heap: number;
}

export interface MemoryReading {
  readonly empty: Used;
  /** After a collection, with all lists held. */
  readonly rest: Used;
  /** From the first request to the last change. */
  readonly peak: Used;
  /** Milliseconds until all lists are there, and from then until the tree's rows are. */
  readonly listed: number;
  readonly tree: number;
  /** How often the cluster told that something changed. */
  readonly changes: number;
}

/** In milliseconds; the watch brings 200 changes meanwhile. */
const watchedFor = 20_000;
const resources = ['services', 'endpointslices', 'nodes'] as const;

function used(): Used {
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heap: heapUsed };
}

async function read(kubeconfig: Kubeconfig): Promise<MemoryReading> {
  const cluster = openLiveCluster(kubeconfig, 'test', () => defaultLiveSettings, silentLog);
  // client-node is loaded once.
  await cluster.info();
  globalThis.gc?.();
  const empty = used();
  let peak = empty;
  const look = () => {
    const { rss, heap } = used();
    peak = { rss: Math.max(peak.rss, rss), heap: Math.max(peak.heap, heap) };
  };
  const timer = setInterval(look, 10);
  const below = async (node: TreeNode | undefined) =>
    (await node?.children?.(new AbortController().signal)) ?? [];
  const rows = async () => {
    const [services, nodes] = await below(clusterNode(world(''), cluster, { current: true }));
    const namespaces = await below(services);
    await below(namespaces[0]);
    await below(nodes);
  };
  const begun = performance.now();
  await Promise.all(resources.map((resource) => cluster.list(resource)));
  const listed = performance.now() - begun;
  await rows();
  const tree = performance.now() - begun - listed;
  globalThis.gc?.();
  const rest = used();
  let changes = 0;
  const ended = cluster.onDidChange(() => {
    changes++;
    void rows();
  });
  await new Promise((resolve) => setTimeout(resolve, watchedFor));
  ended();
  clearInterval(timer);
  cluster.dispose();
  return { empty, rest, peak, listed, tree, changes };
}

const [, , kubeconfig = ''] = process.argv;
process.send?.(await read(JSON.parse(kubeconfig) as Kubeconfig));
process.on('disconnect', () => process.exit());
