import type { Cluster } from '../../../src/cluster/cluster';
import { silentLog } from '../../../src/cluster/log';
import { openLiveCluster } from '../../../src/cluster/live/liveCluster';
import { defaultLiveSettings, type LiveSettings } from '../../../src/cluster/live/settings';
import { startApiServer, type ApiServer, type ServerOptions } from './apiServer';
import { kubeconfigFor } from './harness';

/** Runs a test against a live cluster of a server of its own and ends both. */
export async function withLiveCluster<T>(
  options: ServerOptions,
  body: (cluster: Cluster, server: ApiServer) => Promise<T>,
  settings: Partial<LiveSettings> = {},
): Promise<T> {
  const server = await startApiServer(options);
  const all = { ...defaultLiveSettings, ...settings };
  const cluster = openLiveCluster(kubeconfigFor(server.url), 'test', () => all, silentLog);
  try {
    return await body(cluster, server);
  } finally {
    cluster.dispose();
    await server.close();
  }
}

/** Something that a test lets go on, and what waits for it. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
