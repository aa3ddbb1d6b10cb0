import assert from 'node:assert/strict';
import { formatAddress, type Family } from '../../../src/core/address';
import {
  withAddresses,
  withDummyDevice,
  withoutDummyDevice,
  withRoutes,
} from '../../../src/syntax/expected/dummyDevice';
import { ipAddressParser } from '../../../src/syntax/ip/address';
import { parseIpRoute } from '../../../src/syntax/ip/route';
import { parseLines } from '../../../src/syntax/lines';

const forever = '       valid_lft forever preferred_lft forever';
const lo = ['1: lo: <LOOPBACK,UP> mtu 65536', '    inet 127.0.0.1/8 scope host lo', forever];
const dummy = '3: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 state DOWN';
const linkLocal = ['    inet6 fe80::1/64 scope link', forever];
const old = ['    inet 10.96.0.1/32 scope global kube-ipvs0', forever];
const old6 = ['    inet6 fd00:96::1/128 scope global', forever];
const eth = ['4: eth0@if5: <UP> mtu 1500', '    inet 192.0.2.1/24 scope global eth0', forever];
const dump = [
  ...lo,
  dummy,
  '    link/ether 02:00:00:00:00:01',
  ...old,
  ...old6,
  ...linkLocal,
  ...eth,
];
const own = (address: string) => [`    inet ${address}/32 scope global kube-ipvs0`, forever];
const own6 = (address: string) => [`    inet6 ${address}/128 scope global `, forever];

suite('ip addr with other addresses on kube-ipvs0', () => {
  const lines = (text: readonly string[], addresses: readonly string[], ...families: Family[]) =>
    withAddresses(text.join('\n'), addresses, families).split('\n').slice(0, -1);
  const kept = [...lo, dummy, '    link/ether 02:00:00:00:00:01'];

  test('those of the families that are worked out go, with what stands below them', () => {
    assert.deepEqual(lines(dump, ['10.96.0.9', 'fd00:96::9'], 4, 6), [
      ...kept,
      ...linkLocal,
      ...own('10.96.0.9'),
      ...own6('fd00:96::9'),
      ...eth,
    ]);
    assert.deepEqual(lines(dump, ['10.96.0.9'], 4), [
      ...kept,
      ...old6,
      ...linkLocal,
      ...own('10.96.0.9'),
      ...eth,
    ]);
    assert.deepEqual(lines(dump, [], 6), [...kept, ...old, ...linkLocal, ...eth]);
  });

  test('a device that is not there yet comes last', () => {
    const head = '999: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default ';
    assert.deepEqual(lines([...lo, ...eth], ['10.96.0.9'], 4), [
      ...lo,
      ...eth,
      head,
      ...own('10.96.0.9'),
    ]);
    assert.deepEqual(lines([], [], 4), [head]);
  });

  test('`ip -o addr` names the device on each line', () => {
    const one = [
      '1: lo    inet 127.0.0.1/8 scope host lo',
      '3: kube-ipvs0    inet 10.96.0.1/32 scope global kube-ipvs0',
      '3: kube-ipvs0    inet6 fe80::1/64 scope link',
      '4: eth0    inet 192.0.2.1/24 scope global eth0',
    ];
    assert.deepEqual(lines(one, ['10.96.0.9'], 4), [one[0], one[2], ...own('10.96.0.9'), one[3]]);
    // With its only line the device would be gone.
    const only = [one[0]!, one[1]!.replace('3:', '13:'), one[3]!];
    const head = '999: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default ';
    assert.deepEqual(lines(only, ['10.96.0.9'], 4), [one[0], head, ...own('10.96.0.9'), one[3]]);
  });
});

suite('ip route with the routes of those addresses', () => {
  const route = (address: string) =>
    `local ${address} dev kube-ipvs0 table local proto kernel scope host src ${address}`;
  const route6 = (address: string) =>
    `local ${address} dev kube-ipvs0 table local proto kernel metric 0 pref medium`;
  const other = 'local 192.0.2.1 dev eth0 table local proto kernel scope host src 192.0.2.1';
  const via = 'default via 192.0.2.254 dev eth0';
  const lines = (text: readonly string[], addresses: readonly string[], ...families: Family[]) =>
    withRoutes(text.join('\n'), addresses, families).split('\n').slice(0, -1);

  test('of the families that are worked out', () => {
    const routes = [via, route('10.96.0.1'), route6('fd00:96::1'), route6('fe80::1'), other];
    assert.deepEqual(lines(routes, ['10.96.0.9', 'fd00:96::9'], 4, 6), [
      via,
      route6('fe80::1'),
      other,
      route('10.96.0.9'),
      route6('fd00:96::9'),
    ]);
    assert.deepEqual(lines(routes, ['10.96.0.9'], 4), [
      via,
      route6('fd00:96::1'),
      route6('fe80::1'),
      other,
      route('10.96.0.9'),
    ]);
  });

  test('a dump without the table local of a family stays without', () => {
    assert.deepEqual(lines([via], ['10.96.0.9'], 4), [via]);
    assert.deepEqual(lines([via, other], ['10.96.0.9', 'fd00:96::9'], 4, 6), [
      via,
      other,
      route('10.96.0.9'),
    ]);
  });
});

suite('devices and routes of a node with kube-ipvs0', () => {
  const interfaces = parseLines(dump.join('\n'), ipAddressParser('a')).value;
  const local = ['10.96.0.1', 'fd00:96::1'].map(
    (address) => `local ${address} dev kube-ipvs0 table local`,
  );
  const others = [
    'default via 192.0.2.254 dev eth0',
    'local 192.0.2.1 dev eth0 table local',
    '10.0.0.0/8 dev kube-ipvs0',
  ];
  const routes = parseIpRoute([...others, ...local].join('\n'), 'r').value;
  const told = (node: ReturnType<typeof withDummyDevice>) => ({
    devices: node.interfaces?.map(({ name, addresses }) =>
      [name, ...addresses.map(({ address }) => formatAddress(address))].join(' '),
    ),
    routes: node.routes?.map(({ type, destination, nextHops }) =>
      [type, formatAddress(destination.address), nextHops[0]?.device].join(' '),
    ),
  });
  const devices = ['lo 127.0.0.1', 'eth0 192.0.2.1'];
  const kept = ['unicast 0.0.0.0 eth0', 'local 192.0.2.1 eth0', 'unicast 10.0.0.0 kube-ipvs0'];

  test('with other addresses of some families', () => {
    const made = withDummyDevice({ interfaces, routes }, ['10.96.0.9'], [4], 'x');
    assert.deepEqual(told(made), {
      devices: [...devices, 'kube-ipvs0 fd00:96::1 fe80::1 10.96.0.9'],
      routes: [...kept, 'local fd00:96::1 kube-ipvs0', 'local 10.96.0.9 kube-ipvs0'],
    });
    assert.equal(made.interfaces?.at(-1)?.addresses.at(-1)?.range.source, 'x/ip-addr.txt');
    assert.equal(made.routes?.at(-1)?.range.source, 'x/ip-route.txt');
    // The device stays what it was.
    assert.equal(made.interfaces?.at(-1)?.mtu, 1500);
  });

  test('what no dump holds stays unknown; a node without the table local gets no local routes', () => {
    assert.deepEqual(withDummyDevice({}, ['10.96.0.9'], [4], 'x'), {});
    const bare = parseIpRoute(others[0]!, 'r').value;
    const made = withDummyDevice({ interfaces: [], routes: bare }, ['10.96.0.9'], [4], 'x');
    assert.deepEqual(told(made), {
      devices: ['kube-ipvs0 10.96.0.9'],
      routes: ['unicast 0.0.0.0 eth0'],
    });
  });

  test('in another mode without the device', () => {
    assert.deepEqual(told(withoutDummyDevice({ interfaces, routes })), {
      devices,
      routes: kept.slice(0, 2),
    });
    assert.deepEqual(withoutDummyDevice({}), {});
  });
});
