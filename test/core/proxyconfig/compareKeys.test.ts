import assert from 'node:assert/strict';
import { madeNode } from '../expected/agreement/madeNode';
import type { Cluster } from '../expected/byHand';
import { nodeWith, open, said } from './said';

const noRule = 'unknown: The dumps hold no rule for traffic to a cluster IP.';

suite('what tells local traffic, in the rules and in the file', () => {
  const was = 'IPv4: local is 10.244.0.0/16';
  const was6 = 'IPv6: no rule looks for local traffic';
  const cases: readonly (readonly [string, Cluster['config'], string, string, string])[] = [
    ['the same CIDR', {}, 'clusterCIDR: 10.244.0.0/16', 'clusterCIDR', `applied: ${was}.`],
    [
      'another CIDR',
      {},
      'clusterCIDR: 10.0.0.0/8',
      'clusterCIDR',
      `differs: ${was}; by this file it would be 10.0.0.0/8.`,
    ],
    [
      'none in the file',
      {},
      'mode: iptables',
      'clusterCIDR',
      `differs: ${was}; by this file no rule would look for it.`,
    ],
    [
      'none in the rules',
      { clusterCIDR: '' },
      'clusterCIDR: 10.244.0.0/16',
      'clusterCIDR',
      'differs: IPv4: no rule looks for local traffic; by this file it would be 10.244.0.0/16.',
    ],
    [
      'none in either',
      { clusterCIDR: '' },
      'mode: iptables',
      'detectLocalMode',
      'applied: IPv4: no rule looks for local traffic.',
    ],
    [
      'a CIDR that cannot be read',
      {},
      'clusterCIDR: 10.244.0.0',
      'clusterCIDR',
      `unknown: ${was}; clusterCIDR cannot be read.`,
    ],
    [
      'a bridge',
      { detectLocalMode: 'BridgeInterface', detectLocal: { bridgeInterface: 'cni0' } },
      'detectLocalMode: BridgeInterface\ndetectLocal: {bridgeInterface: cni0}',
      'detectLocal.bridgeInterface',
      'applied: IPv4: local is what comes in by cni0.',
    ],
    [
      'another bridge',
      { detectLocalMode: 'BridgeInterface', detectLocal: { bridgeInterface: 'cni0' } },
      'detectLocalMode: BridgeInterface\ndetectLocal: {bridgeInterface: br0}',
      'detectLocalMode',
      'differs: IPv4: local is what comes in by cni0; by this file it would be what comes in by br0.',
    ],
    [
      'a bridge and a prefix of that name',
      { detectLocalMode: 'BridgeInterface', detectLocal: { bridgeInterface: 'cni0' } },
      'detectLocalMode: InterfaceNamePrefix\ndetectLocal: {interfaceNamePrefix: cni0}',
      'detectLocal.interfaceNamePrefix',
      'differs: IPv4: local is what comes in by cni0; by this file it would be what comes in by cni0+.',
    ],
    [
      'no bridge named',
      {},
      'detectLocalMode: BridgeInterface',
      'detectLocalMode',
      `unknown: ${was}; bridgeInterface is not set.`,
    ],
    [
      'no prefix named',
      {},
      'detectLocalMode: InterfaceNamePrefix',
      'detectLocalMode',
      `unknown: ${was}; interfaceNamePrefix is not set.`,
    ],
    [
      'the Node has another CIDR',
      {},
      'detectLocalMode: NodeCIDR',
      'detectLocalMode',
      `differs: ${was}; by this file it would be 10.244.0.0/24.`,
    ],
    [
      'a key that another detectLocalMode reads',
      {},
      'detectLocal: {bridgeInterface: cni0}',
      'detectLocal.bridgeInterface',
      'unused: detectLocalMode ClusterCIDR does not use it.',
    ],
    [
      'clusterCIDR, which another reads',
      {},
      'detectLocalMode: NodeCIDR',
      'clusterCIDR',
      'unused: detectLocalMode NodeCIDR does not use it.',
    ],
    [
      'all is masqueraded',
      { iptables: { masqueradeAll: true } },
      'clusterCIDR: 10.244.0.0/16',
      'clusterCIDR',
      'unknown: All traffic to cluster IPs is masqueraded, so that no rule shows what is local.',
    ],
  ];
  for (const [title, given, config, path, found] of cases) {
    test(title, async () => {
      const { state, objects } = await nodeWith('iptables', given);
      const rulesets = state.rulesets.filter(({ family }) => family === 4);
      assert.equal(said({ state: { ...state, rulesets }, objects: objects! }, path, config), found);
    });
  }

  test('of both families what differs is told first', async () => {
    const both = { ...open, spec: { ...open.spec, clusterIPs: ['10.96.0.5', 'fd00:96::5'] } };
    const six = {
      addressType: 'IPv6',
      endpoints: [{ addresses: ['fd00:244::5'], conditions: {} }],
    };
    const { state, objects } = await madeNode(
      { ...both, slices: [{ endpoints: [{ addresses: ['10.244.1.5'], conditions: {} }] }, six] },
      'iptables',
    );
    const dual = 'clusterCIDR: 10.244.0.0/16,fd00:244::/48';
    assert.equal(
      said({ state, objects }, 'clusterCIDR', dual),
      `differs: ${was} and ${was6}; by this file it would be fd00:244::/48.`,
    );
    assert.equal(
      said({ state, objects }, 'clusterCIDR', 'clusterCIDR: 10.244.0.0/16'),
      `applied: ${was} and ${was6}.`,
    );
  });

  test('nothing where the mode or the way cannot be read, or no rule tells', async () => {
    const node = await nodeWith('iptables');
    assert.equal(said(node, 'detectLocalMode', 'mode: userspace'), undefined);
    assert.equal(said(node, 'detectLocalMode', 'detectLocalMode: Other'), undefined);
    assert.equal(said(node, 'detectLocal.bridgeInterface', 'detectLocalMode: Other'), undefined);
    const bare = { state: { ...node.state, rulesets: [] } };
    assert.equal(said(bare, 'detectLocalMode', 'mode: iptables'), noRule);
    assert.equal(
      said(node, 'detectLocalMode', 'mode: nftables'),
      'unknown: The rules are of iptables mode, not of mode nftables.',
    );
  });
});

suite('masquerading, in the rules and in the file', () => {
  const chain = 'KUBE-MARK-MASQ sets 0x4000 (bit 14)';
  const table = 'The table kube-proxy marks with 0x4000 (bit 14)';

  test('the bit', async () => {
    const iptables = await nodeWith('iptables');
    const nftables = await nodeWith('nftables');
    const bit = 'iptables.masqueradeBit';
    assert.equal(said(iptables, bit, 'iptables: {masqueradeBit: 14}'), `applied: ${chain}.`);
    assert.equal(said(iptables, bit, 'mode: iptables'), `applied: ${chain}.`);
    assert.equal(
      said(iptables, bit, 'iptables: {masqueradeBit: 0}'),
      `differs: ${chain}, not 0x1 (bit 0).`,
    );
    assert.equal(
      said(iptables, bit, 'iptables: {masqueradeBit: 31}'),
      `differs: ${chain}, not 0x80000000 (bit 31).`,
    );
    for (const none of [-1, 32, 'x']) {
      assert.equal(said(iptables, bit, `iptables: {masqueradeBit: ${none}}`), undefined);
    }
    assert.equal(said(iptables, bit, 'mode: kernelspace'), undefined);
    assert.equal(said(nftables, bit, 'mode: nftables'), 'unused: Mode nftables does not use it.');
    const other = 'nftables.masqueradeBit';
    assert.equal(said(nftables, other, 'mode: nftables'), `applied: ${table}.`);
    assert.equal(
      said(nftables, other, 'mode: nftables\nnftables: {masqueradeBit: 13}'),
      `differs: ${table}, not 0x2000 (bit 13).`,
    );
    assert.equal(said(iptables, other, 'mode: iptables'), 'unused: Mode iptables does not use it.');
  });

  test('the bit without rules that show it', async () => {
    const { state } = await nodeWith('iptables');
    const bare = { state: { ...state, rulesets: [] } };
    assert.equal(
      said(bare, 'iptables.masqueradeBit', 'mode: iptables'),
      'unknown: The dumps hold neither KUBE-MARK-MASQ nor KUBE-POSTROUTING.',
    );
    assert.equal(
      said(bare, 'nftables.masqueradeBit', 'mode: nftables'),
      'unknown: `nft list ruleset` is missing.',
    );
  });

  test('all, some or none of the traffic to cluster IPs', async () => {
    const path = 'iptables.masqueradeAll';
    const [yes, no] = [
      'iptables: {masqueradeAll: true}',
      'iptables: {masqueradeAll: false}',
    ] as const;
    const some =
      'Only traffic from elsewhere than local Pods is masqueraded on its way to cluster IPs.';
    const node = await nodeWith('iptables');
    assert.equal(said(node, path, no), `applied: ${some}`);
    assert.equal(said(node, path, yes), `differs: ${some}`);
    const all = await nodeWith('iptables', { iptables: { masqueradeAll: true } });
    assert.equal(said(all, path, yes), 'applied: All traffic to cluster IPs is masqueraded.');
    assert.equal(said(all, path, no), 'differs: All traffic to cluster IPs is masqueraded.');
    const none = await nodeWith('iptables', { clusterCIDR: '' });
    const nobody = 'No rule masquerades traffic to cluster IPs for where it comes from.';
    assert.equal(said(none, path, no), `applied: ${nobody}`);
    assert.equal(said(none, path, yes), `differs: ${nobody}`);
    assert.equal(said({ state: { ...node.state, rulesets: [] } }, path, no), noRule);
    assert.equal(said(node, path, 'iptables: {masqueradeAll: maybe}'), undefined);
  });
});

suite('where node ports answer, by the rules and by the file', () => {
  const path = 'nodePortAddresses';
  const range = (text: string) => `nodePortAddresses: [${text}]`;

  test('iptables mode: the jumps to KUBE-NODEPORTS', async () => {
    const all = await nodeWith('iptables');
    const now = 'Node ports answer on all addresses of the node';
    assert.equal(said(all, path, 'mode: iptables'), `applied: ${now}.`);
    assert.equal(said(all, path, range('0.0.0.0/0')), `applied: ${now}.`);
    assert.equal(said(all, path, range('192.0.2.0/24')), `differs: ${now}, not on 192.0.2.1.`);
    assert.equal(said(all, path, range('198.51.100.0/24')), `differs: ${now}, not on none.`);
    assert.equal(said(all, path, 'mode: other'), undefined);
    assert.equal(said(all, path, 'nodePortAddresses: 7'), undefined);
    const blind = { ...all, state: { ...all.state, interfaces: undefined! } };
    assert.equal(
      said(blind, path, range('192.0.2.0/24')),
      `unknown: ${now}; the node's own addresses are not at hand (\`ip addr\`).`,
    );
    const one = await nodeWith('iptables', { nodePortAddresses: ['192.0.2.0/24'] });
    assert.equal(
      said(one, path, range('192.0.2.0/24')),
      'applied: Node ports answer on 192.0.2.1.',
    );
    assert.equal(
      said(one, path, 'mode: iptables'),
      'differs: Node ports answer on 192.0.2.1, not on all.',
    );
    assert.equal(
      said(one, path, range('127.0.0.0/8, 192.0.2.0/24')),
      'differs: Node ports answer on 192.0.2.1, not on 127.0.0.1 and 192.0.2.1.',
    );
    assert.equal(
      said({ state: { ...all.state, rulesets: [] } }, path, 'mode: iptables'),
      'unknown: The dumps hold no jump to the node ports.',
    );
  });

  test('ipvs mode: the virtual servers, loopback aside', async () => {
    const node = await nodeWith('ipvs');
    const now = 'Node ports have virtual servers on 192.0.2.1';
    const ipvs = (text = '') => `mode: ipvs\n${text}`;
    assert.equal(said(node, path, ipvs()), `applied: ${now}.`);
    assert.equal(said(node, path, ipvs(range('127.0.0.0/8, 192.0.2.0/24'))), `applied: ${now}.`);
    assert.equal(said(node, path, ipvs(range('127.0.0.0/8'))), `differs: ${now}, not on none.`);
    assert.equal(said(node, path, ipvs(range('10.0.0.0/8'))), `differs: ${now}, not on none.`);
    const { ipvs: _, ...noServers } = node.state;
    assert.equal(said({ state: noServers }, path, ipvs()), 'unknown: `ipvsadm -Ln` is missing.');
    const { sets: __, ...noSets } = node.state;
    assert.equal(
      said({ state: noSets }, path, ipvs()),
      'unknown: The dumps name no node port (ipset KUBE-NODE-PORT-TCP).',
    );
    const { interfaces: ___, ...noAddresses } = node.state;
    assert.equal(
      said({ state: noAddresses }, path, ipvs()),
      `unknown: ${now}; \`ip addr\` is missing.`,
    );
  });

  test('localhostNodePorts: 127.0.0.0/8 in the jump', async () => {
    const own = 'iptables.localhostNodePorts';
    const set = (value: boolean) => `iptables: {localhostNodePorts: ${value}}`;
    const takes = 'The jump to the node ports takes 127.0.0.0/8 too.';
    const leaves = 'The jump to the node ports leaves out 127.0.0.0/8.';
    const node = await nodeWith('iptables');
    const sysctls = new Map([['net.ipv4.conf.all.route_localnet', '1']]);
    const told = { state: { ...node.state, sysctls } };
    const bare = { state: { ...node.state, sysctls: undefined! } };
    assert.equal(said(told, own, set(true)), `applied: ${takes} route_localnet is 1.`);
    assert.equal(said(bare, own, set(true)), `applied: ${takes}`);
    assert.equal(said(bare, own, set(false)), `differs: ${takes}`);
    const off = await nodeWith('iptables', { iptables: { localhostNodePorts: false } });
    const without = { state: { ...off.state, sysctls: undefined! } };
    assert.equal(said(without, own, set(false)), `applied: ${leaves}`);
    assert.equal(said(without, own, set(true)), `differs: ${leaves}`);
    const some = await nodeWith('iptables', { nodePortAddresses: ['192.0.2.0/24'] });
    assert.equal(
      said({ state: { ...some.state, sysctls: undefined! } }, own, set(true)),
      'unknown: The jumps to the node ports name no loopback address. nodePortAddresses without one has the same effect as false.',
    );
    const loop = await nodeWith('iptables', { nodePortAddresses: ['127.0.0.0/8', '192.0.2.0/24'] });
    const has = { state: { ...loop.state, sysctls: undefined! } };
    assert.equal(said(has, own, set(true)), 'applied: Node ports answer on 127.0.0.1.');
    assert.equal(said(has, own, set(false)), 'differs: Node ports answer on 127.0.0.1.');
    assert.equal(
      said(node, own, `mode: ipvs\n${set(true)}`),
      'unused: Mode ipvs never has node ports on 127.0.0.1.',
    );
    assert.equal(
      said({ state: { ...node.state, rulesets: [] } }, own, set(true)),
      'unknown: The dumps hold no jump to the node ports.',
    );
  });
});
