import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startApiServer, type ApiServer } from '../cluster/server/apiServer';
import { kubeconfigFor } from '../cluster/server/harness';
import { liveFolder, kubeconfigText, openView, treeRow, type LiveFolder } from './liveFolder';
import { openWorkbench, type Workbench } from './workbench';

const sample = fileURLToPath(new URL('../../samples/kubernetes-1.36-iptables', import.meta.url));

/**
 * A workspace that names a kubeconfig whose credential plugin writes a file, and an image for debug
 * pods. The same in a trusted workspace proves that the plugin would have run.
 */
suite('a workspace that is not trusted', () => {
  let workbench: Workbench | undefined;
  let server: ApiServer;
  let folder: LiveFolder;
  let mine: LiveFolder;
  const ran = () => readFile(join(folder.path, 'ran'), 'utf8');

  suiteSetup(async () => {
    server = await startApiServer({ objects: { nodes: [{ metadata: { name: 'node-z' } }] } });
    folder = await liveFolder();
    const plugin = join(folder.path, 'plugin');
    await writeFile(plugin, `#!/bin/sh\necho ran > ${folder.path}/ran\nexit 1\n`, { mode: 0o700 });
    const evil = kubeconfigFor(server.url, { user: { exec: { command: plugin } } });
    const renamed = evil.contexts.map((context) => ({ ...context, name: 'evil' }));
    await folder.write({ ...evil, current: 'evil', contexts: renamed });
    await folder.configure({
      'kubeProxyInspector.kubeconfig': folder.kubeconfig,
      'kubeProxyInspector.debugPod.image': 'evil.example/image',
      'kubeProxyInspector.pods': { labelSelector: 'app=evil' },
    });
    await cp(sample, join(folder.path, 'sample'), { recursive: true });
    mine = await liveFolder();
    await writeFile(mine.kubeconfig, kubeconfigText(kubeconfigFor(server.url)));
  });
  teardown(async () => {
    await workbench?.close();
    workbench = undefined;
    await rm(join(folder.path, 'ran'), { force: true });
  });
  suiteTeardown(async () => {
    await server.close();
    await folder.remove();
    await mine.remove();
  });

  async function open(trusted: boolean): Promise<Workbench> {
    workbench = await openWorkbench({
      folder: folder.path,
      env: { KUBECONFIG: mine.kubeconfig },
      settings: {
        'security.workspace.trust.enabled': !trusted,
        'security.workspace.trust.startupPrompt': 'never',
      },
    });
    await openView(workbench.page, 'Kube-Proxy');
    return workbench;
  }

  test('its kubeconfig is not used, no program of it runs, and no pod with its image is offered', async () => {
    const { page, runCommand, chooseFromMenu, expand, webview } = await open(false);
    await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
    // The user's own kubeconfig is.
    await treeRow(page, 'test, current context').waitFor();
    await expand('node-z');
    await treeRow(page, 'No kube-proxy pod').waitFor();
    assert.equal(await page.locator('.monaco-dialog-box').count(), 0);
    const asked = server.requests.filter((request) => request.includes('/pods'));
    assert.ok(asked.some((request) => request.includes('kube-proxy')));
    assert.ok(!asked.some((request) => request.includes('app%3Devil')));
    assert.equal(await treeRow(page, 'evil').count(), 0);
    // Dumps and snapshots work as ever.
    await runCommand('Filter Services and Nodes');
    await page.keyboard.type('node-exporter');
    await page.keyboard.press('Enter');
    await expand('sample');
    const heading = webview().getByText('kube-system/node-exporter');
    await chooseFromMenu(treeRow(page, 'node-exporter'), 'Trace Service', heading);
    await assert.rejects(ran(), { code: 'ENOENT' });
  });

  test('in a trusted one all of that is used', async () => {
    const { page } = await open(true);
    await treeRow(page, 'evil, current context').waitFor();
    await treeRow(page, 'Not logged in').waitFor();
    assert.equal(await ran(), 'ran\n');
  });
});
