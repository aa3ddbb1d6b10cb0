import { startApiServer, type ApiServer } from '../cluster/server/apiServer';
import { kubeconfigFor } from '../cluster/server/harness';
import { sampleCluster } from '../cluster/server/sampleCluster';
import { openView, treeRow } from './liveFolder';
import { liveWorkbench } from './sharedWorkbench';
import type { Workbench } from './workbench';
import { press } from './flowPanel';

suite('all nodes of a live cluster in the workbench', () => {
  let workbench: Workbench;
  let server: ApiServer;

  suiteSetup(async () => {
    const sample = sampleCluster('kubernetes-1.36-iptables', ['node-a', 'node-b']);
    server = await startApiServer({ ...sample, tls: true });
    workbench = await liveWorkbench('overview-live', kubeconfigFor(server.url));
  });

  suiteTeardown(async () => {
    await workbench.close();
    await server.close();
  });

  const item = (text: string) => treeRow(workbench.page, text);
  const row = (node: string) => workbench.webview().locator(`tr[data-node=${node}]`);
  const cell = (node: string, column: string) => row(node).locator(`td[data-column=${column}]`);
  const execs = () => server.requests.filter((request) => request.includes('/exec'));

  test('a Service is shown on all nodes, before any dump is fetched', async () => {
    await openView(workbench.page, 'Kube-Proxy');
    await workbench.expand('default');
    await item('whoami').waitFor();
    const first = row('node-a').getByText('not fetched');
    await workbench.chooseFromMenu(item('whoami'), 'Show on All Nodes', first);
    await row('node-b').getByText('not fetched').waitFor();
    if (execs().length > 0) throw new Error(execs().join('\n'));
  });

  test('one node is fetched by its button', async () => {
    await row('node-a').locator('td button', { hasText: 'Fetch' }).click();
    await cell('node-a', 'endpoints').filter({ hasText: '3 of 3' }).waitFor();
    await row('node-b').getByText('not fetched').waitFor();
  });

  test('the others by "Fetch All"', async () => {
    const panel = workbench.webview();
    await panel.locator('.bar button', { hasText: 'Fetch All' }).click();
    await cell('node-b', 'endpoints').filter({ hasText: '3 of 3' }).waitFor();
    await panel.locator('h1', { hasText: '2 nodes: all program all 3 endpoints' }).waitFor();
    await workbench.screenshot('overview-live');
  });

  test("a node's graph, and back", async () => {
    const panel = workbench.webview();
    await row('node-b').locator('th button').click();
    await panel.locator('h1', { hasText: 'node-b' }).waitFor();
    await panel.locator('.node.endpoint').first().waitFor();
    await press(panel, 'All Nodes');
    await cell('node-a', 'endpoints').filter({ hasText: '3 of 3' }).waitFor();
  });

  test('after a reload of the window the cluster is asked only when the user wants it', async () => {
    await workbench.reload();
    const list = workbench.webview().locator('vscode-button', { hasText: 'List the Nodes' });
    await list.click();
    await row('node-a').getByText('not fetched').waitFor();
  });
});
