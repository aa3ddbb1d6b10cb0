import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import type { NodeState } from '../../../../src/core/node';
import type { ExtensionHeader, Packet } from '../../../../src/core/packet';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { node6 } from '../helper';

const at = (text: string) => parseAddress(text)!;
const addresses = `1: lo: <LOOPBACK,UP> mtu 65536
    inet6 ::1/128 scope host
2: eth0: <UP> mtu 1500
    inet6 fd00:1::10/64 scope global
    inet6 fe80::10/64 scope link
3: cni0: <UP> mtu 1500
    inet6 fd00:2::1/64 scope global
    inet6 fe80::20/64 scope link
`;
const routes = `fd00:1::/64 dev eth0 proto kernel metric 256
fd00:2::/64 dev cni0 proto kernel metric 256
fe80::/64 dev eth0 proto kernel metric 256
fe80::/64 dev cni0 proto kernel metric 256
local ::1 dev lo table local proto kernel metric 0
local fd00:1::10 dev eth0 table local proto kernel metric 0
local fd00:2::1 dev cni0 table local proto kernel metric 0
local fe80::10 dev eth0 table local proto kernel metric 0
anycast fd00:1:: dev eth0 table local proto kernel metric 0
unreachable fd00:9::/64 dev lo metric 1024
prohibit fd00:a::/64 dev lo metric 1024
blackhole fd00:b::/64 dev lo metric 1024
fd00:c::/64 dev lo metric 1024
default via fd00:1::1 dev eth0 metric 1024
`;

interface How {
  readonly more?: Partial<Packet>;
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly ways?: string;
}

function nodeOf({ sysctls = {}, ways = routes }: How): NodeState {
  return node6(addresses, ways, {
    sysctls: new Map(Object.entries({ 'net.ipv6.conf.all.forwarding': '1', ...sysctls })),
  });
}

/** `fd00:1::77 > fd00:2::7 eth0`: what the routing says, or why the packet is lost and what its sender gets. */
function said(text: string, how: How = {}): string {
  const [source = '', destination = '', device] = text.split(/ > | /);
  const sent: Packet = {
    protocol: 17,
    source: at(source),
    destination: at(destination),
    sourcePort: 1000,
    destinationPort: 53,
    inInterface: device,
    ...how.more,
  };
  const found = leaves(traceFlow(nodeOf(how), sent).path).map(({ steps, verdict }) => {
    const [first] = steps.flatMap(({ kind, effect }) => (kind === 'routing' ? [effect] : []));
    const route = verdict.kind === 'LOST' ? verdict.reason : first;
    return [route, ...(verdict.reply === undefined ? [] : [verdict.reply])].join(', ');
  });
  return found.join(' | ');
}

function rows(title: string, cases: Readonly<Record<string, string>>, how?: How): void {
  test(title, () => {
    const found = Object.keys(cases).map((text) => [text, said(text, how)]);
    assert.deepEqual(Object.fromEntries(found), cases);
  });
}

suite('what IPv6 does with a packet from outside (ip6_route_input, ip6_forward)', () => {
  rows('by its destination', {
    'fd00:1::77 > fd00:1::10 eth0': 'to the node itself',
    'fd00:1::77 > fd00:2::1 eth0': 'to the node itself',
    'fd00:1::77 > fd00:1:: eth0': 'anycast, to the node itself',
    'fd00:1::77 > fd00:2::7 eth0': 'out by cni0',
    'fd00:2::7 > 2001:db8::1 cni0': 'out by eth0 via fd00:1::1',
    'fd00:1::77 > ff02::1 eth0': 'multicast, to the node itself',
    'fd00:1::77 > fd00:9::1 eth0': 'the route is unreachable, icmp6-no-route',
    'fd00:1::77 > fd00:a::1 eth0': 'the route is prohibit, icmp6-adm-prohibited',
    'fd00:1::77 > fd00:b::1 eth0': 'the route is blackhole',
    'fd00:1::77 > fd00:c::1 eth0':
      'the route leads to lo, which IPv6 takes for a refusal, icmp6-no-route',
  });

  rows('by its source, where it is sent on', {
    'fe80::7 > fd00:2::7 eth0': 'fe80::7 is of the link of eth0 alone, icmp6-beyond-scope',
    ':: > fd00:2::7 eth0': ':: is no source that is sent on',
    // Not sent on: on its link, or to the node.
    'fe80::7 > fd00:1::99 eth0': 'out by eth0',
    ':: > fd00:1::99 eth0': 'out by eth0',
    'fe80::7 > fd00:1::10 eth0': 'to the node itself',
    'fe80::7 > fe80::10 eth0': 'to the node itself',
  });

  rows('what does not come in by a device (ip6_rcv_core)', {
    '::1 > fd00:1::10 eth0': '::1 does not come in by a device',
    'fd00:1::77 > ::1 eth0': '::1 does not come in by a device',
    'ff02::1 > fd00:1::10 eth0': 'a multicast address cannot be a source',
    'fd00:1::77 > ff00::1 eth0': 'a multicast group of the reserved scope 0',
    'fd00:1::77 > ff01::1 eth0': 'a multicast group of one node does not come in by a device',
    '::1 > ::1 lo': 'to the node itself',
    'fd00:1::10 > ff01::1 lo': 'multicast, to the node itself',
  });

  rows(
    'without forwarding',
    {
      'fd00:1::77 > fd00:2::7 eth0': 'forwarding is off',
      'fd00:1::77 > fd00:2::1 eth0': 'to the node itself',
      'fd00:1::77 > fd00:9::1 eth0': 'the route is unreachable, icmp6-no-route',
    },
    { sysctls: { 'net.ipv6.conf.all.forwarding': '0' } },
  );

  rows(
    'without a route, and with a TTL that ends',
    { 'fd00:1::77 > 2001:db8::1 eth0': 'no route matches, icmp6-no-route' },
    { ways: routes.replace(/^default.*\n/m, '') },
  );
  rows(
    'with a hop limit of 1',
    { 'fd00:2::7 > 2001:db8::1 cni0': 'its TTL ends here, icmp6-time-exceeded' },
    { more: { ttl: 1 } },
  );

  const options = (type: number, data: readonly number[]): How => {
    const header: ExtensionHeader = { kind: 'hop-by-hop', options: [{ type, data }] };
    return { more: { extensions: [header] } };
  };
  const inward = 'fd00:1::77 > fd00:1::10 eth0';
  const refused = 'the padding of its hop-by-hop header is refused';
  rows('with a router alert', { [inward]: 'to the node itself' }, options(5, [0, 0]));
  rows('with padding', { [inward]: 'to the node itself' }, options(1, [0, 0, 0, 0]));
  rows('with padding of 8 bytes', { [inward]: refused }, options(1, [0, 0, 0, 0, 0, 0]));
  rows('with padding of 7 bytes', { [inward]: 'to the node itself' }, options(1, [0, 0, 0, 0, 0]));
  rows('with padding that is not of zeros', { [inward]: refused }, options(1, [0, 1]));
  rows('with an option to be passed by', { [inward]: 'to the node itself' }, options(30, [0]));
  rows(
    'with an option that is not known',
    { [inward]: 'the hop-by-hop option 94 is not known' },
    options(94, [0]),
  );

  test('what forwards is assumed where no dump tells', () => {
    const told = (text: string) => {
      const [source = '', destination = '', inInterface] = text.split(/ > | /);
      const sent = { protocol: 17, source: at(source), destination: at(destination), inInterface };
      const state = { ...nodeOf({}), sysctls: undefined };
      return traceFlow(state, sent).assumptions.map((one) => one.text);
    };
    const assumed = 'net.ipv6.conf.all.forwarding is 1, as on every IPv6 node';
    assert.ok(told('fd00:1::77 > fd00:2::7 eth0').includes(assumed));
    assert.ok(!told('fd00:1::77 > fd00:2::1 eth0').includes(assumed));
  });
});

suite('what IPv6 does with a packet of the node itself (ip6_route_output_flags)', () => {
  rows('by its destination', {
    'fd00:1::10 > fd00:2::1': 'to the node itself',
    'fd00:1::10 > ::1': 'to the node itself',
    'fd00:1::10 > fd00:2::7': 'out by cni0',
    'fd00:1::10 > 2001:db8::1': 'out by eth0 via fd00:1::1',
    'fd00:1::10 > fd00:9::1': 'the route is unreachable, EHOSTUNREACH',
    'fd00:1::10 > fd00:a::1': 'the route is prohibit, EACCES',
    'fd00:1::10 > fd00:b::1': 'the route is blackhole, EINVAL',
  });

  rows(
    'bound to a device',
    {
      'fe80::20 > fe80::7': 'out by cni0',
      'fd00:2::1 > 2001:db8::1': 'no route matches, ENETUNREACH',
    },
    { more: { boundDevice: 'cni0' } },
  );
});
