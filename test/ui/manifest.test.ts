import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { startApiServer, type ApiServer } from '../cluster/server/apiServer';
import { kubeconfigFor } from '../cluster/server/harness';
import { sampleCluster } from '../cluster/server/sampleCluster';
import { samplesWorkbench } from './sharedWorkbench';
import { openWorkbench, type Workbench } from './workbench';

const web = [
  'apiVersion: v1',
  'kind: Service',
  'metadata:',
  '  name: web',
  '  namespace: default',
  'spec:',
  '  ports:',
  '  - name: http',
  '    port: 80',
  '',
].join('\n');

/** A code lens by what it says. */
function lens({ page }: Workbench, text: string | RegExp): Locator {
  return page.locator('.codelens-decoration', { hasText: text }).first();
}

/** A folder with a manifest, and the kubeconfig's path in its settings. */
async function folderOf(kubeconfig: string, files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kpi-'));
  await mkdir(join(folder, '.vscode'));
  const settings = { 'kubeProxyInspector.kubeconfig': join(folder, kubeconfig) };
  await writeFile(join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

suite("a manifest's lenses: a snapshot's own objects", () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await samplesWorkbench();
  });

  suiteTeardown(() => workbench.close());

  test('a click on the lens opens the flow graph', async () => {
    await workbench.openFile('kubernetes-1.36-iptables/objects/services.yaml', 30);
    await lens(
      workbench,
      /Trace service \| 10\.101\.18\.6 \| 2\/2 endpoints \| iptables/,
    ).waitFor();
    await workbench.screenshot('manifest-lens');
    const graph = workbench.webview();
    await workbench.clickCodeLens('10.101.18.6', graph.getByText('default/web:http'));
    await graph
      .locator('.node text', { hasText: /KUBE-SVC-/ })
      .first()
      .waitFor();
    await workbench.screenshot('manifest-graph');
  });

  test('any other manifest is compared with the snapshot that is chosen', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kpi-'));
    const path = join(folder, 'web.yaml');
    await writeFile(path, web);
    await workbench.openFile(path);
    const chooser = workbench.page.locator('.quick-input-widget:visible');
    await workbench.clickCodeLens('No cluster: choose one', chooser);
    await workbench.pick('kubernetes-1.36-ipvs');
    await lens(
      workbench,
      /Trace service \| 10\.101\.18\.6 \| 2\/2 endpoints \| ipvs \w+/,
    ).waitFor();
    await lens(workbench, 'kubernetes-1.36-ipvs').waitFor();
    await workbench.screenshot('manifest-chosen');
    await rm(folder, { recursive: true });
  });
});

suite("a manifest's lenses: a live cluster", () => {
  let workbench: Workbench;
  let server: ApiServer;
  let folder: string;

  suiteSetup(async () => {
    const sample = sampleCluster('kubernetes-1.36-iptables', ['node-a', 'node-b']);
    server = await startApiServer({ ...sample, tls: true });
    const { current, contexts, clusters, users } = kubeconfigFor(server.url);
    const config = { 'current-context': current, contexts, clusters, users };
    folder = await folderOf('config', { config: JSON.stringify(config), 'web.yaml': web });
    workbench = await openWorkbench({ folder });
  });

  suiteTeardown(async () => {
    await workbench.close();
    await server.close();
    await rm(folder, { recursive: true });
  });

  test('nothing is asked before a click', async () => {
    await workbench.openFile('web.yaml');
    await lens(workbench, 'Trace service').waitFor();
    await lens(workbench, 'Show what test has').waitFor();
    await workbench.screenshot('manifest-before');
    assert.deepEqual(server.requests, []);
  });

  test('a click shows what the cluster has', async () => {
    const shown = lens(workbench, /Trace service \| 10\.101\.18\.6 \| 2\/2 endpoints/);
    await workbench.clickCodeLens('Show what test has', shown);
    assert.ok(server.requests.some((request) => request.includes('/services')));
    assert.ok(!server.requests.some((request) => request.includes('/exec')));
  });

  test('a change in the cluster shows by itself', async () => {
    const service = server.objects['services']!.find(({ metadata }) => metadata.name === 'web')!;
    const spec = { ...(service.spec as object), ports: [{ name: 'http', port: 8080 }] };
    const metadata = { ...service.metadata, resourceVersion: '102' };
    server.emit('services', { type: 'MODIFIED', object: { ...service, metadata, spec } });
    await lens(workbench, 'differs from the cluster: port 80 → 8080').waitFor();
    await workbench.screenshot('manifest-differs');
  });

  test('the dumps are fetched when the Service is traced', async () => {
    const traced = workbench.webview().getByText('default/web:http');
    await workbench.clickCodeLens('Trace service', traced);
    assert.ok(server.requests.some((request) => request.includes('/exec')));
    // The dumps that are held now tell the mode.
    await lens(workbench, / \| iptables/).waitFor();
  });
});

suite("a manifest's lenses: the explorer is open", () => {
  let workbench: Workbench;
  let server: ApiServer;
  let folder: string;
  let config: Record<string, unknown>;

  suiteSetup(async () => {
    server = await startApiServer(sampleCluster('kubernetes-1.36-iptables', ['node-a', 'node-b']));
    const { current, contexts, clusters, users } = kubeconfigFor(server.url);
    config = { 'current-context': current, contexts, clusters, users };
    folder = await folderOf('config', { config: JSON.stringify(config), 'web.yaml': web });
    workbench = await openWorkbench({ folder });
  });

  suiteTeardown(async () => {
    await workbench.close();
    await server.close();
    await rm(folder, { recursive: true });
  });

  test('then the cluster is asked without a click', async () => {
    await workbench.openFile('web.yaml');
    await lens(workbench, 'Show what test has').waitFor();
    assert.deepEqual(server.requests, []);
    await workbench.page
      .locator('.activitybar .action-label[aria-label^="Kube-Proxy"]')
      .first()
      .click();
    await lens(workbench, /Trace service \| 10\.101\.18\.6 \| 2\/2 endpoints/).waitFor();
    await lens(workbench, 'Show what test has').waitFor({ state: 'detached' });
  });

  test('a lens follows the current context', async () => {
    const other = { ...config, 'current-context': '' };
    await writeFile(join(folder, 'config'), JSON.stringify(other));
    await lens(workbench, 'No cluster: choose one').waitFor();
  });
});

suite("a manifest's lenses: no cluster", () => {
  let workbench: Workbench;
  let folder: string;

  suiteSetup(async () => {
    folder = await folderOf('missing', { 'web.yaml': web });
    workbench = await openWorkbench({ folder });
  });

  suiteTeardown(async () => {
    await workbench.close();
    await rm(folder, { recursive: true });
  });

  test('says so, and leads to the explorer', async () => {
    await workbench.openFile('web.yaml');
    await lens(workbench, 'No cluster: open the explorer').waitFor();
    const { page } = workbench;
    const title = page.locator('.composite.title, .pane-header', { hasText: /kube-proxy/i });
    await workbench.clickCodeLens('No cluster', title);
    await page.locator('.pane-body .monaco-list-row').first().waitFor();
  });
});
