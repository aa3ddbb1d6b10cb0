import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderWorkbench, suiteFolder } from './sharedWorkbench';
import { until, type Workbench } from './workbench';

/** What somebody pastes into a ticket: kube-proxy 1.9 without --cluster-cidr. */
const nat = [
  '$ iptables -t nat -S',
  '-P PREROUTING ACCEPT',
  '-P INPUT ACCEPT',
  '-P OUTPUT ACCEPT',
  '-P POSTROUTING ACCEPT',
  '-N KUBE-MARK-MASQ',
  '-N KUBE-POSTROUTING',
  '-N KUBE-SERVICES',
  '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  '-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
  '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
  '-A KUBE-POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE',
  '',
].join('\n');
const servers = [
  '$ ipvsadm -Sn',
  '-A -t 10.254.0.1:443 -s rr',
  '-a -t 10.254.0.1:443 -r 192.168.1.10:6443 -m -w 1',
  '',
].join('\n');

suite('what is wrong here, from two excerpts', () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    const folder = suiteFolder('answer');
    writeFileSync(join(folder, 'iptables-nat-S.txt'), nat);
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
});
