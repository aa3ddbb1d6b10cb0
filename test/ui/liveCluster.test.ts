import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { startApiServer, type ApiServer } from '../cluster/server/apiServer';
import { kubeconfigFor } from '../cluster/server/harness';
import { sampleCluster } from '../cluster/server/sampleCluster';
import { openWorkbench, type Workbench } from './workbench';

suite('a live cluster in the workbench', () => {
  let workbench: Workbench;
  let server: ApiServer;
  let folder: string;

  suiteSetup(async () => {
    const sample = sampleCluster('kubernetes-1.36-iptables', ['node-a', 'node-b']);
    server = await startApiServer({ ...sample, tls: true });
    folder = await mkdtemp(join(tmpdir(), 'kpi-'));
    const { current, contexts, clusters, users } = kubeconfigFor(server.url);
    const kubeconfig = join(folder, 'config');
    const text = { 'current-context': current, contexts, clusters, users };
    await writeFile(kubeconfig, JSON.stringify(text));
    // A window of a remote server takes this setting from the machine or the workspace only.
    await mkdir(join(folder, '.vscode'));
    const settings = { 'kubeProxyInspector.kubeconfig': kubeconfig };
    await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
    workbench = await openWorkbench({ folder });
  });

  suiteTeardown(async () => {
    await workbench.close();
    await server.close();
    await rm(folder, { recursive: true });
  });

  function row(text: string): Locator {
    return workbench.page.locator(`.pane-body .monaco-list-row[aria-label^="${text}"]`).first();
  }

  test('nothing is asked before the view is open', async () => {
    await workbench.openFile('config');
    if (server.requests.length > 0) throw new Error(server.requests.join('\n'));
  });

  test('the current context is open, with its Services over TLS', async () => {
    await workbench.page
      .locator('.activitybar .action-label[aria-label^="Kube-Proxy"]')
      .first()
      .click();
    await row('test, current context').waitFor();
    await row('kube-system').waitFor();
    await row('kube-system').click();
    await row('kube-dns, 2/2 ready').waitFor();
  });

  test("a node's dumps are fetched by exec when it is opened", async () => {
    await row('node-a, v1.36.2').click();
    await row('kube-proxy in iptables mode').waitFor();
    await row('iptables-legacy-save.txt, The container does not have this program').waitFor();
    await row('iptables-nft-save.txt, 92 KiB').click();
    const tab = workbench.page.locator('.editor-group-container.active .tab.active');
    await tab.filter({ hasText: /iptables-nft-save\.txt \(node-a, 20/ }).waitFor();
    await workbench.find('KUBE-EXTERNAL-SERVICES');
    await workbench.screenshot('live-cluster');
  });

  test('a change in the cluster shows by itself', async () => {
    const service = {
      metadata: { name: 'just-made', namespace: 'kube-system', resourceVersion: '101' },
      spec: { type: 'ClusterIP', clusterIP: '10.96.9.9', ports: [{ port: 80, protocol: 'TCP' }] },
    };
    server.emit('services', { type: 'ADDED', object: service });
    await row('just-made, 0/0 ready').waitFor();
  });
});
