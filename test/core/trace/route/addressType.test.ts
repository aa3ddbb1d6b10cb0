import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import type { NodeState } from '../../../../src/core/node';
import { addressType } from '../../../../src/core/trace/route/addressType';
import { parseIpAddress } from '../../../../src/syntax/ip/address';
import { node, node6 } from '../helper';

const typeOf = (state: NodeState, text: string, device?: string) =>
  addressType(state, parseAddress(text)!, device);

function rows(state: NodeState, wanted: Readonly<Record<string, string | undefined>>): void {
  const found = Object.keys(wanted).map((text) => {
    const [address = '', device] = text.split(' on ');
    return [text, typeOf(state, address, device)];
  });
  assert.deepEqual(Object.fromEntries(found), wanted);
}

const whateverTheNode = {
  '0.0.0.0': 'BROADCAST',
  '255.255.255.255': 'BROADCAST',
  '224.0.0.1': 'MULTICAST',
  '239.255.255.255': 'MULTICAST',
} as const;

suite('the type of an address of IPv4 (inet_dev_addr_type)', () => {
  test('by table local, whatever main says', () => {
    rows(node(), {
      ...whateverTheNode,
      '192.168.50.10': 'LOCAL',
      '127.0.0.5': 'LOCAL',
      '192.168.50.255': 'BROADCAST',
      '192.168.50.11': 'UNICAST',
      '8.8.8.8': 'UNICAST',
    });
    rows(node({ routes: 'unreachable 8.8.8.8\nlocal 9.9.9.9 dev lo table local\n' }), {
      '8.8.8.8': 'UNICAST',
      '9.9.9.9': 'LOCAL',
    });
  });

  test('limited to a device, by its routes alone', () => {
    rows(node(), {
      '192.168.50.10 on eth0': 'LOCAL',
      '192.168.50.10 on cni0': 'UNICAST',
      '10.244.1.1 on cni0': 'LOCAL',
      '192.168.50.255 on eth0': 'BROADCAST',
      '192.168.50.255 on cni0': 'UNICAST',
      '127.0.0.1 on eth0': 'UNICAST',
      '224.0.0.1 on eth0': 'MULTICAST',
    });
  });

  test('without routes by the addresses of the devices', () => {
    rows(node({ routes: null }), {
      ...whateverTheNode,
      '192.168.50.10': 'LOCAL',
      '192.168.50.10 on cni0': 'UNICAST',
      '192.168.50.255': 'BROADCAST',
      '192.168.50.255 on cni0': 'UNICAST',
      '127.0.0.5': 'LOCAL',
      '127.0.0.5 on eth0': 'UNICAST',
      '8.8.8.8': 'UNICAST',
    });
  });

  test('without either only what every node has, and what some dump shows, is known', () => {
    const bare = node({ routes: null, addresses: null });
    rows(bare, {
      ...whateverTheNode,
      '127.0.0.1': 'LOCAL',
      '192.168.50.10': undefined,
      '8.8.8.8': undefined,
    });
    const text = '9: kube-ipvs0: <NOARP>\n    inet 10.96.0.1/32 scope global kube-ipvs0\n';
    const some = { ...bare, someInterfaces: parseIpAddress(text, 'addresses').value };
    rows(some, { '10.96.0.1': 'LOCAL', '10.96.0.2': undefined, '127.0.0.1': 'LOCAL' });
  });
});

suite('the type of an address of IPv6, as routing has it', () => {
  const addresses = `1: lo: <LOOPBACK,UP>
    inet6 ::1/128 scope host
2: eth0: <UP>
    inet6 fd00:1::10/64 scope global
`;
  const routes = `fd00:1::/64 dev eth0 metric 256
local ::1 dev lo table local metric 0
local fd00:1::10 dev eth0 table local metric 0
anycast fd00:1:: dev eth0 table local metric 0
unreachable fd00:9::/64 dev lo metric 1024
`;
  const state = node6(addresses, routes);

  test('by the routes', () => {
    rows(state, {
      '::': 'UNSPEC',
      'ff02::1': 'MULTICAST',
      '::1': 'LOCAL',
      'fd00:1::10': 'LOCAL',
      'fd00:1::': 'ANYCAST',
      'fd00:1::11': 'UNICAST',
      'fd00:9::1': 'UNREACHABLE',
      '2001:db8::1': 'UNREACHABLE',
    });
  });

  test('of what is not the node’s own, where only the table local is dumped, nothing is known', () => {
    const local = node6(addresses, 'local ::1 dev lo table local metric 0\n');
    rows(local, { '::1': 'LOCAL', 'fd00:1::11': undefined });
  });

  test('without routes by the addresses, without these not at all', () => {
    const known = { ...state, routes: undefined };
    rows(known, {
      '::': 'UNSPEC',
      'ff02::1': 'MULTICAST',
      'fd00:1::10': 'LOCAL',
      'fd00:1::11': 'UNICAST',
    });
    rows({ ...known, interfaces: undefined }, { 'fd00:1::10': undefined, 'ff02::1': 'MULTICAST' });
  });
});
