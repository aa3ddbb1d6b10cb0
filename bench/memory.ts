import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildLikeExtension } from '../scripts/build.js';
import { kubeconfigFor } from '../test/cluster/server/harness';
import { formatMb, formatMs } from './measure';
import type { MemoryReading } from './memoryClient';

/**
 * What a cluster of 5,000 Services and 1,000 Nodes costs, with ten changes of slices a second: server and
 * client are processes of their own. The client is built as the extension is: run from its sources it would
 * carry the compiler along, over 100 MB. Rows as the other benches print them.
 */
export async function measureMemory(): Promise<[string, string, string][]> {
  const built = fileURLToPath(new URL('../out/bench', import.meta.url));
  await buildLikeExtension('bench/memoryClient.ts', built);
  const server = fork(fileURLToPath(new URL('treeServer.ts', import.meta.url)), ['changes'], {
    execArgv: process.execArgv,
  });
  const [url] = (await once(server, 'message')) as [string];
  const client = fork(join(built, 'memoryClient.js'), [JSON.stringify(kubeconfigFor(url))], {
    execArgv: ['--expose-gc'],
  });
  try {
    const [reading] = (await once(client, 'message')) as [MemoryReading];
    const { empty, rest, peak, listed, tree, changes } = reading;
    const row = (what: string, value: string, target = ''): [string, string, string] => [
      `5,000 Services, 1,000 Nodes: ${what}`,
      value,
      target,
    ];
    return [
      row('memory before the lists', formatMb(empty.rss)),
      row('memory at rest', formatMb(rest.rss), '250 MB'),
      row('heap at rest', formatMb(rest.heap)),
      row(`peak of memory, ${changes} changes told`, formatMb(peak.rss), '500 MB'),
      row('peak of the heap', formatMb(peak.heap)),
      row('lists', formatMs(listed)),
      row('lists to tree', formatMs(tree), '3 s'),
    ];
  } finally {
    client.kill();
    server.kill();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await measureMemory());
