import assert from 'node:assert/strict';
import { formatAddress, formatNetwork } from '../../../src/core/address';
import type { NetworkInterface, Route } from '../../../src/core/node';
import { parseIpAddress } from '../../../src/syntax/ip/address';
import { parseIpRoute } from '../../../src/syntax/ip/route';
import { finish } from '../../../src/core/work';
import {
  interfacesOfKernelRoutes,
  interfacesOfRoutes,
  joinRoutes,
  routesOfProc,
} from '../../../src/syntax/node/nodeRoutes';
import { withPauses } from '../../pauses';

function routes(...lines: string[]): readonly Route[] {
  const { value, findings } = parseIpRoute(lines.join('\n'), 'dump');
  assert.deepEqual(findings, []);
  return value;
}

function devices(...lines: string[]): readonly NetworkInterface[] {
  return parseIpAddress(lines.join('\n'), 'dump').value;
}

/** `TYPE DESTINATION TABLE DEVICE SOURCE` */
function show({ type, destination, table, nextHops, source }: Route): string {
  return [
    ...[type, formatNetwork(destination), table, nextHops[0]?.device ?? '-'],
    ...(source ? [formatAddress(source)] : []),
  ].join(' ');
}

/** `DEVICE ADDRESS/LENGTH SCOPE ...` */
function list(interfaces: readonly NetworkInterface[]): string[] {
  return interfaces.map(({ name, addresses }) =>
    [
      name === '' ? '?' : name,
      ...addresses.map((one) =>
        [`${formatAddress(one.address)}/${one.prefixLength}`, one.scope].filter(Boolean).join(' '),
      ),
    ].join(' '),
  );
}

const main = ['default via 10.0.0.1 dev eth0', '10.0.0.0/24 dev eth0 scope link'];

suite('one routing table from several dumps', () => {
  test('without table main there are no routes, and why is said', () => {
    assert.deepEqual(finish(joinRoutes([], undefined)), {
      reasons: ['No dump of the routes is at hand.'],
    });
    assert.deepEqual(finish(joinRoutes([routes('local 10.0.0.5 dev eth0')], undefined)), {
      reasons: ['The dumps of the routes have no table main.'],
    });
  });

  test('without table local there are none either, unless the addresses are known', () => {
    assert.deepEqual(finish(joinRoutes([routes(...main)], undefined)), {
      reasons: ['The dump of the routes has no table local.'],
    });
    const interfaces = devices(
      '1: lo: <UP>',
      '    inet 127.0.0.1/8 scope host lo',
      '    inet 127.0.0.9/32 scope host lo',
      '    inet6 ::1/128 scope host',
      '2: eth0: <UP>',
      '    inet 10.0.0.5/24 brd 10.0.0.255 scope global eth0',
      '    inet6 fe80::1/64 scope link',
    );
    const joined = finish(joinRoutes([routes(...main)], interfaces));
    assert.deepEqual(joined.routes!.map(show), [
      'unicast 0.0.0.0/0 main eth0',
      'unicast 10.0.0.0/24 main eth0',
      'local 127.0.0.1/32 local lo 127.0.0.1',
      // Of the loopback network the kernel takes every address for its own.
      'local 127.0.0.0/8 local lo 127.0.0.1',
      'local 127.0.0.9/32 local lo 127.0.0.9',
      'local ::1/128 local lo ::1',
      'local 10.0.0.5/32 local eth0 10.0.0.5',
      'broadcast 10.0.0.255/32 local eth0 10.0.0.5',
      'local fe80::1/128 local eth0 fe80::1',
    ]);
    assert.equal(joined.reasons.length, 1);
  });

  test('a route that two dumps show counts once, others of the same network stay', () => {
    const local = 'local 10.0.0.5 dev eth0 table local';
    const one = routes(...main, local);
    const other = routes(
      ...main,
      '10.0.0.0/24 dev eth1 scope link',
      '10.0.0.0/24 dev eth0 metric 7',
      '10.0.0.0/24 dev eth0 table 7',
      'throw 10.0.0.0/24 dev eth0',
    );
    const joined = finish(joinRoutes([one, other], undefined));
    assert.deepEqual(joined.reasons, []);
    assert.equal(joined.routes!.length, 7);
  });

  test('2,000 routes are joined in pieces', () => {
    const many = routes(
      ...main,
      ...Array.from(
        { length: 2000 },
        (_, i) => `10.${i >> 8}.${i & 255}.0/24 via 10.0.0.1 dev eth0`,
      ),
    );
    const { value, pauses } = withPauses(joinRoutes([many], []));
    assert.equal(value.routes?.length, 2002);
    assert.ok(pauses >= 20, `${pauses} pauses`);
  });

  test('IPv6 addresses without IPv6 routes in main: those are missing', () => {
    const reasons = (six: string, ...more: string[]) =>
      finish(
        joinRoutes(
          [routes(...main, 'local 10.0.0.5 dev eth0 table local', ...more)],
          devices('2: eth0: <UP>', `    inet6 ${six}`),
        ),
      ).reasons;
    assert.equal(reasons('fd00::5/64 scope global').length, 1);
    assert.match(
      reasons('fd00::5/64 scope global', 'local fd00::5 dev eth0 table local')[0]!,
      /IPv6 routes/,
    );
    assert.deepEqual(reasons('fd00::5/64 scope global', 'fd00::/64 dev eth0'), []);
    // An address of the link alone does not need any.
    assert.deepEqual(reasons('fe80::5/64 scope link'), []);
  });
});

suite('devices by routes', () => {
  test('a network of the kernel’s own tells an address and its device', () => {
    assert.deepEqual(
      list(
        interfacesOfKernelRoutes(
          routes(
            '192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10',
            '192.0.3.0/24 dev eth1 proto static scope link src 192.0.3.10',
            '192.0.4.0/24 dev eth2 proto kernel scope link',
            'blackhole 192.0.5.0/24 proto kernel src 192.0.5.1',
          ),
        ),
      ),
      ['eth0 192.0.2.10/24 global'],
    );
  });

  test('/proc: the trie’s routes get the devices of connected networks', () => {
    const trie = routes(
      '10.0.0.0/24 scope link',
      'local 10.0.0.5 table local',
      'local 127.0.0.1 table local',
      'local 192.0.2.9 table local',
      '10.9.0.0/16 table 7',
    );
    assert.deepEqual(routesOfProc(trie, undefined), trie);
    assert.deepEqual(routesOfProc(trie, routes(...main)).map(show), [
      ...routes(...main).map(show),
      'local 10.0.0.5/32 local eth0',
      'local 127.0.0.1/32 local lo',
      // Only the default route leads to it: it is no neighbour.
      'local 192.0.2.9/32 local -',
      'unicast 10.9.0.0/16 7 -',
    ]);
  });

  test('a network behind a gateway, of several hops or of all addresses connects nothing', () => {
    const of = (...lines: string[]) =>
      show(routesOfProc(routes('local 10.0.0.5 table local'), routes(...lines)).at(-1)!);
    assert.equal(of('10.0.0.0/8 dev a'), 'local 10.0.0.5/32 local a');
    assert.equal(
      of('10.0.0.0/8 dev a', '10.0.0.0/24 dev b', '10.0.0.0/16 dev c'),
      'local 10.0.0.5/32 local b',
    );
    assert.equal(of('10.0.0.0/24 via 10.9.9.9 dev a'), 'local 10.0.0.5/32 local -');
    assert.equal(of('10.0.0.0/24 nexthop dev a nexthop dev b'), 'local 10.0.0.5/32 local -');
    assert.equal(of('10.1.0.0/24 dev a'), 'local 10.0.0.5/32 local -');
    assert.equal(of('default dev a'), 'local 10.0.0.5/32 local -');
  });

  test('an address is a device’s where it is the only one in its network', () => {
    const own = (...lines: string[]) => list(interfacesOfRoutes(routes(...main, ...lines)));
    assert.deepEqual(own('local 10.0.0.5 dev eth0', 'local 127.0.0.1 dev lo'), [
      'eth0 10.0.0.5/24 global',
      'lo 127.0.0.1/32 host',
    ]);
    assert.deepEqual(own('local 10.0.0.5 dev eth0', 'local 10.0.0.6 dev eth0'), [
      '? 10.0.0.5/24 10.0.0.6/24',
    ]);
    assert.deepEqual(own('local 192.0.2.9 dev eth0', 'local 127.0.0.0/8 dev lo'), [
      '? 192.0.2.9/32',
    ]);
    assert.deepEqual(own('broadcast 10.0.0.255 dev eth0'), []);
  });
});
