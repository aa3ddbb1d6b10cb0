import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { silentLog } from '../src/cluster/log';
import { openLiveCluster } from '../src/cluster/live/liveCluster';
import { defaultLiveSettings } from '../src/cluster/live/settings';
import { clusterNode } from '../src/explorer/tree/clusters';
import type { TreeNode } from '../src/explorer/tree/node';
import { kubeconfigFor } from '../test/cluster/server/harness';
import { longestPause } from './largeDump';
import { median } from './measure';
import { world } from './treeWorld';

/**
 * How long the explorer holds up the extension host at a time in a cluster of 5,000 Services and
 * 1,000 Nodes. Rows as the other benches print them.
 */
export async function measureTree(): Promise<[string, string, string][]> {
  const server = fork(fileURLToPath(new URL('treeServer.ts', import.meta.url)));
  try {
    const [url] = (await once(server, 'message')) as [string];
    const kubeconfig = kubeconfigFor(url);
    const open = () => openLiveCluster(kubeconfig, 'test', () => defaultLiveSettings, silentLog);
    const cluster = open();
    const below = async (node: TreeNode | undefined) =>
      (await node?.children?.(new AbortController().signal)) ?? [];
    const root = (filter: string) => clusterNode(world(filter), cluster, { current: true });
    const services = async (filter: string) => below((await below(root(filter)))[0]);
    const nodes = async () => below((await below(root('')))[1]);
    // client-node is loaded once.
    await cluster.info();
    const rows: [string, string, string][] = [];
    for (const [what, task] of [
      ['listed', async () => services('')],
      ['listed again, from memory', async () => services('')],
      ['a namespace opened', async () => below((await services(''))[0])],
      ['a key in the filter box', async () => services('svc-4')],
      ['Nodes listed', nodes],
    ] as const) {
      const pauses: number[] = [];
      for (let run = 0; run < 3; run++) {
        if (/listed$/.test(what)) cluster.refresh();
        pauses.push(await longestPause(task));
      }
      rows.push([
        `5,000 Services: ${what}: longest pause`,
        `${median(pauses).toFixed(0)} ms`,
        '50 ms',
      ]);
    }
    cluster.dispose();
    return rows;
  } finally {
    server.kill();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await measureTree());
