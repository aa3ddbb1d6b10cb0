import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import type { NodeState } from '../../../../src/core/node';
import { tcpFlagBits, type Packet } from '../../../../src/core/packet';
import { jhash } from '../../../../src/core/trace/expression/jhash';
import { scale } from '../../../../src/core/trace/nat/jenkins';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow, type TraceOptions } from '../../../../src/core/trace/tracer';
import { parseIpAddress } from '../../../../src/syntax/ip/address';
import { node, oneChain, packet } from '../helper';

const web = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');
const own = packet('tcp 192.168.50.10:40000 > 8.8.8.8:80');

const prerouting = 'filter hook prerouting priority -140';

interface How extends Omit<TraceOptions, 'state'> {
  readonly hook?: string;
  readonly family?: string;
  readonly declared?: string;
  readonly node?: Partial<NodeState>;
}

/** What a rule's `meta mark set EXPRESSION` gives: the marks of all ways; 0x99 where the rule fails. */
function values(expression: string, of: Packet = web, how: How = {}): readonly number[] {
  const { hook = 'prerouting priority -140', family, declared, ...options } = how;
  const rules = `meta mark set 0x99; meta mark set ${expression}`;
  const nftables = oneChain(rules, { base: `filter hook ${hook}`, family, declared });
  const state = { ...node(), ...how.node, nftables };
  const marks = leaves(traceFlow(state, of, options).path).map(({ verdict }) =>
    verdict.kind === 'UNKNOWN' ? -1 : verdict.finalMark!,
  );
  return [...new Set(marks)].sort((left, right) => left - right);
}

const unknown = -1;
const failed = 0x99;

function table(
  title: string,
  of: Packet,
  rows: Readonly<Record<string, number | readonly number[]>>,
  how?: How,
): void {
  test(title, () => {
    const found = Object.keys(rows).map((text) => [text, values(text, of, how)]);
    const wanted = Object.entries(rows).map(([text, marks]) => [text, [marks].flat()]);
    assert.deepEqual(found, wanted);
  });
}

suite('values of nft: hashes of a key, as its registers hold it', () => {
  const word = (...bytes: readonly number[]) => bytes;
  const client = word(10, 244, 1, 7);
  for (const [key, bytes, of] of [
    ['ip saddr', client],
    ['ip daddr', word(8, 8, 8, 8)],
    ['tcp dport', word(0, 80)],
    ['tcp sport', word(0x9c, 0x40)],
    ['ip protocol', word(6)],
    ['meta l4proto', word(6)],
    // Each part of several is filled up to four bytes.
    ['ip saddr . tcp dport', [...client, 0, 80, 0, 0]],
    ['tcp dport . ip saddr', [0, 80, 0, 0, ...client]],
    ['ip saddr . meta l4proto . tcp sport', [...client, 6, 0, 0, 0, 0x9c, 0x40, 0, 0]],
    // The mark is a number of the machine, not of the network.
    ['meta mark', word(0x99, 0, 0, 0)],
    ['meta mark . tcp dport', [0x99, 0, 0, 0, 0, 80, 0, 0]],
    [
      'icmp type . icmp code',
      [8, 0, 0, 0, 3, 0, 0, 0],
      { ...packet('icmp 10.244.1.7 > 8.8.8.8 cni0'), icmpType: 8, icmpCode: 3 },
    ],
  ] as const) {
    test(`jhash ${key}`, () => {
      const wanted = scale(jhash([...bytes], 7), 60_000);
      assert.deepEqual(values(`jhash ${key} mod 60000 seed 0x7`, of), [wanted]);
      assert.deepEqual(values(`jhash ${key} mod 60000 seed 0x7 offset 11`, of), [wanted + 11]);
    });
  }

  table('a key of which the width is not modelled, or a part that the packet has not', web, {
    'jhash meta length mod 8 seed 0x1': unknown,
    'jhash ip dscp mod 8 seed 0x1': unknown,
    'jhash udp dport mod 8 seed 0x1': failed,
    'jhash iif mod 8 seed 0x1': unknown,
    'jhash ip saddr mod 1 seed 0x1 offset 5': 5,
    'symhash mod 1 offset 6': 6,
  });

  table(
    'numgen inc counts up from 0, and begins again',
    web,
    {
      'numgen inc mod 1 offset 4': 4,
      'numgen inc mod 3 offset 4': 4,
    },
    { memory: { counters: new Map() } },
  );
});

suite('values of nft: arithmetic', () => {
  table('32 bits, unsigned', web, {
    'meta mark | 0x80000000': 0x80000099,
    'meta mark ^ 0xffffffff': 0xffffff66,
    'meta mark & 0xfffffff0': 0x90,
    'meta mark << 24': 0x99000000,
    'meta mark << 31': 0x80000000,
    'meta mark << 32': 0,
    'meta mark >> 4': 9,
    'meta mark >> 31': 0,
    'meta mark >> 32': 0,
  });

  test('of addresses, word by word; of another family, or shifted, it is open', () => {
    const masked = (text: string, of = web) =>
      values(`ip saddr & ${text} map { 10.244.0.0 : 0x1, 0.0.1.7 : 0x2 }`, of);
    assert.deepEqual(masked('255.255.0.0'), [1]);
    assert.deepEqual(masked('0.0.255.255'), [2]);
    assert.deepEqual(masked('255.0.0.0'), [failed]);
  });

  table('frag-off of what is no fragment: neither offset nor more to come', web, {
    'ip frag-off & 0x1fff': 0,
    'ip frag-off & 0x2000': 0,
    'ip frag-off & 0x3fff': 0,
    // Whether it may be fragmented is not told.
    'ip frag-off & 0x4000': unknown,
    'ip frag-off & 0xffff': unknown,
  });

  test('the low bits of an even number are even, other operations keep its chances', () => {
    const chance = (rule: string) => {
      const state = { ...node(), nftables: oneChain(`${rule} drop`, { base: prerouting }) };
      const dropped = leaves(traceFlow(state, web).path).filter(
        ({ verdict }) => verdict.kind === 'DROP',
      );
      return dropped.reduce((sum, { probability }) => sum + (probability ?? NaN), 0);
    };
    assert.equal(chance('meta random & 0x3 == 0x0'), 0.25);
    assert.equal(chance('meta random & 0x7fffffff < 0x40000000'), 0.5);
    assert.equal(chance('numgen random mod 8 & 0x1 == 0x1'), 0.5);
    assert.equal(chance('numgen random mod 8 & 0x6 == 0x2'), 0.25);
    assert.equal(chance('numgen random mod 8 >> 1 == 0x3'), 0.25);
    assert.equal(chance('numgen random mod 3 | 0x1 == 0x1'), Number((2 / 3).toFixed(16)));
  });
});

suite('values of nft: maps', () => {
  const how = {
    declared:
      '\tmap ports {\n\t\ttype inet_service : mark\n\t\telements = { 80 : 0x8, 90-99 : 0x9 }\n\t}\n\tmap names {\n\t\ttype ifname : mark\n\t\telements = { "cni*" : 0x5, "eth0" : 0x6 }\n\t}\n',
  };
  table(
    'by number, interval and name',
    web,
    {
      'tcp dport map @ports': 8,
      'iifname map @names': 5,
      'tcp sport map @ports': failed,
      'udp dport map @ports': failed,
      'tcp dport map { 80 : 0x1, 81 : 0x2 }': 1,
      'tcp dport map { 1-79 : 0x1, 80-90 : 0x2 }': 2,
      'ip saddr . tcp dport map { 10.244.1.7 . 80 : 0x1, 10.244.1.7 . 81 : 0x2 }': 1,
      'ip saddr map { 10.244.0.0/16 : 0x1 }': 1,
      'tcp dport map { 81 : 0x2, * : 0x3 }': 3,
      // A map of a name that is not in the listing.
      'tcp dport map @others': unknown,
    },
    how,
  );
  table(
    'by another name',
    packet('tcp 192.168.50.77:1 > 8.8.8.8:95 eth0'),
    {
      'iifname map @names': 6,
      'tcp dport map @ports': 9,
    },
    how,
  );

  test('a key that is not known may lead to each element, or to none; each way says so', () => {
    const rule = 'meta mark set ip ttl map { 1 : 0x1, 2-4 : 0x2, 64 : 0x3 }';
    const nftables = oneChain(rule, { base: prerouting });
    const ways = leaves(traceFlow({ ...node(), nftables }, web).path);
    assert.deepEqual(
      ways.map(({ branches, verdict }) => [branches[0]?.condition, verdict.finalMark]),
      [
        ['ip ttl is 1', 1],
        ['ip ttl is an interval', 2],
        ['ip ttl is 64', 3],
        ['ip ttl is none of the map', 0],
      ],
    );
    assert.ok(ways.every(({ branches }) => /not known/.test(branches[0]?.unknown ?? '')));
  });

  test('elements by chance, with the numbers that lead to each', () => {
    const rule = 'meta mark set numgen random mod 10 map { 0-2 : 0x1, 3 : 0x2, 5-6 : 0x2 }';
    const nftables = oneChain(rule, { base: prerouting });
    const { end } = traceFlow({ ...node(), nftables }, web).path;
    assert.ok('branches' in end);
    assert.deepEqual(
      end.branches.map(({ condition, probability, then }) => [
        condition,
        probability,
        'final' in then.end && then.end.finalMark,
      ]),
      [
        ['numgen random mod 10 is 0 to 2', 0.3, 1],
        ['numgen random mod 10 is 3', 0.1, 2],
        ['numgen random mod 10 is 4, 7 to 9', 0.4, 0],
        ['numgen random mod 10 is 5 to 6', 0.2, 2],
      ],
    );
  });
});

suite('values of nft: the packet', () => {
  const told = { ...web, length: 60, ttl: 64, tos: 0xb9, flags: tcpFlagBits.SYN | tcpFlagBits.ACK };
  table('the head', told, {
    'ip length': 60,
    'ip ttl': 64,
    'ip dscp': 46,
    'ip ecn': 1,
    'ip protocol': 6,
    'ip version': 4,
    'ip hdrlength': 5,
    'tcp sport': 40000,
    'tcp dport': 80,
    'th dport': 80,
    'tcp flags': 18,
    'meta length': 60,
    'meta l4proto': 6,
    'meta nfproto': 2,
    'meta protocol': 0x0800,
    'ether type': 0x0800,
    'udp sport': failed,
    'ip6 hoplimit': failed,
    'vlan id': failed,
  });
  table('what is not told', web, {
    'ip length': unknown,
    'ip ttl': unknown,
    'ip id': unknown,
    'tcp sequence': unknown,
    'tcp window': unknown,
    'meta length': unknown,
    // The first packet of a connection is a SYN, and without a TOS that is told it has none.
    'tcp flags': 2,
    'ip dscp': 0,
    'ip ecn': 0,
  });
  table(
    'of the node itself there is no frame',
    own,
    { 'ether type': failed },
    { hook: 'output priority -140' },
  );

  const echo = {
    ...packet('icmp 10.244.1.7 > 8.8.8.8 cni0'),
    icmpType: 8,
    icmpCode: 1,
    sourcePort: 77,
  };
  table('icmp: type and code stand where others have the source port', echo, {
    'icmp type': 8,
    'icmp code': 1,
    'icmp id': 77,
    'th sport': 8 * 256 + 1,
    'icmp sequence': unknown,
    'tcp sport': failed,
    'icmpv6 type': failed,
  });
  const query = packet('udp 10.244.1.7:40000 > 8.8.8.8:53 cni0', { length: 60 });
  table('udp: its length is what the head leaves of the packet', query, {
    'udp length': 40,
    'udp checksum': unknown,
    'tcp flags': failed,
  });
  table('of tcp no field is its length', { ...web, length: 60 }, { 'udp length': failed });

  table('icmp without a number of its own', packet('icmp 10.244.1.7 > 8.8.8.8 cni0'), {
    'icmp id': unknown,
    'icmp code': 0,
  });
});

suite('values of nft: devices', () => {
  const text = `1: lo: <LOOPBACK,UP> mtu 65536 group default
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
2: eth0: <UP> mtu 1500 group 7
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
    inet 192.168.50.10/24 scope global eth0
3: cni0: <UP> mtu 1500 group default
    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff
    bridge forward_delay 1500
    inet 10.244.1.1/24 scope global cni0
`;
  const interfaces = parseIpAddress(text, 'addresses').value;
  const how = { hook: 'forward priority 0', node: { interfaces } };
  table(
    'group, kind and hardware type, as far as ip addr says them',
    web,
    {
      iifgroup: 0,
      oifgroup: 7,
      iiftype: 1,
      oiftype: 1,
      'iifkind map { "bridge" : 0x4 }': 4,
      'oifname map { "eth0" : 0x5 }': 5,
      'iif map { "cni0" : 0x6 }': 6,
    },
    how,
  );
  table(
    'of devices that are not listed',
    web,
    { iifgroup: unknown, iiftype: unknown },
    {
      ...how,
      node: { interfaces: undefined, routes: node().routes },
    },
  );
  table(
    'before the route there is no device that it leaves by',
    web,
    {
      oifgroup: failed,
      oifkind: failed,
      oiftype: failed,
    },
    { ...how, hook: 'prerouting priority -140' },
  );
  table(
    'who sends, of the node alone',
    { ...own, owner: { uid: 1000, gid: 100 } },
    {
      'meta skuid': 1000,
      'meta skgid': 100,
    },
    { hook: 'output priority 0' },
  );
  table('who sends, not told', own, { 'meta skuid': unknown }, { hook: 'output priority 0' });
  table(
    'who sends, from outside',
    { ...web, owner: { uid: 1000, gid: 100 } },
    {
      'meta skuid': failed,
    },
  );
});

suite('values of nft: the connection', () => {
  table(
    'of a first packet',
    { ...web, length: 60 },
    {
      'ct mark': 0,
      'ct direction': 0,
      'ct zone': 0,
      'ct l3proto': 2,
      'ct original protocol': 6,
      'ct original proto-src': 40000,
      'ct original proto-dst': 80,
      'ct reply proto-src': 80,
      'ct reply proto-dst': 40000,
      'ct packets': 1,
      'ct original packets': 1,
      'ct reply packets': 0,
      'ct bytes': 60,
      'ct reply bytes': 0,
      'ct state map { new : 0x1, established : 0x2 }': 1,
      'ct original ip saddr map { 10.244.1.7 : 0x1 }': 1,
      'ct reply ip saddr map { 8.8.8.8 : 0x1 }': 1,
    },
  );
  table(
    'whether nat was asked of it, and what for',
    web,
    // IPS_DST_NAT_DONE; of the source it is asked in POSTROUTING.
    { 'ct status': 256 },
    { hook: 'forward priority 0' },
  );
  table('how many bytes where the packet does not tell its length', web, { 'ct bytes': unknown });
  table(
    'an echo: its type and code as the port it goes to',
    { ...packet('icmp 10.244.1.7 > 8.8.8.8 cni0'), icmpType: 8, sourcePort: 77 },
    {
      'ct original proto-src': 77,
      'ct original proto-dst': 8 * 256,
      'ct reply proto-src': 77,
      'ct reply proto-dst': 0,
    },
  );
  table(
    'without a connection',
    web,
    {
      'ct mark': failed,
      'ct zone': failed,
      'ct direction': failed,
      'ct state map { untracked : 0x1, invalid : 0x2 }': 2,
    },
    { hook: 'prerouting priority -450' },
  );
});

suite('what an nft rule writes', () => {
  const end = (
    rules: string,
    hook = 'prerouting priority -140',
    of: Packet = { ...web, ttl: 9, tos: 3 },
  ) => {
    const nftables = oneChain(rules, { base: `filter hook ${hook}` });
    return leaves(traceFlow({ ...node(), nftables }, of).path).map(({ verdict }) => verdict);
  };

  test('a value of which nothing is known ends what is known of the packet', () => {
    const [verdict, ...others] = end('meta mark set ip length');
    assert.equal(others.length, 0);
    assert.equal(verdict?.kind, 'UNKNOWN');
    assert.match(verdict.reason, /^meta mark is set to something that is not known: ip length/);
    assert.deepEqual(
      end('meta priority set ip length').map(({ kind }) => kind),
      ['ACCEPT'],
    );
    assert.deepEqual(
      end('tcp dport set ip length').map(({ kind }) => kind),
      ['UNKNOWN'],
    );
  });

  test('a field of another protocol fails the rule', () => {
    assert.deepEqual(
      end('udp dport set 53 drop').map(({ kind }) => kind),
      ['ACCEPT'],
    );
    assert.deepEqual(
      end('tcp option maxseg size set rt mtu drop').map(({ kind }) => kind),
      ['DROP'],
    );
  });

  test('dscp leaves the two bits of ecn as they are', () => {
    const [verdict] = end('ip dscp set cs1; ip ecn 3 meta mark set ip dscp');
    assert.equal(verdict?.finalMark, 8);
  });

  test('the mark of a connection only where there is one', () => {
    assert.deepEqual(
      end('ct mark set 0x5', 'prerouting priority -450').map(
        ({ after }) => after.connections?.[0]?.mark,
      ),
      [0],
    );
    assert.deepEqual(
      end('ct mark set 0x5').map(({ after }) => after.connections?.[0]?.mark),
      [5],
    );
  });

  test('what else is set of a connection leaves its mark alone', () => {
    const mark = (rules: string) => end(rules).map(({ after }) => after.connections?.[0]?.mark);
    assert.deepEqual(mark('ct mark set 0x5; ct zone set 7'), [5]);
    assert.deepEqual(mark('ct mark set 0x5; ct event set new'), [5]);
  });

  test('a zone of one direction, once, and only before conntrack', () => {
    const zone = (rules: string, hook = 'prerouting priority -450') =>
      end(rules, hook).map(({ after }) => after.connections?.[0]?.zone);
    assert.deepEqual(zone('ct zone set 5'), [{ original: 5, reply: 5 }]);
    assert.deepEqual(zone('ct original zone set 5'), [{ original: 5, reply: 0 }]);
    assert.deepEqual(zone('ct reply zone set 5'), [{ original: 0, reply: 5 }]);
    assert.deepEqual(zone('ct zone set 5; ct zone set 6'), [{ original: 5, reply: 5 }]);
    assert.deepEqual(zone('ct zone set 5', 'prerouting priority -140'), [
      { original: 0, reply: 0 },
    ]);
    // The template takes the place of notrack.
    assert.deepEqual(zone('notrack; ct zone set 5'), [{ original: 5, reply: 5 }]);
  });

  test('the hop limit and the ports that are written are those that are seen behind', () => {
    const [verdict] = end(
      'ip ttl set 33; tcp sport set 7; tcp dport set 8',
      'postrouting priority 0',
    );
    assert.deepEqual(
      [verdict?.finalTtl, verdict?.final?.sourcePort, verdict?.final?.destinationPort],
      [33, 7, 8],
    );
  });

  test('addresses: of the side that is written', () => {
    const [verdict] = end('ip saddr set 10.0.0.9', 'postrouting priority 0');
    assert.deepEqual(verdict?.final?.source, parseAddress('10.0.0.9'));
    assert.deepEqual(verdict?.final?.destination, parseAddress('8.8.8.8'));
  });
});
