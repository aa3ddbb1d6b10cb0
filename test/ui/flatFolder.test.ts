import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderWorkbench, suiteFolder } from './sharedWorkbench';
import { until, type Workbench } from './workbench';

const sample = 'samples/kubernetes-1.36-ipvs/node-a';

suite('a flat folder whose names do not tell the nodes', () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    const folder = suiteFolder('flat-folder');
    for (const number of [1, 2]) {
      copyFileSync(join(sample, 'iptables-save.txt'), join(folder, `rules${number}.txt`));
      copyFileSync(join(sample, 'ip-addr.txt'), join(folder, `hosts${number}.txt`));
    }
    workbench = await folderWorkbench(folder);
  });

  suiteTeardown(() => workbench.close());

  test('a notification asks once, and what is proposed there counts', async () => {
    await workbench.openFile('rules1.txt');
    const { page } = workbench;
    const toast = page.locator('.notifications-toasts .notification-list-item', {
      hasText: 'seem to be of several nodes',
    });
    const list = page.locator('.quick-input-widget:visible', { hasText: 'Use These Nodes' });
    await toast.waitFor();
    await until('the nodes are listed', async () => {
      const button = toast.locator('.monaco-button', { hasText: 'Set Nodes...' });
      if (await button.isVisible()) await button.click({ timeout: 1500 });
      await list.waitFor({ timeout: 1500 });
    });
    await workbench.pick('Use These Nodes');
    await page.locator('.statusbar-item', { hasText: 'node-1' }).waitFor();
  });
});
