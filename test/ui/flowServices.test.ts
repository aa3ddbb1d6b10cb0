import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FrameLocator } from 'playwright-core';
import { ansibleOf, withComments, withEndpoints, withWeights } from './derivedDumps';
import {
  choose,
  chooseService,
  exportGraph,
  only,
  picture,
  press,
  selectEntry,
  shares,
  traceService,
} from './flowPanel';
import { folderWorkbench, suiteFolder } from './sharedWorkbench';
import type { Workbench } from './workbench';

const samples = resolve('samples');
const v136 = join(samples, 'kubernetes-1.36-iptables/node-a');
const whoami = { chain: 'KUBE-SVC-DC3OOLRZIWFKJHLB', address: '10.99.205.136:3000/TCP' };

/** In a comment, and in a chain's name: what iptables takes, but for spaces. */
const evilComment = ' <img src=x onerror=alert(1)>](command:workbench.action.closeAllEditors)';
const evilChain = '<img/src=x/onerror=alert(1)>';

/** From 1. */
function lineOf(dump: string, text: string): number {
  const at = readFileSync(dump, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text));
  assert.ok(at >= 0, text);
  return at + 1;
}

/** Each kind of Service, of real nodes, in one window. */
suite('Services in the workbench', () => {
  const folder = suiteFolder('services');
  let workbench: Workbench;
  let panel: FrameLocator;

  suiteSetup(async () => {
    writeNode('thousand', v136, 'iptables-save.txt', (dump) =>
      withEndpoints(dump, whoami.chain, 1000),
    );
    writeNode('hostile', v136, 'iptables-save.txt', (dump) =>
      withComments(dump, 'default/whoami', evilComment).replaceAll(
        'KUBE-SEP-U6DOR6RBN2GGPJH6',
        evilChain,
      ),
    );
    mkdirSync(join(folder, 'ticket'));
    const save = readFileSync(join(v136, 'iptables-save.txt'), 'utf8');
    writeFileSync(join(folder, 'ticket', 'ticket.txt'), ansibleOf(save));
    const ipvs = join(samples, 'kubernetes-1.36-ipvs/node-a');
    writeNode('weights', ipvs, 'ipvsadm-Ln.txt', (table) =>
      withWeights(withWeights(table, '10.105.105.75:443', 'wrr'), '10.104.74.189:80', 'rr'),
    );
    workbench = await folderWorkbench(folder);
  });

  suiteTeardown(() => workbench.close());

  /** A copy of a node's real files, one of them changed. */
  function writeNode(name: string, from: string, file: string, change: (text: string) => string) {
    const to = join(folder, name);
    mkdirSync(to);
    cpSync(from, to, { recursive: true });
    writeFileSync(join(to, file), change(readFileSync(join(from, file), 'utf8')));
  }

  async function landsOn(dump: string, rule: string): Promise<void> {
    await workbench.runCommand('View: Focus First Editor Group');
    await workbench.cursorOnLine(lineOf(dump, rule));
  }

  async function clickNode(node: string, hasText?: string): Promise<void> {
    await press(panel, 'Fit');
    await panel.locator(node, { hasText }).first().click();
  }

  /** The texts of the selected entry's steps. */
  function steps(): Promise<string[]> {
    return panel.locator('.side .step .title').allTextContents();
  }

  test('NodePort, Local, no local endpoint: outside ends at the DROP rule', async () => {
    const dump = join(v136, 'iptables-save.txt');
    panel = await traceService(workbench, dump, 'shop/edge-np:http');
    await selectEntry(panel, 'Outside, NodePort');
    const shown = await picture(panel);
    const drop = only(shown, 'drop');
    assert.deepEqual(drop.texts, ['DROP', 'filter KUBE-EXTERNAL-SERVICES rule 6']);
    assert.ok(drop.bright);
    assert.equal(only(shown, 'endpoint').bright, false);
    const into = shown.edges.filter(({ id }) => id.endsWith(` > ${drop.id}`));
    assert.deepEqual(
      into.map(({ bad }) => bad),
      [true],
    );
    assert.ok(!shown.edges.some(({ id }) => id.startsWith(`${drop.id} > `)));
    assert.match((await steps()).at(-1)!, /^DROP/);

    await clickNode('.node.drop');
    await landsOn(dump, '"shop/edge-np:http has no local endpoints"');
  });

  test('no endpoints: rejected by a rule, and no endpoint is drawn', async () => {
    await chooseService(panel, 'shop/orphan:http');
    const shown = await picture(panel);
    assert.equal(only(shown, 'reject').texts[0], 'REJECT icmp-port-unreachable');
    assert.deepEqual(shares(shown), []);
    assert.match(
      (await panel.locator('h1 .verdict').textContent())!,
      /^Refused from pods and the node: its selector matches no Pod$/,
    );
    await clickNode('.node.reject');
    await landsOn(join(v136, 'iptables-save.txt'), '"shop/orphan:http has no endpoints"');
  });

  test('source ranges: an allowed source is masqueraded, a refused one dropped', async () => {
    await chooseService(panel, 'shop/checkout:https');
    await selectEntry(panel, /Allowed, load balancer IP.*198\.51\.100\./);
    let shown = await picture(panel);
    const mark = shown.nodes.find(({ texts }) => texts[1]?.startsWith('KUBE-EXT-S6GYCJULEJ2HSKT7'));
    assert.deepEqual(mark?.badges, ['set 0x4000']);
    assert.ok(mark.bright);
    const exits = shown.nodes.filter(({ kind, bright }) => kind === 'exit' && bright);
    assert.deepEqual(exits.map(({ texts }) => texts[0]).sort(), [
      'Source \u2192 10.244.0.1',
      'Source \u2192 192.168.77.10',
    ]);

    await selectEntry(panel, /Refused, load balancer IP/);
    shown = await picture(panel);
    assert.ok(only(shown, 'drop').bright);
    assert.ok(shown.nodes.every(({ kind, bright }) => kind !== 'endpoint' || !bright));
    await workbench.screenshot('flow-refused');
  });

  test('a dump in strings of JSON: a click and the cursor meet at the line of the text', async () => {
    const ticket = join(folder, 'ticket', 'ticket.txt');
    panel = await traceService(workbench, ticket, 'default/whoami');
    await clickNode('.node.endpoint', '10.244.0.4:3000');
    await landsOn(ticket, '--to-destination 10.244.0.4:3000');
    await panel.locator('.node.endpoint.lit', { hasText: '10.244.0.4:3000' }).waitFor();
  });

  test('1.20: a refused source is marked for a DROP that this node does not have', async () => {
    const dump = join(samples, 'kubernetes-1.20-iptables/node-a/iptables-save.txt');
    panel = await traceService(workbench, dump, 'shop/checkout:https', '10.97.27.200:443/TCP');
    // The entry that was selected above is there, too.
    await choose(panel, 'entry', 'All');
    await panel.locator('.node.dim').first().waitFor({ state: 'detached' });
    const shown = await picture(panel);
    assert.deepEqual(shares(shown), ['10.244.0.10:8443 50 %', '10.244.1.8:8443 50 %']);
    await selectEntry(panel, /Refused, load balancer IP/);
    assert.ok((await steps()).includes('jump KUBE-MARK-DROP'));
    assert.match((await steps()).at(-1)!, /^ACCEPT/);
  });

  test('IPv6: its own dump has its own Services', async () => {
    const dump = join(v136, 'ip6tables-save.txt');
    panel = await traceService(workbench, dump, 'shop/dual:http', '[fd00:10:96::f6cc]:80/TCP');
    const shown = await picture(panel);
    assert.deepEqual(shares(shown).sort(), [
      '[fd00:10:244:1::14]:8130 50 %',
      '[fd00:10:244::16]:8130 50 %',
    ]);
    await clickNode('.node.endpoint', '[fd00:10:244::16]:8130');
    await landsOn(dump, 'shop/dual:http" -m tcp -j DNAT --to-destination [fd00:10:244::16]:8130');
  });

  test('iptables-legacy: the same graph', async () => {
    const dump = resolve('test/fixtures/dumps/iptables-legacy/node-a/iptables-save.txt');
    panel = await traceService(workbench, dump, 'default/whoami', whoami.address);
    const shown = await picture(panel);
    assert.deepEqual(shares(shown), [
      '10.244.0.3:3000 33.3 %',
      '10.244.0.4:3000 33.3 %',
      '10.244.1.3:3000 33.3 %',
    ]);
  });

  test('ipvs: wrr shares by weight, rr does not', async () => {
    const dump = join(folder, 'weights/ipvsadm-Ln.txt');
    panel = await traceService(workbench, dump, '10.105.105.75:443');
    let shown = await picture(panel);
    assert.deepEqual(shares(shown), ['10.244.0.11:8443 75 %', '10.244.1.10:8443 25 %']);
    assert.deepEqual(only(shown, 'virtual-server').texts, [
      '10.105.105.75:443',
      'IPVS in input, wrr',
    ]);
    const hooks = shown.nodes.filter(({ kind }) => kind === 'hook').map(({ texts }) => texts[0]);
    assert.ok(hooks.includes('PREROUTING'), hooks.join());
    await workbench.screenshot('flow-ipvs');

    // More than 100 virtual servers: the chooser leads to a search.
    await choose(panel, 'service-port', 'Search all');
    await workbench.pick('10.104.74.189:80');
    await panel.locator('h1', { hasText: '10.104.74.189:80' }).waitFor();
    shown = await picture(panel);
    assert.deepEqual(
      shares(shown).map((share) => share.replace(/^\S+ /, '')),
      ['50 %', '50 %'],
    );
  });

  test('1,000 endpoints: one group that opens', async () => {
    const dump = join(folder, 'thousand/iptables-save.txt');
    panel = await traceService(workbench, dump, 'default/whoami', 'thousand');
    const group = only(await picture(panel), 'group');
    assert.deepEqual(group.texts, ['1,000 endpoints', '0.1 % each']);
    await clickNode('.node.group');
    assert.equal(await panel.locator('.cell').count(), 1000);
    await workbench.screenshot('flow-thousand');
    // Two columns of 500 are higher than any panel: the keyboard brings a cell into view.
    const cell = panel.locator('.cell', { hasText: '10.244.10.7:3000' }).first();
    await cell.focus();
    await cell.press('Enter');
    await landsOn(dump, '--to-destination 10.244.10.7:3000');
  });

  test('hostile comments and names are text, also in the exported picture', async () => {
    const dump = join(folder, 'hostile/iptables-save.txt');
    panel = await traceService(workbench, dump, 'default/whoami', whoami.address);
    workbench.page.on('dialog', (dialog) => assert.fail(`It ran: ${dialog.message()}`));
    const shown = await picture(panel);
    assert.ok(
      shown.nodes.some(({ texts }) => texts[0] === evilChain),
      JSON.stringify(shown.nodes),
    );
    await selectEntry(panel, 'Pod on this node');
    assert.ok((await steps()).includes(`jump ${evilChain}`));
    await press(panel, 'Fit');
    await panel.locator('.node', { hasText: evilChain }).hover();
    const card = panel.locator('.hover-card:visible');
    await card.locator('code', { hasText: evilComment }).first().waitFor();
    assert.equal(await panel.locator('img, a').count(), 0);
    await workbench.screenshot('flow-hostile-names');

    const file = join(folder, 'hostile/default-whoami.svg');
    const svg = (await exportGraph(workbench, panel, 'SVG', file)).toString();
    assert.ok(svg.includes(evilChain.replace('<', '&lt;').replace('>', '&gt;')));
    const alone = await workbench.page.context().newPage();
    alone.on('dialog', (dialog) => assert.fail(`It ran: ${dialog.message()}`));
    await alone.goto(pathToFileURL(file).href);
    await alone.locator('text', { hasText: evilChain }).first().waitFor();
    assert.equal(await alone.locator('img, image, a, script').count(), 0);
    await alone.close();
  });
});
