import { fork } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { connectionOf } from '../src/cluster/live/connection';
import { exec } from '../src/cluster/live/exec';
import { silentLog } from '../src/cluster/log';
import { kubeconfigFor } from '../test/cluster/server/harness';

const pod = { namespace: 'kube-system', name: 'kube-proxy', container: 'kube-proxy' };

/**
 * A 100 MB dump by exec, against the same frames thrown away: how much longer, how much memory, how
 * long the event loop stood still at most. Rows as the other benches print them.
 */
export async function measureExec(): Promise<[string, string, string][]> {
  const server = fork(fileURLToPath(new URL('execServer.ts', import.meta.url)));
  try {
    const [url] = (await once(server, 'message')) as [string];
    const connection = connectionOf(kubeconfigFor(url), 'test');
    await connection.options();
    const drained = await paced(() => drain(url));
    const before = memory();
    const command = ['iptables-save'];
    const request = { pod, command, timeout: 120_000, byteLimit: 256 * 1024 * 1024 };
    let bytes = 0;
    const fetched = await paced(async () => {
      const result = await exec({ connection, log: silentLog }, request);
      bytes = result.bytes;
      return result;
    });
    const held = memory() - before;
    const ratio = (part: number, whole: number) => (part / whole).toFixed(1);
    return [
      ['100 MB dump by exec: time / frames thrown away', ratio(fetched.time, drained.time), '2'],
      ['100 MB dump by exec: memory / its size', ratio(held, bytes), '2'],
      ['100 MB dump by exec: longest pause', `${fetched.pause.toFixed(0)} ms`, '50 ms'],
      ['the same with frames thrown away', `${drained.pause.toFixed(0)} ms`, ''],
    ];
  } finally {
    server.kill();
  }
}

function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** How long a task takes, and the event loop's longest pause in it, in milliseconds. */
async function paced<T>(
  task: () => Promise<T>,
): Promise<{ time: number; pause: number; value: T }> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const started = performance.now();
  const value = await task();
  const time = performance.now() - started;
  delay.disable();
  return { time, pause: delay.max / 1e6, value };
}

/** What ws alone takes. */
async function drain(url: string): Promise<void> {
  const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/exec?command=x`;
  const socket = new WebSocket(url.replace('http', 'ws') + path, 'v5.channel.k8s.io');
  socket.on('message', () => undefined);
  await once(socket, 'close');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await measureExec());
