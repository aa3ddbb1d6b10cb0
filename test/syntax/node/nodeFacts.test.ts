import assert from 'node:assert/strict';
import { formatAddress, formatNetwork } from '../../../src/core/address';
import { filterOf } from '../../../src/syntax/node/filtered';
import type { ClassifiedFile } from '../../../src/syntax/node/dumpFile';
import { nodeFolder } from '../../../src/syntax/node/nodeFolder';
import { readNode } from '../../../src/syntax/node/readNode';
import { readProxy } from '../../../src/syntax/node/readProxy';
import { dumpFiles } from '../../dumps';

type Texts = Readonly<Record<string, string>>;

function folderOf(texts: Texts, more: Readonly<Record<string, Partial<ClassifiedFile>>> = {}) {
  const files = dumpFiles(new Map(Object.entries(texts))).map((file) => ({
    ...file,
    ...more[file.path],
  }));
  return nodeFolder('n', files);
}

async function read(texts: Texts, more?: Parameters<typeof folderOf>[1]) {
  const { state } = await readNode(folderOf(texts, more), {
    text: (path) => Promise.resolve(texts[path]!),
    rulesets: () => [],
  });
  return state;
}

/** Why a part is missing, one sentence each. */
async function missing(part: string, texts: Texts, more?: Parameters<typeof folderOf>[1]) {
  const state = await read(texts, more);
  return state.missing!.filter((one) => one.part === part).map(({ reason }) => reason);
}

const lo = '1: lo: <UP>\n    inet 127.0.0.1/8 scope host lo\n';
const eth0 = '2: eth0: <UP>\n    inet 10.0.0.5/24 scope global eth0\n';

suite('what is known of a node, part by part', () => {
  test('sets: of one that two dumps hold the first whole one; one without its elements is said', async () => {
    const terse = 'Name: S\nType: hash:ip\nHeader: family inet\nNumber of entries: 2\n';
    const both = {
      'ipset-list-t.txt': terse,
      'ipset-save.txt': 'create S hash:ip\nadd S 10.0.0.1\n',
    };
    const { sets } = await read(both);
    assert.deepEqual([sets!.get('S')!.complete, sets!.get('S')!.entries.length], [true, 1]);
    assert.deepEqual(await missing('sets', both), []);
    assert.deepEqual(await missing('sets', { 'ipset-list-t.txt': terse }), [
      'ipset-list-t.txt names sets without all of their elements.',
    ]);
    assert.deepEqual(await missing('sets', {}), ['No dump of the ipsets is at hand.']);
  });

  test('devices: some of them are no listing of all', async () => {
    const some = await read({ 'ip-addr-eth0.txt': eth0 });
    assert.equal(some.interfaces, undefined);
    assert.deepEqual(
      some.someInterfaces!.map(({ name }) => name),
      ['eth0'],
    );
    assert.deepEqual(await missing('interfaces', { 'ip-addr-eth0.txt': eth0 }), [
      'The dumps of the addresses show only some of the devices.',
    ]);
    assert.deepEqual(await missing('interfaces', {}), ['No dump of the addresses is at hand.']);
    const all = await read({ 'ip-addr.txt': lo + eth0 });
    assert.deepEqual(
      all.interfaces!.map(({ name }) => name),
      ['lo', 'eth0'],
    );
    assert.equal(all.someInterfaces, undefined);
  });

  test('devices of both families are one; an address counts once', async () => {
    const six =
      '1: lo: <UP>\n    inet6 ::1/128 scope host\n2: eth0: <UP>\n    inet6 fd00::5/64 scope global\n';
    const { interfaces } = await read({ 'ip-4-addr.txt': lo + eth0, 'ip-6-addr.txt': six });
    assert.deepEqual(
      interfaces!.map(({ name, addresses }) => [
        name,
        ...addresses.map((one) => formatAddress(one.address)),
      ]),
      [
        ['lo', '127.0.0.1', '::1'],
        ['eth0', '10.0.0.5', 'fd00::5'],
      ],
    );
  });

  test('routes that the kernel made prove an address of a device, and no more', async () => {
    const { interfaces, someInterfaces, routes } = await read({
      'ip-route.txt':
        'default via 10.0.0.1 dev eth0\n10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.5\n',
    });
    assert.deepEqual([interfaces, routes], [undefined, undefined]);
    assert.deepEqual(
      someInterfaces!.map(
        ({ name, addresses }) => `${name} ${formatAddress(addresses[0]!.address)}`,
      ),
      ['eth0 10.0.0.5'],
    );
  });

  test('route -n tells the routes where ip does not', async () => {
    const { routes } = await read({
      'ip-addr.txt': lo + eth0,
      'route-n.txt':
        'Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n0.0.0.0         10.0.0.1        0.0.0.0         UG    0      0        0 eth0\n',
    });
    assert.equal(formatNetwork(routes![0]!.destination), '0.0.0.0/0');
  });

  test('IPVS: a table before counters; a part says what it lacks; nothing printed is nothing', async () => {
    const version = 'IP Virtual Server version 1.2.1 (size=4096)\n';
    const table = `${version}Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\nTCP  10.96.0.1:80 rr\n`;
    const stats = `${version}Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\nTCP  10.96.0.2:80                        1        2        3        4        5\n`;
    const both = await read({ 'ipvsadm-Ln-stats.txt': stats, 'ipvsadm-Ln.txt': table });
    assert.deepEqual([both.ipvs!.incomplete, both.ipvs!.virtualServers.length], [undefined, 1]);
    assert.equal(formatAddress(both.ipvs!.virtualServers[0]!.address!), '10.96.0.1');
    const [part] = await missing('IPVS', { 'ipvsadm-Ln-stats.txt': stats });
    assert.match(part!, /^ipvsadm-Ln-stats.txt: This listing has no forward methods/);
    assert.deepEqual(await missing('IPVS', {}), ['No dump of the virtual servers is at hand.']);
    const none = await read(
      { 'ip_vs.txt': '' },
      { 'ip_vs.txt': { stderr: 'cat: /proc/net/ip_vs: No such file or directory\n' } },
    );
    assert.deepEqual(none.ipvs, { source: 'ip_vs.txt', virtualServers: [] });
  });

  test('what failed is told with its own words, of its own part alone', async () => {
    const failed = { 'ip-rule.txt': { problem: 'timed out' } };
    assert.deepEqual(await missing('routing rules', { 'ip-rule.txt': '' }, failed), [
      'No dump of the routing rules is at hand. ip-rule.txt: timed out',
    ]);
    assert.deepEqual(await missing('sysctls', { 'ip-rule.txt': '' }, failed), [
      'No dump of the sysctls is at hand.',
    ]);
  });

  test('nft: a dump that is empty says that there are no tables', async () => {
    const empty = await read({ 'nft-list-ruleset.txt': '' });
    assert.deepEqual(empty.nftables, {
      ...{ source: 'nft-list-ruleset.txt', tables: [], complete: true, findings: [] },
    });
    const some = await read({ 'nft-list-ruleset.txt': 'table ip kube-proxy {\n}\n' });
    assert.deepEqual(
      some.nftables!.tables.map(({ name }) => name),
      ['kube-proxy'],
    );
    assert.equal((await read({})).nftables, undefined);
  });

  test('sysctls of all dumps count together', async () => {
    const { sysctls } = await read({ 'sysctl-a.txt': 'a.b = 1\n', 'sysctl-ipvs.txt': 'c.d = 2\n' });
    assert.deepEqual(Object.fromEntries(sysctls!), { 'a.b': '1', 'c.d': '2' });
  });

  test('connections of conntrack and of IPVS, each from its own dump', async () => {
    const { connections, ipvsConnections } = await read({
      'conntrack-L.txt': 'udp 17 5 src=10.0.0.1 dst=10.96.0.10 src=10.244.0.2 dst=10.0.0.1\n',
      'ipvsadm-Lnc.txt':
        'IPVS connection entries\npro expire state       source             virtual            destination\nTCP 01:53  NONE 10.0.0.1:1 10.96.0.1:80 10.0.0.2:80\n',
    });
    assert.deepEqual([connections?.length, ipvsConnections?.length], [1, 1]);
  });

  test('a filter is that of an output in the same file', () => {
    const [file] = folderOf({ 'a.txt': '' }).files;
    const files = [
      { ...file!, origin: { family: 4 as const } },
      { ...file!, origin: { filter: 'grep' } },
    ];
    assert.equal(filterOf('a.txt', files), 'grep');
    assert.equal(filterOf('b.txt', files), undefined);
    assert.equal(filterOf('a.txt', [files[0]!]), undefined);
  });
});

suite('kube-proxy’s own files beside the dumps', () => {
  const config = 'kind: KubeProxyConfiguration\nmode: ipvs\n';
  const facts = async (texts: Texts, more?: Parameters<typeof folderOf>[1]) => {
    const { proxyConfig, proxyLog } = await readProxy(
      folderOf(texts, more).files,
      ({ path }) => Promise.resolve(texts[path]),
      () => Promise.resolve(),
    );
    return [proxyConfig?.kind, proxyLog !== undefined];
  };

  test('its configuration, bare, in a ConfigMap or as /configz answers it', async () => {
    assert.deepEqual(await facts({ 'kube-proxy.config.yaml': config }), ['map', false]);
    const indented = config.replace(/^/gm, '    ').trimEnd();
    const map = `kind: ConfigMap\nmetadata: {name: kube-proxy}\ndata:\n  config.conf: |\n${indented}\n`;
    assert.deepEqual(await facts({ 'kube-proxy.config.yaml': map }), ['map', false]);
    const configz = '{"kubeproxy.config.k8s.io": {"kind": "KubeProxyConfiguration"}}';
    assert.deepEqual(await facts({ 'kube-proxy.config.json': configz }), ['map', false]);
    assert.deepEqual(await facts({ 'kube-proxy.config.yaml': 'kind: Other\n' }), [
      undefined,
      false,
    ]);
  });

  test('its log by the file’s name; what is empty, failed or too long is neither', async () => {
    assert.deepEqual(
      await facts({ 'kube-proxy.log': 'I1121 x\n', 'kube-proxy.config.yaml': config }),
      ['map', true],
    );
    assert.deepEqual(await facts({ 'kube-proxy-node-a.log': 'I1121 x\n' }), [undefined, true]);
    assert.deepEqual(await facts({ 'other.log': 'I1121 x\n' }), [undefined, false]);
    const problem = { problem: 'cut' };
    assert.deepEqual(
      await facts(
        { 'kube-proxy.log': 'I1121 x\n', 'kube-proxy.config.yaml': config },
        { 'kube-proxy.log': problem, 'kube-proxy.config.yaml': problem },
      ),
      [undefined, false],
    );
    const long = `${config}# ${'x'.repeat(64 << 10)}\n`;
    assert.deepEqual(await facts({ 'kube-proxy.config.yaml': long }), [undefined, false]);
  });
});
