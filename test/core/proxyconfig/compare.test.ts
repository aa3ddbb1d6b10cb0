import assert from 'node:assert/strict';
import { comparedKeys, compareKey } from '../../../src/core/proxyconfig/compare';
import type { Comparison } from '../../../src/core/proxyconfig/compare/comparison';
import { readSettings } from '../../../src/core/proxyconfig/settings';
import { rulesetsOfText } from '../../../src/syntax/iptables/ruleset/ruleset';
import { testParser } from '../../syntax/parser';
import { configOf, configText, variantNode, variants } from './variants';

/** What the dumps of a variant say of each key of a configuration. */
async function compareAll(config: string, variant: string): Promise<Map<string, Comparison>> {
  const settings = readSettings(configOf(config));
  const node = await variantNode(variant);
  return new Map(
    comparedKeys.flatMap((path) => {
      const found = compareKey(path, settings, node);
      return found ? [[path, found] as const] : [];
    }),
  );
}

async function differing(config: string, variant: string): Promise<string[]> {
  const all = await compareAll(config, variant);
  return [...all].filter(([, { verdict }]) => verdict === 'differs').map(([path]) => path);
}

/** One key of a configuration, against a variant's dumps. */
async function compareOne(config: string, path: string, variant: string): Promise<Comparison> {
  const found = (await compareAll(config, variant)).get(path);
  assert.ok(found, path);
  return found;
}

suite('a configuration and the dumps of the node it was given to', () => {
  for (const variant of variants) {
    test(`${variant}: nothing differs, and what shows is said to be applied`, async () => {
      const all = await compareAll(configText(variant), variant);
      const verdicts = [...all].map(([path, { verdict, text }]) => `${path} ${verdict}: ${text}`);
      assert.deepEqual(
        verdicts.filter((text) => text.includes('differs')),
        [],
      );
      assert.equal(all.get('mode')?.verdict, 'applied');
    });
  }

  /** The configuration of another node: which keys differ, and no others. */
  const swaps: readonly (readonly [string, string, readonly string[]])[] = [
    ['iptables-masquerade-all', 'iptables-mode', ['iptables.masqueradeAll']],
    ['iptables-mode', 'iptables-masquerade-all', ['iptables.masqueradeAll']],
    ['iptables-no-cluster-cidr', 'iptables-mode', ['clusterCIDR', 'detectLocalMode']],
    ['iptables-mode', 'iptables-no-cluster-cidr', ['clusterCIDR', 'detectLocalMode']],
    [
      'iptables-nodecidr-nodeportaddresses',
      'iptables-mode',
      ['detectLocalMode', 'nodePortAddresses'],
    ],
    [
      'iptables-mode',
      'iptables-nodecidr-nodeportaddresses',
      ['clusterCIDR', 'detectLocalMode', 'nodePortAddresses'],
    ],
    ['k8s-1.36-iptables-masquerade-all', 'k8s-1.36-iptables-mode', ['iptables.masqueradeAll']],
    [
      'k8s-1.36-iptables-interface-prefix-localhost-off',
      'k8s-1.36-iptables-mode',
      ['detectLocalMode', 'detectLocal.interfaceNamePrefix', 'iptables.localhostNodePorts'],
    ],
    [
      'k8s-1.36-iptables-mode',
      'k8s-1.36-iptables-interface-prefix-localhost-off',
      ['clusterCIDR', 'detectLocalMode', 'iptables.localhostNodePorts'],
    ],
    [
      'k8s-1.36-iptables-nodecidr-nodeportaddresses',
      'k8s-1.36-iptables-mode',
      ['detectLocalMode', 'nodePortAddresses'],
    ],
    [
      'k8s-1.36-iptables-no-cluster-cidr',
      'k8s-1.36-iptables-mode',
      ['clusterCIDR', 'detectLocalMode'],
    ],
    ['ipvs-sched-rr', 'ipvs-sched-lc', ['ipvs.scheduler']],
    ['ipvs-sched-wrr', 'ipvs-sched-rr', ['ipvs.scheduler']],
    ['ipvs-sched-lc', 'ipvs-mode', ['ipvs.scheduler']],
    ['ipvs-masquerade-all', 'ipvs-mode', ['iptables.masqueradeAll']],
    ['ipvs-no-cluster-cidr', 'ipvs-mode', ['clusterCIDR', 'detectLocalMode']],
    ['k8s-1.36-ipvs-no-cluster-cidr', 'k8s-1.36-ipvs-mode', ['clusterCIDR', 'detectLocalMode']],
    ['k8s-1.36-nftables-masquerade-all', 'k8s-1.36-nftables-mode', ['nftables.masqueradeAll']],
    [
      'k8s-1.36-nftables-bridge-interface',
      'k8s-1.36-nftables-mode',
      ['detectLocalMode', 'detectLocal.bridgeInterface', 'nodePortAddresses'],
    ],
    [
      'k8s-1.36-nftables-no-cluster-cidr',
      'k8s-1.36-nftables-mode',
      ['clusterCIDR', 'detectLocalMode'],
    ],
    ['k8s-1.36-nftables-mode', 'k8s-1.36-iptables-mode', ['mode']],
    ['k8s-1.36-ipvs-mode', 'k8s-1.36-ipvs-to-iptables-leftovers', ['mode']],
    ['k8s-1.36-iptables-mode', 'k8s-1.36-iptables-to-ipvs-leftovers', ['mode']],
    ['k8s-1.36-iptables-mode', 'k8s-1.36-mixed-leftovers', ['mode']],
  ];
  for (const [config, node, keys] of swaps) {
    test(`${config}'s on ${node}: ${keys.join(', ')}`, async () => {
      assert.deepEqual(
        (await differing(configText(config), node)).filter((key) => !key.endsWith('SyncPeriod')),
        keys,
      );
    });
  }
});

suite('one key against the dumps', () => {
  test('masqueradeBit 20', async () => {
    const found = await compareOne(
      'iptables: {masqueradeBit: 20}',
      'iptables.masqueradeBit',
      'iptables-mode',
    );
    assert.equal(found.node, 'node-a');
    assert.equal(found.verdict, 'differs');
    assert.equal(found.text, 'KUBE-MARK-MASQ sets 0x4000 (bit 14), not 0x100000 (bit 20).');
    assert.equal(found.evidence?.line, 54);
  });

  test('masqueradeBit 31 is no negative number', async () => {
    const found = await compareOne(
      'iptables: {masqueradeBit: 31}',
      'iptables.masqueradeBit',
      'iptables-mode',
    );
    assert.match(found.text, /not 0x80000000 \(bit 31\)/);
  });

  test('another CIDR', async () => {
    const found = await compareOne(
      'clusterCIDR: 10.0.0.0/8',
      'clusterCIDR',
      'k8s-1.36-iptables-mode',
    );
    assert.equal(found.text, 'IPv4: local is 10.244.0.0/16; by this file it would be 10.0.0.0/8.');
  });

  test('clusterCIDR is not read with another detectLocalMode', async () => {
    const config = 'clusterCIDR: 10.0.0.0/8\ndetectLocalMode: NodeCIDR';
    const found = await compareOne(config, 'clusterCIDR', 'k8s-1.36-iptables-mode');
    assert.equal(found.verdict, 'unused');
  });

  test('NodeCIDR without the Node object is unknown, and says so', async () => {
    const node = { ...(await variantNode('k8s-1.36-iptables-mode')), objects: undefined };
    const settings = readSettings(configOf('detectLocalMode: NodeCIDR'));
    const found = compareKey('detectLocalMode', settings, node);
    assert.equal(found?.verdict, 'unknown');
    assert.match(found?.text ?? '', /the Node object of node-a is not at hand/);
  });

  test('rules of kube-proxy in both backends: which are in use is unknown', async () => {
    const node = await variantNode('iptables-mode');
    const other = await variantNode('iptables-no-cluster-cidr');
    const rulesets = [...node.state.rulesets, ...other.state.rulesets];
    const both = { ...node, state: { ...node.state, rulesets } };
    const settings = readSettings(configOf(configText('iptables-mode')));
    assert.equal(compareKey('clusterCIDR', settings, both)?.verdict, 'unknown');
    assert.equal(compareKey('mode', settings, both)?.verdict, 'applied');
  });

  test('strictARP is unknown without the sysctls', async () => {
    const config = 'mode: ipvs\nipvs: {strictARP: true}';
    const without = await compareOne(config, 'ipvs.strictARP', 'ipvs-sched-rr');
    assert.equal(without.verdict, 'unknown');
    const held = await compareOne(config, 'ipvs.strictARP', 'k8s-1.36-ipvs-mode');
    assert.equal(held.verdict, 'differs');
    assert.equal(held.text, 'arp_ignore is 0, arp_announce 0.');
  });

  test('strictARP is arp_ignore 1 with arp_announce 2, and neither alone', async () => {
    const held = await variantNode('k8s-1.36-ipvs-mode');
    const verdict = (strictARP: boolean, ignore: string, announce: string) => {
      const sysctls = new Map([
        ['net.ipv4.conf.all.arp_ignore', ignore],
        ['net.ipv4.conf.all.arp_announce', announce],
      ]);
      const settings = readSettings(configOf(`mode: ipvs\nipvs: {strictARP: ${strictARP}}`));
      const node = { ...held, state: { ...held.state, sysctls } };
      return compareKey('ipvs.strictARP', settings, node)?.verdict;
    };
    assert.equal(verdict(true, '1', '2'), 'applied');
    assert.equal(verdict(true, '1', '0'), 'differs');
    assert.equal(verdict(true, '0', '2'), 'differs');
    assert.equal(verdict(false, '1', '0'), 'applied');
    // kube-proxy never sets them back: who set them is not known.
    assert.equal(verdict(false, '1', '2'), 'unknown');
  });

  test('nodePortAddresses unset in mode nftables: all until 1.29, the primary one since 1.30', async () => {
    const held = await variantNode('k8s-1.36-nftables-mode');
    const text = (minor: number) => {
      const version = { minor, text: `v1.${minor}.0`, from: 'image' as const };
      const settings = readSettings(configOf('mode: nftables'));
      const found = compareKey('nodePortAddresses', settings, { ...held, version });
      return `${found?.verdict} ${found?.text}`;
    };
    assert.match(text(30), /^applied/);
    assert.match(text(29), /^differs .* not on all/);
  });

  test('the primary node port address is bindAddress where that names one; loopback is none', async () => {
    const held = await variantNode('k8s-1.36-nftables-mode');
    const text = (address: string) => {
      const settings = readSettings(configOf(`mode: nftables\nbindAddress: ${address}`));
      const found = compareKey('nodePortAddresses', settings, held);
      return `${found?.verdict} ${found?.text}`;
    };
    assert.match(text('0.0.0.0'), /^applied/);
    assert.match(text('198.18.0.1'), /^differs .* not on 198\.18\.0\.1/);
    assert.match(text('127.0.0.1'), /^differs .* not on all/);
  });

  test('excludeCIDRs names the virtual servers inside', async () => {
    const config = 'mode: ipvs\nipvs: {excludeCIDRs: [10.96.0.1/32]}';
    const found = await compareOne(config, 'ipvs.excludeCIDRs', 'ipvs-mode');
    assert.equal(found.text, 'In 10.96.0.1/32: 10.96.0.1:443.');
    const none = 'mode: ipvs\nipvs: {excludeCIDRs: [10.1.0.0/16]}';
    const nothing = await compareOne(none, 'ipvs.excludeCIDRs', 'ipvs-mode');
    assert.equal(nothing.text, 'No virtual server is in 10.1.0.0/16 now.');
  });

  test('timeouts of IPVS', async () => {
    const same = 'mode: ipvs\nipvs: {tcpTimeout: 15m, udpTimeout: 1m}';
    assert.equal((await compareOne(same, 'ipvs.tcpTimeout', 'ipvs-mode')).verdict, 'applied');
    assert.equal((await compareOne(same, 'ipvs.udpTimeout', 'ipvs-mode')).verdict, 'differs');
  });

  test('connection tracking, by the sysctls', async () => {
    const config = 'conntrack: {tcpEstablishedTimeout: 120h, tcpCloseWaitTimeout: 1h}';
    const on = 'k8s-1.36-iptables-mode';
    const established = await compareOne(config, 'conntrack.tcpEstablishedTimeout', on);
    assert.equal(established.verdict, 'applied');
    const closeWait = await compareOne(config, 'conntrack.tcpCloseWaitTimeout', on);
    assert.equal(closeWait.verdict, 'differs');
    assert.equal(closeWait.text, 'nf_conntrack_tcp_timeout_close_wait is 60, not 3600.');
    const max = await compareOne('mode: iptables', 'conntrack.maxPerCore', on);
    assert.match(max.text, /262144, 8 times maxPerCore: right for as many cores/);
  });

  /** What is said of a key where the sysctls of connection tracking are these. */
  async function bySysctls(path: string, config: string, sysctls: object, minor = 36) {
    const held = await variantNode('k8s-1.36-iptables-mode');
    const given = new Map(
      Object.entries(sysctls).map(([name, value]) => [`net.netfilter.nf_conntrack_${name}`, value]),
    );
    const version = { minor, text: `v1.${minor}.0`, from: 'image' as const };
    const node = { ...held, version, state: { ...held.state, sysctls: given } };
    const found = compareKey(path, readSettings(configOf(config)), node);
    return found && `${found.verdict}: ${found.text}`;
  }

  test('nf_conntrack_max is min, or a multiple of maxPerCore; 1.36 has a cap', async () => {
    const max = (now: string, config = '{maxPerCore: 1000, min: 4000}', minor = 36) =>
      bySysctls('conntrack.maxPerCore', `conntrack: ${config}`, { max: now }, minor);
    assert.match((await max('3999'))!, /^differs: nf_conntrack_max is 3999, less than min/);
    assert.match((await max('4000'))!, /^applied: nf_conntrack_max is 4000, as min says/);
    assert.match((await max('8000'))!, /^unknown: .* 8 times maxPerCore/);
    assert.match((await max('8001'))!, /^differs: .* no multiple of maxPerCore/);
    assert.match((await max('8001', '{maxPerCore: 0}'))!, /^unknown: .*maxPerCore 0 leaves it/);
    assert.match((await max('1048576'))!, /^unknown: .*the cap of 1\.36/);
    assert.match((await max('1048576', '{maxPerCore: 1000, min: 4000}', 35))!, /^differs/);
    assert.match((await max('1048576', '{maxPerCore: 1000, min: 1048576}'))!, /^applied/);
    assert.equal(await max('4000', '{maxPerCore: many}'), undefined);
    assert.equal(await max('4000', '{maxPerCore: 1000, min: few}'), undefined);
    const none = await bySysctls('conntrack.maxPerCore', 'conntrack: {min: 1}', {});
    assert.match(none!, /^unknown: /);
  });

  test('a timeout of connection tracking: whole seconds, and 0 leaves it', async () => {
    const timeout = (written: string) =>
      bySysctls(
        'conntrack.tcpEstablishedTimeout',
        `conntrack: {tcpEstablishedTimeout: ${written}}`,
        { tcp_timeout_established: '60' },
      );
    assert.match((await timeout('60500ms'))!, /^applied: .* is 60\.$/);
    assert.match((await timeout('0s'))!, /^unknown: .*0 leaves it as it is/);
    assert.match((await timeout('59s'))!, /^differs: .* is 60, not 59/);
  });

  test('tcpBeLiberal, by its sysctl; false does not set it back', async () => {
    const liberal = (value: string, now: string) =>
      bySysctls('conntrack.tcpBeLiberal', `conntrack: {tcpBeLiberal: ${value}}`, {
        tcp_be_liberal: now,
      });
    assert.match((await liberal('true', '1'))!, /^applied/);
    assert.match((await liberal('true', '0'))!, /^differs/);
    assert.match((await liberal('false', '0'))!, /^applied/);
    assert.match((await liberal('false', '1'))!, /^unknown/);
    assert.equal(await liberal('maybe', '1'), undefined);
  });

  test('tcpBeLiberal without its sysctl: only a rule of KUBE-FORWARD that drops INVALID tells', async () => {
    const held = await variantNode('k8s-1.36-iptables-mode');
    const parser = await testParser();
    const said = (rule: string, value: boolean) => {
      const text = `*filter\n:FORWARD ACCEPT [0:0]\n:KUBE-FORWARD - [0:0]\n-A KUBE-FORWARD ${rule}\nCOMMIT\n`;
      const rulesets = rulesetsOfText('rules', text, parser);
      const settings = readSettings(configOf(`conntrack: {tcpBeLiberal: ${value}}`));
      return compareKey('conntrack.tcpBeLiberal', settings, {
        ...held,
        state: { ...held.state, sysctls: new Map(), rulesets },
      })?.verdict;
    };
    const drop = '-m conntrack --ctstate INVALID -j DROP';
    assert.equal(said(drop, false), 'applied');
    assert.equal(said(drop, true), 'differs');
    for (const other of [
      '-m conntrack --ctstate INVALID -j ACCEPT',
      '-m conntrack --ctstate NEW -j DROP',
      '-j DROP',
      '-m conntrack --ctstate INVALID',
    ]) {
      assert.equal(said(other, false), 'unknown', other);
    }
  });

  test('tcpBeLiberal, by the rule that drops INVALID packets', async () => {
    const config = 'conntrack: {tcpBeLiberal: true}';
    const found = await compareOne(config, 'conntrack.tcpBeLiberal', 'iptables-mode');
    assert.equal(found.verdict, 'differs');
    assert.match(found.text, /KUBE-FORWARD drops INVALID packets/);
  });

  test('syncPeriod, by the log', async () => {
    const found = await compareOne(
      'iptables: {syncPeriod: 1m}',
      'iptables.syncPeriod',
      'iptables-mode',
    );
    assert.equal(found.verdict, 'differs');
    assert.equal(found.text, 'By its log, kube-proxy started with 30s.');
  });

  test('a value that cannot be read is compared with nothing', async () => {
    const config = 'clusterCIDR: [1]\nmode: 7\niptables: {masqueradeBit: x, masqueradeAll: maybe}';
    const all = await compareAll(config, 'iptables-mode');
    assert.equal(all.has('mode'), false);
    assert.equal(all.has('iptables.masqueradeBit'), false);
    assert.equal(all.has('iptables.masqueradeAll'), false);
  });

  test('no dumps: unknown, never applied', async () => {
    const state = { name: 'empty', rulesets: [], findings: [] };
    const settings = readSettings(configOf('mode: ipvs\nipvs: {excludeCIDRs: [10.0.0.0/8]}'));
    for (const path of comparedKeys) {
      const verdict = compareKey(path, settings, { state })?.verdict ?? 'unknown';
      assert.ok(verdict === 'unknown' || verdict === 'unused', `${path}: ${verdict}`);
    }
  });
});
