import assert from 'node:assert/strict';
import { formatAddress, parseAddress } from '../../../../src/core/address';
import { tcpFlagBits, type Packet } from '../../../../src/core/packet';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow, type TraceOptions } from '../../../../src/core/trace/tracer';
import { nftRuleset } from '../../../../src/syntax/nft/ruleset/ruleset';
import { node, oneChain, packet, type Dumps } from '../helper';

const web = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');

interface How extends TraceOptions {
  readonly base?: string;
  readonly declared?: string;
  readonly dumps?: Dumps;
}

function ways(rules: string, of: Packet = web, { base, declared, dumps, ...options }: How = {}) {
  const nftables = oneChain(rules, { base, declared });
  return leaves(traceFlow({ ...node(dumps), nftables }, of, options).path);
}

const kinds = (...request: Parameters<typeof ways>) =>
  [...new Set(ways(...request).map(({ verdict }) => verdict.kind))].sort().join();
const set = (name: string, more: string, type = 'ipv4_addr') =>
  `\tset ${name} {\n\t\ttype ${type}\n${more}\t}\n`;

suite('sets of nft that rules change', () => {
  const fresh = { memory: { lists: new Map() } };
  const dynamic = '\t\tflags dynamic\n';

  test('an element that is put in is there for the next rule, one that is taken out is not', () => {
    const how = { ...fresh, declared: set('s', dynamic) };
    assert.equal(kinds('ip saddr @s drop', web, how), 'ACCEPT');
    assert.equal(kinds('add @s { ip saddr }; ip saddr @s drop', web, how), 'DROP');
    assert.equal(kinds('add @s { ip daddr }; ip saddr @s drop', web, how), 'ACCEPT');
    assert.equal(
      kinds('add @s { ip saddr }; delete @s { ip saddr }; ip saddr @s drop', web, how),
      'ACCEPT',
    );
    // Of a listing: it goes, too.
    const listed = { ...fresh, declared: set('s', `${dynamic}\t\telements = { 10.244.1.7 }\n`) };
    assert.equal(kinds('ip saddr @s drop', web, listed), 'DROP');
    assert.equal(kinds('delete @s { ip saddr }; ip saddr @s drop', web, listed), 'ACCEPT');
    assert.equal(kinds('delete @s { ip daddr }; ip saddr @s drop', web, listed), 'DROP');
  });

  test('a full set fails the rule, but for what is in it', () => {
    const full = (size: number) => ({
      ...fresh,
      declared: set('s', `\t\tsize ${size}\n${dynamic}\t\telements = { 10.0.0.1 }\n`),
    });
    assert.equal(kinds('add @s { ip saddr } drop', web, full(2)), 'DROP');
    assert.equal(kinds('add @s { ip saddr } drop', web, full(1)), 'ACCEPT');
    const inside = { ...full(1), declared: full(1).declared.replace('10.0.0.1', '10.244.1.7') };
    assert.equal(kinds('add @s { ip saddr } drop', web, inside), 'DROP');
    assert.equal(kinds('add @s { ip saddr }; add @s { ip daddr } drop', web, full(2)), 'ACCEPT');
  });

  test('what is asked for each element fails the rule where it does not hold', () => {
    const how = { memory: { lists: new Map(), counters: new Map() }, declared: set('s', dynamic) };
    const small = { ...web, length: 60 };
    assert.equal(kinds('add @s { ip saddr quota over 1000 bytes } drop', small, how), 'ACCEPT');
    assert.equal(kinds('add @s { ip saddr quota over 50 bytes } drop', small, how), 'DROP');
  });

  test('a packet without the key fails the rule', () => {
    const how = { ...fresh, declared: set('s', dynamic, 'inet_service') };
    assert.equal(kinds('add @s { udp dport } drop', web, how), 'ACCEPT');
    assert.equal(kinds('add @s { tcp dport } drop', web, how), 'DROP');
  });
});

suite('sets of nft that are looked up', () => {
  test('what is partly known of a key may say that no element holds it', () => {
    const at = (elements: string) => kinds(`ip saddr . ip ttl { ${elements} } drop`);
    assert.equal(at('10.0.0.1 . 64, 10.0.0.2 . 1'), 'ACCEPT');
    assert.equal(at('10.244.1.7 . 64'), 'ACCEPT,DROP');
    const not = (elements: string) => kinds(`ip saddr . ip ttl != { ${elements} } drop`);
    assert.equal(not('10.0.0.1 . 64, 10.0.0.2 . 1'), 'DROP');
    assert.equal(not('10.244.1.7 . 64'), 'ACCEPT,DROP');
  });

  test('a set that is not in the listing, or whose elements it leaves out, is open', () => {
    assert.equal(kinds('ip saddr @gone drop'), 'ACCEPT,DROP');
    const [way] = ways('ip saddr @gone drop');
    assert.match(way?.branches[0]?.unknown ?? '', /the listing has no set @gone/);
    assert.equal(way?.branches[0]?.condition, '10.244.1.7 is in @gone');
  });

  test('intervals, networks and names at their bounds', () => {
    const has = (type: string, elements: string, key: string) =>
      kinds(`${key} @s drop`, web, {
        declared: set('s', `\t\tflags interval\n\t\telements = { ${elements} }\n`, type),
      }) === 'DROP';
    assert.ok(has('inet_service', '80-90', 'tcp dport'));
    assert.ok(has('inet_service', '70-80', 'tcp dport'));
    assert.ok(!has('inet_service', '81-90', 'tcp dport'));
    assert.ok(!has('inet_service', '70-79', 'tcp dport'));
    assert.ok(has('ipv4_addr', '10.244.1.0/29', 'ip saddr'));
    assert.ok(!has('ipv4_addr', '10.244.1.8/29', 'ip saddr'));
    assert.ok(has('ipv4_addr', '10.244.1.7-10.244.1.9', 'ip saddr'));
    assert.ok(has('ipv4_addr', '10.244.1.1-10.244.1.7', 'ip saddr'));
    assert.ok(!has('ipv4_addr', '10.244.1.8-10.244.1.9', 'ip saddr'));
    assert.ok(has('ifname', '"cni*"', 'iifname'));
    assert.ok(!has('ifname', '"cni"', 'iifname'));
  });
});

suite('a key of which chance decides a part', () => {
  test('leads to each element with its share, the parts in their order', () => {
    const key = 'meta mark set ip saddr . numgen random mod 4 . tcp dport map';
    const found = ways(`${key} { 10.244.1.7 . 0 . 80 : 0x1, 10.244.1.7 . 1 . 80 : 0x2 }`);
    assert.deepEqual(
      found.map(({ verdict, probability }) => [verdict.finalMark, probability]),
      [
        [1, 0.25],
        [2, 0.25],
        [0, 0.5],
      ],
    );
    assert.equal(kinds('numgen random mod 4 . udp dport { 0 . 80 } drop'), 'ACCEPT');
  });
});

suite('translations that a map of nft tells', () => {
  const to = (rule: string, of: Packet = web, hook = 'prerouting priority -100') =>
    ways(rule, of, { base: `nat hook ${hook}` }).map(({ verdict: { kind, final, reason } }) => {
      if (kind === 'UNKNOWN') return reason;
      const { source, sourcePort, destination, destinationPort } = final!;
      return hook.startsWith('pre')
        ? `${formatAddress(destination)}:${destinationPort}`
        : `${formatAddress(source)}:${sourcePort}`;
    });

  test('to an address, a port, both, an interval or a network', () => {
    assert.deepEqual(to('dnat to tcp dport map { 80 : 10.244.2.9 }'), ['10.244.2.9:80']);
    assert.deepEqual(to('dnat ip to tcp dport map { 80 : 10.244.2.9 . 8080 }'), [
      '10.244.2.9:8080',
    ]);
    assert.deepEqual(to('redirect to :tcp dport map { 80 : 8080 }'), ['10.244.1.1:8080']);
    assert.deepEqual(to('dnat to tcp dport map { 81 : 10.244.2.9 }'), ['8.8.8.8:80']);
    assert.deepEqual(to('dnat to udp dport map { 80 : 10.244.2.9 }'), ['8.8.8.8:80']);
    assert.deepEqual(
      to('snat to ip saddr map { 10.244.1.7 : 192.168.50.99 }', web, 'postrouting priority 100'),
      ['192.168.50.99:40000'],
    );
  });

  test('to something that is not known, it says so', () => {
    assert.match(to('dnat to @gone').join(), /not known|8\.8\.8\.8/);
    assert.match(
      to('dnat to ip saddr map @gone')[0] ?? '',
      /^it is translated to something that is not known/,
    );
  });

  test('by chance, each with its share', () => {
    const found = ways(
      'dnat to numgen random mod 4 map { 0-2 : 10.244.2.9, 3 : 10.244.2.8 }',
      web,
      {
        base: 'nat hook prerouting priority -100',
      },
    );
    assert.deepEqual(
      found.map(({ verdict, probability }) => [
        formatAddress(verdict.final!.destination),
        probability,
      ]),
      [
        ['10.244.2.9', 0.75],
        ['10.244.2.8', 0.25],
      ],
    );
  });

  test('a prefix keeps the part of the address behind it', () => {
    assert.deepEqual(to('dnat ip prefix to ip daddr map { 8.8.8.0/24 : 10.9.9.0/24 }'), [
      '10.9.9.8:80',
    ]);
  });

  test('of a table of both families the other one’s packets go on', () => {
    const base = 'nat hook prerouting priority -100';
    const rules = 'dnat ip6 to fd00::1; dnat ip to 10.244.2.9';
    const nftables = oneChain(rules, { base, family: 'inet' });
    const [way] = leaves(traceFlow({ ...node(), nftables }, web).path);
    assert.deepEqual(way?.verdict.final?.destination, parseAddress('10.244.2.9'));
  });
});

suite('a set or map of a listing that was cut', () => {
  const cut = (rule: string, elements: string, of = web) => {
    const listing = `table ip t {\n\tchain c {\n\t\ttype filter hook forward priority 0; policy accept;\n\t\t${rule}\n\t}\n\n${elements}`;
    const nftables = nftRuleset('l', listing);
    const { path } = traceFlow({ ...node(), nftables }, of, {});
    return [...new Set(leaves(path).map(({ verdict }) => verdict.kind))].sort().join();
  };

  test('holds what is there of it; the rest is open', () => {
    const elements = '\tset s {\n\t\ttype ipv4_addr\n\t\telements = { 10.244.1.7,\n';
    assert.equal(cut('ip saddr @s drop', elements), 'DROP');
    assert.equal(cut('ip daddr @s drop', elements), 'ACCEPT,DROP');
    const whole = elements.replace(',\n', ' }\n\t}\n}\n');
    assert.equal(cut('ip daddr @s drop', whole), 'ACCEPT');
  });
});

suite('what stands at an element of a map', () => {
  const mapped = (element: string) =>
    ways(`meta mark set tcp dport map { ${element} : 0x5 }; meta mark 0x5 drop`)
      .map(({ verdict }) => verdict.kind)
      .sort()
      .join();

  test('may keep the rule from it', () => {
    assert.equal(mapped('80'), 'DROP');
    assert.equal(mapped('81'), 'ACCEPT');
    assert.equal(mapped('80 limit rate 1/second burst 5 packets'), 'ACCEPT,DROP');
  });
});

suite('fib of nft', () => {
  const of = (
    expression: string,
    sent: Packet = web,
    hook = 'prerouting priority -140',
    dumps?: Dumps,
  ) => {
    const found = kinds(`${expression} drop`, sent, { base: `filter hook ${hook}`, dumps });
    return { ACCEPT: 'no', DROP: 'yes', 'ACCEPT,DROP': 'open' }[found];
  };
  const local = packet('tcp 10.244.1.7:40000 > 192.168.50.10:80 cni0');

  test('the type of an address, of the side that is asked for', () => {
    assert.equal(of('fib daddr type local', local), 'yes');
    assert.equal(of('fib daddr type local', web), 'no');
    assert.equal(of('fib daddr type unicast', web), 'yes');
    assert.equal(of('fib saddr type local', local), 'no');
    assert.equal(
      of('fib saddr type local', packet('tcp 192.168.50.10:1 > 10.244.1.7:2 cni0')),
      'yes',
    );
    assert.equal(
      of('fib daddr type broadcast', packet('udp 192.168.50.77:1 > 192.168.50.255:2 eth0')),
      'yes',
    );
    assert.equal(
      of('fib daddr type multicast', packet('udp 192.168.50.77:1 > 224.0.0.1:2 eth0')),
      'yes',
    );
    // With a device only its own addresses are local.
    assert.equal(of('fib daddr . iif type local', local), 'no');
    assert.equal(
      of('fib daddr . iif type local', packet('tcp 192.168.50.77:1 > 192.168.50.10:80 eth0')),
      'yes',
    );
  });

  test('the way back, by the device it came in by', () => {
    assert.equal(of('fib saddr . iif oif missing'), 'no');
    const foreign = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 eth0');
    assert.equal(of('fib saddr . iif oif missing', foreign), 'yes');
    assert.equal(of('fib saddr oif missing', foreign), 'no');
    assert.equal(of('fib saddr oifname "cni0"', foreign), 'yes');
    assert.equal(of('fib saddr oifname "eth0"', foreign), 'no');
    assert.equal(of('fib daddr oifname "eth0"', web), 'yes');
    assert.equal(of('fib daddr oif exists', web), 'yes');
    // A local route is none.
    assert.equal(of('fib daddr oif missing', local), 'yes');
    assert.equal(
      of('fib saddr . iif oif missing', packet('udp 0.0.0.0:68 > 255.255.255.255:67 eth0')),
      'no',
    );
  });

  // As a kernel 6.18 counted them.
  test('a broadcast address has a device', () => {
    const broadcast = packet('udp 192.168.50.77:1 > 192.168.50.255:2 eth0');
    assert.equal(of('fib daddr oif exists', broadcast), 'yes');
    assert.equal(of('fib daddr oifname "eth0"', broadcast), 'yes');
    assert.equal(of('fib daddr oif missing', broadcast), 'no');
  });

  test('the look-up is from the other end, for routing rules that ask for it', () => {
    const dumps = {
      routes: 'default via 192.168.50.1 dev eth0\n10.77.0.0/16 dev cni0 table 100\n',
      routingRules:
        '0: from all lookup local\n50: from 192.168.50.10 lookup 100\n32766: from all lookup main\n',
    };
    const asked = (expression: string, text: string) =>
      of(expression, packet(text), undefined, dumps);
    const back = 'udp 10.77.0.1:1 > 192.168.50.10:2 eth0';
    assert.equal(asked('fib saddr oifname "cni0"', back), 'yes');
    assert.equal(asked('fib saddr . iif oif missing', back), 'yes');
    const forth = 'udp 192.168.50.10:1 > 10.77.0.1:2 eth0';
    assert.equal(asked('fib daddr oifname "cni0"', forth), 'yes');
    assert.equal(
      asked('fib daddr oifname "eth0"', 'udp 192.168.50.11:1 > 10.77.0.1:2 eth0'),
      'yes',
    );
  });

  test('who has no address yet is right on its link, whichever end is asked for', () => {
    const asked = (expression: string, to: string) =>
      of(expression, packet(`udp 0.0.0.0:68 > ${to}:67 cni0`));
    for (const to of ['255.255.255.255', '224.0.0.5']) {
      assert.equal(asked('fib saddr . iif oif exists', to), 'yes', to);
      assert.equal(asked('fib saddr oifname "cni0"', to), 'yes', to);
      assert.equal(asked('fib daddr oifname "cni0"', to), 'yes', to);
    }
    // Groups beyond the link are asked for as any: the default route leads back.
    assert.equal(asked('fib saddr oifname "eth0"', '239.1.2.3'), 'yes');
    assert.equal(asked('fib saddr . iif oif missing', '239.1.2.3'), 'yes');
    assert.equal(
      of('fib daddr oifname "eth0"', packet('udp 192.168.50.77:1 > 255.255.255.255:2 cni0')),
      'yes',
    );
  });

  test('without routes it is open', () => {
    assert.equal(of('fib saddr oif missing', web, undefined, { routes: null }), 'open');
    assert.equal(
      of('fib daddr type local', web, undefined, { routes: null, addresses: null }),
      'open',
    );
  });

  test('by the mark, where it is asked with it', () => {
    const dumps = {
      routes:
        'default via 192.168.50.1 dev eth0\n10.244.1.0/24 dev cni0\n10.244.1.0/24 dev eth0 table 100\n192.168.50.0/24 dev eth0\n',
      routingRules:
        '0: from all lookup local\n50: from all fwmark 0x1 lookup 100\n32766: from all lookup main\n',
    };
    const marked = (expression: string) =>
      of(`meta mark set 1; ${expression}`, web, undefined, dumps);
    assert.equal(marked('fib saddr oifname "cni0"'), 'yes');
    assert.equal(marked('fib saddr . mark oifname "cni0"'), 'no');
    assert.equal(marked('fib saddr . mark oifname "eth0"'), 'yes');
  });
});

suite('the next hop of the route, which nft asks for', () => {
  const is = (address: string, of: Packet, hook: string, dumps?: Dumps) =>
    kinds(`rt nexthop ${address} drop`, of, { base: `filter hook ${hook} priority 0`, dumps });
  const near = packet('tcp 10.244.1.7:40000 > 10.244.1.9:80 cni0');
  const here = packet('tcp 10.244.1.7:40000 > 192.168.50.10:80 cni0');
  const own = packet('tcp 192.168.50.10:40000 > 8.8.8.8:80');

  test('is the gateway, without one the destination', () => {
    assert.equal(is('192.168.50.1', web, 'forward'), 'DROP');
    assert.equal(is('8.8.8.8', web, 'forward'), 'ACCEPT');
    assert.equal(is('10.244.1.9', near, 'forward'), 'DROP');
    assert.equal(is('192.168.50.10', here, 'input'), 'DROP');
    assert.equal(is('192.168.50.1', own, 'output'), 'DROP');
  });

  test('before routing the rule fails', () => {
    assert.equal(is('!= 8.8.4.4', web, 'prerouting'), 'ACCEPT');
  });

  test('without routes it is open of what is sent on, and not of what stays here', () => {
    const dumps = { routes: null };
    assert.equal(is('192.168.50.1', web, 'forward', dumps), 'ACCEPT,DROP');
    assert.equal(is('192.168.50.10', here, 'input', dumps), 'DROP');
  });

  test('in a table of both families is asked of one', () => {
    const asked = (text: string) => {
      const state = { ...node(), nftables: oneChain(`${text} drop`, { family: 'inet' }) };
      return leaves(traceFlow(state, web).path)[0]!.verdict.kind;
    };
    assert.equal(asked('rt ip nexthop 192.168.50.1'), 'DROP');
    assert.equal(asked('rt ip6 nexthop != ::1'), 'ACCEPT');
  });
});

suite('headers behind those of IP, as nft names them', () => {
  const { SYN } = tcpFlagBits;
  test('of another protocol or family the rule fails', () => {
    assert.equal(kinds('exthdr frag exists drop'), 'ACCEPT');
    assert.equal(kinds('exthdr frag missing drop'), 'ACCEPT');
    assert.equal(kinds('sctp chunk init exists drop'), 'ACCEPT');
    assert.equal(
      kinds('tcp option maxseg exists drop', packet('udp 10.244.1.7:1 > 8.8.8.8:53 cni0')),
      'ACCEPT',
    );
    assert.equal(kinds('tcp option maxseg exists drop', { ...web, flags: SYN }), 'ACCEPT,DROP');
  });

  test('of IPv6 whether the header is there', () => {
    const six: Packet = {
      ...web,
      source: parseAddress('fd00:1::7')!,
      destination: parseAddress('fd00:2::7')!,
    };
    const has = (name: string, of: Partial<Packet>) => {
      const base = 'filter hook prerouting priority -140';
      const nftables = oneChain(`exthdr ${name} exists drop`, { base, family: 'ip6' });
      const state = { ...node({ routes: null, addresses: null }), nftables };
      return leaves(traceFlow(state, { ...six, ...of }).path).some(
        ({ verdict }) => verdict.kind === 'DROP',
      );
    };
    const dst = { extensions: [{ kind: 'destination', options: [] }] } as const;
    assert.ok(has('dst', dst) && !has('hbh', dst) && !has('rt', dst) && !has('frag', dst));
    assert.ok(!has('dst', {}));
    assert.ok(has('mh', { protocol: 135 }) && !has('mh', {}));
  });
});
