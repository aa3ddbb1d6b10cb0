import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import type { Kubeconfig } from '../../src/cluster/live/kubeconfig';
import { startApiServer, type ApiServer } from '../cluster/server/apiServer';
import { kubeconfigFor } from '../cluster/server/harness';
import { sampleCluster } from '../cluster/server/sampleCluster';
import { unfold } from './flowPanel';
import { liveFolder, openView, type LiveFolder } from './liveFolder';
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
    await unfold(graph);
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

suite("a manifest's lenses: by a kubeconfig", () => {
  let workbench: Workbench;
  let folder: LiveFolder;

  suiteSetup(async () => {
    folder = await liveFolder();
    await writeFile(join(folder.path, 'web.yaml'), web);
    await folder.configure({ 'kubeProxyInspector.kubeconfig': folder.kubeconfig });
    workbench = await openWorkbench({ folder: folder.path });
    await workbench.openFile('web.yaml');
  });

  suiteTeardown(async () => {
    await workbench.close();
    await folder.remove();
  });

  suite('a live cluster', () => {
    let server: ApiServer;

    suiteSetup(async () => {
      const sample = sampleCluster('kubernetes-1.36-iptables', ['node-a', 'node-b']);
      server = await startApiServer({ ...sample, tls: true });
      await folder.write(kubeconfigFor(server.url));
    });

    suiteTeardown(() => server.close());

    test('nothing is asked before a click', async () => {
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

  suite('no cluster', () => {
    test('says so, and leads to the explorer', async () => {
      await rm(folder.kubeconfig);
      await lens(workbench, 'No cluster: open the explorer').waitFor();
      const { page } = workbench;
      const title = page.locator('.composite.title, .pane-header', { hasText: /kube-proxy/i });
      await workbench.clickCodeLens('No cluster', title);
      await page.locator('.pane-body .monaco-list-row').first().waitFor();
    });
  });
});

suite("a manifest's lenses: the explorer is open", () => {
  let workbench: Workbench;
  let server: ApiServer;
  let folder: LiveFolder;
  let config: Kubeconfig;

  suiteSetup(async () => {
    server = await startApiServer(sampleCluster('kubernetes-1.36-iptables', ['node-a', 'node-b']));
    config = kubeconfigFor(server.url);
    folder = await liveFolder();
    await folder.write(config);
    await folder.configure({ 'kubeProxyInspector.kubeconfig': folder.kubeconfig });
    await writeFile(join(folder.path, 'web.yaml'), web);
    workbench = await openWorkbench({ folder: folder.path });
  });

  suiteTeardown(async () => {
    await workbench.close();
    await server.close();
    await folder.remove();
  });

  test('then the cluster is asked without a click', async () => {
    await workbench.openFile('web.yaml');
    await lens(workbench, 'Show what test has').waitFor();
    assert.deepEqual(server.requests, []);
    await openView(workbench.page, 'Kube-Proxy');
    await lens(workbench, /Trace service \| 10\.101\.18\.6 \| 2\/2 endpoints/).waitFor();
    await lens(workbench, 'Show what test has').waitFor({ state: 'detached' });
  });

  test('a lens follows the current context', async () => {
    await folder.write({ ...config, current: '' });
    await lens(workbench, 'No cluster: choose one').waitFor();
  });
});
