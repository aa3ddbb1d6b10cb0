import assert from 'node:assert/strict';
import type { Packet } from '../../../../src/core/packet';
import { jhash } from '../../../../src/core/trace/expression/jhash';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow, type TraceOptions } from '../../../../src/core/trace/tracer';
import { node, oneChain, packet } from '../helper';

const web = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');
const own = packet('tcp 192.168.50.10:40000 > 8.8.8.8:80');
const told: Packet = { ...web, length: 60, ttl: 64, tos: 0xb8, sourceMac: '02:00:00:00:00:01' };

/** `yes`, `no`, `open`, or the chance with which the rule's statements hold. */
function answer(text: string, of: Packet, options: TraceOptions, hook: string): string | number {
  const base = `filter hook ${hook} priority -140`;
  const state = { ...node(), nftables: oneChain(`${text} ct mark set 0x77`, { base }) };
  const found = leaves(traceFlow(state, of, options).path).map(({ steps, probability }) => ({
    holds: steps.some(({ kind, effect }) => kind === 'rule' && effect.includes('0x77')),
    probability,
  }));
  const sure = found.filter(({ holds }) => holds);
  if (sure.length === found.length) return 'yes';
  if (sure.length === 0) return 'no';
  if (found.some(({ probability }) => probability === undefined)) return 'open';
  return Number(sure.reduce((sum, { probability }) => sum + probability!, 0).toFixed(6));
}

function table(
  title: string,
  of: Packet,
  rows: Readonly<Record<string, string | number>>,
  hook = 'forward',
  options: TraceOptions = {},
): void {
  test(title, () => {
    const found = Object.keys(rows).map((text) => [text, answer(text, of, options, hook)]);
    assert.deepEqual(Object.fromEntries(found), rows);
  });
}

suite('expressions of nft', () => {
  table('comparisons, at their bounds', web, {
    'tcp dport 80': 'yes',
    'tcp dport 81': 'no',
    'tcp dport != 80': 'no',
    'tcp dport != 81': 'yes',
    'tcp dport < 81': 'yes',
    'tcp dport < 80': 'no',
    'tcp dport <= 80': 'yes',
    'tcp dport <= 79': 'no',
    'tcp dport > 79': 'yes',
    'tcp dport > 80': 'no',
    'tcp dport >= 80': 'yes',
    'tcp dport >= 81': 'no',
    'tcp dport 79-80': 'yes',
    'tcp dport 80-81': 'yes',
    'tcp dport 81-90': 'no',
    'tcp dport != 79-80': 'no',
    'tcp dport { 22, 80 }': 'yes',
    'tcp dport { 22, 79-81 }': 'yes',
    'tcp dport { 22, 81 }': 'no',
    'tcp dport != { 22, 80 }': 'no',
    'tcp dport != { 22, 81 }': 'yes',
    'udp dport 80': 'no',
    'udp dport != 81': 'no',
    'th dport 80': 'yes',
    'ip saddr 10.244.1.0/24': 'yes',
    'ip saddr != 10.244.1.0/24': 'no',
    'ip saddr 10.244.1.0-10.244.1.7': 'yes',
    'ip saddr 10.244.1.8-10.244.1.9': 'no',
    'ip saddr . tcp dport { 10.244.1.7 . 80 }': 'yes',
    'ip saddr . tcp dport { 10.244.1.7 . 81 }': 'no',
  });

  table('flags of tcp', web, {
    'tcp flags syn': 'yes',
    'tcp flags ack': 'no',
    'tcp flags & (fin | syn | rst | ack) == syn': 'yes',
    'tcp flags & (syn | ack) == syn | ack': 'no',
    'tcp flags & (syn | ack) != syn | ack': 'yes',
  });

  table('the head and the frame', told, {
    'ip version 4': 'yes',
    'ip version 6': 'no',
    'ip protocol tcp': 'yes',
    // ip_forward takes one before FORWARD is called.
    'ip ttl 63': 'yes',
    'ip ttl < 63': 'no',
    'ip dscp ef': 'yes',
    'ip dscp cs1': 'no',
    'ip dscp != ef': 'no',
    'ip ecn not-ect': 'yes',
    'ip ecn ce': 'no',
    'ip length 60': 'yes',
    'ip length > 60': 'no',
    'meta length 60': 'yes',
    'meta l4proto tcp': 'yes',
    'meta l4proto { icmp, udp }': 'no',
    'meta nfproto ipv4': 'yes',
    'meta protocol ip': 'yes',
    'meta protocol ip6': 'no',
    'meta mark 0x0': 'yes',
    'meta pkttype host': 'yes',
    'meta pkttype broadcast': 'no',
    'iifname "cni0"': 'yes',
    'iifname "cni*"': 'yes',
    'iifname "eth*"': 'no',
    'iifname != "cni0"': 'no',
    'oifname "eth0"': 'yes',
    'oifname { "eth0", "eth1" }': 'yes',
    'ether saddr 02:00:00:00:00:01': 'yes',
    'ether saddr 02:00:00:00:00:02': 'no',
    'ether type ip': 'yes',
    // Of what is forwarded no socket is known.
    'meta skuid 0': 'no',
    'meta skuid != 0': 'no',
    'meta skgid 0': 'no',
    // Of what is not known the hash is not by chance.
    'jhash meta cpu mod 2 seed 0x1 0': 'open',
    // What is by chance stays so through arithmetic, and in one part of a key.
    'numgen random mod 4 & 0x1 0': 0.5,
    'numgen random mod 4 << 1 < 2': 0.25,
    'numgen random mod 4 . tcp dport { 0 . 80, 1 . 81 }': 0.25,
    'numgen random mod 4 . tcp dport != { 0 . 80, 1 . 81 }': 0.75,
    'numgen random mod 2 . numgen random mod 2 { 0 . 0 }': 'open',
  });

  table('what the packet does not tell is open', web, {
    'ip ttl 64': 'open',
    'ip length 60': 'open',
    'meta length 60': 'open',
    'ether saddr 02:00:00:00:00:01': 'open',
    'frobnicate 7': 'open',
  });

  table(
    'who sends',
    { ...own, owner: { uid: 1000, gid: 100 } },
    {
      'meta skuid 1000': 'yes',
      'meta skuid 1-999': 'no',
      'meta skuid != 1000': 'no',
      'meta skgid 100': 'yes',
      'meta skgid 1000': 'no',
      'ether saddr 02:00:00:00:00:01': 'no',
      'iifname "cni0"': 'no',
    },
    'output',
  );
  table(
    'who sends, not told',
    own,
    { 'meta skuid 1000': 'open', 'meta skgid 1': 'open' },
    'output',
  );

  const echo = {
    ...packet('icmp 10.244.1.7 > 8.8.8.8 cni0'),
    icmpType: 8,
    icmpCode: 0,
    sourcePort: 5,
  };
  table('icmp', echo, {
    'icmp type echo-request': 'yes',
    'icmp type echo-reply': 'no',
    'icmp code 0': 'yes',
    'icmp code 1': 'no',
    'icmp id 5': 'yes',
    'icmp id 6': 'no',
    'tcp dport 80': 'no',
    'ct original proto-src 5': 'yes',
  });

  table('the connection', web, {
    'ct state new': 'yes',
    'ct state established,related': 'no',
    'ct state != new': 'no',
    'ct state invalid': 'no',
    'ct direction original': 'yes',
    'ct direction reply': 'no',
    'ct l3proto ipv4': 'yes',
    'ct l3proto ipv6': 'no',
    'ct protocol tcp': 'yes',
    'ct protocol udp': 'no',
    'ct original ip saddr 10.244.1.7': 'yes',
    'ct original ip saddr 8.8.8.8': 'no',
    'ct original ip daddr 8.8.8.8': 'yes',
    'ct reply ip saddr 8.8.8.8': 'yes',
    'ct reply ip daddr 10.244.1.7': 'yes',
    'ct reply ip daddr 8.8.8.8': 'no',
    'ct original proto-src 40000': 'yes',
    'ct original proto-dst 80': 'yes',
    'ct original proto-dst 40000': 'no',
    'ct reply proto-src 80': 'yes',
    'ct reply proto-dst 40000': 'yes',
    'ct reply proto-dst 80': 'no',
    'ct mark 0x0': 'yes',
    'ct mark 0x1': 'no',
    'ct zone 0': 'yes',
    'ct zone 1': 'no',
    'ct status dnat': 'no',
    'ct status confirmed': 'no',
  });

  table(
    'the routes',
    web,
    {
      'fib daddr type local': 'no',
      'fib daddr type unicast': 'yes',
      'fib saddr type local': 'no',
      'fib saddr . iif oif missing': 'no',
      'fib saddr . iif oif exists': 'yes',
    },
    'prerouting',
  );
  const local = packet('tcp 10.244.1.7:40000 > 192.168.50.10:80 cni0');
  table(
    'the routes to the node itself',
    local,
    {
      'fib daddr type local': 'yes',
      'fib daddr . iif type local': 'no',
      'fib daddr . iif type unicast': 'yes',
    },
    'prerouting',
  );
  table(
    'the routes from behind another device',
    packet('tcp 10.244.1.7:1 > 8.8.8.8:80 eth0'),
    {
      'fib saddr . iif oif missing': 'yes',
      'fib saddr . iif oif exists': 'no',
      'fib saddr oif exists': 'yes',
      'fib saddr oif "cni0"': 'yes',
      'fib saddr oif "eth0"': 'no',
    },
    'prerouting',
  );
});

suite('the way back in FORWARD is asked as of what came in by the other device', () => {
  const asked = (rule: string, hook: string) => {
    const routes =
      'default via 192.168.50.1 dev eth0\n10.244.1.0/24 dev cni0\n10.244.1.0/24 dev eth0 table 7\n8.8.8.0/24 dev cni0 table 7\n';
    const routingRules =
      '0: from all lookup local\n100: from all iif eth0 lookup 7\n32766: from all lookup main\n';
    const nftables = oneChain(`${rule} drop`, { base: `filter hook ${hook} priority -140` });
    const state = { ...node({ routes, routingRules }), nftables };
    return leaves(traceFlow(state, web).path)
      .map(({ verdict }) => verdict.kind)
      .join();
  };
  // nft_fib4_eval: fl4.flowi4_iif is the device that it leaves by.
  for (const [rule, hook, wanted] of [
    ['fib saddr . iif oif missing', 'prerouting', 'ACCEPT'],
    ['fib saddr . iif oif missing', 'forward', 'DROP'],
    ['fib saddr oif "cni0"', 'forward', 'DROP'],
    ['fib daddr oif "eth0"', 'forward', 'DROP'],
    ['fib daddr . iif oif missing', 'forward', 'DROP'],
  ] as const) {
    test(`${rule} in ${hook}: ${wanted}`, () => assert.equal(asked(rule, hook), wanted));
  }
});

suite('what the node sends to itself', () => {
  table(
    'came from where it should, by definition (nft_fib_is_loopback)',
    packet('tcp 192.168.50.10:1 > 192.168.50.10:80 lo'),
    {
      'fib saddr oif "lo"': 'yes',
      'fib saddr . iif oif exists': 'yes',
      'fib daddr oif "lo"': 'yes',
      'fib daddr oif "eth0"': 'no',
      // The loopback device has no kind; of others `ip addr` without -d tells none.
      'meta iifkind "veth"': 'no',
      'meta iifkind != "veth"': 'no',
    },
    'prerouting',
  );
  table('the kind of another device', web, { 'meta iifkind "veth"': 'open' }, 'prerouting');
});

suite('arithmetic of nft', () => {
  table(
    'on a mark',
    web,
    {
      'meta mark 0x1234': 'yes',
      'meta mark & 0xff == 0x34': 'yes',
      'meta mark & 0xff == 0x35': 'no',
      'meta mark & 0xff != 0x34': 'no',
      'meta mark | 0xff == 0x12ff': 'yes',
      'meta mark ^ 0x34 == 0x1200': 'yes',
      'meta mark << 4 == 0x12340': 'yes',
      'meta mark >> 8 == 0x12': 'yes',
      'meta mark >> 8 == 0x13': 'no',
    },
    'prerouting',
    { mark: 0x1234 },
  );
});

suite('jhash', () => {
  // The vectors that lookup3.c prints, whose hashlittle it is.
  for (const [text, seed, hash] of [
    ['', 0, 0xdeadbeef],
    ['', 0xdeadbeef, 0xbd5b7dde],
    ['Four score and seven years ago', 0, 0x17770551],
    ['Four score and seven years ago', 1, 0xcd628161],
  ] as const) {
    test(`of '${text}', seed ${seed}`, () => {
      assert.equal(jhash([...Buffer.from(text)], seed), hash);
    });
  }

  test('of a key with a seed is one place, the same each time, in the range that is asked for', () => {
    const places = (text: string, of = web) =>
      [0, 1, 2, 3, 4].filter((i) => answer(`${text} ${i}`, of, {}, 'forward') === 'yes');
    for (const key of [
      'ip saddr',
      'ip saddr . tcp dport',
      'tcp dport',
      'meta mark',
      'meta l4proto',
    ]) {
      assert.equal(places(`jhash ${key} mod 4 seed 0x1`).length, 1, key);
    }
    assert.ok(places('jhash ip saddr mod 4 seed 0x1 offset 1')[0]! > 0);
    const clients = [1, 2, 3, 4, 5, 6, 7, 8].map((last) =>
      places(
        'jhash ip saddr mod 4 seed 0x1',
        packet(`tcp 10.244.1.${last}:1 > 8.8.8.8:80 cni0`),
      ).join(),
    );
    assert.ok(new Set(clients).size > 1, clients.join());
  });
});

suite('chance in nft', () => {
  table('numgen random against a number', web, {
    'numgen random mod 10 < 3': 0.3,
    'numgen random mod 10 <= 3': 0.4,
    'numgen random mod 10 > 3': 0.6,
    'numgen random mod 10 >= 3': 0.7,
    'numgen random mod 10 3': 0.1,
    'numgen random mod 10 != 3': 0.9,
    'numgen random mod 10 >= 10': 'no',
    'numgen random mod 10 < 10': 'yes',
    'numgen random mod 10 { 1, 2, 5-6 }': 0.4,
    'numgen random mod 10 != { 1, 2, 5-6 }': 0.6,
    'numgen random mod 10 offset 5 < 7': 0.2,
    'numgen random mod 1 0': 'yes',
  });

  table('of more numbers than can be tried', web, {
    'numgen random mod 100000 < 25000': 0.25,
    'numgen random mod 100000 <= 24999': 0.25,
    'numgen random mod 100000 > 24999': 0.75,
    'numgen random mod 100000 >= 25000': 0.75,
    'numgen random mod 100000 25000': 0.00001,
    'numgen random mod 100000 != 25000': 0.99999,
    'numgen random mod 100000 >= 100000': 'no',
    'numgen random mod 100000 0-49999': 0.5,
  });

  table(
    'numgen inc goes on where the last packet left it',
    web,
    {
      'numgen inc mod 2 0': 'yes',
      'numgen inc mod 2 1': 'no',
      'numgen inc mod 2 offset 5 == 5': 'yes',
    },
    'forward',
    { memory: { counters: new Map() } },
  );
  table('numgen inc that nobody counted', web, { 'numgen inc mod 2 0': 'open' });

  table('a hash', web, {
    'jhash ip saddr mod 1 0': 'yes',
    'symhash mod 1 0': 'yes',
    'jhash ip saddr mod 4 0': 0.25,
    'symhash mod 4 < 3': 0.75,
  });
});
