import { startApiServer } from '../test/cluster/server/apiServer';

/** A server of its own process: 5,000 Services in 50 namespaces, each with a slice, 1,000 Nodes. */
const number = (i: number) => String(i).padStart(4, '0');
const range = (length: number) => Array.from({ length }, (_, i) => i);
const metadata = (i: number) => ({
  name: `svc-${number(i)}`,
  namespace: `ns-${i % 50}`,
  labels: { app: `app-${i}`, team: `team-${i % 20}` },
  managedFields: [{ manager: 'kubectl', fieldsV1: { 'f:spec': { 'f:ports': { '.': {} } } } }],
});

const server = await startApiServer({
  objects: {
    services: range(5000).map((i) => ({
      metadata: metadata(i),
      spec: {
        type: i % 10 === 0 ? 'NodePort' : 'ClusterIP',
        clusterIP: `10.${96 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`,
        clusterIPs: [`10.${96 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`],
        selector: { app: `app-${i}` },
        ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
      },
    })),
    endpointslices: range(5000).map((i) => ({
      metadata: {
        ...metadata(i),
        name: `svc-${number(i)}-x`,
        labels: { 'kubernetes.io/service-name': `svc-${number(i)}` },
      },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints: range(4).map((j) => ({
        addresses: [`10.244.${i & 255}.${j + 1}`],
        conditions: { ready: j > 0 || i % 7 > 0 },
        nodeName: `node-${number(i % 1000)}`,
        targetRef: { kind: 'Pod', namespace: `ns-${i % 50}`, name: `pod-${i}-${j}` },
      })),
    })),
    nodes: range(1000).map((i) => ({
      metadata: { name: `node-${number(i)}` },
      status: { nodeInfo: { kubeletVersion: 'v1.36.2' } },
    })),
  },
});
process.send?.(server.url);

/** `changes`: ten slices a second lose an endpoint, or get it back. */
if (process.argv[2] === 'changes') {
  const slices = server.objects['endpointslices']!;
  let count = 0;
  setInterval(() => {
    const slice = slices[count % slices.length] as { metadata: object; endpoints?: unknown[] };
    const resourceVersion = String(1000 + count++);
    const endpoints = slice.endpoints?.slice(count % 2);
    const object = { ...slice, metadata: { ...slice.metadata, resourceVersion }, endpoints };
    server.emit('endpointslices', { type: 'MODIFIED', object });
  }, 100);
}
process.on('disconnect', () => process.exit());
