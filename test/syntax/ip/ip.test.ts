import assert from 'node:assert/strict';
import { formatAddress, formatNetwork } from '../../../src/core/address';
import type { NetworkInterface, Route } from '../../../src/core/node';
import { parseIpAddress } from '../../../src/syntax/ip/address';
import { parseIpAddressJson } from '../../../src/syntax/ip/addressJson';
import { parseFibTrie } from '../../../src/syntax/ip/fibTrie';
import { parseIfInet6 } from '../../../src/syntax/ip/ifInet6';
import { parseProcIpv6Route, parseProcRoute } from '../../../src/syntax/ip/procRoute';
import { parseIpRoute } from '../../../src/syntax/ip/route';
import { parseIpRule } from '../../../src/syntax/ip/rule';
import { parseSysctl } from '../../../src/syntax/ip/sysctl';

function showAddresses(interfaces: readonly NetworkInterface[]): string[] {
  return interfaces.flatMap((device) =>
    device.addresses.map(
      (a) => `${device.name} ${formatAddress(a.address)}/${a.prefixLength} ${a.scope}`,
    ),
  );
}

function showRoute(route: Route): string {
  const hops = route.nextHops.map(
    (hop) => `${hop.via ? formatAddress(hop.via) : '-'}@${hop.device ?? '-'}*${hop.weight}`,
  );
  return `${route.type} ${formatNetwork(route.destination)} ${route.table} ${hops.join(' ')}`;
}

const text = `2: eth0@if5: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master br0 state UP group default qlen 1000
    link/ether 52:54:00:77:00:10 brd ff:ff:ff:ff:ff:ff link-netnsid 0
    altname enp0s1
    inet 192.168.77.10/24 metric 100 brd 192.168.77.255 scope global secondary dynamic eth0
       valid_lft forever preferred_lft forever
    inet 10.1.1.1 peer 10.1.1.2/32 scope link eth0
    inet6 fe80::1/64 scope link 
25: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default 
    inet 10.96.0.1/32 scope global kube-ipvs0
`;

suite('ip addr', () => {
  test('reads devices and addresses with their places', () => {
    const { value, findings } = parseIpAddress(text, 'dump');
    assert.deepEqual(findings, []);
    assert.deepEqual(showAddresses(value), [
      'eth0 192.168.77.10/24 global',
      'eth0 10.1.1.1/32 link',
      'eth0 fe80::1/64 link',
      'kube-ipvs0 10.96.0.1/32 global',
    ]);
    const [eth0, dummy] = value;
    assert.deepEqual([eth0!.index, eth0!.master, eth0!.state, eth0!.mtu], [2, 'br0', 'UP', 1500]);
    assert.deepEqual(dummy!.flags, ['BROADCAST', 'NOARP']);
    assert.equal(eth0!.addresses[0]!.secondary, true);
    assert.equal(formatAddress(eth0!.addresses[1]!.peer!), '10.1.1.2');
    assert.deepEqual(dummy!.addresses[0]!.range, { source: 'dump', line: 8, start: 4, end: 45 });
  });

  test('does not need the blanks at the start of lines', () => {
    const pasted = text.replace(/^ +/gm, '');
    assert.deepEqual(
      showAddresses(parseIpAddress(pasted, 'dump').value),
      showAddresses(parseIpAddress(text, 'dump').value),
    );
    assert.deepEqual(parseIpAddress(pasted, 'dump').findings, []);
  });

  test('reads the one-line form', () => {
    const { value } = parseIpAddress(
      '2: eth0    inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0\\       valid_lft forever preferred_lft forever\n' +
        '2: eth0    inet6 fe80::1/64 scope link \\       valid_lft forever preferred_lft forever\n',
      'dump',
    );
    assert.equal(value.length, 1);
    assert.deepEqual(showAddresses(value), ['eth0 10.0.0.1/24 global', 'eth0 fe80::1/64 link']);
  });

  test('names a line it can not read', () => {
    const { findings } = parseIpAddress('Command "foo" is unknown\n1: lo: <UP>\ninet 1.2/8\n', 'd');
    assert.deepEqual(
      findings.map(({ code, range }) => `${range.line} ${code}`),
      ['0 unknown-line', '2 bad-address'],
    );
  });

  test('reads JSON to the same, and finds the place of each address', () => {
    const json = `[{},{"ifindex":25,"ifname":"kube-ipvs0","flags":["BROADCAST","NOARP"],"mtu":1500,"operstate":"DOWN",
"addr_info":[{"family":"inet","local":"10.96.0.1","prefixlen":32,"scope":"global","label":"kube-ipvs0"},
{"family":"inet6","local":"fd00::1","prefixlen":128,"scope":"global"}]}]`;
    const { value, findings } = parseIpAddressJson(json, 'dump');
    assert.deepEqual(findings, []);
    assert.deepEqual(showAddresses(value), [
      'kube-ipvs0 10.96.0.1/32 global',
      'kube-ipvs0 fd00::1/128 global',
    ]);
    const { line, start, end } = value[0]!.addresses[1]!.range;
    assert.equal(json.split('\n')[line]!.slice(start, end), '"local":"fd00::1"');
    assert.equal(parseIpAddressJson(json.slice(0, 90), 'dump').findings[0]!.code, 'bad-json');
  });
});

suite('ip route', () => {
  test('reads tables, types, next hops', () => {
    const { value, findings } = parseIpRoute(
      `default via 192.168.77.1 dev eth0 proto dhcp src 192.168.77.10 metric 100 
10.9.0.0/16 proto bird 
\tnexthop via 10.0.0.1 dev eth0 weight 1 
\tnexthop via 10.0.0.2 dev eth1 weight 3 
blackhole 10.244.3.0/26 proto bird
local 10.96.0.1 dev kube-ipvs0 table local proto kernel scope host src 10.96.0.1 
10.5.0.0/16 via inet6 fe80::1 dev eth0 linkdown
fd00::/64 dev cni0 proto kernel metric 256 pref medium
default dev wg0 metric 1024 pref medium
multicast ff00::/8 dev eth0 table local proto kernel metric 256 pref medium
`,
      'dump',
    );
    assert.deepEqual(findings, []);
    assert.deepEqual(value.map(showRoute), [
      'unicast 0.0.0.0/0 main 192.168.77.1@eth0*1',
      'unicast 10.9.0.0/16 main 10.0.0.1@eth0*1 10.0.0.2@eth1*3',
      'blackhole 10.244.3.0/26 main ',
      'local 10.96.0.1/32 local -@kube-ipvs0*1',
      'unicast 10.5.0.0/16 main fe80::1@eth0*1',
      'unicast fd00::/64 main -@cni0*1',
      'unicast ::/0 main -@wg0*1',
      'multicast ff00::/8 local -@eth0*1',
    ]);
    assert.deepEqual([value[0]!.metric, value[0]!.protocol], [100, 'dhcp']);
    assert.deepEqual(value[4]!.flags, ['linkdown']);
  });

  test('knows the table local by the type, and takes a table and family from the caller', () => {
    const local = parseIpRoute('local 10.96.0.1 dev lo proto kernel scope host', 'dump').value[0]!;
    assert.equal(local.table, 'local');
    const six = parseIpRoute('default dev wg0', 'dump', { table: '100', family: 6 }).value[0]!;
    assert.equal(showRoute(six), 'unicast ::/0 100 -@wg0*1');
  });

  test('names a line it can not read', () => {
    const { value, findings } = parseIpRoute('RTNETLINK answers: denied\n', 'dump');
    assert.deepEqual([value.length, findings[0]!.code], [0, 'unknown-line']);
  });
});

suite('ip rule', () => {
  test('reads selectors, and keeps apart what is not modelled', () => {
    const { value, findings } = parseIpRule(
      `0:	from all lookup local
100:	not from 10.0.0.0/8 fwmark 0x4000/0x4000 iif eth0 lookup 100 suppress_prefixlength 0
32000:	from all to 10.9.0.0/16 unreachable
`,
      'dump',
    );
    assert.deepEqual(findings, []);
    const [first, second, third] = value;
    assert.deepEqual(
      [first!.priority, first!.action, first!.from],
      [0, { kind: 'lookup', table: 'local' }, undefined],
    );
    assert.deepEqual(second!.mark, { value: 0x4000, mask: 0x4000 });
    assert.deepEqual([second!.negated, second!.suppressedLength, second!.others], [true, 0, []]);
    assert.equal(second!.inInterface, 'eth0');
    assert.deepEqual(
      [third!.action, formatNetwork(third!.to!)],
      [{ kind: 'unreachable' }, '10.9.0.0/16'],
    );
  });
});

suite('ip rule, every selector', () => {
  function read(text: string) {
    const { value, findings } = parseIpRule(`100:\t${text}\n`, 'dump');
    assert.deepEqual(findings, []);
    return value[0]!;
  }

  test('of wg-quick, of a user, of a port, of a VRF', () => {
    const wireguard = read('not from all fwmark 0xca6c lookup 51820');
    assert.deepEqual([wireguard.negated, wireguard.mark?.value], [true, 0xca6c]);
    assert.deepEqual(read('from all uidrange 1000-1999 goto 200').uids, { from: 1000, to: 1999 });
    const dns = read('from all ipproto udp dport 53 lookup main');
    assert.deepEqual([dns.protocol, dns.destinationPorts], [17, { from: 53, to: 53 }]);
    const vrf = read('from all lookup [l3mdev-table]');
    assert.deepEqual([vrf.vrf, vrf.action], [true, { kind: 'lookup' }]);
  });

  test('tos asks for four bits, dscp for six', () => {
    assert.deepEqual(read('from all tos 0x10 lookup 1').tos, { value: 0x10, mask: 0x1c });
    assert.deepEqual(read('from all dscp EF lookup 1').tos, { value: 0xb8, mask: 0xfc });
  });

  test('what is not known, or not readable, leaves the rule in question', () => {
    assert.deepEqual(read('from all flowlabel 7 lookup 1').others, ['flowlabel', '7']);
    assert.deepEqual(read('from all uidrange some lookup 1').others, ['uidrange some']);
  });
});

suite('/proc/net', () => {
  test('fib_trie tells the local addresses once, though the trie is printed twice', () => {
    const trie = `  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 10.244.0.0/23 2 0 1
        |-- 10.244.0.0
           /24 link UNICAST
        |-- 10.244.0.1
           /32 host LOCAL
        |-- 10.244.0.255
           /32 link BROADCAST
`;
    const { value, findings } = parseFibTrie(`Main:\n${trie}Local:\n${trie}`, 'dump');
    assert.deepEqual(findings, []);
    assert.deepEqual(value.routes.map(showRoute), [
      'unicast 0.0.0.0/0 main ',
      'unicast 10.244.0.0/24 main ',
      'local 10.244.0.1/32 local ',
      'broadcast 10.244.0.255/32 local ',
    ]);
  });

  test('one trie printed twice proves that no routing rule was ever added', () => {
    const leaf = (address: string, alias: string) => `     |-- ${address}\n        ${alias}\n`;
    const main = leaf('0.0.0.0', '/0 universe UNICAST') + leaf('10.0.0.0', '/24 link UNICAST');
    const local = leaf('10.0.0.2', '/32 host LOCAL') + leaf('127.0.0.1', '/32 host LOCAL');
    const read = (text: string) => parseFibTrie(text, 'dump').value;
    const rules = (text: string) => read(text).routingRules?.map((rule) => rule.text);
    assert.deepEqual(rules(`Main:\n${main}${local}Local:\n${main}${local}`), [
      'from all lookup local',
      'from all lookup main',
      'from all lookup default',
    ]);
    // Apart (fib_unmerge), cut before the end, or with a local route that somebody put into main.
    assert.equal(rules(`Main:\n${main}Local:\n${local}`), undefined);
    assert.equal(rules(`Main:\n${main}${local}Local:\n${main}`), undefined);
    assert.equal(rules(`Main:\n${main}${local}`), undefined);
    assert.equal(rules(`Main:\n${main}${local}Local:\n${local}`), undefined);
    const other = leaf('10.0.0.3', '/32 host LOCAL');
    assert.equal(rules(`Main:\n${main}${local}Local:\n${main}${local}${other}`), undefined);
    assert.equal(
      rules(`Main:\n${local}${other}Local:\n${local}${leaf('10.0.0.4', '/32 host LOCAL')}`),
      undefined,
    );
    assert.equal(rules(`Main:\n${main}Local:\n${main}`), undefined);
    assert.equal(rules(''), undefined);

    const more = `Id 100:\n${leaf('0.0.0.0', '/0 universe UNICAST')}`;
    assert.deepEqual(read(`Main:\n${main}Local:\n${local}${more}`).routes.map(showRoute), [
      'unicast 0.0.0.0/0 main ',
      'unicast 10.0.0.0/24 main ',
      'local 10.0.0.2/32 local ',
      'local 127.0.0.1/32 local ',
      'unicast 0.0.0.0/0 100 ',
    ]);
  });

  test('if_inet6 tells the IPv6 addresses', () => {
    const { value, findings } = parseIfInet6(
      'fe8000000000000000fc00fffe000001 04 40 20 80     eth0\nfd000077000000000000000000000010 04 40 00 82     eth0\nbad\n',
      'dump',
    );
    assert.deepEqual(showAddresses(value), [
      'eth0 fe80::fc:ff:fe00:1/64 link',
      'eth0 fd00:77::10/64 global',
    ]);
    assert.equal(findings.length, 1);
  });
});

suite('/proc/net/route and ipv6_route', () => {
  test('agree with what ip route printed on the same machine', () => {
    const four = parseProcRoute(
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n' +
        'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n' +
        'eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\nbad\n',
      'dump',
    );
    assert.deepEqual(four.value.map(showRoute), [
      'unicast 0.0.0.0/0 main 192.0.2.1@eth0*1',
      'unicast 192.0.2.0/24 main -@eth0*1',
    ]);
    assert.equal(four.findings.length, 1);
    const zero = '0'.repeat(32);
    const six = parseProcIpv6Route(
      `fd000000000000000000000000000000 40 ${zero} 00 ${zero} 00000100 00000001 00000000 00000001     eth0
${zero} 00 ${zero} 00 fd000000000000000000000000000001 00000400 00000003 00000000 00000003     eth0
fd000000000000000000000000000002 80 ${zero} 00 ${zero} 00000000 00000003 00000000 80200001     eth0
ff000000000000000000000000000000 08 ${zero} 00 ${zero} 00000100 00000003 00000000 00000001     eth0
${zero} 00 ${zero} 00 ${zero} ffffffff 00000001 00000000 00200200       lo
`,
      'dump',
    );
    assert.deepEqual(six.findings, []);
    assert.deepEqual(six.value.map(showRoute), [
      'unicast fd00::/64 main -@eth0*1',
      'unicast ::/0 main fd00::1@eth0*1',
      'local fd00::2/128 local -@eth0*1',
      'multicast ff00::/8 local -@eth0*1',
      'unreachable ::/0 main ',
    ]);
    assert.deepEqual([six.value[1]!.metric, six.value[4]!.metric], [1024, 0xffffffff]);
  });
});

suite('sysctl', () => {
  test('reads what grep -r prints of /proc/sys', () => {
    const { value, findings } = parseSysctl(
      '/proc/sys/net/ipv4/ip_forward:1\n/proc/sys/net/ipv4/conf/eth0.100/rp_filter:2\n',
      'dump',
    );
    assert.deepEqual(findings, []);
    assert.equal(value.get('net.ipv4.ip_forward')?.value, '1');
    assert.equal(value.get('net.ipv4.conf.eth0/100.rp_filter')?.value, '2');
  });

  test('reads keys with and without blanks', () => {
    const { value, findings } = parseSysctl(
      'net.ipv4.ip_forward = 1\n# c\nnet.ipv4.vs.conntrack=1\nsysctl: denied\n',
      'dump',
    );
    assert.equal(value.get('net.ipv4.ip_forward')?.value, '1');
    assert.equal(value.get('net.ipv4.vs.conntrack')?.value, '1');
    assert.equal(findings.length, 1);
  });
});
