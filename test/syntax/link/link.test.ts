import assert from 'node:assert/strict';
import { formatAddress } from '../../../src/core/address';
import { dumpKind } from '../../../src/syntax/dumps/recognize';
import { fdbParser } from '../../../src/syntax/link/fdb';
import { groupsParser } from '../../../src/syntax/link/groups';
import { linkParser } from '../../../src/syntax/link/link';
import { neighbourParser } from '../../../src/syntax/link/neighbours';
import { parseIpAddress } from '../../../src/syntax/ip/address';
import { parseLines, type LineReader, type Parsed } from '../../../src/syntax/lines';

function read<T>(text: string, parser: LineReader<T>): T {
  const { value, findings }: Parsed<T> = parseLines(text, parser);
  assert.deepEqual(findings, []);
  return value;
}

const bridgeLink = `5: veth1@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master cni0 state forwarding priority 32 cost 2
    hairpin on guard off root_block off fastleave off learning on flood on mcast_flood on
    mcast_router 1 mcast_to_unicast off
6: veth2@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 master cni0 state forwarding priority 32 cost 2
    hairpin off guard off root_block off fastleave off learning on flood on
`;

const ipLink = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00 promiscuity 0 minmtu 0 maxmtu 0
4: cni0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000
    link/ether 0a:58:0a:f4:01:01 brd ff:ff:ff:ff:ff:ff promiscuity 0 minmtu 68 maxmtu 65535
    bridge forward_delay 1500 hello_time 200 max_age 2000 ageing_time 30000 stp_state 0
5: veth1@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master cni0 state UP mode DEFAULT group default
    link/ether 8e:11:22:33:44:55 brd ff:ff:ff:ff:ff:ff link-netnsid 0 promiscuity 1
    veth
    bridge_slave state forwarding priority 32 cost 2 hairpin on guard off root_block off
`;

const vrf = `9: red: <NOARP,MASTER,UP,LOWER_UP> mtu 65575 qdisc noqueue state UP mode DEFAULT group default qlen 1000
    link/ether 4a:56:99:90:85:a8 brd ff:ff:ff:ff:ff:ff promiscuity 0 minmtu 1280 maxmtu 65575
    vrf table 10 addrgenmode eui64 numtxqueues 1 numrxqueues 1
10: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master red state UP mode DEFAULT group default
    vrf_slave table 10 addrgenmode eui64
`;

const fdb = `33:33:00:00:00:01 dev eth0 self permanent
0a:58:0a:f4:01:01 dev cni0 vlan 1 master cni0 permanent
0a:58:0a:f4:01:05 dev veth1 master cni0
8e:11:22:33:44:55 dev veth1 vlan 1 master cni0 permanent
00:00:00:00:00:00 dev flannel.1 dst 192.168.50.11 self permanent
`;

const maddr = `1:\tlo
\tinet  224.0.0.1
\tinet6 ff02::1
2:\teth0
\tlink  33:33:00:00:00:01
\tinet  224.0.0.251 users 2
\tinet  224.0.0.1
`;

const igmp = `Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter
1\tlo        :     1      V3
\t\t\t\t010000E0     1 0:00000000\t\t0
2\teth0      :     2      V3
\t\t\t\tFB0000E0     1 0:00000000\t\t0
\t\t\t\t010000E0     1 0:00000000\t\t0
`;

const igmp6 = `1    lo              ff020000000000000000000000000001     1 0000000C 0
2    eth0            ff0200000000000000000001ff000010     1 00000004 0
`;

suite('what is behind a device', () => {
  test('each dump is recognised by its content', () => {
    for (const [text, kind] of [
      [bridgeLink, 'bridge-link'],
      [ipLink, 'ip-link'],
      [fdb, 'bridge-fdb'],
      [maddr, 'ip-maddr'],
      [igmp, 'proc-igmp'],
      [igmp6, 'proc-igmp'],
      [
        '10.244.1.5 dev cni0 lladdr 0a:58:0a:f4:01:05 ref 1 used 0/0/0 probes 1 STALE\n',
        'ip-neigh',
      ],
      [
        'IP address       HW type     Flags       HW address            Mask     Device\n',
        'ip-neigh',
      ],
    ] as const) {
      assert.equal(dumpKind('a.txt', text), kind);
    }
  });

  test('hairpin mode of each port, from bridge -d link, ip -d link and ip -d addr', () => {
    const ports = read(bridgeLink, linkParser('l'));
    assert.deepEqual(ports, [
      { name: 'veth1', master: 'cni0', hairpin: true },
      { name: 'veth2', master: 'cni0', hairpin: false },
    ]);
    const links = read(ipLink, linkParser('l'));
    assert.deepEqual(
      links.map(({ name, kind, hairpin }) => [name, kind, hairpin]),
      [
        ['lo', undefined, undefined],
        ['cni0', 'bridge', undefined],
        ['veth1', 'veth', true],
      ],
    );
    const [red, eth1] = read(vrf, linkParser('l'));
    assert.deepEqual(red, { name: 'red', kind: 'vrf', vrfTable: '10' });
    assert.deepEqual(eth1, { name: 'eth1', master: 'red' });
    const devices = parseIpAddress(ipLink.replaceAll(' mode DEFAULT', ''), 'a').value;
    assert.deepEqual(
      devices.map(({ kind, hairpin }) => [kind, hairpin]),
      links.map(({ kind, hairpin }) => [kind, hairpin]),
    );
  });

  test('learned addresses of a bridge, not its own ones or those of other devices', () => {
    assert.deepEqual(read(fdb, fdbParser('f')), [{ mac: '0a:58:0a:f4:01:05', port: 'veth1' }]);
  });

  test('neighbours in the four forms in which they are printed', () => {
    for (const text of [
      '10.244.1.5 dev cni0 lladdr 0a:58:0a:f4:01:05 REACHABLE \n10.244.1.6 dev cni0  FAILED\n',
      'IP address       HW type     Flags       HW address            Mask     Device\n10.244.1.5       0x1         0x2         0a:58:0a:f4:01:05     *        cni0\n10.244.1.6       0x1         0x0         00:00:00:00:00:00     *        cni0\n',
      'Address                  HWtype  HWaddress           Flags Mask            Iface\n10.244.1.5               ether   0a:58:0a:f4:01:05   C                     cni0\n10.244.1.6                       (incomplete)                              cni0\n',
      '? (10.244.1.5) at 0A:58:0a:f4:01:05 [ether] on cni0\n? (10.244.1.6) at <incomplete> on cni0\n',
    ]) {
      const found = read(text, neighbourParser('n'));
      assert.deepEqual(
        found.map(({ address, mac, device }) => [formatAddress(address), mac, device]),
        [['10.244.1.5', '0a:58:0a:f4:01:05', 'cni0']],
        text,
      );
    }
  });

  test('multicast groups of ip maddr, /proc/net/igmp and igmp6', () => {
    const groups = (text: string) =>
      [...read(text, groupsParser('g'))].map(([name, list]) => [name, list.map(formatAddress)]);
    assert.deepEqual(groups(maddr), [
      ['lo', ['224.0.0.1', 'ff02::1']],
      ['eth0', ['224.0.0.251', '224.0.0.1']],
    ]);
    assert.deepEqual(groups(igmp), [
      ['lo', ['224.0.0.1']],
      ['eth0', ['224.0.0.251', '224.0.0.1']],
    ]);
    assert.deepEqual(groups(igmp6), [
      ['lo', ['ff02::1']],
      ['eth0', ['ff02::1:ff00:10']],
    ]);
  });

  test('lines of another kind are told', () => {
    const wrong = 'Chain INPUT (policy ACCEPT)\n';
    for (const parser of [linkParser, fdbParser, neighbourParser, groupsParser]) {
      assert.equal(parseLines<unknown>(wrong, parser('x')).findings.length, 1);
    }
  });

  test('a neighbour without a frame address, or with a name, tells nothing and is no fault', () => {
    const found = (text: string) =>
      read(text, neighbourParser('n')).map(
        ({ address, mac, device }) => `${formatAddress(address)} ${mac} ${device}`,
      );
    for (const line of [
      ...['', '  ', 'Entries: 2\tSkipped: 0', '10.244.1.6 dev cni0 INCOMPLETE'],
      ...['web.shop (incomplete) cni0', 'web.shop ether 0a:58:0a:f4:01:05 C cni0'],
      ...['? (10.244.1.6) at <incomplete> on cni0', '10.244.1.6 0x1 0x0 00:00:00:00:00:00 * cni0'],
    ]) {
      assert.deepEqual(found(`${line}\n`), [], line);
    }
    assert.deepEqual(found('web (10.244.1.5) at 0A:58:0a:f4:01:05 [ether] on dev\n'), [
      '10.244.1.5 0a:58:0a:f4:01:05 dev',
    ]);
    assert.deepEqual(found('  fd00::5 dev eth1 lladdr 0a:58:0a:f4:01:05 router STALE\n'), [
      'fd00::5 0a:58:0a:f4:01:05 eth1',
    ]);
    const { value, findings } = parseLines('hello dev cni0\n', neighbourParser('n'));
    assert.deepEqual([value.length, findings.length], [0, 1]);
  });

  test('an address that is permanent, or of no bridge, was not learned', () => {
    const learned = (line: string) => read(`${line}\n\n`, fdbParser('f')).map(({ port }) => port);
    const entry = '0A:58:0a:f4:01:05 dev veth1';
    assert.deepEqual(learned(`${entry} vlan 1 master cni0`), ['veth1']);
    assert.deepEqual(learned(`${entry} master cni0 permanent`), []);
    assert.deepEqual(learned(`${entry} self`), []);
    assert.deepEqual(learned(entry), []);
    assert.equal(parseLines(`x ${entry} master cni0\n`, fdbParser('f')).findings.length, 1);
  });

  test('links on one line, and details that belong to no link', () => {
    const links = (text: string) => read(text, linkParser('l'));
    assert.deepEqual(
      links('5: veth1@if2: <UP> mtu 1500 master cni0 \\    hairpin on guard off\n\n'),
      [{ name: 'veth1', master: 'cni0', hairpin: true }],
    );
    assert.deepEqual(links('5: veth1: <UP>\n    bridge_slave state forwarding\n    dummyx\n'), [
      { name: 'veth1' },
    ]);
    for (const text of ['    hairpin on\n', '5: veth1: <UP>\nhairpin on\n']) {
      const { findings } = parseLines(text, linkParser('l'));
      assert.equal(findings.length, 1, text);
    }
  });

  test('groups before any device, and lines that are no group, are told', () => {
    const lines = (text: string) =>
      parseLines(text, groupsParser('g')).findings.map(({ range }) => range.line);
    assert.deepEqual(lines('\tinet  224.0.0.1\n'), [0]);
    assert.deepEqual(lines('1:\tlo\n\tinet  x\n\tlink  33:33:00:00:00:01\n'), [1]);
    assert.deepEqual(lines('1:\tlo\n\n\tinet6 ff02::1\n'), []);
  });

  test('what only looks like a group, a device or a detail', () => {
    const groups = (text: string) => {
      const { value, findings } = parseLines(text, groupsParser('g'));
      return [
        [...value].map(([name, list]) => [name, ...list.map(formatAddress)].join(' ')),
        findings.map(({ range }) => range.line),
      ];
    };
    for (const [text, devices, told] of [
      // Of a device that comes again, those of both.
      ['1:\tlo\n\tinet  224.0.0.1\n1:\tlo\n\tinet  224.0.0.2\n', ['lo 224.0.0.1 224.0.0.2'], []],
      ['   \n1:\tlo\n  inet  224.0.0.1\n   link  33:33:00:00:00:01\n', ['lo 224.0.0.1'], []],
      [
        '1\ta:b     :     1      V3\n\t\t\t\t010000E0    12 0:00000000\t\t0\n',
        ['a:b 224.0.0.1'],
        [],
      ],
      ['2\teth0:     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n', ['eth0 224.0.0.1'], []],
      ['1:\tlo\nx inet 224.0.0.1\n010000E0     1 0\nx link 33:33:00:00:00:01\n', ['lo'], [1, 2, 3]],
      ['1:\tlo x : y\n', [], [0]],
      ['1:\tlo\n\t\t\t\t010000E0     x 0:00000000\n', ['lo'], [1]],
    ] as const) {
      assert.deepEqual(groups(text), [devices, told], text);
    }
    const links = (text: string) => read(text, linkParser('l'));
    assert.deepEqual(links('9: red: <UP>\n    vrf\n'), [
      { name: 'red', kind: 'vrf', vrfTable: undefined },
    ]);
    assert.deepEqual(links('9: red: <UP>\n    link/ether 4a:56 vrf table 10\n    ?\n'), [
      { name: 'red' },
    ]);
    // What stands before the first backslash is the head of the line, not a detail.
    assert.deepEqual(links('  \n9: veth: <UP> \\    bridge forward_delay 1500\n'), [
      { name: 'veth', kind: 'bridge' },
    ]);
    const neighbours = (text: string) => parseLines(text, neighbourParser('n')).value.length;
    assert.equal(neighbours('? x(10.244.1.5) at 0a:58:0a:f4:01:05 [ether] on cni0\n'), 0);
    assert.equal(neighbours('? (10.244.1.5)x at 0a:58:0a:f4:01:05 [ether] on cni0\n'), 0);
    assert.equal(read('\n \t\n', fdbParser('f')).length, 0);
  });
});
