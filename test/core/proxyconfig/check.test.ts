import assert from 'node:assert/strict';
import { indexObjects } from '../../../src/core/objects/objectIndex';
import { sortObjects } from '../../../src/core/objects/types';
import { checkConfig } from '../../../src/core/proxyconfig/check';
import type { ProxyNode } from '../../../src/core/proxyconfig/node';
import { proxyLogParser } from '../../../src/syntax/kubeproxy/log';
import { nodeFolder } from '../../../src/syntax/node/nodeFolder';
import { readNode } from '../../../src/syntax/node/readNode';
import { parseLines } from '../../../src/syntax/lines';
import { parseObjects } from '../../../src/syntax/objects/objects';
import { configOf, configText, variantNode, variants } from './variants';

/** A node of which only the version is known. */
function nodeOf(minor: number, more: Partial<ProxyNode> = {}): ProxyNode {
  const state = { name: 'node-a', rulesets: [], findings: [] };
  const version = { minor, text: `v1.${minor}.0`, from: 'image' as const };
  return { state, version, ...more };
}

/** `code: the text that it is at`. */
function check(text: string, ...nodes: readonly ProxyNode[]): string[] {
  return checkConfig(configOf(text), nodes).map(
    ({ code, range }) => `${code}: ${text.slice(range.start, range.end)}`,
  );
}

function messages(text: string, ...nodes: readonly ProxyNode[]): string {
  return checkConfig(configOf(text), nodes)
    .map(({ message }) => message)
    .join('\n');
}

const cidr = 'clusterCIDR: 10.244.0.0/16\n';

async function objectsOf(yaml: string): Promise<ProxyNode['objects']> {
  const { value } = await parseObjects(yaml, 'objects.yaml', () => Promise.resolve());
  return indexObjects(sortObjects([...value.services, ...value.nodes]));
}

suite('findings on a kube-proxy configuration', () => {
  for (const variant of variants) {
    test(`${variant}: only what is really so`, async () => {
      const found = check(configText(variant), await variantNode(variant));
      const expected = [
        ...(variant.startsWith('k8s-1.36-') && configText(variant).includes('mode: ipvs')
          ? ['ipvs-deprecated: ipvs']
          : []),
        ...(variant.includes('no-cluster-cidr') ? ['cluster-cidr-missing: null'] : []),
        ...(variant === 'k8s-1.36-iptables-nodecidr-nodeportaddresses'
          ? ['node-port-family-open: - 192.168.77.0/24\n']
          : []),
      ];
      assert.deepEqual(found.sort(), expected.sort());
    });
  }

  test('misspelled and unknown keys', () => {
    const text = `${cidr}Mode: ipvs\nipvs:\n  strictArp: true\n  schedular: rr\nfrobnicate: 1\n`;
    assert.deepEqual(check(text), [
      'misspelled-key: Mode',
      'misspelled-key: strictArp',
      'misspelled-key: schedular',
      'unknown-key: frobnicate',
    ]);
    assert.match(messages(text), /no key strictArp in ipvs and ignores it: strictARP is meant\?/);
    assert.deepEqual(check(`${cidr}featureGates: {Anything: true}\nlogging: {format: json}`), []);
  });

  test('keys of another release', () => {
    const text = `${cidr}iptables: {localhostNodePorts: true}\nudpIdleTimeout: 1s\n`;
    assert.deepEqual(check(text, nodeOf(20)), ['key-of-other-release: localhostNodePorts']);
    assert.deepEqual(check(text, nodeOf(36)), ['key-of-other-release: udpIdleTimeout']);
    assert.deepEqual(check(text), []);
    assert.match(
      messages(text, nodeOf(20), nodeOf(24)),
      /kube-proxy 1\.20 and 1\.24 ignores iptables\.localhostNodePorts, which kube-proxy has since 1\.26/,
    );
    const since = `${cidr}iptables: {localhostNodePorts: true}\n`;
    assert.equal(check(since, nodeOf(25)).length, 1);
    assert.deepEqual(check(since, nodeOf(26)), []);
    // What kube-proxy writes itself for keys that are not set.
    assert.deepEqual(check(`${cidr}iptables: {localhostNodePorts: null}`, nodeOf(20)), []);
  });

  test('keys of another mode', () => {
    const text = `${cidr}mode: nftables\niptables: {masqueradeAll: true, masqueradeBit: 14}\n`;
    assert.deepEqual(check(text, nodeOf(36)), ['key-of-other-mode: masqueradeAll']);
    assert.match(
      messages(text, nodeOf(36)),
      /does not use iptables\.masqueradeAll, but nftables\.masqueradeAll/,
    );
    const ipvs = `${cidr}mode: ipvs\niptables: {masqueradeAll: true}\n`;
    assert.deepEqual(check(ipvs, nodeOf(34)), []);
  });

  test('types that kube-proxy cannot decode', () => {
    const wrong = [
      'iptables: {masqueradeBit: "14"}',
      'iptables: {masqueradeAll: "true"}',
      'iptables: {syncPeriod: 30}',
      'iptables: {syncPeriod: 30 s}',
      'showHiddenMetricsForVersion: 1.35',
      'clusterCIDR: [10.244.0.0/16]',
      'hostnameOverride: no',
      'nodePortAddresses: 10.0.0.0/8',
      'conntrack: 1',
    ];
    for (const text of wrong) {
      assert.match(
        check(`${text.startsWith('cluster') ? '' : cidr}${text}`).join(),
        /^wrong-type: /,
        text,
      );
    }
    const right = [
      'iptables: {masqueradeAll: yes}',
      'iptables: {syncPeriod: 1m30.5s}',
      'showHiddenMetricsForVersion: "1.35"',
      'hostnameOverride: "no"',
      'oomScoreAdj: null',
    ];
    for (const text of right) assert.deepEqual(check(`${cidr}${text}`), [], text);
  });

  test('values out of range', () => {
    assert.deepEqual(check(`${cidr}iptables: {masqueradeBit: 32}`), ['out-of-range: 32']);
    assert.deepEqual(check(`${cidr}iptables: {masqueradeBit: 31}`), []);
    assert.deepEqual(check(`${cidr}oomScoreAdj: -1001`), ['out-of-range: -1001']);
    assert.deepEqual(check(`${cidr}conntrack: {udpTimeout: -1s}`), ['out-of-range: -1s']);
    assert.deepEqual(check(`${cidr}ipvs: {udpTimeout: -1s}`), ['key-of-other-mode: udpTimeout']);
    assert.deepEqual(check(`${cidr}iptables: {minSyncPeriod: 45s}`), ['sync-periods: 45s']);
    assert.deepEqual(check(`${cidr}iptables: {minSyncPeriod: 45s, syncPeriod: 1m}`), []);
  });

  test('modes by release', () => {
    const mode = (name: string) => `${cidr}mode: ${name}\n`;
    assert.deepEqual(check(mode('userspace'), nodeOf(25)), []);
    assert.deepEqual(check(mode('userspace'), nodeOf(26)), ['mode-removed: userspace']);
    assert.deepEqual(check(mode('userspace')), ['mode-removed: userspace']);
    assert.deepEqual(check(mode('nftables'), nodeOf(28)), ['mode-too-new: nftables']);
    assert.deepEqual(check(mode('nftables'), nodeOf(30)), ['mode-behind-gate: nftables']);
    const gate = `${mode('nftables')}featureGates: {NFTablesProxyMode: true}\n`;
    assert.deepEqual(check(gate, nodeOf(30)), []);
    assert.deepEqual(check(mode('nftables'), nodeOf(31)), []);
    assert.deepEqual(check(mode('iptable'), nodeOf(31)), ['unknown-mode: iptable']);
    assert.deepEqual(check(mode('ipvs'), nodeOf(34)), []);
    assert.deepEqual(check(mode('ipvs'), nodeOf(34), nodeOf(35)), ['ipvs-deprecated: ipvs']);
    const [unknownRelease] = checkConfig(configOf(mode('ipvs')));
    assert.equal(unknownRelease?.severity, 'information');
  });

  test('kernelspace is refused on Linux', () => {
    const text = `${cidr}mode: kernelspace\n`;
    assert.deepEqual(check(text), ['windows-mode: kernelspace']);
    // The text may be of Windows nodes: no accusation without a node at hand.
    assert.equal(checkConfig(configOf(text))[0]?.severity, 'information');
    assert.equal(checkConfig(configOf(text), [nodeOf(30)])[0]?.severity, 'error');
  });

  test('no mode, with a release that warns of it', () => {
    assert.deepEqual(check(`${cidr}mode: ""\n`, nodeOf(37)), ['mode-unset: ""']);
    assert.deepEqual(check(cidr, nodeOf(37)), ['mode-unset: clusterCIDR']);
    assert.deepEqual(check(`${cidr}mode: iptables\n`, nodeOf(37)), []);
    assert.deepEqual(check(cidr, nodeOf(36)), []);
    assert.deepEqual(check(cidr), []);
  });

  test('feature gates of 1.37', () => {
    const ipvs = (on: boolean) => `${cidr}mode: ipvs\nfeatureGates: {KubeProxyIPVS: ${on}}\n`;
    assert.deepEqual(check(ipvs(false), nodeOf(37)), [
      'mode-behind-gate: ipvs',
      'ipvs-deprecated: ipvs',
    ]);
    assert.deepEqual(check(ipvs(true), nodeOf(37)), ['ipvs-deprecated: ipvs']);
    assert.deepEqual(check(ipvs(true), nodeOf(34)), ['gate-too-new: KubeProxyIPVS']);
    const loopback = (mode: string, item: string, gate = '') =>
      check(`${cidr}mode: ${mode}\nnodePortAddresses: [primary, ${item}]\n${gate}`, nodeOf(37));
    const off = ['node-port-loopback-off: localhost'];
    assert.deepEqual(loopback('nftables', 'localhost'), off);
    assert.deepEqual(loopback('nftables', '127.0.0.0/8'), ['node-port-loopback-off: 127.0.0.0/8']);
    assert.deepEqual(loopback('nftables', '10.0.0.0/8'), []);
    assert.deepEqual(loopback('iptables', 'localhost'), []);
    const gate = 'featureGates: {KubeProxyNFTablesLocalhostNodePorts: true}\n';
    assert.deepEqual(loopback('nftables', 'localhost', gate), []);
  });

  test('up to 1.29 the iptables section is looked at in every mode', () => {
    const bit = `${cidr}mode: nftables\niptables: {masqueradeBit: 32}\n`;
    const gate = 'featureGates: {NFTablesProxyMode: true}\n';
    assert.match(check(bit + gate, nodeOf(29)).join(), /out-of-range: 32/);
    assert.doesNotMatch(check(bit, nodeOf(36)).join(), /out-of-range/);
    assert.doesNotMatch(check(bit).join(), /out-of-range/);
    const periods = `${cidr}mode: ipvs\niptables: {minSyncPeriod: 45s}\n`;
    assert.match(check(periods, nodeOf(28)).join(), /sync-periods: 45s/);
    assert.match(messages(periods, nodeOf(28)), /kube-proxy 1\.28, in every mode, refuses this/);
    assert.doesNotMatch(check(periods, nodeOf(34)).join(), /sync-periods/);
  });

  test('schedulers', () => {
    const ipvs = (scheduler: string) => `${cidr}mode: ipvs\nipvs: {scheduler: ${scheduler}}`;
    assert.deepEqual(check(ipvs('mh'), nodeOf(26)), ['unknown-scheduler: mh']);
    assert.deepEqual(check(ipvs('mh'), nodeOf(27)), []);
    assert.deepEqual(check(ipvs('wrrr'), nodeOf(27)), ['unknown-scheduler: wrrr']);
  });

  test('a node without IPVS, by its log and by its kernel', async () => {
    const line =
      "E1121 08:04:30.789021    1186 server_others.go:107] Can't use the IPVS proxier: IPVS proxier will not be used because the following required kernel modules are not loaded: [ip_vs_wlc]";
    const log = parseLines(line, proxyLogParser('kube-proxy.log')).value;
    const text = `${cidr}mode: ipvs\n`;
    assert.deepEqual(check(text, nodeOf(20, { log })), ['ipvs-unusable: ipvs']);
    assert.match(
      messages(text, nodeOf(20, { log })),
      /^kube-proxy on node-a can't use IPVS: Can't use the IPVS proxier: .*\[ip_vs_wlc\]\. kube-proxy takes iptables mode instead\.$/,
    );
    // As a node without the module answers `cat /proc/net/ip_vs`.
    const said = 'cat: /proc/net/ip_vs: No such file or directory\n';
    const file = { path: 'proc-net-ip_vs.txt', head: '', size: 0, stderr: said };
    const { state } = await readNode(nodeFolder('node-b', [file]), {
      text: () => Promise.resolve(''),
      rulesets: () => [],
    });
    assert.match(
      messages(text, nodeOf(30, { state })),
      /The kernel of node-b had not loaded IPVS\./,
    );
    assert.deepEqual(check(`${cidr}mode: iptables`, nodeOf(30, { state })), []);
  });

  test('clusterCIDR: form', () => {
    assert.deepEqual(check('clusterCIDR: 10.244.0.0'), ['bad-cidr: 10.244.0.0']);
    assert.deepEqual(check('clusterCIDR: "10.244.0.0/16,fd00::/129"'), ['bad-cidr: fd00::/129']);
    assert.deepEqual(check('clusterCIDR: 10.0.0.0/16,10.1.0.0/16'), [
      'cluster-cidr-families: 10.0.0.0/16,10.1.0.0/16',
    ]);
    const dual = 'clusterCIDR: 10.244.0.0/16,fd00::/48\n';
    assert.deepEqual(check(dual, nodeOf(21)), []);
    assert.deepEqual(check(dual, nodeOf(20)), ['cluster-cidr-families: 10.244.0.0/16,fd00::/48']);
    const gated = `${dual}featureGates: {IPv6DualStack: true}`;
    assert.deepEqual(check(gated, nodeOf(20)), []);
    // The gate is there since 1.16.
    assert.deepEqual(check(gated, nodeOf(16)), []);
    assert.match(check(gated, nodeOf(15)).join(), /cluster-cidr-families/);
  });

  test('clusterCIDR: empty', () => {
    const empty = 'kind: KubeProxyConfiguration\n';
    assert.deepEqual(check(empty), ['cluster-cidr-missing: kind']);
    assert.deepEqual(check(`${empty}clusterCIDR: ""\n`), ['cluster-cidr-missing: ""']);
    assert.deepEqual(check(`${empty}detectLocalMode: NodeCIDR\n`), []);
    assert.deepEqual(check(`${empty}iptables: {masqueradeAll: true}\n`), []);
    assert.match(messages(`${empty}mode: ipvs\n`, nodeOf(30)), /only the node's own connections/);
  });

  test('clusterCIDR: the range of the Services, and Pods outside of it', async () => {
    const metadata = (name: string) => ({ name, namespace: 'shop' });
    const service = (name: string, spec: object) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata(name),
      spec,
    });
    const items = [
      service('web', { clusterIP: '10.96.0.5', clusterIPs: ['10.96.0.5'] }),
      service('dns', { clusterIP: '10.96.0.10' }),
      service('headless', { clusterIP: 'None' }),
      {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: 'node-a' },
        spec: { podCIDRs: ['10.244.1.0/24'] },
      },
    ];
    const objects = await objectsOf(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const node = nodeOf(36, { objects });
    assert.deepEqual(check('clusterCIDR: 10.244.0.0/16', node), []);
    const text = 'clusterCIDR: fd00::/48,10.96.0.0/12\n';
    assert.deepEqual(check(text, node), [
      'pods-outside-cluster-cidr: fd00::/48,10.96.0.0/12',
      'cluster-cidr-is-service-range: 10.96.0.0/12',
    ]);
    assert.match(messages(text, node), /10\.96\.0\.5 of shop\/web and 1 more/);
    assert.deepEqual(check(`${text}detectLocalMode: NodeCIDR\n`, node), []);
  });

  test('detectLocalMode', () => {
    const mode = (name: string) => `${cidr}detectLocalMode: ${name}\n`;
    assert.deepEqual(check(mode('NodeIP')), ['unknown-detect-local-mode: NodeIP']);
    assert.deepEqual(check(mode('BridgeInterface')), ['detect-local-incomplete: BridgeInterface']);
    assert.deepEqual(check(`${mode('BridgeInterface')}detectLocal: {bridgeInterface: cni0}`), []);
    assert.deepEqual(check(`${mode('InterfaceNamePrefix')}detectLocal: {bridgeInterface: cni0}`), [
      'detect-local-incomplete: InterfaceNamePrefix',
    ]);
    const bridge = `${mode('BridgeInterface')}detectLocal: {bridgeInterface: cni0}`;
    assert.match(check(bridge, nodeOf(23)).join(), /detect-local-mode-too-new: BridgeInterface/);
  });

  test('nodePortAddresses', async () => {
    const list = (...items: string[]) => `${cidr}nodePortAddresses: [${items.join(', ')}]\n`;
    assert.deepEqual(check(list('10.0.0.1')), ['bad-cidr: 10.0.0.1']);
    assert.deepEqual(check(list('primary'), nodeOf(31)), []);
    assert.deepEqual(check(list('primary'), nodeOf(30)), ['primary-too-new: primary']);
    assert.deepEqual(check(list('primary', '10.0.0.0/8')), ['primary-beside-cidrs: primary']);
    assert.deepEqual(check(list('primary', 'localhost', '10.0.0.0/8'), nodeOf(37)), [
      'mode-unset: clusterCIDR',
    ]);
    assert.deepEqual(check(list('localhost'), nodeOf(36)), ['word-too-new: localhost']);
    const [unknown] = checkConfig(configOf(list('all')));
    assert.equal(unknown?.severity, 'warning');
    assert.match(unknown.message, /^kube-proxy before 1\.37 refuses this/);
    const node = await variantNode('k8s-1.36-iptables-mode');
    assert.deepEqual(check(list('10.99.0.0/16'), node), ['no-node-port-address: [10.99.0.0/16]']);
    assert.deepEqual(check(list('192.168.77.0/24'), node), []);
  });

  test('the mark of packets to drop', async () => {
    const text = `${cidr}iptables: {masqueradeBit: 15}\n`;
    assert.deepEqual(check(text), ['masquerade-bit-is-drop-bit: 15']);
    assert.deepEqual(check(text, nodeOf(26)), ['masquerade-bit-is-drop-bit: 15']);
    assert.deepEqual(check(text, nodeOf(27)), []);
    assert.deepEqual(check(`${cidr}mode: ipvs\nipvs: {excludeCIDRs: [x]}`, nodeOf(30)), [
      'bad-cidr: x',
    ]);
  });
});
