import assert from 'node:assert/strict';
import { startApiServer, type ApiServer } from '../cluster/server/apiServer';
import { kubeconfigFor } from '../cluster/server/harness';
import { startProxy, type ProxyServer } from '../cluster/server/proxyServer';
import { sampleCluster } from '../cluster/server/sampleCluster';
import { liveFolder, openView, treeRow, type LiveFolder } from './liveFolder';
import { openWorkbench, type Workbench } from './workbench';

/**
 * VS Code replaces http.request and https.request in the extension host, and the agents that are
 * given to them (setting http.proxySupport), but not for this machine's own names: so the cluster
 * has a name that only the proxy can resolve.
 */
suite('a cluster behind the proxy of its kubeconfig', () => {
  let workbench: Workbench;
  let server: ApiServer;
  let proxy: ProxyServer;
  let folder: LiveFolder;

  suiteSetup(async () => {
    const sample = sampleCluster('kubernetes-1.36-iptables', ['node-a', 'node-b']);
    server = await startApiServer({ ...sample, tls: true });
    proxy = await startProxy('http');
    folder = await liveFolder();
    const cluster = { 'tls-server-name': 'kubernetes', 'proxy-url': proxy.url };
    const url = `https://kubernetes.test:${server.port}`;
    await folder.write(kubeconfigFor(url, { cluster }));
    workbench = await openWorkbench({
      folder: folder.path,
      env: { KUBECONFIG: folder.kubeconfig },
    });
    await openView(workbench.page, 'Kube-Proxy');
  });
  suiteTeardown(async () => {
    await workbench.close();
    await proxy.close();
    await server.close();
    await folder.remove();
  });

  test('lists and dumps come through it, with the client certificate', async () => {
    await treeRow(workbench.page, 'kube-system').waitFor();
    await workbench.expand('node-a, v1.36.2');
    await treeRow(workbench.page, 'iptables-nft-save.txt, 92 KiB').waitFor();
    assert.equal(server.lastUser(), 'admin');
    const targets = new Set(proxy.tunnels.map(({ target }) => target));
    assert.deepEqual([...targets], [`kubernetes.test:${server.port}`]);
    assert.ok(proxy.tunnels.length >= server.execs.length + 3);
  });
});
