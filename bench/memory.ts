import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { formatMb, formatMs } from './measure';
import type { MemoryReading } from './memoryClient';

/**
 * What a cluster of 5,000 Services and 1,000 Nodes costs, with ten changes of slices a second: server and
 * client are processes of their own. Rows as the other benches print them.
 */
export async function measureMemory(): Promise<[string, string, string][]> {
  const start = (file: string, ...args: string[]) =>
    fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv: process.execArgv });
  const server = start('treeServer.ts', 'changes');
  const [url] = (await once(server, 'message')) as [string];
  const client = start('memoryClient.ts', url);
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
