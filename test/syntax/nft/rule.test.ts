import assert from 'node:assert/strict';
import type { TableFamily } from '../../../src/core/rules/ruleset';
import type { Statement } from '../../../src/core/rules/statement';
import { readRule } from '../../../src/syntax/nft/statements/rule';
import { lineText } from '../../../src/syntax/nft/text/reader';
import { constant } from './oneStatement';

const read = (text: string, family: TableFamily = 'ip') =>
  readRule(lineText('x', 0, 0, text), family);

/** Without places; unknown parts as their text. */
function plain(statements: readonly Statement[]): unknown[] {
  return JSON.parse(
    JSON.stringify(statements, (key, value: unknown) =>
      key === 'range' || key === 'nameRange' ? undefined : value,
    ),
  ) as unknown[];
}

const kinds = (text: string) => read(text).statements.map(({ kind }) => kind);

/** What a rule's parts are written as, one by one. */
const texts = (text: string) =>
  read(text).statements.map(({ range }) => text.slice(range.start, range.end));

suite('nft: one rule', () => {
  test('its statements stand where they are written', () => {
    const rule =
      'ip daddr @cluster-ips ip saddr != 10.244.0.0/16 meta mark set meta mark | 0x00004000 comment "masquerade clusterIP traffic from outside cluster"';
    assert.deepEqual(texts(rule), [
      'ip daddr @cluster-ips',
      'ip saddr != 10.244.0.0/16',
      'meta mark set meta mark | 0x00004000',
      'comment "masquerade clusterIP traffic from outside cluster"',
    ]);
    assert.deepEqual(kinds(rule), ['lookup', 'compare', 'assign', 'comment']);
  });

  test('a map gives address and port', () => {
    const [, nat] = read(
      'meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.244.0.3 . 3000, 1 : 10.244.0.4 . 3000 }',
    ).statements;
    assert.ok(nat?.kind === 'DNAT' && nat.family === 4 && nat.toAddress?.kind === 'map');
    assert.equal(nat.addresses, undefined);
    assert.ok(nat.toAddress.map.kind === 'anonymous');
    const [first] = [...nat.toAddress.map.elements];
    assert.deepEqual(plain([first as never]), [
      {
        key: [{ kind: 'numbers', from: 0, to: 0 }],
        data: {
          kind: 'values',
          values: [
            { kind: 'address', address: { family: 4, words: [183762947] } },
            { kind: 'number', number: 3000 },
          ],
        },
      },
    ]);
  });

  test('as written and as listed, dnat is the same', () => {
    const map = 'numgen random mod 1 map { 0 : 10.0.0.1 . 80 }';
    assert.deepEqual(
      plain(read(`dnat ip addr . port to ${map}`).statements),
      plain(read(`dnat ip to ${map}`).statements),
    );
  });

  test('marks in every printed form', () => {
    const forms = [
      ['meta mark set meta mark | 0x00004000', 'meta mark set mark or 0x4000'],
      ['meta mark & 0x00004000 != 0x00004000', 'mark and 0x4000 != 0x4000'],
      [
        'meta mark set meta mark & 0xfffff0ff ^ 0x00000c00',
        'meta mark set mark and 0xfffff0ff xor 0xc00',
      ],
      ['ct mark set meta mark', 'ct mark set mark'],
    ];
    for (const [left, right] of forms) {
      assert.deepEqual(plain(read(left!).statements), plain(read(right!).statements), left);
    }
  });

  test('what is printed in several ways is one thing', () => {
    const forms = [
      ['tcp flags syn / fin,syn,rst,ack', 'tcp flags & (fin | syn | rst | ack) == syn'],
      ['fib saddr . mark . iif oif 0', 'fib saddr . mark . iif oif missing'],
      ['reject', 'reject with icmp port-unreachable'],
      ['reject', 'reject with icmp type port-unreachable'],
      ['masquerade  random-fully', 'masquerade fully-random'],
      ['limit rate 10/second', 'limit rate 10/second burst 5 packets'],
      ['meta l4proto 6', 'meta l4proto tcp'],
      ['meta pkttype unicast', 'pkttype host'],
      ['tcp dport 80', 'tcp dport http'],
    ];
    for (const [left, right] of forms) {
      assert.deepEqual(plain(read(left!).statements), plain(read(right!).statements), left);
    }
  });

  test('flags without an operator ask for any of them, with one for all of the word', () => {
    const operators = (text: string) =>
      read(text).statements.map((one) => (one.kind === 'compare' ? one.operator : one.kind));
    assert.deepEqual(operators('ct state established,related'), ['any']);
    assert.deepEqual(operators('ct status dnat'), ['any']);
    assert.deepEqual(operators('ct status != dnat'), ['!=']);
    assert.deepEqual(operators('tcp flags == syn'), ['==']);
    assert.deepEqual(operators('tcp flags ! syn'), ['none']);
    assert.deepEqual(operators('ct state { established, related }'), ['lookup']);
    assert.deepEqual(plain(read('ct state established,related').statements)[0], {
      kind: 'compare',
      left: { kind: 'ct', key: 'state' },
      operator: 'any',
      right: { kind: 'numbers', from: 6, to: 6 },
    });
  });

  test('what a part of iptables-nft hides is an unknown condition, and its neighbours are read', () => {
    for (const [rule, expected] of [
      [
        'ip saddr != 10.0.0.0/8  # match-set KUBE-CLUSTER-IP dst,dst counter packets 3 bytes 180 jump KUBE-MARK-MASQ',
        ['compare', 'unmodelled', 'counter', 'jump'],
      ],
      [
        '# socket --transparent meta mark & 0x00000f00 != 0x00000e00 counter packets 0 bytes 0 meta mark set 0x200',
        ['unmodelled', 'compare', 'counter', 'assign'],
      ],
      [
        'meta l4proto tcp meta mark 0x95a40200  counter packets 0 bytes 0 # TPROXY redirect 127.0.0.1:42133 mark 0x200/0xffffffff',
        ['compare', 'compare', 'counter', 'unmodelled-target'],
      ],
      [
        'ip daddr 10.42.0.9 xt match "physdev"  counter packets 0 bytes 0 jump KUBE-POD-FW-X',
        ['compare', 'unmodelled', 'counter', 'jump'],
      ],
      [
        'xt match nfacct counter packets 0 bytes 0 xt target "MASQUERADE"',
        ['unmodelled', 'counter', 'unmodelled-target'],
      ],
    ] as const) {
      assert.deepEqual(kinds(rule), expected, rule);
    }
  });

  test('a part that is not understood stays one unknown statement', () => {
    const rule = 'ip saddr 10.0.0.1 frobnicate the packet twice tcp dport 80 counter accept';
    assert.deepEqual(kinds(rule), ['compare', 'unknown', 'compare', 'counter', 'ACCEPT']);
    assert.equal(texts(rule)[1], 'frobnicate the packet twice');
    // nft 1.0.6 loses the number of `ct expiration > 0s`.
    assert.deepEqual(kinds('ct expiration counter accept'), ['unknown', 'counter', 'ACCEPT']);
    assert.deepEqual(kinds('ct original proto-dst 0x192b [invalid type] accept'), [
      ...['compare', 'unknown', 'ACCEPT'],
    ]);
  });

  test('handles and comments with any sign', () => {
    const rule = read('tcp dport 22 accept comment "a; b { # } c" # handle 41');
    assert.equal(rule.handle, 41);
    assert.deepEqual(plain(rule.statements).at(-1), { kind: 'comment', text: 'a; b { # } c' });
  });

  test('elements of dynamic sets', () => {
    assert.deepEqual(
      plain(read('update @seen { ip saddr timeout 10m limit rate over 3/minute }').statements),
      [
        {
          kind: 'set-update',
          operation: 'update',
          set: 'seen',
          key: { kind: 'payload', protocol: 'ip', field: 'saddr' },
          timeout: 600,
          statements: [{ kind: 'limit', text: '3/minute burst 5', burst: 5, above: true }],
        },
      ],
    );
  });

  test('other statements', () => {
    for (const [rule, expected] of [
      ['queue flags bypass to 102', ['NFQUEUE']],
      ['ct helper set "helper-ftptest-tcp"', ['neutral']],
      ['log prefix "x: " group 1 flags all accept', ['NFLOG', 'ACCEPT']],
      ['tcp flags syn tcp option maxseg size set rt mtu', ['compare', 'assign']],
      ['redirect to :15006', ['REDIRECT']],
      ['dnat ip6 to [fd5e:822b:4924:c112::2]:80', ['DNAT']],
      ['dnat to 10.0.0.1 : tcp dport map { 80 : 8080 }', ['DNAT']],
      ['snat ip to ip saddr map @nat', ['SNAT']],
      ['udp dport 4789 notrack', ['compare', 'CT']],
      ['ct count over 20 drop', ['unmodelled', 'DROP']],
      ['tproxy ip to 127.0.0.1:15001 meta mark set 0x1 accept', ['tproxy', 'assign', 'ACCEPT']],
      ['flow add @f', ['neutral']],
      ['quota over 100 mbytes drop', ['quota', 'DROP']],
      ['@th,16,16 53 drop', ['compare', 'DROP']],
      ['jhash ip saddr mod 2 seed 0x1 vmap { 0 : jump a, 1 : jump b }', ['vmap']],
      ['ip saddr . tcp dport 10.0.0.1 . 80 accept', ['lookup', 'ACCEPT']],
      [
        'oifname "vxlan.calico" fib saddr . oif type != local masquerade',
        ['compare', 'compare', 'MASQUERADE'],
      ],
    ] as const) {
      assert.deepEqual(kinds(rule), expected, rule);
    }
  });

  test('an object that a map chooses', () => {
    for (const [rule, object] of [
      ['counter name tcp dport map { 80 : "web" }', 'counter'],
      ['limit name ip saddr map @limits', 'limit'],
      ['quota name udp dport map { 53 : "little" }', 'quota'],
      ['ct helper set tcp dport map { 21 : "ftp" }', 'ct helper'],
    ] as const) {
      const [statement, ...others] = read(`${rule} accept`).statements;
      assert.ok(statement?.kind === 'object-map' && statement.object === object, rule);
      assert.deepEqual(
        others.map(({ kind }) => kind),
        ['ACCEPT'],
      );
    }
    assert.deepEqual(kinds('limit name "x" quota name y counter name z'), [
      ...['named', 'named', 'counter'],
    ]);
  });

  test('what a map gives is read as what is set', () => {
    for (const [text, values] of [
      ['meta priority set tcp dport map { 53 : none, 80 : 1:2 }', ['none', '1:2']],
      ['ip dscp set tcp dport map { 80 : cs1, 443 : af11 }', [8, 10]],
      ['ct mark set ct state map { new : 0x1, established : 0x80 }', [1, 0x80]],
    ] as const) {
      const [set] = read(text).statements;
      assert.ok(set?.kind === 'assign' && set.value.kind === 'map', text);
      const { map } = set.value;
      assert.ok(map.kind === 'anonymous');
      assert.deepEqual(
        [...map.elements].map(({ data }) => data),
        values.map((value) => ({
          kind: 'values',
          values: [
            typeof value === 'number' ? constant(value).value : { kind: 'text', text: value },
          ],
        })),
        text,
      );
    }
  });

  test('an interval of marks that is printed as a prefix', () => {
    const [lookup, compare] = read('meta mark { 0x1, 0x00000080/25 } tcp dport 1024/6').statements;
    assert.ok(lookup?.kind === 'lookup' && lookup.set.kind === 'anonymous');
    assert.deepEqual(
      [...lookup.set.elements].flatMap(({ key }) => key),
      [
        { kind: 'numbers', from: 1, to: 1 },
        { kind: 'numbers', from: 0x80, to: 0xff },
      ],
    );
    assert.ok(compare?.kind === 'compare');
    assert.deepEqual(compare.right, { kind: 'numbers', from: 1024, to: 2047 });
  });

  test('a field of an option, a chunk or a header belongs to its match', () => {
    for (const text of [
      'tcp option mptcp subtype 0',
      'sctp chunk init num-inbound-streams 3',
      'sctp chunk asconf seqno 5',
      'icmpv6 mtu 1280',
      'srh last-entry 0',
      'tcp option @255,8,8 255',
      'igmp type membership-query',
      'mh type binding-update',
      'arp operation request',
      'ct expiration 30s-3600s',
      'rt ipsec exists',
    ]) {
      assert.deepEqual(texts(`${text} counter`), [text, 'counter']);
      assert.deepEqual(kinds(`${text} counter`), ['compare', 'counter']);
      const [match] = read(text).statements;
      assert.ok(match?.kind === 'compare' && match.right.kind === 'numbers', text);
    }
  });

  test('times, events and protocols by name belong to their statement', () => {
    for (const [text, kind] of [
      ['meta hour "08:00"-"17:00"', 'compare'],
      ['ct event set new,related,destroy', 'neutral'],
      ['dccp type { request, response }', 'lookup'],
      ['hbh nexthdr tcp', 'compare'],
    ] as const) {
      assert.deepEqual(texts(`${text} counter`), [text, 'counter']);
      assert.deepEqual(kinds(`${text} counter`), [kind, 'counter']);
    }
    for (const text of ['meta priority none', 'meta rtclassid "cosmos"', 'rt classid "cosmos"']) {
      const [match] = read(text).statements;
      assert.ok(match?.kind === 'compare' && match.right.kind === 'text', text);
    }
    const [priority, segment] = read('meta priority set bcad:dadd srh sid[1] abcd::2').statements;
    assert.ok(priority?.kind === 'assign' && priority.value.kind === 'constant');
    assert.deepEqual(priority.value.value, { kind: 'text', text: 'bcad:dadd' });
    assert.ok(segment?.kind === 'compare' && segment.right.kind === 'network');
    const [hour, protocol] = ['meta hour "08:00"-"17:00"', 'hbh nexthdr tcp'].map(
      (text) => read(text).statements[0],
    );
    assert.ok(hour?.kind === 'compare' && protocol?.kind === 'compare');
    assert.deepEqual(hour.right, { kind: 'unknown', text: '"08:00"-"17:00"' });
    assert.deepEqual(protocol.right, { kind: 'numbers', from: 6, to: 6 });
  });

  test('hostile text is read to its end, without an exception', () => {
    for (const text of [
      '('.repeat(5_000),
      '{ '.repeat(5_000),
      'meta mark & ('.repeat(5_000),
      'ip saddr . '.repeat(5_000),
      `"${'a'.repeat(200_000)}`,
      '# '.repeat(5_000),
      'meta mark & '.repeat(5_000),
      'numgen random mod 2 map { 0 : '.repeat(3_000),
      'update @a { ip saddr '.repeat(3_000),
      'frobnicate '.repeat(5_000),
    ]) {
      const { statements } = read(text);
      assert.equal(statements.at(-1)?.range.end, text.trimEnd().length, text.slice(0, 20));
    }
  });
});
