import assert from 'node:assert/strict';
import type { TableFamily } from '../../../src/core/rules/ruleset';
import { jsonElements, jsonExpression } from '../../../src/syntax/nft/json/expression';
import { nftJsonRuleset } from '../../../src/syntax/nft/json/ruleset';
import { jsonStatement } from '../../../src/syntax/nft/json/statement';
import type { Json } from '../../../src/syntax/nft/json/value';
import { plain } from '../plain';
import { one } from './oneStatement';

const range = { source: 'x', line: 0, start: 0, end: 0 };
const statement = (value: Json, family: TableFamily = 'ip') =>
  plain(jsonStatement(value, range, family)) as { readonly kind: string };
const expression = (value: Json) =>
  plain(jsonExpression(value, range)) as { readonly kind: string };

/** A comparison of an expression with a value. */
const match = (left: Json, right: Json, op = '=='): Json => ({ match: { op, left, right } });
const payload = (protocol: string, field: string): Json => ({ payload: { protocol, field } });
const saddr = payload('ip', 'saddr');

suite('nft -j: parts of a rule as libnftables-json(5) has them', () => {
  test('mean what the text of them means', () => {
    for (const [text, json] of [
      ['ip saddr != 10.0.0.0/8', match(saddr, { prefix: { addr: '10.0.0.0', len: 8 } }, '!=')],
      ['tcp dport 22-23', match(payload('tcp', 'dport'), { range: [22, 23] })],
      ['tcp dport >= 1024', match(payload('tcp', 'dport'), 1024, '>=')],
      ['tcp flags syn', match(payload('tcp', 'flags'), 'syn', 'in')],
      ['tcp flags ! syn', match(payload('tcp', 'flags'), 'syn', '!')],
      ['ip saddr 10.0.0.1', match(saddr, '10.0.0.1', 'in')],
      ['ip saddr @s', match(saddr, '@s')],
      ['ip saddr != @s', match(saddr, '@s', '!=')],
      ['ip saddr { 10.0.0.1, 10.0.0.2 }', match(saddr, { set: ['10.0.0.1', '10.0.0.2'] })],
      ['ip saddr { 10.0.0.1 }', match(saddr, { set: '10.0.0.1' })],
      [
        'ip saddr . tcp dport != 10.0.0.1 . 80',
        match({ concat: [saddr, payload('tcp', 'dport')] }, { concat: ['10.0.0.1', 80] }, '!='),
      ],
      ['fib saddr . iif oif missing', match(fib('oif'), false)],
      ['fib saddr . iif oif missing', match(fib('oif'), 0)],
      ['fib saddr . iif oif missing', match(fib('oif'), '0')],
      ['fib saddr . iif oif exists', match(fib('oif'), true)],
      ['fib saddr . iif oif exists', match(fib('oif'), 1)],
      ['fib saddr . iif oif != exists', match(fib('oif'), true, '!=')],
      ['fib saddr . iif check exists', match(fib('check'), true)],
      ['fib saddr . iif oifname "eth0"', match(fib('oifname'), 'eth0')],
      ['fib saddr . iif type local', match(fib('type'), 'local')],
      [
        'ct original ip saddr 10.0.0.1',
        match({ ct: { key: 'ip saddr', dir: 'original' } }, '10.0.0.1'),
      ],
      [
        'ct reply ip6 daddr fd00::1',
        match({ ct: { key: 'daddr', dir: 'reply', family: 'ip6' } }, 'fd00::1'),
      ],
      ['ct mark 5', match({ ct: { key: 'mark', dir: 'both' } }, 5)],
      [
        'meta mark set numgen inc mod 4 offset 1',
        mangle({ numgen: { mode: 'inc', mod: 4, offset: 1 } }),
      ],
      ['meta mark set numgen random mod 4', mangle({ numgen: { mode: 'random', mod: 4 } })],
      ['meta mark set jhash ip saddr mod 4', mangle({ jhash: { mod: 4, expr: saddr } })],
      [
        'meta mark set jhash ip saddr mod 4 seed 0x5 offset 2',
        mangle({ jhash: { mod: 4, seed: 5, offset: 2, expr: saddr } }),
      ],
      ['meta mark set symhash mod 4 offset 2', mangle({ symhash: { mod: 4, offset: 2 } })],
      ['meta mark set meta mark | 0x1', mangle({ '|': [{ meta: { key: 'mark' } }, 1] })],
      [
        'meta mark set meta mark & 0xff | 0x1',
        mangle({ '|': [{ '&': [{ meta: { key: 'mark' } }, 255] }, 1] }),
      ],
      ['meta mark set meta mark << 4', mangle({ '<<': [{ meta: { key: 'mark' } }, 4] })],
      [
        'meta mark set tcp dport map @m',
        mangle({ map: { key: payload('tcp', 'dport'), data: '@m' } }),
      ],
      ['rt ip6 nexthop fd00::1', match({ rt: { key: 'nexthop', family: 'ip6' } }, 'fd00::1')],
      ['rt mtu 1400', match({ rt: { key: 'mtu' } }, 1400)],
      ['counter', { counter: null }],
      ['counter name "c"', { counter: 'c' }],
      ['counter packets 1 bytes 60', { counter: { packets: 1, bytes: 60 } }],
      ['limit rate 10/second', { limit: { rate: 10, per: 'second' } }],
      [
        'limit rate over 10/second burst 7 packets',
        { limit: { rate: 10, burst: 7, per: 'second', inv: true } },
      ],
      ['limit rate 10/second', { limit: { rate: 10, per: 'second', rate_unit: 'packets' } }],
      ['limit rate 10 kbytes/second', { limit: { rate: 10, per: 'second', rate_unit: 'kbytes' } }],
      ['limit name "l"', { limit: 'l' }],
      [
        'quota over 5 kbytes used 1 bytes',
        { quota: { val: 5, val_unit: 'kbytes', used: 1, used_unit: 'bytes', inv: true } },
      ],
      ['quota 5 bytes', { quota: { val: 5 } }],
      ['quota name "q"', { quota: 'q' }],
      ['log', { log: null }],
      ['log prefix "x" group 5', { log: { prefix: 'x', group: 5 } }],
      ['reject', { reject: null }],
      ['reject with tcp reset', { reject: { type: 'tcp reset' } }],
      ['reject with icmp host-unreachable', { reject: { type: 'icmp', expr: 'host-unreachable' } }],
      ['queue flags bypass to 5', { queue: { num: 5, flags: 'bypass' } }],
      [
        'queue flags bypass,fanout to 1-3',
        { queue: { num: { range: [1, 3] }, flags: ['bypass', 'fanout'] } },
      ],
      ['notrack', { notrack: null }],
      ['jump x', { jump: { target: 'x' } }],
      ['goto x', { goto: { target: 'x' } }],
      ...(['accept', 'drop', 'return', 'continue'] as const).map(
        (word) => [word, { [word]: null }] as const,
      ),
      ['masquerade', { masquerade: null }],
      ['masquerade random,persistent', { masquerade: { flags: ['random', 'persistent'] } }],
      ['dnat ip to 10.0.0.1:80', { dnat: { family: 'ip', addr: '10.0.0.1', port: 80 } }],
      [
        'dnat ip6 to [fd00::1]:80-90',
        { dnat: { family: 'ip6', addr: 'fd00::1', port: { range: [80, 90] } } },
      ],
      ['snat to 10.0.0.1-10.0.0.9', { snat: { addr: { range: ['10.0.0.1', '10.0.0.9'] } } }],
      ['dnat to 10.0.0.1 . 80', { dnat: { addr: { concat: ['10.0.0.1', 80] } } }],
      ['redirect to :80', { redirect: { port: 80 } }],
      [
        'redirect to :tcp dport map @m',
        { redirect: { port: { map: { key: payload('tcp', 'dport'), data: '@m' } } } },
      ],
      ['dnat to ip saddr map @m', { dnat: { addr: { map: { key: saddr, data: '@m' } } } }],
      ['tcp dport vmap @v', { vmap: { key: payload('tcp', 'dport'), data: '@v' } }],
      [
        'tcp dport vmap { 80 : accept, 443 : jump x }',
        {
          vmap: {
            key: payload('tcp', 'dport'),
            data: {
              set: [
                [80, { accept: null }],
                [443, { jump: { target: 'x' } }],
              ],
            },
          },
        },
      ],
      ['add @s { ip saddr }', { set: { op: 'add', elem: saddr, set: '@s' } }],
      [
        'update @s { ip saddr timeout 1m counter }',
        {
          set: {
            op: 'update',
            elem: { elem: { val: saddr, timeout: 60 } },
            set: '@s',
            stmt: [{ counter: null }],
          },
        },
      ],
      ['delete @m { ip saddr : 0x1 }', { map: { op: 'delete', elem: saddr, data: 1, map: '@m' } }],
      ['ct helper set "ftp"', { 'ct helper': 'ftp' }],
      ['ct timeout set "t"', { 'ct timeout': 't' }],
      ['ct expectation set "e"', { 'ct expectation': 'e' }],
      ['ct count over 20', { 'ct count': { val: 20, inv: true } }],
      ['ct count 20', { 'ct count': { val: 20 } }],
      ['flow add @f', { flow: { op: 'add', flowtable: '@f' } }],
      ['dup to 10.0.0.1 device "lo"', { dup: { addr: '10.0.0.1', dev: 'lo' } }],
      ['fwd to "lo"', { fwd: { dev: 'lo' } }],
      ['fwd ip to 10.0.0.1 device "lo"', { fwd: { dev: 'lo', family: 'ip', addr: '10.0.0.1' } }],
      ['tproxy to :50080', { tproxy: { port: 50080 } }],
      ['tproxy ip6 to [::1]:50080', { tproxy: { family: 'ip6', addr: '::1', port: 50080 } }],
      ['synproxy name "s"', { synproxy: 's' }],
      [
        'synproxy mss 1460 wscale 7 timestamp',
        { synproxy: { mss: 1460, wscale: 7, flags: ['timestamp'] } },
      ],
      ['xt match "comment"', { xt: { type: 'match', name: 'comment' } }],
      ['xt target "LOG"', { xt: { type: 'target', name: 'LOG' } }],
    ] as const) {
      assert.deepEqual(statement(json), one(text), text);
    }
    assert.deepEqual(statement({ reject: null }, 'inet'), one('reject', 'inet'));
  });

  test('what is not understood is unknown, whatever it is', () => {
    for (const value of [
      ...[null, 5, true, [], {}, 'hello', { what: null }, { match: 5 }, { match: { op: '==' } }],
      ...[match(saddr, '10.0.0.1', '<>'), { match: { left: saddr, right: 1 } }],
      ...[{ limit: null }, { limit: {} }, { limit: { rate: 10 } }, { limit: { per: 'second' } }],
      ...[{ quota: null }, { quota: {} }, { quota: { val: 5, val_unit: 'pounds' } }],
      ...[{ vmap: null }, { vmap: { key: saddr } }, { vmap: { key: saddr, data: 5 } }],
      ...[
        { mangle: null },
        { set: null },
        { set: { op: 'what', set: '@s' } },
        { set: { op: 'add' } },
      ],
      ...[{ meter: null }, { meter: { key: saddr } }, { xt: null }, { xt: { type: 'match' } }],
      ...[{ reset: null }, { reset: saddr }, { jump: {} }, { goto: null }, { jump: { target: 5 } }],
    ] as readonly Json[]) {
      const { kind, ...rest } = statement(value) as { kind: string; left?: { kind: string } };
      const unknown = kind === 'unknown' || rest.left?.kind === 'unknown';
      assert.ok(unknown, `${JSON.stringify(value)} ${kind}`);
    }
    for (const value of [
      ...[{}, { what: 5 }, { fib: { result: 'what', flags: ['saddr'] } }, { fib: {} }],
      ...[{ numgen: {} }, { numgen: { mode: 'inc' } }, { jhash: {} }, { jhash: { expr: saddr } }],
      ...[
        { symhash: {} },
        { payload: {} },
        { payload: { protocol: 'ip' } },
        { payload: { field: 'x' } },
      ],
      ...[
        { payload: { base: 'th' } },
        { payload: { base: 'th', offset: 0 } },
        { payload: { base: 'th', len: 8 } },
      ],
      ...[
        { payload: { base: 'xx', offset: 0, len: 8 } },
        { exthdr: {} },
        { rt: {} },
        { rt: { key: 'x' } },
      ],
      ...[{ map: { key: saddr } }, { map: { key: saddr, data: 5 } }, null, ['what']],
    ] as readonly Json[]) {
      assert.equal(expression(value).kind, 'unknown', JSON.stringify(value));
    }
    let deep: Json = 1;
    for (let i = 0; i < 50; i++) deep = { '|': [deep, 1] };
    assert.match(JSON.stringify(expression(deep)), /"unknown"/);
    let nested: Json = saddr;
    for (let i = 0; i < 50; i++) nested = { concat: [nested] };
    assert.match(JSON.stringify(expression(nested)), /"unknown"/);
    assert.deepEqual(expression('10.0.0.0/8'), { kind: 'unknown', text: '10.0.0.0/8' });
    let fine: Json = { meta: { key: 'mark' } };
    for (let i = 0; i < 30; i++) fine = { '|': [fine, 1] };
    assert.doesNotMatch(JSON.stringify(expression(fine)), /"unknown"/);
  });

  test('parts that are only named', () => {
    for (const [json, expected] of [
      [{ osf: { key: 'name' } }, { kind: 'osf', text: 'osf name' }],
      [{ osf: { key: 'name', ttl: 'skip' } }, { kind: 'osf', text: 'osf ttl skip name' }],
      [{ socket: { key: 'mark' } }, { kind: 'socket', text: 'socket mark' }],
      [
        { ipsec: { dir: 'in', key: 'saddr', family: 'ip', spnum: 1 } },
        { kind: 'ipsec', text: 'ipsec in spnum 1 ip saddr' },
      ],
      [{ ipsec: { dir: 'out', key: 'spi', spnum: 0 } }, { kind: 'ipsec', text: 'ipsec out spi' }],
      [
        { 'tcp option': { name: 'maxseg', field: 'size' } },
        { kind: 'option', protocol: 'tcp', presence: false, text: 'tcp option maxseg size' },
      ],
      [
        { 'ip option': { name: 'lsrr' } },
        { kind: 'option', protocol: 'ip', presence: true, text: 'ip option lsrr' },
      ],
      [{ exthdr: { name: 'frag' } }, { kind: 'exthdr', name: 'frag', text: 'exthdr frag' }],
    ] as const) {
      assert.deepEqual(expression(json), expected, JSON.stringify(json));
    }
  });

  test('where to is told by a map, the JSON itself is the text', () => {
    const map = { map: { key: saddr, data: '@m' } };
    for (const [name, about] of [
      ['dup', { addr: map, dev: 'lo' }],
      ['tproxy', { port: map }],
      ['fwd', { dev: map }],
      ['synproxy', { map: 5 }],
    ] as const) {
      const { text } = statement({ [name]: about } as Json) as unknown as { text: string };
      assert.equal(text, `${name} ${JSON.stringify(about)}`);
    }
  });

  test('elements: keys, data, and what stands beside them', () => {
    const elements = (listed: readonly Json[], key: readonly string[], data?: readonly string[]) =>
      plain([...jsonElements(listed, { key, data }, range)]) as readonly unknown[];
    const number = (from: number, to = from) => ({ kind: 'numbers', from, to });
    assert.deepEqual(
      elements(
        [
          ...['*', { elem: { val: 80, comment: 'c', timeout: 60, expires: 5 } }],
          ...[{ elem: { val: 81, counter: { packets: 1, bytes: 60 } } }, { range: [1, 5] }],
          ...[{ elem: { val: 82, limit: { rate: 5 } } }, { elem: { val: 83, last: null } }],
        ] as readonly Json[],
        ['inet_service'],
      ),
      [
        {},
        { key: [number(80)], comment: 'c', timeout: 60, expires: 5 },
        { key: [number(81)], counters: { packets: 1, bytes: 60 } },
        { key: [number(1, 5)] },
        {
          key: [number(82)],
          condition: 'limit',
          conditions: [{ kind: 'unmodelled', name: 'limit', text: 'limit' }],
        },
        { key: [number(83)], condition: 'last' },
      ],
    );
    assert.deepEqual(
      elements(
        [
          [80, { drop: null }],
          [{ elem: { val: 81 } }, { goto: { target: 'x' } }],
        ] as readonly Json[],
        ['inet_service'],
        ['verdict'],
      ),
      [
        { key: [number(80)], data: { kind: 'verdict', verdict: { kind: 'DROP' } } },
        { key: [number(81)], data: { kind: 'verdict', verdict: { kind: 'goto', chain: 'x' } } },
      ],
    );
    const data = (value: Json, ...types: readonly string[]) =>
      (elements([[80, value]] as readonly Json[], ['inet_service'], types)[0] as { data: object })
        .data;
    assert.deepEqual(data(5, 'mark'), { kind: 'values', values: [{ kind: 'number', number: 5 }] });
    assert.deepEqual(data({ concat: ['10.0.0.1', 80] }, 'ipv4_addr', 'inet_service'), {
      kind: 'values',
      values: [
        { kind: 'address', address: '10.0.0.1' },
        { kind: 'number', number: 80 },
      ],
    });
    assert.deepEqual(data({ range: [5, 9] }, 'mark'), {
      kind: 'patterns',
      patterns: [number(5, 9)],
    });
    assert.equal((data({ what: 5 }, 'mark') as { kind: string }).kind, 'unknown');
    assert.equal((data('what', 'mark') as { kind: string }).kind, 'unknown');
    // The name of an object, where a map gives objects.
    const given = elements(
      [
        [80, 'web'],
        [81, { what: 5 }],
      ] as readonly Json[],
      ['inet_service'],
    );
    assert.deepEqual(
      given.map((element) => (element as { data: object }).data),
      [
        { kind: 'values', values: [{ kind: 'text', text: 'web' }] },
        { kind: 'unknown', text: '{"what":5}' },
      ],
    );
    // Only types of two bytes are printed in the machine's order: 56710 is 0x86dd.
    const keys = (value: Json, type: string) =>
      (elements([value], [type])[0] as { key: object }).key;
    assert.deepEqual(keys(56710, 'ether_type'), [number(0x86dd)]);
    assert.deepEqual(keys(0x86dd, 'ether_type'), [number(0x86dd)]);
    assert.deepEqual(keys(0x5000, 'inet_service'), [number(0x5000)]);
    assert.deepEqual(keys(0x0600, 'inet_proto'), [number(0x0600)]);
  });

  test('the comment of iptables-nft, whose text is not told, is no statement', () => {
    const about = { family: 'ip', table: 't', chain: 'c' };
    const kinds = (...expr: readonly object[]) => {
      const text = JSON.stringify({ nftables: [{ rule: { ...about, expr } }] });
      const rule = nftJsonRuleset('x', text).tables[0]!.chains.get('c')!.rule(0);
      return rule.statements.map(({ kind }) => kind);
    };
    const accept = { accept: null };
    assert.deepEqual(kinds({ xt: { type: 'match', name: 'comment' } }, accept), ['ACCEPT']);
    assert.deepEqual(kinds({ xt: { type: 'match', name: 'physdev' } }, accept), [
      ...['unmodelled', 'ACCEPT'],
    ]);
    assert.deepEqual(kinds({ xt: { type: 'target', name: 'comment' } }), ['unmodelled-target']);
  });

  test('objects of a table have what they hold', () => {
    const about = { family: 'ip', table: 't' };
    const { tables } = nftJsonRuleset(
      'x',
      JSON.stringify({
        nftables: [
          { limit: { ...about, name: 'l', rate: 5, per: 'second', burst: 7 } },
          { quota: { ...about, name: 'q', bytes: 500, used: 5, inv: true } },
          { 'ct helper': { ...about, name: 'h' } },
        ],
      }),
    );
    assert.deepEqual(
      tables[0]!.objects!.map(({ kind, name, statement }) => [
        kind,
        name,
        statement && plain(statement),
      ]),
      [
        ['limit', 'l', { kind: 'limit', text: '5/second burst 7', burst: 7, above: false }],
        ['quota', 'q', { kind: 'quota', bytes: 500, over: true, used: 5 }],
        ['ct helper', 'h', undefined],
      ],
    );
  });
});

function fib(result: string): Json {
  return { fib: { result, flags: ['saddr', 'iif'] } };
}

function mangle(value: Json): Json {
  return { mangle: { key: { meta: { key: 'mark' } }, value } };
}
