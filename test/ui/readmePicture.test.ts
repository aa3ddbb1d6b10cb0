import { writeFileSync } from 'node:fs';
import { openWorkbench, type Workbench } from './workbench';
import { press } from './flowPanel';

/**
 * The README's picture, made of the real thing. It replaces media/screenshot.webp only where
 * UPDATE_PICTURES is set: a test run changes no file of the project. WebP, since the picture is in
 * the package: as PNG it was a third of it.
 */
suite('README picture', () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    const settings = {
      'workbench.colorTheme': 'Dark Modern',
      'editor.minimap.enabled': false,
    };
    workbench = await openWorkbench({ settings });
    await workbench.page.setViewportSize({ width: 1280, height: 780 });
  });

  suiteTeardown(() => workbench.close());

  test('three endpoints, a third each, the rule of one revealed', async () => {
    await workbench.openFile('kubernetes-1.36-iptables/node-a/iptables-save.txt');
    await workbench.runCommand('View: Close Primary Side Bar');
    await workbench.runCommand('Kube-Proxy Inspector: Trace Service...');
    await workbench.pick('default/whoami');
    const panel = workbench.webview();
    await panel.locator('h1', { hasText: 'default/whoami' }).waitFor();
    // One above the other: the graph is wide.
    await workbench.runCommand('View: Two Rows Editor Layout');
    await panel.locator('.side .entry', { hasText: 'Pod on this node' }).click();
    await press(panel, 'Fit');
    await panel.locator('.node.endpoint').nth(1).click();
    await panel.locator('.node.endpoint.lit').waitFor();
    await workbench.screenshot('readme');
    const devTools = await workbench.page.context().newCDPSession(workbench.page);
    const { data } = await devTools.send('Page.captureScreenshot', { format: 'webp', quality: 40 });
    if (process.env['UPDATE_PICTURES']) {
      writeFileSync('media/screenshot.webp', Buffer.from(data, 'base64'));
    }
  });
});
