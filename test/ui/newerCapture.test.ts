import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { startApiServer, type ApiServer } from '../cluster/server/apiServer';
import { kubeconfigFor } from '../cluster/server/harness';
import { sampleCluster } from '../cluster/server/sampleCluster';
import { openView, treeRow } from './liveFolder';
import { liveWorkbench } from './sharedWorkbench';
import { openWorkbench, type Workbench } from './workbench';
import { press } from './flowPanel';

const sample = 'kubernetes-1.36-iptables';
const first = readFileSync(`samples/${sample}/node-a/iptables-save-c.txt`, 'utf8');
const chosen =
  '-m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-LPGSDLJ3FDW46N4W';

/** Half a minute later: 15 more to the second endpoint of kube-dns; the first now gets a quarter. */
const second = first
  .replaceAll('13:42:24', '13:42:54')
  .replace(/^\[5:275\](?= -A KUBE-SVC-TCOU7JCQXEZGVUNU)/m, '[20:1100]')
  .replace(chosen, chosen.replace('0.5', '0.25'));

/** The third: the rules were loaded anew, so its counters went back. */
const third = second
  .replaceAll('13:42:54', '13:43:24')
  .replace(/^\[20:1100\](?= -A KUBE-SVC-TCOU7JCQXEZGVUNU)/m, '[1:55]');

function edgeLabel(panel: FrameLocator, text: string | RegExp): Locator {
  return panel.locator('.edge-label', { hasText: text });
}

suite('a newer capture of a live node', () => {
  let workbench: Workbench;
  let server: ApiServer;
  let text = first;
  let panel: FrameLocator;

  suiteSetup(async () => {
    server = await startApiServer(sampleCluster(sample, ['node-a'], () => text));
    workbench = await liveWorkbench('newer-capture', kubeconfigFor(server.url));
  });

  suiteTeardown(async () => {
    await workbench.close();
    await server.close();
  });

  const row = (name: string) => treeRow(workbench.page, name);

  test('the counters of the only capture, and no rate', async () => {
    await openView(workbench.page, 'Kube-Proxy');
    await workbench.expand('kube-system');
    await workbench.expand('kube-dns');
    panel = workbench.webview();
    await workbench.chooseFromMenu(row('53/UDP'), 'Trace Service', edgeLabel(panel, '50 %'));
    await press(panel, 'Counters');
    await edgeLabel(panel, /^50 % +2 new connections$/).waitFor();
  });

  test('fetched anew: the panel follows in place, with the rate since then', async () => {
    await panel.locator('.side .entry', { hasText: 'Pod on this node' }).click();
    text = second;
    const changed = panel.locator('.edge.changed');
    await workbench.chooseFromMenu(row('node-a'), 'Fetch Dumps Again', changed);
    await edgeLabel(panel, /^75 % +20 new connections, 0\.5\/s$/).waitFor();
    // Its rule is another one than before.
    await edgeLabel(panel, /^25 % +2 new connections, no rate$/).waitFor();
    await panel.locator('.legend', { hasText: 'the mean of 30 s' }).waitFor();
    // What was selected stays, and there is no second panel.
    await panel.locator('.side .entry[aria-expanded=true]').waitFor();
    const panels = workbench.page.locator('.tab', { hasText: 'Flow: kube-system/kube-dns' });
    assert.equal(await panels.count(), 1);
    await workbench.screenshot('flow-newer-capture');
  });

  test('the hover has the rate of the rule', async () => {
    await press(panel, 'Fit');
    await panel.locator('[data-node="endpoint 10.244.1.4:53"]').first().hover();
    const card = panel.locator('.hover-card');
    await card.getByText('0.5/s: 15 in 30 s.').waitFor();
    await workbench.screenshot('flow-hover');
  });

  test('counters that went back: no number, and why', async () => {
    text = third;
    const label = edgeLabel(panel, /^75 % +1 new connection, no rate$/);
    await workbench.chooseFromMenu(row('node-a'), 'Fetch Dumps Again', label);
    const title = panel.locator('.edge[data-edge$="> endpoint 10.244.1.4:53"] > title');
    assert.match(
      (await title.first().textContent())!,
      /no rate: the counters were reset between the captures/,
    );
  });
});

suite('a dump that is written anew on disk', () => {
  let workbench: Workbench;
  let folder: string;

  suiteSetup(async () => {
    // A window of its own: only what lies at its root when it opens is surely watched.
    folder = await mkdtemp(join(tmpdir(), 'kpi-'));
    for (const name of ['ip-addr.txt', 'ip-route.txt']) {
      copyFileSync(`samples/${sample}/node-a/${name}`, join(folder, name));
    }
    writeFileSync(join(folder, 'iptables-save.txt'), first);
    workbench = await openWorkbench({ folder });
  });

  suiteTeardown(async () => {
    await workbench.close();
    await rm(folder, { recursive: true });
  });

  test('the panel follows although no editor has the file open', async () => {
    await workbench.openFile('iptables-save.txt');
    await workbench.runCommand('Kube-Proxy Inspector: Trace Service...');
    await workbench.pick('kube-system/kube-dns:dns');
    const panel = workbench.webview();
    await edgeLabel(panel, '50 %').first().waitFor();
    await press(panel, 'Counters');
    await edgeLabel(panel, /^50 % +2 new connections$/).waitFor();
    await workbench.runCommand('View: Focus First Editor Group');
    await workbench.runCommand('View: Close Editor');
    // As most programs do it: a new file takes the old one's place.
    writeFileSync(join(folder, 'new'), second);
    renameSync(join(folder, 'new'), join(folder, 'iptables-save.txt'));
    await edgeLabel(panel, /^75 % +20 new connections, 0\.5\/s$/).waitFor();
  });
});
