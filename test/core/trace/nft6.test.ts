import assert from 'node:assert/strict';
import { parseAddress } from '../../../src/core/address';
import type { NodeState } from '../../../src/core/node';
import type { ExtensionHeader, Packet } from '../../../src/core/packet';
import { leaves } from '../../../src/core/trace/leaves';
import { traceFlow } from '../../../src/core/trace/tracer';
import { node6, oneChain } from './helper';

const at = (text: string) => parseAddress(text)!;
const addresses = `1: lo: <LOOPBACK,UP> mtu 65536
    inet6 ::1/128 scope host
2: eth0: <UP> mtu 1500
    inet6 fd00:1::10/64 scope global
    inet6 fe80::10/64 scope link
3: cni0: <UP> mtu 1500
    inet6 fd00:2::1/64 scope global
`;
const routes = `fd00:1::/64 dev eth0 proto kernel metric 256
fd00:2::/64 dev cni0 proto kernel metric 256
fe80::/64 dev eth0 proto kernel metric 256
fe80::/64 dev cni0 proto kernel metric 256
local ::1 dev lo table local proto kernel metric 0
local fd00:1::10 dev eth0 table local proto kernel metric 0
local fd00:2::1 dev cni0 table local proto kernel metric 0
anycast fd00:1:: dev eth0 table local proto kernel metric 0
multicast ff00::/8 dev eth0 table local proto kernel metric 256
unreachable fd00:9::/64 dev lo metric 1024
default via fd00:1::1 dev eth0 metric 1024
`;
const state = node6(addresses, routes);
const web: Packet = {
  protocol: 6,
  source: at('fd00:2::7'),
  sourcePort: 40000,
  destination: at('2001:db8::1'),
  destinationPort: 80,
  inInterface: 'cni0',
};

type Answer = 'yes' | 'no' | 'open';

/** What the expressions say before routing; or `open`. */
function table(
  title: string,
  more: Partial<Packet>,
  rows: Readonly<Record<string, Answer>>,
  of: NodeState = state,
): void {
  test(title, () => {
    const found = Object.keys(rows).map((text): [string, Answer] => {
      const base = 'filter hook prerouting priority -140';
      const nftables = oneChain(`${text} drop`, { base, family: 'ip6' });
      const { path } = traceFlow({ ...of, nftables }, { ...web, ...more });
      const dropped = leaves(path).map(({ verdict }) => verdict.kind === 'DROP');
      if (new Set(dropped).size > 1) return [text, 'open'];
      return [text, dropped[0] ? 'yes' : 'no'];
    });
    assert.deepEqual(Object.fromEntries(found), rows);
  });
}

suite('IPv6 as nft asks of it', () => {
  table(
    'the head',
    { ttl: 64, tos: 0xb8, length: 100 },
    {
      'ip6 saddr fd00:2::/64': 'yes',
      'ip6 saddr fd00:1::/64': 'no',
      'ip6 daddr 2001:db8::1': 'yes',
      'ip6 hoplimit 64': 'yes',
      'ip6 hoplimit 63': 'no',
      'ip6 dscp ef': 'yes',
      'ip6 dscp cs1': 'no',
      'ip6 ecn not-ect': 'yes',
      'ip6 version 6': 'yes',
      'ip6 nexthdr tcp': 'yes',
      'ip6 nexthdr udp': 'no',
      'ip6 length 60': 'yes',
      'ip6 length 100': 'no',
      'meta nfproto ipv6': 'yes',
      'meta l4proto tcp': 'yes',
      'tcp dport 80': 'yes',
    },
  );

  const fragment = (offset: number, more: boolean): readonly ExtensionHeader[] => [
    { kind: 'fragment', offset, more },
  ];
  const hop: ExtensionHeader = { kind: 'hop-by-hop', options: [{ type: 1, data: [0, 0, 0, 0] }] };
  // Of odd lengths conntrack takes none in (nf_ct_frag6_gather).
  table(
    'the first fragment has a transport header',
    { extensions: fragment(0, true), length: 97 },
    {
      'tcp dport 80': 'yes',
      'exthdr frag exists': 'yes',
    },
  );
  table(
    'a later one has none',
    { extensions: fragment(8, true), length: 97 },
    {
      'tcp dport 80': 'no',
      'tcp dport != 80': 'no',
      'exthdr frag exists': 'yes',
    },
  );

  table(
    'a later one behind another header has none either, a whole packet behind one has',
    { extensions: [hop, ...fragment(8, true)], length: 105 },
    { 'tcp dport 80': 'no', 'th dport 80': 'no' },
  );
  table('a header before it', { extensions: [hop] }, { 'tcp dport 80': 'yes' });

  const padded: ExtensionHeader = {
    kind: 'hop-by-hop',
    options: [{ type: 1, data: [0, 0, 0, 0] }],
  };
  const query: Partial<Packet> = { protocol: 17, length: 100 };
  table('udp: its length is what the headers leave', query, {
    'udp length 60': 'yes',
    'udp length 100': 'no',
    'udp dport 80': 'yes',
    'udp sport 40000': 'yes',
    'udp checksum 0': 'open',
    'tcp dport 80': 'no',
    'th dport 80': 'yes',
    'tcp flags syn': 'no',
  });
  table(
    'udp behind 8 bytes of options',
    { ...query, extensions: [padded] },
    {
      'udp length 52': 'yes',
      'udp length 60': 'no',
      'ip6 length 60': 'yes',
    },
  );
  table(
    'udp of no known length',
    { protocol: 17 },
    { 'udp length 60': 'open', 'ip6 length 60': 'open' },
  );
  for (const [protocol, name] of [
    [132, 'sctp'],
    [33, 'dccp'],
    [136, 'udplite'],
  ] as const) {
    table(
      `ports of ${name}`,
      { protocol },
      {
        [`${name} dport 80`]: 'yes',
        [`${name} dport 81`]: 'no',
        'udp dport 80': 'no',
      },
    );
  }

  const echo = {
    protocol: 58,
    icmpType: 128,
    icmpCode: 0,
    sourcePort: 77,
    destinationPort: undefined,
  };
  table('icmpv6', echo, {
    'icmpv6 type echo-request': 'yes',
    'icmpv6 type echo-reply': 'no',
    'icmpv6 code 0': 'yes',
    'icmpv6 id 77': 'yes',
    'icmpv6 sequence 1': 'open',
    'icmp type 8': 'no',
    'tcp dport 80': 'no',
  });

  table(
    'headers that are not there',
    {},
    {
      'frag more-fragments 1': 'no',
      'rt type 0': 'no',
      'hbh nexthdr 6': 'no',
      'dst nexthdr 6': 'no',
    },
  );
  table(
    'what of a header is not told',
    { extensions: [padded] },
    {
      'hbh nexthdr 6': 'open',
      'dst nexthdr 6': 'no',
    },
  );

  const types = (type: string): Readonly<Record<string, Answer>> =>
    Object.fromEntries(
      ['local', 'unicast', 'anycast', 'multicast', 'unreachable'].map((one) => [
        `fib daddr type ${one}`,
        one === type ? 'yes' : 'no',
      ]),
    );
  for (const [to, type] of [
    ['fd00:2::1', 'local'],
    ['2001:db8::1', 'unicast'],
    ['fd00:1::', 'anycast'],
    ['fd00:9::1', 'unreachable'],
  ] as const) {
    table(`the type of ${to}: ${type}`, { destination: at(to) }, types(type));
  }

  table(
    'with a device, its own addresses alone are local',
    { destination: at('fd00:2::1') },
    {
      'fib daddr . iif type local': 'yes',
      'fib saddr . iif type local': 'no',
    },
  );
  table(
    'those of another are not',
    { destination: at('fd00:1::10') },
    {
      'fib daddr . iif type local': 'no',
      'fib daddr . iif type unicast': 'yes',
      'fib daddr type local': 'yes',
    },
  );

  table(
    'the way back',
    {},
    {
      'fib saddr . iif oif exists': 'yes',
      'fib saddr oifname "cni0"': 'yes',
      'fib daddr oifname "eth0"': 'yes',
      'fib daddr . iif oif missing': 'yes',
    },
  );
  table(
    'by another device',
    { source: at('2001:db8::5') },
    {
      'fib saddr . iif oif missing': 'yes',
      'fib saddr oif exists': 'yes',
    },
  );
  table(
    'to what is refused, local or anycast there is none',
    { source: at('fd00:9::1') },
    {
      'fib saddr oif missing': 'yes',
    },
  );
  for (const to of ['fd00:2::1', 'fd00:1::']) {
    table(`none to ${to}`, { destination: at(to) }, { 'fib daddr oif missing': 'yes' });
  }
  table(
    'of a link-local address by the device of the packet',
    { source: at('fe80::7') },
    {
      'fib saddr . iif oif exists': 'yes',
      'fib saddr oifname "cni0"': 'yes',
    },
  );

  // nft_fib_v6_skip_icmpv6: duplicate address detection.
  const probe = {
    protocol: 58,
    sourcePort: undefined,
    destinationPort: undefined,
    source: at('::'),
  };
  table(
    'who has no address yet asks its link',
    { ...probe, destination: at('ff02::1:ff00:7') },
    {
      'fib saddr . iif oif exists': 'yes',
    },
  );
  table(
    'but not by another protocol',
    { source: at('::'), destination: at('ff02::5') },
    {
      'fib saddr . iif oif missing': 'yes',
    },
  );

  table(
    'without routes it is open',
    {},
    { 'fib saddr oif exists': 'open', 'fib daddr type local': 'no' },
    { ...state, routes: undefined },
  );
  table(
    'without addresses as well',
    {},
    { 'fib daddr type local': 'open' },
    { ...state, routes: undefined, interfaces: undefined },
  );
});
