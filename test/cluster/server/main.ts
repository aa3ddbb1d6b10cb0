/**
 * The test server as a process of its own, over TLS with client certificates:
 * `npx tsx test/cluster/server/main.ts KUBECONFIG` writes that kubeconfig and serves until it is
 * ended. With `KPI_LIVE=1` and KUBECONFIG the tests then treat it like any cluster.
 */
import { writeFile } from 'node:fs/promises';
import { startApiServer } from './apiServer';
import { kubeconfigFor } from './harness';
import { sampleCluster } from './sampleCluster';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Name the kubeconfig to write.');
const sample = sampleCluster('kubernetes-1.36-iptables', ['node-a', 'node-b']);
const server = await startApiServer({ ...sample, tls: true });
const { current, contexts, clusters, users } = kubeconfigFor(server.url);
await writeFile(file, JSON.stringify({ 'current-context': current, contexts, clusters, users }));
console.log(server.url);
