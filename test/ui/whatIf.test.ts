import { samplesWorkbench } from './sharedWorkbench';
import type { Workbench } from './workbench';

const services = 'kubernetes-1.36-iptables/objects/services.yaml';

suite('what would be', () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await samplesWorkbench();
  });

  // Closes without saving: the sample stays as it is.
  suiteTeardown(() => workbench.close());

  test('the lens above an edited Service leads to its graph, marked as a preview', async () => {
    const { page } = workbench;
    // The line that says `port: 80` of default/web, as a whole: a second try writes the same.
    await workbench.openFile(services, 51);
    await page.keyboard.press('Shift+End');
    await page.keyboard.type('      port: 8080');
    // Where the Service's lens is in view.
    await page.keyboard.press('Control+Home');
    const chooser = page.locator('.quick-input-widget:visible');
    await workbench.clickCodeLens('Preview flow', chooser);
    await workbench.pick('node-a');
    const graph = workbench.webview();
    await graph.getByText('node-a (preview)').first().waitFor();
    await graph.locator('.warnings li', { hasText: 'Nothing of it is in force' }).waitFor();
    await graph.locator('.node.endpoint').first().waitFor();
    await workbench.screenshot('preview-graph');
  });

  test('Ready for nftables? of the sample is a page beside the dump', async () => {
    await workbench.openFile('kubernetes-1.36-iptables/node-a/iptables-save.txt');
    await workbench.runCommand('Kube-Proxy Inspector: Ready for nftables?');
    const report = workbench.webview();
    await report
      .getByText(/packets fare differently/)
      .first()
      .waitFor({ timeout: 60_000 });
    await report.getByText('The node to the NodePort on localhost').first().waitFor();
    await workbench.screenshot('ready-for-nftables');
  });
});
