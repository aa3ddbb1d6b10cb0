import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { samplesWorkbench } from './sharedWorkbench';
import type { Workbench } from './workbench';

const folder = 'kubernetes-1.36-iptables/node-a';
const path = `${folder}/kube-proxy.config.yaml`;

function linesOf(file: string): string[] {
  return readFileSync(`samples/${folder}/${file}`, 'utf8').split('\n');
}

suite("hovers on kube-proxy's configuration in the workbench", () => {
  let workbench: Workbench;

  suiteSetup(async () => {
    workbench = await samplesWorkbench();
  });

  suiteTeardown(() => workbench.close());

  test('clusterCIDR: meaning, default, and the rule of the node beside that shows it', async () => {
    await workbench.openFile(
      path,
      linesOf('kube-proxy.config.yaml').findIndex((line) => line.startsWith('clusterCIDR')) + 1,
    );
    const text = await workbench.hover('clusterCIDR');
    assert.match(text, /The Pods' addresses, one CIDR for each family/);
    assert.match(text, /Applied on node-a: IPv4: local is 10\.244\.0\.0\/16/);
    await workbench.screenshot('hover-cluster-cidr');
    const link = workbench.page.locator('.monaco-hover:visible a', {
      hasText: /^iptables-save-c\.txt:\d+$/,
    });
    const line = Number((await link.textContent())?.split(':')[1]);
    assert.match(
      linesOf('iptables-save-c.txt')[line - 1] ?? '',
      /! -s 10\.244\.0\.0\/16 .* -j KUBE-MARK-MASQ/,
    );
    await link.click();
    await workbench.cursorOnLine(line);
  });
});
