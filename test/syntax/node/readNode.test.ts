import assert from 'node:assert/strict';
import { modeOf } from '../../../src/core/kubeproxy/mode/judge';
import { readFileSync, readdirSync } from 'node:fs';
import { formatAddress, formatNetwork } from '../../../src/core/address';
import { readSettings } from '../../../src/core/proxyconfig/settings';
import type { Ruleset } from '../../../src/core/rules/ruleset';
import { groupNodes, nodeFolder } from '../../../src/syntax/node/nodeFolder';
import { readNode } from '../../../src/syntax/node/readNode';
import type { NodeReader } from '../../../src/syntax/node/readContext';
import { dumpFiles } from '../../dumps';

/** Says which files would be parsed as iptables dumps; their parser has tests of its own. */
function rulesets(source: string): Ruleset[] {
  const family = source.includes('ip6') ? 6 : 4;
  return [{ source, family, backend: 'unknown', tables: new Map(), findings: [] }];
}

async function readTexts(texts: Readonly<Record<string, string>>, more?: Partial<NodeReader>) {
  const text = (path: string) => Promise.resolve(texts[path]!);
  const nodes = groupNodes(dumpFiles(new Map(Object.entries(texts))), 'top');
  return Promise.all(nodes.map((node) => readNode(node, { text, rulesets, ...more })));
}

function sample(name: string): Record<string, string> {
  const root = new URL(`../../../samples/${name}/`, import.meta.url);
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const texts: Record<string, string> = {};
  for (const path of paths.filter((each) => /\.(txt|yaml)$/.test(each))) {
    texts[path] = readFileSync(new URL(path, root), 'utf8');
  }
  return texts;
}

suite('reading a node', () => {
  test('kube-proxy in nftables mode is known by its table, where it does not say so', async () => {
    const nft = 'table ip kube-proxy {\n\tchain services {\n\t}\n}\n';
    const [node] = await readTexts({ 'n/nft-list-ruleset.txt': nft });
    const source = 'n/nft-list-ruleset.txt';
    const { mode, signs } = modeOf(node!.state);
    assert.deepEqual([mode, signs[0]?.range.source], ['nftables', source]);
    // Rules are there: what is missing are those of iptables.
    assert.equal(node!.state.missing?.[0]?.reason, 'No dump of iptables’ IPv4 rules is at hand.');
  });

  test('a real node in ipvs mode', async () => {
    const [{ state, parts }] = (await readTexts(sample('kubernetes-1.36-ipvs'))) as [
      Awaited<ReturnType<typeof readNode>>,
    ];
    assert.equal(state.name, 'node-a');
    assert.deepEqual(
      state.rulesets.map(({ source }) => source),
      ['node-a/iptables-save-c.txt', 'node-a/ip6tables-save.txt'],
    );
    assert.equal(state.sets?.get('KUBE-CLUSTER-IP')?.complete, true);
    assert.equal(state.ipvs?.virtualServers.length, 104);
    const dummy = state.interfaces?.find(({ name }) => name === 'kube-ipvs0');
    assert.equal(dummy?.addresses.length, 62);
    assert.ok(state.routes?.some(({ table }) => table === 'local'));
    assert.match(state.captured!, /^2026-11-21T\d\d:\d\d:\d\d$/);
    assert.deepEqual(
      state.missing?.map(({ part, command }) => `${part}: ${command}`),
      ['routing rules: ip rule', 'sysctls: sysctl -a'],
    );
    const source = 'node-a/proxyMode.txt';
    assert.deepEqual(state.proxyMode, { name: 'ipvs', source, says: 'runs' });
    const ipvs = parts.find(({ part }) => part === 'IPVS')!;
    assert.deepEqual(ipvs.reasons, ['ipvsadm-Ln.txt is read rather than proc-net-ip_vs.txt.']);
  });

  test('two nodes in two folders never mix', async () => {
    const readings = await readTexts(sample('kubernetes-1.36-iptables'));
    assert.deepEqual(readings.map(({ state }) => state.name).sort(), ['node-a', 'node-b']);
    for (const { state } of readings) {
      const sources = [
        ...state.rulesets.map(({ source }) => source),
        ...state.interfaces!.map(({ range }) => range.source),
        ...state.routes!.map(({ range }) => range.source),
      ];
      assert.ok(sources.every((source) => source.startsWith(`${state.name}/`)));
    }
  });

  test('a missing part is undefined and named, never empty', async () => {
    const [reading] = await readTexts({ 'ipset-save.txt': '' });
    const { state } = reading!;
    assert.equal(state.sets?.size, 0);
    assert.deepEqual(
      [state.interfaces, state.routes, state.ipvs, state.sysctls, state.routingRules],
      [undefined, undefined, undefined, undefined, undefined],
    );
    assert.deepEqual(
      state.missing?.map(({ command }) => command),
      [
        'iptables-save',
        'ip6tables-save',
        'ip addr',
        'ip route show table all',
        'ip rule',
        'cat /proc/net/ip_vs',
        'sysctl -a',
      ],
    );
  });

  test('routing rules of both families are read, each from its own file', async () => {
    const [reading] = await readTexts({
      'ip-6-rule.txt': '0:\tfrom all lookup local\n100:\tfrom all lookup 6\n',
      'ip-rule.txt': '0:\tfrom all lookup local\n100:\tfrom all lookup 4\n',
    });
    const tables = reading!.state.routingRules?.flatMap(({ family, action }) =>
      action.kind === 'lookup' ? [`${family} ${action.table}`] : [],
    );
    assert.deepEqual(tables?.sort(), ['4 4', '4 local', '6 6', '6 local']);
  });

  test('ports get their hairpin mode and the pods behind them, devices their groups', async () => {
    const [reading] = await readTexts({
      'ip-addr.txt':
        '1: lo: <LOOPBACK,UP>\n    inet 127.0.0.1/8 scope host lo\n4: cni0: <UP>\n5: veth1@if2: <UP> mtu 1500 master cni0 state UP\n6: veth2@if2: <UP> mtu 1500 master cni0 state UP\n',
      'bridge-link.txt':
        '5: veth1@if2: <UP> mtu 1500 master cni0 state forwarding priority 32 cost 2\n    hairpin on guard off\n',
      'bridge-fdb.txt':
        '0a:58:0a:f4:01:05 dev veth1 master cni0\n0a:58:0a:f4:01:06 dev veth2 master cni0\n',
      'ip-neigh.txt':
        '10.244.1.5 dev cni0 lladdr 0a:58:0a:f4:01:05 STALE\n10.0.0.1 dev eth0 lladdr 0a:58:0a:f4:01:06 STALE\n',
      'igmp.txt':
        'Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n4\tcni0      :     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n',
      'igmp6.txt': '4    cni0            ff020000000000000000000000000001     1 0000000C 0\n',
    });
    const { interfaces, groups, findings } = reading!.state;
    assert.deepEqual(findings, []);
    const ports = interfaces!.slice(2).map(({ name, hairpin, behind }) => {
      return [name, hairpin, behind?.map(formatAddress)];
    });
    assert.deepEqual(ports, [
      ['veth1', true, ['10.244.1.5']],
      ['veth2', undefined, undefined],
    ]);
    assert.deepEqual(groups?.get('cni0')?.map(formatAddress), ['224.0.0.1', 'ff02::1']);
  });

  test('what failed is said with the words of its stderr', async () => {
    const [reading] = await readTexts({
      'ip-addr.txt': '1: lo: <UP>\n',
      'ipset-save.txt': '',
      'ipset-save.txt.stderr': 'sh: ipset: not found\n',
    });
    const sets = reading!.state.missing!.find(({ part }) => part === 'sets');
    assert.match(sets!.reason, /ipset-save.txt: sh: ipset: not found/);
  });

  test('an IPVS table with names gives way to the next file, or tells that rows are missing', async () => {
    const names =
      'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\nTCP  web.shop:https rr\n';
    const [alone] = await readTexts({ 'ipvsadm-L.txt': names });
    assert.deepEqual(alone!.state.ipvs?.virtualServers, []);
    assert.match(alone!.state.ipvs.incomplete!, /A name stands/);
    assert.match(alone!.state.missing!.find(({ part }) => part === 'IPVS')!.reason, /ipvsadm -Ln/);
    const [both] = await readTexts({
      'ipvsadm-L.txt': names,
      'ipvsadm-Sn.txt': '-A -t 1.2.3.4:80 -s rr\n',
    });
    assert.equal(both!.state.ipvs?.virtualServers.length, 1);
  });

  test('real servers are put in the kernel’s order where /proc/net/ip_vs has it', async () => {
    const table =
      'TCP  10.96.0.1:80 sh (sh-port)\n  -> 10.0.0.1:80   Masq 1 0 0\n  -> 10.0.0.2:80   Masq 1 0 0\n';
    const proc =
      'TCP  0A600001:0050 sh \n  -> 0A000002:0050      Masq    1      0          0\n  -> 0A000001:0050      Masq    1      0          0\n';
    const servers = async (kernel: string) => {
      const [reading] = await readTexts({ 'ipvsadm-Ln.txt': table, 'ip_vs.txt': kernel });
      const { kernelOrder, virtualServers } = reading!.state.ipvs!;
      const [virtual] = virtualServers;
      const order = virtual!.realServers.map(({ address }) => formatAddress(address));
      return [kernelOrder, virtual!.flags.join(), ...order];
    };
    assert.deepEqual(await servers(proc), [true, 'sh-port', '10.0.0.2', '10.0.0.1']);
    const older = proc.replace('0A000001', '0A000003');
    assert.deepEqual(await servers(older), [false, 'sh-port', '10.0.0.1', '10.0.0.2']);
  });

  test('table local is made from the addresses where the dump has only main', async () => {
    const [reading] = await readTexts({
      'ip-route.txt': 'default via 10.0.0.1 dev eth0 \n10.0.0.0/24 dev eth0 scope link\n',
      'ip-addr.txt':
        '1: lo: <UP>\n inet 127.0.0.1/8 scope host lo\n2: eth0: <UP>\n inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0\n',
    });
    const { routes, missing } = reading!.state;
    assert.deepEqual(
      routes!.map((r) => `${r.type} ${formatNetwork(r.destination)} ${r.nextHops[0]?.device}`),
      [
        'unicast 0.0.0.0/0 eth0',
        'unicast 10.0.0.0/24 eth0',
        'local 127.0.0.1/32 lo',
        'local 127.0.0.0/8 lo',
        'local 10.0.0.5/32 eth0',
        'broadcast 10.0.0.255/32 eth0',
      ],
    );
    assert.match(missing!.find(({ part }) => part === 'routes')!.reason, /made from the addresses/);
    const [local] = await readTexts({
      'ip-route-table-local.txt': 'local 10.96.0.1 dev kube-ipvs0 proto kernel scope host\n',
    });
    assert.equal(local!.state.routes, undefined);
  });

  test('without `ip`, addresses come from /proc', async () => {
    const [reading] = await readTexts({
      'fib_trie.txt':
        'Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 0.0.0.0\n        /0 universe UNICAST\n     |-- 10.96.0.1\n        /32 host LOCAL\n',
      'if_inet6.txt': '00000000000000000000000000000001 01 80 10 80       lo\n',
    });
    const { interfaces, routes } = reading!.state;
    assert.deepEqual(
      interfaces!.map(({ name, addresses }) => [
        name,
        addresses.map((a) => formatAddress(a.address)),
      ]),
      [
        ['', ['10.96.0.1']],
        ['lo', ['::1']],
      ],
    );
    assert.equal(routes!.length, 2);
  });

  test('/proc/net/route names the devices of networks that hold one address', async () => {
    const trie =
      'Main:\n     |-- 127.0.0.1\n        /32 host LOCAL\n     |-- 192.0.2.2\n        /32 host LOCAL\n' +
      '     |-- 198.51.100.1\n        /32 host LOCAL\n     |-- 198.51.100.2\n        /32 host LOCAL\n';
    const row = (device: string, words: string) => `${device}\t${words}\t0\t0\t0\n`;
    const [reading] = await readTexts({
      'fib_trie.txt': trie,
      'proc-net-route.txt':
        'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n' +
        row('eth0', '00000000\t010200C0\t0003\t0\t0\t0\t00000000') +
        row('eth0', '000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF') +
        row('eth1', '006433C6\t00000000\t0001\t0\t0\t0\t00FFFFFF'),
    });
    const { interfaces, routes } = reading!.state;
    assert.deepEqual(
      interfaces!.map(({ name, addresses }) => [
        name,
        ...addresses.map((a) => `${formatAddress(a.address)}/${a.prefixLength}`),
      ]),
      [
        ['lo', '127.0.0.1/32'],
        ['eth0', '192.0.2.2/24'],
        ['', '198.51.100.1/24', '198.51.100.2/24'],
      ],
    );
    assert.deepEqual(
      routes!.filter(({ table }) => table === 'main').map((r) => formatNetwork(r.destination)),
      ['0.0.0.0/0', '192.0.2.0/24', '198.51.100.0/24'],
    );
  });

  test('/proc: a device is that of the narrowest network, and has the addresses of both families', async () => {
    const row = (device: string, words: string) => `${device}\t${words}\t0\t0\t0\n`;
    const [reading] = await readTexts({
      'fib_trie.txt': 'Main:\n     |-- 192.0.2.2\n        /32 host LOCAL\n',
      'proc-net-route.txt':
        'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n' +
        row('wide', '000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF') +
        row('eth0', '000200C0\t00000000\t0001\t0\t0\t0\tC0FFFFFF') +
        row('wider', '000000C0\t00000000\t0001\t0\t0\t0\t000000FF'),
      'if_inet6.txt': 'fe800000000000000000000000000001 02 40 20 80     eth0\n',
    });
    const { interfaces, routes } = reading!.state;
    assert.deepEqual(
      interfaces!.map(({ name, addresses }) => [
        name,
        ...addresses.map((a) => formatAddress(a.address)),
      ]),
      [['eth0', '192.0.2.2', 'fe80::1']],
    );
    const [own] = routes!.filter(({ table }) => table === 'local');
    assert.equal(own?.nextHops[0]?.device, 'eth0');
  });

  test('of a dump that a newer one replaced it is told when it is of', async () => {
    const at = (time: string) =>
      `# Generated by iptables-save v1.8.9 (nf_tables) on Sat Nov 21 ${time} 2026\n*nat\n`;
    const [reading] = await readTexts({
      'n/iptables-save.txt': at('13:00:00'),
      'n/iptables-save-c.txt': at('14:30:05'),
    });
    assert.deepEqual(
      reading!.state.findings.map(({ severity, code, message, range }) => [
        severity,
        code,
        message,
        range.source,
      ]),
      [
        [
          'information',
          'older-dump',
          'iptables-save.txt of 2026-11-21 13:00:00 is not read: iptables-save-c.txt is newer.',
          'n/iptables-save.txt',
        ],
      ],
    );
  });

  test('rules that went through a filter are not known to their end', async () => {
    const rulesOf = async (command: string) => {
      const [reading] = await readTexts({
        'paste.txt': `# ${command}\n*nat\n:A - [0:0]\nCOMMIT\n`,
      });
      return reading!.state.rulesets.map(({ gaps = [] }) => gaps.map(({ text }) => text));
    };
    assert.deepEqual(await rulesOf('iptables-save'), [[]]);
    assert.deepEqual(await rulesOf('iptables-save | grep -v cali'), [
      ['what `grep` left out of paste.txt changes nothing'],
    ]);
  });

  test('kube-proxy’s configuration and log: of several the first by its name', async () => {
    const config = (mode: string) =>
      `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ${mode}\n`;
    const log = (version: string) =>
      `I1121 13:52:53.9 1 server.go:539] "Version info" version="${version}"\n`;
    const [reading] = await readTexts({
      'n/kube-proxy-b.yaml': config('ipvs'),
      'n/kube-proxy-a.yaml': config('nftables'),
      'n/kube-proxy-2.log': log('v1.36.2'),
      'n/kube-proxy-1.log': log('v1.35.0'),
      'n/my-kube-proxy.log': log('v1.20.0'),
      'n/kube-proxy.log.1': log('v1.19.0'),
      'n/iptables-save.txt': '*nat\n',
    });
    assert.equal(readSettings(reading!.state.proxyConfig).mode, 'nftables');
    assert.equal(reading!.state.proxyLog?.version, 'v1.35.0');
    const [bare] = await readTexts({
      'n/my-kube-proxy.log': log('v1.20.0'),
      'n/kube-proxy.log.1': log('v1.19.0'),
      'n/kube-proxy.yaml': `${config('ipvs')}# ${'x'.repeat(64 << 10)}`,
      'n/iptables-save.txt': '*nat\n',
    });
    assert.deepEqual([bare!.state.proxyLog, bare!.state.proxyConfig], [undefined, undefined]);
  });

  test('pauses in large dumps, and a file that can not be read is a finding', async () => {
    let pauses = 0;
    const large = 'create s bitmap:port range 0-65535\n' + 'add s 80\n'.repeat(5000);
    const pause = () => Promise.resolve(void pauses++);
    await readTexts({ 'ipset-save.txt': large }, { pause });
    const ofPasted = 11;
    assert.equal(
      pauses,
      ofPasted + 19 + 20,
      'each step that takes away what pasting added, each 256 lines where outputs are told apart, then each 250',
    );
    const text = () => Promise.reject(new Error('denied'));
    const [reading] = await readTexts({ 'ipset-save.txt': large }, { text });
    assert.equal(reading!.state.sets, undefined);
    assert.match(reading!.state.findings[0]!.message, /denied/);
  });

  test('of all files of a node 512 MB are read, whichever they are, and none whose text nothing asks for', async () => {
    const texts: Record<string, string> = {
      'iptables-save.txt': '*nat\nCOMMIT\n*filter\nCOMMIT\n',
      'ip6tables-save.txt': '*nat\nCOMMIT\n*filter\nCOMMIT\n',
      'ipset-save.txt': 'create KUBE-A hash:ip\n',
      'sysctl-a.txt': 'net.ipv4.ip_forward = 1\n',
      'nft-list-ruleset.txt': 'table ip kube-proxy {\n}\n',
      'nft-j-list-ruleset.json': '{"nftables": []}',
    };
    const mb = 1 << 20;
    const sizes: Record<string, number> = {
      'iptables-save.txt': 200 * mb,
      'ip6tables-save.txt': 200 * mb,
      'ipset-save.txt': 113 * mb,
      'sysctl-a.txt': 100 * mb,
      'nft-j-list-ruleset.json': 500 * mb,
    };
    const read: string[] = [];
    const files = dumpFiles(new Map(Object.entries(texts))).map((file) => ({
      ...file,
      size: sizes[file.path] ?? file.size,
    }));
    const { state, rulesets: rules } = await readNode(nodeFolder('top', files), {
      rulesets: (source) => (read.push(source), rulesets(source)),
      text: (path) => (read.push(path), Promise.resolve(texts[path]!)),
    });
    const wanted = [
      'ip6tables-save.txt',
      'iptables-save.txt',
      'nft-list-ruleset.txt',
      'sysctl-a.txt',
    ];
    assert.deepEqual(read.sort(), wanted);
    assert.deepEqual([...rules.keys()].sort(), wanted.slice(0, 2));
    assert.equal(state.sets, undefined, 'what is not read is unknown, never empty');
    const words = 'with it the files come to more than 512 MB';
    assert.deepEqual(
      state.findings.map(({ code, message, range }) => [code, message, range.source]),
      [['unreadable-file', `The file could not be read: ${words}`, 'ipset-save.txt']],
    );
    const missing = state.missing?.find(({ part }) => part === 'sets');
    assert.equal(missing?.reason, `No dump of the ipsets is at hand. ipset-save.txt: ${words}`);
  });

  test('a zipped file counts by what came out of it', async () => {
    const texts: Record<string, string> = {
      'ipset-save.txt': 'create KUBE-A hash:ip\n',
      'sysctl-a.txt': 'net.ipv4.ip_forward = 1\n'.repeat(10),
    };
    const sizes: Record<string, number> = { 'ipset-save.txt': (512 << 20) - 200 };
    const files = Object.keys(texts).map((path) => ({ path, head: '', size: sizes[path] ?? 50 }));
    const text = (path: string) => Promise.resolve(texts[path]!);
    const { state } = await readNode(nodeFolder('top', files), { text, rulesets });
    assert.deepEqual(
      state.findings.map(({ range }) => range.source),
      ['ipset-save.txt'],
    );
    assert.equal(state.sysctls?.size, 1);
  });

  test('of a text with the dumps of a hundred nodes one is told, and the first of the others', async () => {
    const session = Array.from(
      { length: 100 },
      (_, i) => `root@node-${i}:~# ip rule\n0:\tfrom all lookup local\n`,
    ).join('');
    const [file] = dumpFiles(new Map([['session.txt', session]]));
    const text = () => Promise.resolve(session);
    const { host, state } = await readNode(nodeFolder('node-50', [file!]), { text, rulesets });
    assert.equal(host, 'node-50');
    const told = state.missing?.find(({ part }) => part === 'other nodes')?.reason ?? '';
    assert.match(told, /those of node-0, node-1, .*, node-19, \.\.\. were left out/);
    assert.doesNotMatch(told, /node-20\b/);
  });
});
