import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { openSnapshot } from '../../src/cluster/snapshot/snapshot';
import { clusterNode } from '../../src/explorer/tree/clusters';
import type { TreeWorld } from '../../src/explorer/tree/node';
import { checkBundle } from '../../src/inspect/checkBundle';
import { tarGzOf } from '../cluster/bundle/archives';

const world = {
  l10n,
  clusterFindings: () => undefined,
  knownFindings: () => undefined,
} as Partial<TreeWorld> as TreeWorld;

suite('an opened bundle', () => {
  let folder: string;
  let path: string;
  setup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kpi-'));
    path = join(folder, 'node-7-2026-11-29_07_07_07.tgz');
    const rules = '*nat\n:KUBE-SERVICES - [0:0]\n-A KUBE-SERVICES -j NONSENSE --oh\nCOMMIT\n';
    await writeFile(path, await tarGzOf({ 'networking/iptablessave': rules }));
  });
  teardown(() => rm(folder, { recursive: true }));

  test('its first line: what is there, what is missing; it copies the command', async () => {
    const node = clusterNode(world, openSnapshot(path), { current: true, folder: path });
    const [first] = (await node.children?.(new AbortController().signal)) ?? [];
    assert.equal(first?.label, 'Rancher log collector: IPv4 rules');
    assert.match(first.description ?? '', /^missing: sets, IPVS, addresses, routes, Services/);
    assert.equal(first.command?.id, 'kubeProxyInspector.copyBundleCommand');
    assert.ok(first.target?.kind === 'bundle');
    assert.match(first.target.ask ?? '', /ipset save >/);
    assert.match(first.tooltip ?? '', /takes no ipset/);
  });

  test('inspect check says the same, and checks its rules', async () => {
    const { lines = [], failed } = (await checkBundle(path)) ?? {};
    const text = lines.join('\n');
    assert.match(text, /: Rancher log collector\n {2}there: IPv4 rules\n {2}missing .*: sets,/);
    assert.match(text, /\n {2}to ask the sender for, as root on a node: d=.*ipset save/);
    assert.match(text, /\nnode node-7\n {2}iptables-save\.txt\n/);
    assert.match(text, /node-7\/iptables-save\.txt:3:\d+: error: /);
    assert.equal(failed, true);
    assert.equal(await checkBundle(join(folder, 'none')), undefined);
  });
});
