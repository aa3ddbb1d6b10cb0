import assert from 'node:assert/strict';
import { openWorkbench, type Workbench } from './workbench';

suite('a dump in the workbench', () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await openWorkbench();
  });

  suiteTeardown(() => workbench.close());

  test('opens from the samples folder', async () => {
    await workbench.openFile('kubernetes-1.36-iptables/node-a/iptables-save.txt', 12);
    assert.equal(await workbench.activeTab(), 'iptables-save.txt');
    await workbench.cursorOnLine(12);
    await workbench.click('-A INPUT -j KUBE-FIREWALL');
    await workbench.cursorOnLine(23);
    await workbench.screenshot('dump');
  });
});
