import { readFileSync } from 'node:fs';
import { startApiServer, type ApiServer } from '../cluster/server/apiServer';
import { kubeconfigFor } from '../cluster/server/harness';
import { prints } from '../cluster/server/execServer';
import { sampleCluster } from '../cluster/server/sampleCluster';
import { liveFolder, openView, treeRow, type LiveFolder } from './liveFolder';
import { openWorkbench, type Workbench } from './workbench';

suite('a live cluster in the workbench', () => {
  let workbench: Workbench;
  let server: ApiServer;
  let folder: LiveFolder;

  suiteSetup(async () => {
    const sample = sampleCluster('kubernetes-1.36-iptables', ['node-a', 'node-b']);
    const whole = new URL(
      '../../samples/kubernetes-1.36-iptables/node-b/iptables-save.txt',
      import.meta.url,
    );
    // Without its last table, nat, and with Success.
    const cut = readFileSync(whole, 'utf8').replace(/^# Generated.*\n\*nat\n[^]*/m, '');
    server = await startApiServer({
      ...sample,
      tls: true,
      exec: (session) =>
        session.pod === 'kube-proxy-node-b' && session.command[0] === 'iptables-nft-save'
          ? prints(cut)
          : sample.exec?.(session),
    });
    folder = await liveFolder();
    await folder.write(kubeconfigFor(server.url));
    await folder.configure({ 'kubeProxyInspector.kubeconfig': folder.kubeconfig });
    workbench = await openWorkbench({ folder: folder.path });
  });

  suiteTeardown(async () => {
    await workbench.close();
    await server.close();
    await folder.remove();
  });

  const row = (text: string) => treeRow(workbench.page, text);

  test('nothing is asked before the view is open', async () => {
    await workbench.openFile('config');
    if (server.requests.length > 0) throw new Error(server.requests.join('\n'));
  });

  test('the current context is open, with its Services over TLS', async () => {
    await openView(workbench.page, 'Kube-Proxy');
    await row('test, current context').waitFor();
    await row('kube-system').waitFor();
    await workbench.expand('kube-system');
    await row('kube-dns, 2/2 ready').waitFor();
  });

  test("a node's dumps are fetched by exec when it is opened", async () => {
    await workbench.expand('node-a, v1.36.2');
    await row('kube-proxy in iptables mode').waitFor();
    await row(
      '11 commands give nothing on this node, as is normal for its image and mode',
    ).waitFor();
    await row('iptables-nft-save.txt, 92 KiB').click();
    const tab = workbench.page.locator('.editor-group-container.active .tab.active');
    await tab.filter({ hasText: /iptables-nft-save\.txt \(node-a, 20/ }).waitFor();
    await workbench.find('KUBE-EXTERNAL-SERVICES');
    await workbench.screenshot('live-cluster');
  });

  test('a dump that was cut between two tables says so, and so does a trace by it', async () => {
    // Room for what is below node-b.
    await row('node-a, v1.36.2').locator('.monaco-tl-twistie').click();
    await workbench.expand('node-b, v1.36.2');
    await row('iptables-nft-save.txt, The dump may have been cut between two tables').waitFor();
    // The findings of node-b come meanwhile, and the tree is drawn anew.
    const chooser = workbench.page.locator('.quick-input-widget:visible');
    await workbench.chooseFromMenu(row('kube-dns, 2/2 ready'), 'Trace on Node...', chooser);
    await workbench.pick('53/UDP');
    await workbench.pick('node-b');
    await workbench.page
      .locator('.notifications-toasts', { hasText: 'node-b, iptables-nft-save.txt: The dump may' })
      .waitFor();
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
