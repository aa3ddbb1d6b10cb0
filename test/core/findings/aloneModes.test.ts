import assert from 'node:assert/strict';
import { aloneSuite, type Alone } from './alone';
import { edited, rules, type Edit } from './cases/case';
import { clusterIpMark, routed, server, smallIpvs } from './cases/small';
import { findingsOf, type Files } from './checkText';

const addresses = 'ip-addr.txt';
const servers = 'ipvsadm-Ln.txt';
/** The small node with one address that others reach. */
const healthy: Files = edited(routed, [[addresses, /^ {4}inet 10\.244.*\n/m, '']]);
const device = (text: string): Edit => [
  addresses,
  '',
  `4: eth1: <UP> mtu 1500\n    ${text} eth1\n`,
];
const toNodePorts = '-A KUBE-SERVICES -m addrtype --dst-type LOCAL';
const counted =
  '[3:180] -A KUBE-NODEPORTS -d 127.0.0.0/8 -p tcp -m comment --comment "default/whoami" -m tcp --dport 30089 -m nfacct --nfacct-name localhost_nps_accepted_pkts -j KUBE-SVC-DC3OOLRZIWFKJHLB\n';
const inForward = (rule: string): Edit => [rules, /^-A FORWARD /m, `-A FORWARD ${rule}\n$&`];
const mine = (rule: string): Edit => [rules, /^-A FORWARD /m, `-A MINE ${rule}\n$&`];
const flushed: readonly Edit[] = [
  [rules, /^(?::|-A )KUBE-(?:SVC|SEP).*\n/gm, ''],
  [rules, /^-A KUBE-(?:NODEPORTS|SERVICES) .*\n/gm, ''],
  ['kube-proxy.config.yaml', '', 'mode: iptables\n'],
];
const head = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
`;
const nft = 'table ip kube-proxy {\n\tchain services {\n\t}\n}\n';

const cases: readonly Alone[] = [
  {
    code: 'node-ports-on-all-addresses',
    when: 'the node has two',
    raise: [device('inet 10.0.0.10/24 scope global')],
    but: {
      'one is of the loopback device': [[addresses, '4: eth1:', '1: lo:']],
      'one is of the link': [[addresses, '10.0.0.10/24 scope global', '10.0.0.10/24 scope link']],
      'one is of IPv6': [[addresses, 'inet 10.0.0.10/24', 'inet6 fd00::10/64']],
      'node ports answer on some': [[rules, toNodePorts, '-A KUBE-SERVICES -d 192.168.77.10/32']],
      'no Service has a node port': [[rules, /^-A KUBE-NODEPORTS .*\n/m, '']],
    },
  },
  {
    code: 'node-port-on-localhost-in-use',
    when: 'a rule counted it',
    raise: [[rules, /^-A KUBE-NODEPORTS /m, `${counted}$&`]],
    but: {
      'it counted none': [[rules, '[3:180]', '[0:0]']],
      'it is no rule of its own for that': [[rules, / -m nfacct --nfacct-name \S+/, '']],
      'it takes more than loopback': [
        [rules, '-d 127.0.0.0/8 -p tcp -m comment', '-p tcp -m comment'],
      ],
      'it asks for no port': [[rules, '-m tcp --dport 30089 -m nfacct', '-m tcp -m nfacct']],
    },
  },
  {
    code: 'masquerade-all',
    when: 'the rule asks for no source',
    raise: [[rules, '! -s 10.244.0.0/16 -d', '-d']],
    but: { 'it asks for a device': [[rules, /(-A KUBE-SVC-\S+) -d/, '$1 ! -i cni0 -d']] },
  },
  {
    code: 'relies-on-kube-proxy-rules',
    when: 'a rule asks for its mark',
    raise: [inForward('-m mark --mark 0x4000/0x4000 -j ACCEPT')],
    but: {
      'it asks for another value': [
        [rules, 'FORWARD -m mark --mark 0x4000/0x4000', 'FORWARD -m mark --mark 0x0/0x4000'],
      ],
      'it asks for more bits': [
        [rules, 'FORWARD -m mark --mark 0x4000/0x4000', 'FORWARD -m mark --mark 0x4000/0xffff'],
      ],
      'it is of kube-proxy': [[rules, '-A FORWARD -m mark', '-A KUBE-FORWARD -m mark']],
    },
  },
  {
    code: 'relies-on-kube-proxy-rules',
    when: 'a chain of others leads to one of its own',
    raise: [mine('-j KUBE-FORWARD')],
    but: {
      'it leads to one of the kubelet': [[rules, 'MINE -j KUBE-FORWARD', 'MINE -j KUBE-FIREWALL']],
      'the chain is a built-in one': [[rules, '-A MINE', '-A FORWARD']],
      'it leads to one of others, too': [[rules, 'MINE -j KUBE-FORWARD', 'MINE -j OTHERS']],
    },
  },
  {
    code: 'services-empty',
    when: 'somebody flushed them',
    raise: flushed,
    but: {
      'a rule is there': [
        [rules, '-A KUBE-POSTROUTING -m', '-A KUBE-SERVICES -d 10.9.9.9/32 -j ACCEPT\n$&'],
      ],
      'the table is not whole': [[rules, /COMMIT\n$/, '']],
      'the chain is not there': [
        [rules, ':KUBE-SERVICES - [0:0]\n', ''],
        [rules, /^.*-j KUBE-SERVICES\n/gm, ''],
      ],
      'the chain is not declared': [[rules, ':KUBE-SERVICES - [0:0]\n', '']],
      'kube-proxy never made its canary': [[rules, ':KUBE-PROXY-CANARY - [0:0]\n', '']],
      'it runs in another mode': [['kube-proxy.config.yaml', 'iptables', 'nftables']],
      'a virtual server is there': [
        [servers, '', head + server('10.96.0.2:80', '10.244.0.3:8080')],
      ],
      "kube-proxy's table of nftables mode is there": [['nft-list-ruleset.txt', '', nft]],
    },
  },
  {
    code: 'leftovers-of-another-mode',
    when: 'a virtual server is there',
    raise: [[servers, '', head + server('10.96.0.2:80', '10.244.0.3:8080')]],
    but: {
      'there is none': [[servers, /^TCP[^]*/m, '']],
      'rules of two modes are in force: nobody knows whose it is': [
        ['nft-list-ruleset.txt', '', nft],
      ],
    },
  },
];

aloneSuite('modes and of what 1.40 ends', healthy, cases);

suite('findings of modes: what they say', () => {
  const said = async (code: string, files: Files) =>
    (await findingsOf(files, code)).map(({ message }) => message);
  const small = (...edits: readonly Edit[]) => edited(healthy, edits);

  test('how many there are of what another mode left', async () => {
    const left = async (files: Files) =>
      (await said('leftovers-of-another-mode', files)).map(
        (message) => /; (.*) left over from ipvs mode\.$/.exec(message)?.[1] ?? message,
      );
    const one = head + server('10.96.0.2:80', '10.244.0.3:8080');
    assert.deepEqual(await left(small([servers, '', one])), ['1 virtual server is']);
    const two = one + server('10.96.0.1:443', '10.244.0.3:8443');
    assert.deepEqual(await left(small([servers, '', two])), ['2 virtual servers are']);
    const set = (name: string) => `create ${name} hash:ip,port family inet\n`;
    const sets = (...names: readonly string[]) =>
      left(small(['ipset-save.txt', '', names.map(set).join('')]));
    assert.deepEqual(await sets('KUBE-CLUSTER-IP'), ['1 set is']);
    assert.deepEqual(await sets('KUBE-CLUSTER-IP', 'KUBE-LOOP-BACK'), ['2 sets are']);
    assert.deepEqual(await sets('MINE'), []);
    const held = '5: kube-ipvs0: <NOARP> mtu 1500\n    inet 10.96.0.2/32 scope global kube-ipvs0\n';
    assert.deepEqual(await left(small([addresses, '', held])), [
      'the device kube-ipvs0, which answers for its addresses, is',
    ]);
    assert.deepEqual(
      await left(small([rules, ':KUBE-FIREWALL', ':KUBE-IPVS-FILTER - [0:0]\n$&'])),
      ['chains such as KUBE-IPVS-FILTER are'],
    );
  });

  test('fewer than five chains of iptables mode tell of none', async () => {
    const marked = `-A KUBE-SERVICES ${clusterIpMark}\n`;
    const files = smallIpvs(server('10.96.0.2:80', '10.244.0.3:8080'), marked);
    const own = 'leftovers-of-another-mode';
    const bare = edited(files, [
      [rules, /^(?::|-A )KUBE-(?:SVC|SEP).*\n/gm, ''],
      [rules, /^-A KUBE-NODEPORTS .*\n/gm, ''],
    ]);
    const chains = (count: number) =>
      edited(bare, [
        [
          rules,
          ':KUBE-SERVICES',
          `${'ABCDEFG'.slice(0, count).replace(/./g, (x) => `:KUBE-SVC-${x.repeat(16)} - [0:0]\n`)}$&`,
        ],
      ]);
    const counts = await Promise.all(
      [1, 7].map(async (count) => (await said(own, chains(count))).join()),
    );
    assert.equal(counts[0], '');
    assert.match(
      counts[1]!,
      /^kube-proxy runs in mode ipvs; \d+ chains of iptables mode are left over from iptables mode\.$/,
    );
  });

  test('who says another mode than the rules in force, and whether the dumps would show it', async () => {
    const code = 'mode-not-in-force';
    const configured = (mode: string) =>
      said(code, small(['kube-proxy.config.yaml', '', `mode: ${mode}\n`]));
    assert.match(
      (await configured('ipvs'))[0]!,
      /^kube-proxy\.config\.yaml says ipvs mode, but the rules in force are of iptables mode/,
    );
    assert.match(
      (await configured('nftables'))[0]!,
      /^kube-proxy\.config\.yaml says nftables mode, and rules of iptables mode are in force: whether/,
    );
    assert.deepEqual(await configured('iptables'), []);
    assert.match(
      (await said(code, small(['proxyMode.txt', '', 'ipvs'])))[0]!,
      /^kube-proxy runs in ipvs mode \(proxyMode\.txt\), but the rules in force are of iptables mode/,
    );
  });

  test('rules of two modes, and in which kube-proxy runs', async () => {
    const code = 'rules-of-two-modes';
    const both = small(['nft-list-ruleset.txt', '', nft]);
    assert.match(
      (await said(code, both))[0]!,
      /^Rules of iptables and nftables mode are in force: /,
    );
    const running = edited(both, [['proxyMode.txt', '', 'nftables']]);
    assert.match(
      (await said(code, running))[0]!,
      /^Rules of .* mode are in force, and kube-proxy runs in mode nftables: /,
    );
    const [found] = await findingsOf(running, code);
    assert.equal(found!.range.source, rules);
    assert.deepEqual(
      found!.related!.map(({ message, range }) => [message, range.source]),
      [['of nftables mode', 'nft-list-ruleset.txt']],
    );
    assert.deepEqual(await said(code, small()), []);
    assert.deepEqual(await said(code, small(['proxyMode.txt', '', 'nftables'])), []);
  });

  test('the place that says another mode', async () => {
    const [found] = await findingsOf(small(['proxyMode.txt', '', 'ipvs']), 'mode-not-in-force');
    assert.deepEqual(
      found!.related!.map(({ message, range }) => [message, range.source]),
      [['says ipvs mode', 'proxyMode.txt']],
    );
    assert.equal(found!.range.source, rules);
  });

  test('one connection, and several', async () => {
    const used = async (packets: number) =>
      said(
        'node-port-on-localhost-in-use',
        small([rules, /^-A KUBE-NODEPORTS /m, `${counted.replace('[3:', `[${packets}:`)}$&`]),
      );
    assert.match((await used(1))[0]!, /^NodePort 30089 was .* \(1 connection\): /);
    assert.match((await used(2))[0]!, / \(2 connections\): /);
  });
});
