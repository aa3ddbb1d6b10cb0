import assert from 'node:assert/strict';
import { checkConfig } from '../../../src/core/proxyconfig/check';
import type { ProxyNode } from '../../../src/core/proxyconfig/node';
import { readSettings } from '../../../src/core/proxyconfig/settings';
import { proxyVersion } from '../../../src/core/proxyconfig/version';
import { withMode } from '../../../src/core/proxyconfig/withMode';
import { valueInWords } from '../../../src/core/proxyconfig/words';
import { readTexts } from '../../dumps';
import { configOf } from './variants';

const cidr = 'clusterCIDR: 10.244.0.0/16\n';

/** `SEVERITY CODE: MESSAGE` */
function found(text: string, ...nodes: readonly ProxyNode[]): string[] {
  return checkConfig(configOf(text), nodes).map(
    ({ severity, code, message }) => `${severity} ${code}: ${message}`,
  );
}

async function nodeWith(texts: Readonly<Record<string, string>>, minor = 20): Promise<ProxyNode> {
  const state = await readTexts(new Map(Object.entries(texts)));
  return { state, version: { minor, text: `v1.${minor}.0`, from: 'image' } };
}

suite('a configuration against the dumps of nodes', () => {
  const drops = (mark: string) => ({
    'iptables-save.txt': `*nat\n:KUBE-MARK-DROP - [0:0]\n-A KUBE-MARK-DROP -j MARK --set-xmark ${mark}/${mark}\nCOMMIT\n`,
  });
  const bit = (mode: string, number: number, section = mode) =>
    `${cidr}mode: ${mode}\n${section}: {masqueradeBit: ${number}}\n`;

  test('the mark to masquerade is none that KUBE-MARK-DROP sets', async () => {
    const same =
      "error masquerade-bit-is-drop-bit: KUBE-MARK-DROP of node-a sets the same mark 0x100000: kubelet's KUBE-FIREWALL drops what should be masqueraded.";
    const own = await nodeWith(drops('0x100000'), 30);
    assert.deepEqual(found(bit('iptables', 20), own), [same]);
    assert.deepEqual(found(bit('nftables', 20), { ...own, version: undefined }), [same]);
    assert.deepEqual(found(bit('iptables', 19), own), []);
    // Bit 31 is a number below zero to JavaScript.
    const last = await nodeWith(drops('0x80000000'), 30);
    assert.match(found(bit('iptables', 31), last).join(), /the same mark 0x80000000/);
    // Each of the nodes, not the first alone.
    const other = await nodeWith({ 'ip-rule.txt': '0:\tfrom all lookup local\n' }, 30);
    assert.deepEqual(found(bit('iptables', 20), other, own), [same]);
  });

  test('kubelet’s default bit is a warning up to 1.26, where no dump shows another', async () => {
    const node = async (minor: number) => nodeWith({}, minor);
    const told = async (number: number, minor: number) =>
      found(bit('iptables', number), await node(minor)).map((text) => text.split(':')[0]);
    const warning = 'warning masquerade-bit-is-drop-bit';
    assert.deepEqual(await told(15, 26), [warning]);
    assert.deepEqual(await told(15, 27), []);
    assert.deepEqual(await told(14, 26), []);
    assert.deepEqual(found(`${cidr}mode: iptables\n`, await node(26)), []);
  });

  test('node ports answer nowhere on nodes whose addresses are known and outside', async () => {
    const addresses = {
      'ip-addr.txt':
        '1: lo: <UP>\n    inet 127.0.0.1/8 scope host lo\n2: eth0: <UP>\n    inet 10.0.0.5/24 scope global eth0\n',
    };
    const known = await nodeWith(addresses);
    const unknown = await nodeWith({});
    const only = (network: string, ...nodes: ProxyNode[]) =>
      found(`${cidr}nodePortAddresses: [${network}]\n`, ...nodes);
    assert.deepEqual(only('192.0.2.0/24', unknown, known), [
      'warning no-node-port-address: No address of node-a is in here: node ports answer nowhere on it.',
    ]);
    assert.deepEqual(only('192.0.2.0/24', unknown), []);
    assert.deepEqual(only('10.0.0.0/24', known), []);
  });

  test('words among the CIDRs by release', async () => {
    const of = async (items: string, ...minors: number[]) => {
      const nodes = await Promise.all(minors.map((minor) => nodeWith({}, minor)));
      const text = `${cidr}mode: iptables\nnodePortAddresses: [${items}]\n`;
      return found(text, ...nodes).join('\n');
    };
    const neither = (value: string, words: string) =>
      `error bad-cidr: kube-proxy refuses this and ends: ${value} is neither a CIDR nor ${words}.`;
    assert.equal(await of('primary, x', 37), neither('x', 'primary, localhost or all'));
    assert.equal(await of('all, ""', 37), neither('an empty text', 'primary, localhost or all'));
    assert.equal(await of('x', 36), neither('x', 'primary'));
    assert.equal(await of('""', 36), neither('an empty text', 'primary'));
    assert.equal(
      await of('all', 36, 37),
      'error word-too-new: kube-proxy 1.36 refuses this and ends: all came with 1.37.',
    );
    assert.match(
      await of('primary, 10.0.0.0/8', 36),
      /^error primary-beside-cidrs: kube-proxy 1\.36 /,
    );
    assert.match(
      await of('primary, 10.0.0.0/8'),
      /^warning primary-beside-cidrs: kube-proxy before/,
    );
  });

  test('excludeCIDRs are looked at in ipvs mode', () => {
    const of = (mode: string, items: string) =>
      found(`${cidr}mode: ${mode}\nipvs: {excludeCIDRs: [${items}]}\n`).filter((text) =>
        text.includes('bad-cidr'),
      );
    const refused = (value: string) =>
      `error bad-cidr: kube-proxy refuses this and ends: ${value} is no CIDR.`;
    assert.deepEqual(of('ipvs', '10.0.0.0/8, x, ""'), [refused('x'), refused('an empty text')]);
    assert.deepEqual(of('iptables', 'x'), []);
  });

  test('values out of their limits say which these are', () => {
    const must = (text: string) => /must be (.*)\.$/.exec(found(cidr + text).join())?.[1];
    assert.equal(must('iptables: {masqueradeBit: 32}'), 'from 0 to 31');
    assert.equal(must('oomScoreAdj: 1001'), 'from -1000 to 1000');
    assert.equal(must('conntrack: {maxPerCore: -1}'), '0 or more');
    assert.equal(must('conntrack: {udpTimeout: -1s}'), '0 or more');
  });

  test('minSyncPeriod is at most syncPeriod, which is 30s where it is not set', () => {
    const of = (section: string) => found(`${cidr}mode: iptables\niptables: {${section}}\n`);
    const longer = (period: string) => [
      `error sync-periods: kube-proxy refuses this and ends: minSyncPeriod must not be longer than syncPeriod (${period}).`,
    ];
    assert.deepEqual(of('minSyncPeriod: 30s'), []);
    assert.deepEqual(of('minSyncPeriod: 31s'), longer('30s by default'));
    assert.deepEqual(of('minSyncPeriod: 31s, syncPeriod: 0s'), longer('30s by default'));
    assert.deepEqual(of('minSyncPeriod: 10s, syncPeriod: 10s'), []);
    assert.deepEqual(of('minSyncPeriod: 11s, syncPeriod: 10s'), longer('10 s'));
  });
});

suite('a configuration in another mode', () => {
  test('the mode alone is another', () => {
    for (const text of [
      'mode: iptables\nclusterCIDR: 10.0.0.0/8\nnftables: {masqueradeBit: 3}\n',
      'clusterCIDR: 10.0.0.0/8\nnftables: {masqueradeBit: 3}\n',
    ]) {
      const changed = withMode(configOf(text), 'nftables');
      const { mode, masqueradeBit, clusterCidrs } = readSettings(changed);
      assert.deepEqual([mode, masqueradeBit, clusterCidrs?.length], ['nftables', 3, 1]);
      assert.equal(changed.kind === 'map' && changed.pairs.length, 3);
      assert.equal(valueInWords(changed, 'mode')?.startsWith('nftables'), true);
    }
    const list = configOf('- mode: iptables\n');
    assert.equal(withMode(list, 'ipvs'), list);
  });
});

suite('what a key’s value means', () => {
  test('a bit is a mark; what is no bit says nothing', () => {
    const bit = (value: string) =>
      valueInWords(configOf(`iptables: {masqueradeBit: ${value}}`), 'iptables.masqueradeBit');
    assert.equal(bit('0'), 'Bit 0 is the mark 0x1.');
    assert.equal(bit('14'), 'Bit 14 is the mark 0x4000.');
    for (const value of ['32', '-1', '"14"', 'null']) assert.equal(bit(value), undefined, value);
    const other = configOf('oomScoreAdj: 14');
    assert.equal(valueInWords(other, 'oomScoreAdj'), undefined);
  });
});

suite('the release of kube-proxy', () => {
  test('by a Pod of the node itself', () => {
    const pod = (nodeName: string, minor: number) => ({
      kind: 'Pod' as const,
      metadata: { name: 'p', namespace: 'kube-system', labels: {} },
      nodeName,
      hostNetwork: true,
      containers: [
        { name: 'a', image: 'pause:3.9', command: [], args: [] },
        { name: 'b', image: `kube-proxy:v1.${minor}.2`, command: [], args: [] },
      ],
      podIPs: [],
    });
    const objects = { nodes: [], pods: [pod('node-a', 30), pod('node-b', 31)] };
    assert.equal(proxyVersion('node-b', objects, undefined)?.minor, 31);
    assert.equal(proxyVersion('node-c', objects, undefined), undefined);
    for (const log of ['v2.1.30', 'master-v1.30', 'v1.1234.0', '']) {
      assert.equal(proxyVersion('node-c', objects, log), undefined, log);
    }
  });
});
