import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nat19, servers } from '../core/questions/ticket';
import { folderWorkbench, suiteFolder } from './sharedWorkbench';
import { until, type Workbench } from './workbench';

suite('what is wrong here, from two excerpts', () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    const folder = suiteFolder('answer');
    writeFileSync(join(folder, 'iptables-nat-S.txt'), nat19);
    writeFileSync(join(folder, 'ipvsadm-Sn.txt'), servers);
    workbench = await folderWorkbench(folder);
  });

  suiteTeardown(() => workbench.close());

  test('the file and the button above it: the answer is on screen, with what would decide it', async () => {
    await workbench.openFile('iptables-nat-S.txt');
    const button = workbench.page.getByRole('button', { name: 'What Is Wrong Here?' }).first();
    const page = workbench.webview();
    const answer = page.getByText(/no rule with --match-set KUBE-CLUSTER-IP/).first();
    await until('the page', async () => {
      await button.click({ timeout: 3000 });
      await answer.waitFor({ timeout: 20_000 });
    });
    await workbench.screenshot('what-is-wrong');
  });

  test('a place on the page leads to its line, a code to what it means and how to mend it', async () => {
    const page = workbench.webview();
    await page.getByRole('link', { name: 'iptables-nat-S.txt:7' }).first().click();
    await workbench.cursorOnLine(7);
    await page.getByRole('link', { name: 'cluster-ip-not-masqueraded' }).first().click();
    await page.getByText('How to mend').first().waitFor();
  });
});
