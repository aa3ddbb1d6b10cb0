import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderWorkbench, suiteFolder } from './sharedWorkbench';
import type { Workbench } from './workbench';

/** A Service whose comments try to be markup and a command link. */
const hostile = `*nat
:PREROUTING ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-SVC-OQCLJJ5GLLNFY3XB - [0:0]
:KUBE-SEP-VN72UHNM6XOXLRPW - [0:0]
-A PREROUTING -m comment --comment "<img src=x onerror=document.body.remove()>](command:workbench.action.closeAllEditors)" -j KUBE-SERVICES
-A KUBE-SERVICES -d 10.96.0.5/32 -p tcp -m comment --comment "default/whoami: <img src=x onerror=document.body.remove()>" -m tcp --dport 3000 -j KUBE-SVC-OQCLJJ5GLLNFY3XB
-A KUBE-SVC-OQCLJJ5GLLNFY3XB -j KUBE-SEP-VN72UHNM6XOXLRPW
-A KUBE-SEP-VN72UHNM6XOXLRPW -p tcp -m tcp -j DNAT --to-destination 10.11.32.6:3000
COMMIT
`;

suite('flow panels in the workbench', () => {
  const folder = suiteFolder('panels');
  let workbench: Workbench;

  suiteSetup(async () => {
    writeFileSync(join(folder, 'hostile.iptables'), hostile);
    writeFileSync(join(folder, 'empty.iptables'), '*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n');
    workbench = await folderWorkbench(folder);
  });

  suiteTeardown(() => workbench.close());

  test('a dump without Services says so', async () => {
    await workbench.openFile('empty.iptables');
    await workbench.runCommand('Kube-Proxy Inspector: Trace Service...');
    await workbench.page.getByText('This dump has no Service of kube-proxy').waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  test('a hostile comment stays text', async () => {
    await workbench.openFile('hostile.iptables');
    await workbench.runCommand('Kube-Proxy Inspector: Trace Service...');
    await workbench.pick('default/whoami');
    const panel = workbench.webview();
    await panel.locator('h1', { hasText: 'default/whoami' }).waitFor();
    await panel.locator('.node.endpoint').waitFor();
    assert.equal(await panel.locator('img').count(), 0);
    await workbench.screenshot('flow-hostile');
  });

  test('an edit of the dump updates the graph in place', async () => {
    const panel = workbench.webview();
    await workbench.runCommand('View: Focus First Editor Group');
    await workbench.runCommand('Go to Line/Column...');
    await workbench.page.keyboard.type('9:74');
    await workbench.page.keyboard.press('Enter');
    await workbench.page.keyboard.press('End');
    await workbench.page.keyboard.type('9');
    const label = panel.locator('.node.endpoint .label');
    await label.filter({ hasText: /^10\.11\.32\.6:30009$/ }).waitFor();
    await workbench.page.keyboard.press('Backspace');
    await label.filter({ hasText: /^10\.11\.32\.6:3000$/ }).waitFor();
  });

  test('a panel survives the window\u2019s reload', async () => {
    await workbench.runCommand('File: Revert File');
    await workbench.reload();
    const panel = workbench.webview();
    await panel.locator('h1', { hasText: 'default/whoami' }).waitFor();
    await panel.locator('.node.endpoint').waitFor();
  });
});
