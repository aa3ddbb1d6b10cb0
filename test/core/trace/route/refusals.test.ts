import assert from 'node:assert/strict';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import type { Packet } from '../../../../src/core/packet';
import { node, packet, type Dumps } from '../helper';

interface How extends Dumps {
  readonly more?: Partial<Packet>;
}

/** What the routing says of a packet way by way, or what else ends its way; and what its sender is sent. */
function said(text: string, { more, ...dumps }: How = {}): readonly string[] {
  const sent = packet(text.replace(' > ', ':1000 > ').replace(/(?= \w+$)|$/, ':53'), more);
  return leaves(traceFlow(node(dumps), sent).path).map(({ steps, verdict, branches }) => {
    const [first] = steps.flatMap(({ kind, effect }) => (kind === 'routing' ? [effect] : []));
    const route = verdict.kind === 'LOST' ? verdict.reason : first;
    const reply = verdict.reply === undefined ? [] : [verdict.reply];
    const conditions = branches.map(({ condition }) => condition);
    return [...conditions, [route, ...reply].join(', ')].join(': ');
  });
}

function rows(title: string, cases: Readonly<Record<string, string>>, how?: How): void {
  test(title, () => {
    const found = Object.keys(cases).map((text) => [text, said(text, how).join(' | ')]);
    assert.deepEqual(Object.fromEntries(found), cases);
  });
}

const localnet = { 'net.ipv4.conf.eth0.route_localnet': '1' };
const link = '192.168.50.0/24 dev eth0\nlocal 192.168.50.10 dev eth0 table local\n';

suite('why a packet from outside is refused (ip_route_input_slow)', () => {
  rows('sources that none can be', {
    'udp 224.0.0.1 > 192.168.50.10 eth0': '224.0.0.1 is a martian source',
    'udp 255.255.255.255 > 192.168.50.10 eth0': '255.255.255.255 is a martian source',
    'udp 0.0.0.0 > 192.168.50.10 eth0': '0.0.0.0 is a martian source',
    'udp 127.0.0.1 > 192.168.50.10 eth0':
      '127.0.0.1 is a martian source: route_localnet is 0 on eth0',
    'udp 192.168.50.10 > 192.168.50.10 eth0':
      '192.168.50.10 is a martian source: it is the node’s own',
    'udp 10.244.1.1 > 192.168.50.10 eth0': '10.244.1.1 is a martian source: it is the node’s own',
    'udp 224.0.0.5 > 224.0.0.1 eth0': '224.0.0.5 is a martian source',
    'udp 127.0.0.5 > 224.0.0.1 eth0': '127.0.0.5 is a martian source: route_localnet is 0 on eth0',
    // rp_filter is off, and an address that is no one's is not looked for.
    'udp 192.168.50.255 > 192.168.50.10 eth0': 'to the node itself',
  });

  rows('by lo the node’s own are right', {
    'udp 192.168.50.10 > 10.244.1.1 lo': 'to the node itself',
    'udp 127.0.0.1 > 127.0.0.1 lo': 'to the node itself',
  });

  rows('destinations', {
    'udp 192.168.50.77 > 224.0.0.1 eth0': 'multicast, to the node itself',
    'udp 192.168.50.77 > 255.255.255.255 eth0': 'broadcast, to the node itself',
    'udp 192.168.50.77 > 192.168.50.255 eth0': 'broadcast, to the node itself',
    'udp 192.168.50.77 > 0.0.0.0 eth0': '0.0.0.0 is a martian destination',
    'udp 192.168.50.77 > 127.0.0.1 eth0':
      '127.0.0.1 is a martian destination: route_localnet is 0 on eth0',
    'udp 192.168.50.77 > 8.8.8.8 eth0': 'out by eth0 via 192.168.50.1',
    'udp 192.168.50.77 > 10.244.1.9 eth0': 'out by cni0',
    // Who has no address yet.
    'udp 0.0.0.0 > 255.255.255.255 eth0': 'broadcast, to the node itself',
    'udp 0.0.0.0 > 0.0.0.0 eth0': 'broadcast, to the node itself',
    'udp 0.0.0.0 > 224.0.0.1 eth0': 'multicast, to the node itself',
  });

  rows(
    'with route_localnet 127.0.0.0/8 is as any other',
    {
      'udp 192.168.50.77 > 127.0.0.1 eth0': 'to the node itself',
      'udp 127.0.0.1 > 192.168.50.10 eth0': '127.0.0.1 is a martian source: it is the node’s own',
    },
    { sysctls: localnet },
  );

  rows(
    'without forwarding nobody is told (ip_error)',
    {
      'udp 192.168.50.77 > 8.8.8.8 eth0': 'forwarding is off',
      'udp 192.168.50.77 > 192.168.50.10 eth0': 'to the node itself',
    },
    { sysctls: { 'net.ipv4.ip_forward': '0' } },
  );
  rows(
    'not even of what no route leads to',
    { 'udp 192.168.50.77 > 8.8.8.8 eth0': 'forwarding is off' },
    { sysctls: { 'net.ipv4.ip_forward': '0' }, routes: link },
  );

  for (const [type, reply] of [
    ['unreachable', ', icmp-host-unreachable'],
    ['prohibit', ', icmp-admin-prohibited'],
    ['blackhole', ''],
  ] as const) {
    rows(
      `a route that is ${type}`,
      { 'udp 192.168.50.77 > 9.9.9.9 eth0': `the route is ${type}${reply}` },
      { routes: `${type} 9.9.9.9\n${link}` },
    );
  }
  rows(
    'no route, and a TTL that ends',
    { 'udp 192.168.50.77 > 9.9.9.9 eth0': 'no route matches, icmp-net-unreachable' },
    { routes: link },
  );
  rows(
    'a TTL that ends',
    { 'udp 192.168.50.77 > 9.9.9.9 eth0': 'its TTL ends here, icmp-time-exceeded' },
    { more: { ttl: 1 } },
  );
  rows(
    'the first fragments wait for the others',
    {
      'udp 192.168.50.77 > 192.168.50.10 eth0':
        'conntrack keeps the fragment until the others are there',
    },
    { more: { fragment: true } },
  );

  suite('of what leaves by the device that it came in by, where that sends redirects', () => {
    // The way back of such a source leads to a broadcast, which only the look-up tells.
    const hairpin = 'udp 192.168.50.255 > 8.8.8.8 eth0';
    const redirects = (value: string) => ({
      sysctls: {
        'net.ipv4.conf.all.send_redirects': value,
        'net.ipv4.conf.eth0.send_redirects': value,
      },
    });
    const passes = 'out by eth0 via 192.168.50.1';
    const refused = '192.168.50.255 is a martian source: its route is broadcast';
    rows('they are off: it is not looked up', { [hairpin]: passes }, redirects('0'));
    rows('they are on', { [hairpin]: refused }, redirects('1'));
    const name = 'net.ipv4.conf.all.send_redirects';
    rows('which no dump tells', {
      [hairpin]: `${name} is 1: ${refused} | ${name} is 0: ${passes}`,
      // By another device it is not asked, and where both answer the same neither.
      'udp 192.168.50.255 > 10.244.1.7 eth0': 'out by cni0',
      'udp 192.168.50.77 > 8.8.8.8 eth0': passes,
      'udp 192.168.50.10 > 8.8.8.8 eth0': '192.168.50.10 is a martian source: it is the node’s own',
    });
  });

  suite('by rp_filter', () => {
    const from = 'udp 8.8.8.8 > 192.168.50.10 cni0';
    const filter = (value: string, device = 'cni0') => ({
      sysctls: { [`net.ipv4.conf.${device}.rp_filter`]: value },
    });
    const addressless = `2: eth0: <UP>
    inet 192.168.50.10/24 scope global eth0
3: cni0: <UP>
    inet6 fe80::1/64 scope link
`;
    const refused = '8.8.8.8 is a martian source: rp_filter is';
    rows('1: another way back', { [from]: `${refused} 1 on cni0` }, filter('1'));
    rows(
      '1: a way back with several next hops, one of which will do',
      { [from]: 'to the node itself' },
      {
        ...filter('1'),
        routes: `8.8.8.8 nexthop via 192.168.50.1 dev eth0 weight 1 nexthop via 10.244.1.2 dev cni0 weight 1\n${link}`,
      },
    );
    rows('2: any way back', { [from]: 'to the node itself' }, filter('2'));
    rows(
      '2: on a device without an address as 1',
      { [from]: `${refused} 2 on cni0` },
      { ...filter('2'), addresses: addressless },
    );
    rows(
      '2: where the addresses are not known',
      {
        [from]: [
          'cni0 has an IPv4 address: to the node itself',
          `cni0 has no IPv4 address, so that rp_filter 2 refuses 8.8.8.8: ${refused} 2 on cni0, which has no address`,
        ].join(' | '),
      },
      { ...filter('2'), addresses: null },
    );
    rows(
      'a way back that is refused',
      { 'udp 9.9.9.9 > 192.168.50.10 eth0': '9.9.9.9 is a martian source: rp_filter is 1 on eth0' },
      { ...filter('1', 'eth0'), routes: `unreachable 9.9.9.9\n${link}` },
    );
  });
});

suite('why a packet of the node itself is refused (ip_route_output_key_hash_rcu)', () => {
  rows('sources', {
    'udp 224.0.0.1 > 8.8.8.8': '224.0.0.1 cannot be a source, EINVAL',
    'udp 255.255.255.255 > 8.8.8.8': '255.255.255.255 cannot be a source, EINVAL',
    'udp 0.0.0.0 > 8.8.8.8': '0.0.0.0 cannot be a source, EINVAL',
    'udp 127.0.0.1 > 8.8.8.8': '127.0.0.1 may not leave by eth0: route_localnet is 0, EINVAL',
    'udp 10.244.1.1 > 8.8.8.8': 'out by eth0 via 192.168.50.1',
  });

  rows('destinations', {
    'udp 192.168.50.10 > 0.0.0.0': 'to the node itself',
    'udp 192.168.50.10 > 127.0.0.1': 'to the node itself',
    'udp 192.168.50.10 > 10.244.1.1': 'to the node itself',
    'udp 192.168.50.10 > 239.1.2.3': 'out by eth0',
    'udp 192.168.50.10 > 255.255.255.255':
      'a broadcast address: refused unless the socket has SO_BROADCAST, EACCES',
    'udp 127.0.0.1 > 255.255.255.255':
      'a broadcast address: refused unless the socket has SO_BROADCAST, EACCES',
    'udp 192.168.50.10 > 192.168.50.255':
      'a broadcast address: refused unless the socket has SO_BROADCAST, EACCES',
  });

  rows(
    'with route_localnet a loopback address leaves',
    { 'udp 127.0.0.1 > 8.8.8.8': 'out by eth0 via 192.168.50.1' },
    { sysctls: localnet },
  );

  rows(
    'bound to a device: what no route leads to is on its link',
    {
      'udp 192.168.50.10 > 8.8.8.8': 'out by eth0',
      'udp 127.0.0.1 > 8.8.8.8': '127.0.0.1 may not leave by eth0: route_localnet is 0, EINVAL',
    },
    { routes: link, more: { boundDevice: 'eth0' } },
  );

  rows(
    'of a route with several next hops each, in its order',
    {
      'udp 192.168.50.10 > 9.9.9.9': [
        'out by eth0 via 192.168.50.1',
        'out by cni0 via 10.244.1.2',
        'out by eth0',
      ].join(' | '),
    },
    {
      routes: `9.9.9.9 nexthop via 192.168.50.1 dev eth0 weight 1 nexthop via 10.244.1.2 dev cni0 weight 2 nexthop dev eth0 weight 5\n${link}`,
    },
  );
});
