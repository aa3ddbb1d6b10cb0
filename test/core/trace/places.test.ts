import assert from 'node:assert/strict';
import { formatAddress, parseAddress } from '../../../src/core/address';
import { arrivalOf } from '../../../src/core/trace/arrival';
import { masqueradeAddress, redirectAddress } from '../../../src/core/trace/route/deviceAddress';
import { listens } from '../../../src/core/trace/route/multicast';
import { socketSource } from '../../../src/core/trace/route/socketSource';
import { parseIpAddress } from '../../../src/syntax/ip/address';
import { node } from './helper';

const at = (text: string) => parseAddress(text)!;
const shown = (found: ReturnType<typeof masqueradeAddress>) =>
  typeof found === 'object' ? formatAddress(found) : found;

suite('where a packet comes in', () => {
  const by = (source: string, dumps = {}) => {
    const found = arrivalOf(node(dumps), at(source));
    if (found.kind === 'device') return found.device;
    return found.kind === 'unknown' ? found.reason : found.kind;
  };

  test('by the device that the way back leaves by; of the node itself by none', () => {
    assert.equal(by('10.244.1.7'), 'cni0');
    assert.equal(by('10.244.2.7'), 'eth0');
    assert.equal(by('8.8.8.8'), 'eth0');
    assert.equal(by('192.168.50.10'), 'node');
  });

  test('is unknown without routes, and where none leads back', () => {
    assert.equal(by('8.8.8.8', { routes: null }), '`ip route show table all` is missing');
    const routes = '10.244.1.0/24 dev cni0\nunreachable 9.9.9.9\n';
    assert.equal(by('8.8.8.8', { routes }), 'no route leads back to 8.8.8.8');
    assert.equal(by('9.9.9.9', { routes }), 'no route leads back to 9.9.9.9');
  });
});

suite('the address that MASQUERADE takes', () => {
  const addresses = (...lines: string[]) => `1: lo: <LOOPBACK,UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
    inet 10.1.1.1/32 scope global lo
2: eth0: <UP> mtu 1500
${lines.map((line) => `    inet ${line} eth0\n`).join('')}`;
  const taken = (lines: string[], next = '8.8.8.8', sysctls = {}, device = 'eth0') =>
    shown(masqueradeAddress(node({ addresses: addresses(...lines), sysctls }), device, at(next)));

  test('is the first of the device, but one in the subnet of the next hop comes before', () => {
    const both = ['192.168.50.10/24 scope global', '192.168.60.10/24 scope global'];
    assert.equal(taken(both), '192.168.50.10');
    assert.equal(taken(both, '192.168.60.1'), '192.168.60.10');
  });

  test('never a secondary one, or one whose scope is narrower than global', () => {
    const secondary = '192.168.50.11/24 scope global secondary';
    const host = '192.168.50.12/24 scope host';
    assert.equal(taken([secondary, host, '192.168.50.10/24 scope global']), '192.168.50.10');
    assert.equal(
      taken([secondary, '192.168.70.1/24 scope global'], '192.168.50.1'),
      '192.168.70.1',
    );
    assert.equal(taken([host, '192.168.70.1/24 scope global'], '192.168.50.1'), '192.168.70.1');
  });

  test('one of 127.0.0.0/8 only with route_localnet', () => {
    const lines = ['127.9.9.9/8 scope global', '192.168.50.10/24 scope global'];
    assert.equal(taken(lines), '192.168.50.10');
    const sysctls = { 'net.ipv4.conf.eth0.route_localnet': '1' };
    assert.equal(taken(lines, '8.8.8.8', sysctls), '127.9.9.9');
  });

  test('of a device without any is borrowed from the others, global and primary', () => {
    assert.equal(taken([]), '10.1.1.1');
    const text = `1: lo: <LOOPBACK,UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: eth0: <UP> mtu 1500
3: eth1: <UP> mtu 1500
    inet 192.168.60.11/24 scope global secondary eth1
    inet 192.168.60.10/24 scope global eth1
`;
    assert.equal(
      shown(masqueradeAddress(node({ addresses: text }), 'eth0', at('8.8.8.8'))),
      '192.168.60.10',
    );
  });

  test('is none where no device has one, and unknown without the dump or the device', () => {
    const bare = '1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n';
    const of = (dumps: { addresses: string | null }, device: string | undefined) =>
      masqueradeAddress(node(dumps), device, at('8.8.8.8'));
    assert.equal(of({ addresses: bare }, 'lo'), undefined);
    assert.equal(of({ addresses: null }, 'eth0'), 'unknown');
    assert.equal(of({ addresses: bare }, undefined), 'unknown');
  });
});

suite('the address that REDIRECT takes', () => {
  const addresses = (lines: string) => `2: eth0: <UP> mtu 1500\n${lines}`;
  const taken = (lines: string, destination: string) =>
    shown(redirectAddress(node({ addresses: addresses(lines) }), 'eth0', at(destination)));

  test('is the first primary one, whatever its scope', () => {
    const lines = `    inet 10.0.0.3/24 scope host secondary eth0
    inet 10.0.0.1/24 scope host eth0
    inet 10.0.0.2/24 scope global eth0
`;
    assert.equal(taken(lines, '8.8.8.8'), '10.0.0.1');
    assert.equal(
      taken('    inet 10.0.0.3/24 scope global secondary eth0\n', '8.8.8.8'),
      '10.0.0.3',
    );
  });

  test('of IPv6 is one of the link for what goes to the link, never a tentative one', () => {
    const lines = `    inet6 fd00::5/64 scope global tentative
    inet6 fd00::1/64 scope global
    inet6 fe80::1/64 scope link
`;
    assert.equal(taken(lines, '2001:db8::1'), 'fd00::1');
    assert.equal(taken(lines, 'fe80::9'), 'fe80::1');
  });

  test('is none of a device without one, and unknown without the dump or the device', () => {
    assert.equal(taken('', '8.8.8.8'), undefined);
    assert.equal(redirectAddress(node({ addresses: null }), 'eth0', at('8.8.8.8')), 'unknown');
    assert.equal(redirectAddress(node(), undefined, at('8.8.8.8')), 'unknown');
  });
});

suite('the source of a socket that is bound to none', () => {
  const taken = (destination: string, routes?: string | null) => {
    const found = socketSource(node({ routes }), at(destination));
    return found && formatAddress(found);
  };

  test('is the `src` of the route, the address itself for one of the node’s, else the device’s', () => {
    const routes = `default via 192.168.50.1 dev eth0
9.9.9.9 via 192.168.50.1 dev eth0 src 10.244.1.1
local 192.168.50.10 dev eth0 table local
`;
    assert.equal(taken('9.9.9.9', routes), '10.244.1.1');
    assert.equal(taken('192.168.50.10', routes), '192.168.50.10');
    assert.equal(taken('8.8.8.8', routes), '192.168.50.10');
  });

  test('is not known without a route there, or without routes', () => {
    assert.equal(taken('8.8.8.8', '10.244.1.0/24 dev cni0\n'), undefined);
    assert.equal(taken('8.8.8.8', null), undefined);
  });
});

suite('who listens to a multicast group', () => {
  const addresses = `2: eth0: <BROADCAST,MULTICAST,UP> mtu 1500
    inet6 fd00::12:3456/64 scope global
3: tun0: <POINTOPOINT,NOARP,UP> mtu 1500
    inet6 fd01::12:3456/64 scope global
`;
  const state = { ...node({ addresses }), interfaces: parseIpAddress(addresses, 'a').value };
  const answer = (group: string, more = {}, device = 'eth0') => {
    const found = listens({ ...state, ...more }, device, at(group));
    return typeof found === 'boolean' ? found : found.unknown;
  };
  const unknown = '`ip maddr` is missing';

  test('all hosts and all nodes surely, all routers where the node forwards', () => {
    for (const group of ['224.0.0.1', 'ff02::1', 'ff01::1']) assert.equal(answer(group), true);
    const forwarding = (value: string) => ({
      sysctls: new Map([['net.ipv6.conf.all.forwarding', value]]),
    });
    assert.equal(answer('ff02::2', forwarding('1')), true);
    assert.equal(answer('ff02::2', forwarding('0')), unknown);
  });

  test('the solicited nodes of its addresses, but not on a device without neighbours', () => {
    assert.equal(answer('ff02::1:ff12:3456'), true);
    assert.equal(answer('ff02::1:ff12:3457'), unknown);
    assert.equal(answer('ff02::1:ff12:3456', {}, 'tun0'), unknown);
    assert.equal(answer('ff02::2:ff12:3456'), unknown);
  });

  test('else what ip maddr shows of the family', () => {
    const groups = new Map([['eth0', [at('239.1.1.1')]]]);
    assert.equal(answer('239.1.1.1', { groups }), true);
    assert.equal(answer('239.1.1.2', { groups }), false);
    assert.equal(answer('ff05::9', { groups }), unknown);
    assert.equal(answer('239.1.1.1', { groups }, 'tun0'), unknown);
    assert.equal(answer('239.1.1.1'), unknown);
  });
});
