import type { Locator } from 'playwright-core';
import { startApiServer, type ApiServer } from '../cluster/server/apiServer';
import { kubeconfigFor } from '../cluster/server/harness';
import { sampleCluster } from '../cluster/server/sampleCluster';
import { liveFolder, openView, treeRow, type LiveFolder } from './liveFolder';
import { openWorkbench, type Workbench } from './workbench';

/**
 * The Kubernetes extension itself can't be had in a test: it is on the Marketplace and Open VSX
 * only. test/fixtures/kubernetes-extension stands in for it, with its ids, context values and API.
 */
suite("the Kubernetes extension's explorer (a stand-in)", () => {
  let workbench: Workbench;
  let server: ApiServer;
  let folder: LiveFolder;

  suiteSetup(async () => {
    server = await startApiServer(sampleCluster('kubernetes-1.36-iptables', ['node-a', 'node-b']));
    folder = await liveFolder();
    await folder.write(kubeconfigFor(server.url));
    workbench = await openWorkbench({
      folder: folder.path,
      others: ['test/fixtures/kubernetes-extension'],
      env: { KUBECONFIG: folder.kubeconfig },
    });
    await openView(workbench.page, 'Kubernetes');
  });

  suiteTeardown(async () => {
    await workbench.close();
    await server.close();
    await folder.remove();
  });

  const traceService = (name: string, effect: Locator) =>
    workbench.chooseFromMenu(treeRow(workbench.page, name), 'Trace Service (kube-proxy)', effect);

  /** Traces what is answered with a notification alone, and clears it. */
  async function refused(name: string, text: string): Promise<void> {
    const toasts = workbench.page.locator('.notifications-toasts .notification-list-item');
    await traceService(name, toasts.filter({ hasText: text }));
    await workbench.runCommand('Notifications: Clear All Notifications');
  }

  test('what is no Service', async () => {
    await refused('default-account', 'Choose a Service in the Kubernetes explorer.');
  });

  test('a Service that the current context does not have', async () => {
    await refused('gone', 'kube-system/gone was not found in the context test.');
  });

  test('Trace Service shows the graph', async () => {
    const graph = workbench.webview();
    await traceService('node-exporter', graph.getByText('kube-system/node-exporter'));
    await graph.locator('.node text', { hasText: 'KUBE-SVC-' }).first().waitFor();
    await workbench.screenshot('kubernetes-extension');
  });

  test('an extension without the API says where else to go', async () => {
    await workbench.runCommand('Stand-in: the API is not available');
    await refused('node-exporter', 'does not tell which Service it is (version-removed)');
  });
});
