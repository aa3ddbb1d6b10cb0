import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { samplesWorkbench } from './sharedWorkbench';
import { until, type Workbench } from './workbench';

const path = 'kubernetes-1.36-iptables/node-a/iptables-save.txt';
const lines = readFileSync(`samples/${path}`, 'utf8').split('\n');
/** From 1. */
const lineOf = (text: string) => lines.findIndex((line) => line.startsWith(text)) + 1;

suite('hovers, lenses and hints in the workbench', () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await samplesWorkbench();
  });

  suiteTeardown(() => workbench.close());

  test('the hover of 0x4000 tells what the mark means, and leads to the rule that tests it', async () => {
    await workbench.openFile(path, lineOf('-A KUBE-MARK-MASQ'));
    const text = await workbench.hover('0x4000/0x4000');
    assert.match(text, /Mark 0x4000 = bit 14/);
    assert.match(text, /Bit 14 means "needs masquerade" to kube-proxy/);
    await workbench.screenshot('hover-mark');
    const link = workbench.page.locator('.monaco-hover:visible a', {
      hasText: 'nat KUBE-POSTROUTING 1',
    });
    // A hover that is written anew, when more is known, goes away from under the mouse.
    await until('the link of the hover is clicked', async () => {
      if (!(await link.isVisible())) await workbench.hover('0x4000/0x4000');
      await link.click({ timeout: 3000 });
    });
    await workbench.cursorOnLine(lineOf('-A KUBE-POSTROUTING -m mark'));
  });

  test('a Service has a lens, its choices have hints', async () => {
    await workbench.openFile(path, lineOf('-A KUBE-SVC-DC3OOLRZIWFKJHLB'));
    const lens = workbench.page.locator('.codelens-decoration', {
      hasText: 'default/whoami:3000/TCP',
    });
    await lens.first().waitFor();
    assert.match((await lens.first().textContent()) ?? '', /3 endpoints.*Trace/);
    await workbench.screenshot('lens');
    const chain = await workbench.hover('KUBE-SVC-DC3OOLRZIWFKJHLB');
    assert.match(chain, /Service port default\/whoami \(tcp\)/);
    await workbench.screenshot('hover-chain');
    // The hints stand at the ends of long lines.
    await workbench.openFile(path, lineOf('-A KUBE-SVC-DC3OOLRZIWFKJHLB') + 1);
    await workbench.page.keyboard.press('End');
    const hint = workbench.page.locator('.view-line', { hasText: /=\s33\.3\s%/ });
    await hint.first().waitFor();
    assert.equal(await hint.count(), 3);
    await workbench.screenshot('hints');
  });
});
