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

  const traceService = (name: string) =>
    workbench.chooseFromMenu(treeRow(workbench.page, name), 'Trace Service (kube-proxy)');

  async function notification(text: string): Promise<void> {
    const toast = workbench.page.locator('.notifications-toasts .notification-list-item');
    await toast.filter({ hasText: text }).first().waitFor();
    await workbench.runCommand('Notifications: Clear All Notifications');
  }

  test('what is no Service', async () => {
    await traceService('default-account');
    await notification('Choose a Service in the Kubernetes explorer.');
  });

  test('a Service that the current context does not have', async () => {
    await traceService('gone');
    await notification('kube-system/gone was not found in the context test.');
  });

  test('Trace Service shows the graph', async () => {
    await traceService('node-exporter');
    const graph = workbench.webview();
    await graph.getByText('kube-system/node-exporter').first().waitFor();
    await graph.locator('.node text', { hasText: 'KUBE-SVC-' }).first().waitFor();
    await workbench.screenshot('kubernetes-extension');
  });

  test('an extension without the API says where else to go', async () => {
    await workbench.runCommand('Stand-in: the API is not available');
    await traceService('node-exporter');
    await notification('does not tell which Service it is (version-removed)');
  });
});
