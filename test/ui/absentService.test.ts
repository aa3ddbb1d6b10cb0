import { readFileSync } from 'node:fs';
import { startApiServer, type ApiServer } from '../cluster/server/apiServer';
import { kubeconfigFor } from '../cluster/server/harness';
import { sampleCluster } from '../cluster/server/sampleCluster';
import { openView, treeRow } from './liveFolder';
import { liveWorkbench } from './sharedWorkbench';
import { until, type Workbench } from './workbench';

const sample = 'kubernetes-1.36-iptables';
const whole = readFileSync(`samples/${sample}/node-a/iptables-save-c.txt`, 'utf8');

/** As before kube-proxy had written kube-dns's UDP port: no rule names its chain. */
const without = whole
  .split('\n')
  .filter((line) => !line.includes('KUBE-SVC-TCOU7JCQXEZGVUNU'))
  .join('\n');

suite('a Service that the held dump of a live node lacks', () => {
  let workbench: Workbench;
  let server: ApiServer;
  let text = without;

  suiteSetup(async () => {
    server = await startApiServer(sampleCluster(sample, ['node-a'], () => text));
    workbench = await liveWorkbench('absent-service', kubeconfigFor(server.url));
  });

  suiteTeardown(async () => {
    await workbench.close();
    await server.close();
  });

  test('the panel says so and fetches the node again, and the graph is there', async () => {
    await openView(workbench.page, 'Kube-Proxy');
    await workbench.expand('kube-system');
    await workbench.expand('kube-dns');
    const panel = workbench.webview();
    const again = panel.locator('.problem vscode-button', { hasText: 'Fetch the Dumps Again' });
    await workbench.chooseFromMenu(treeRow(workbench.page, '53/UDP'), 'Trace Service', again);
    await panel.locator('.problem', { hasText: 'has no Service port' }).waitFor();
    text = whole;
    await until('the graph is drawn', async () => {
      if (await again.isVisible()) await again.click({ timeout: 1500 });
      await panel.locator('.edge-label', { hasText: '50 %' }).first().waitFor({ timeout: 1500 });
    });
  });
});
