import assert from 'node:assert/strict';
import { readRule } from '../../../src/syntax/nft/statements/rule';
import { rejectWith } from '../../../src/syntax/nft/statements/verdicts';
import { secondsOf } from '../../../src/syntax/nft/text/duration';
import { lineText, numberOf } from '../../../src/syntax/nft/text/reader';
import { tokensOf } from '../../../src/syntax/nft/text/tokens';
import { check, meta, number, one, payload } from './oneStatement';

suite('nft: what is done', () => {
  test('verdicts, counters, comments, notrack', () => {
    check([
      ['return', { kind: 'RETURN' }],
      ['continue', { kind: 'CONTINUE' }],
      ['goto x', { kind: 'goto', chain: 'x' }],
      ['jump "a b"', { kind: 'jump', chain: 'a b' }],
      ['counter', { kind: 'counter' }],
      ['counter packets 3 bytes 180', { kind: 'counter', counters: { packets: 3, bytes: 180 } }],
      ['counter name "web"', { kind: 'counter', name: 'web' }],
      ['comment "x"', { kind: 'comment', text: 'x' }],
      ['notrack', { kind: 'CT', notrack: true, text: 'notrack' }],
    ]);
  });

  test('limits and quotas, by themselves or by name', () => {
    check([
      [
        'limit rate 10/second',
        { kind: 'limit', text: '10/second burst 5', burst: 5, above: false },
      ],
      [
        'limit rate over 10/minute burst 9 packets',
        { kind: 'limit', text: '10/minute burst 9', burst: 9, above: true },
      ],
      [
        'limit rate until 10 mbytes/second',
        { kind: 'limit', text: '10 mbytes/second burst 0 bytes', above: false },
      ],
      [
        'limit rate 1 kbytes/second burst 2 kbytes',
        { kind: 'limit', text: '1 kbytes/second burst 2 kbytes', above: false },
      ],
      ['limit name "l"', { kind: 'named', object: 'limit', name: 'l' }],
      ['quota 5 bytes', { kind: 'quota', bytes: 5, over: false, used: 0 }],
      [
        'quota over 2 mbytes used 3 kbytes',
        { kind: 'quota', bytes: 2097152, over: true, used: 3072 },
      ],
      ['quota until 1 gbytes', { kind: 'quota', bytes: 1073741824, over: false, used: 0 }],
      ['quota name "q"', { kind: 'named', object: 'quota', name: 'q' }],
      ['ct count over 20', { kind: 'unmodelled', name: 'ct count', text: 'ct count over 20' }],
    ]);
  });

  test('NAT: to what, with which flags', () => {
    const off = { random: false, fullyRandom: false, persistent: false };
    const span = (from: string, to = from) => ({ from, to });
    check([
      ['masquerade', { kind: 'MASQUERADE', ...off }],
      [
        'masquerade to :1024-2000 random,persistent',
        {
          kind: 'MASQUERADE',
          ports: { from: 1024, to: 2000 },
          ...off,
          random: true,
          persistent: true,
        },
      ],
      ['masquerade random-fully', { kind: 'MASQUERADE', ...off, fullyRandom: true }],
      ['snat to 10.0.0.1', { kind: 'SNAT', addresses: span('10.0.0.1'), ...off }],
      [
        'snat ip to 10.0.0.1-10.0.0.9:80-90',
        {
          kind: 'SNAT',
          family: 4,
          addresses: span('10.0.0.1', '10.0.0.9'),
          ports: { from: 80, to: 90 },
          ...off,
        },
      ],
      [
        'snat ip prefix to 10.0.0.0/24',
        {
          kind: 'SNAT',
          family: 4,
          prefix: true,
          addresses: span('10.0.0.0', '10.0.0.255'),
          ...off,
        },
      ],
      [
        'dnat ip6 to [fd00::1]:80',
        {
          kind: 'DNAT',
          family: 6,
          addresses: span('fd00::1'),
          ports: { from: 80, to: 80 },
          ...off,
        },
      ],
      ['dnat to fd00::1', { kind: 'DNAT', addresses: span('fd00::1'), ...off }],
      [
        'dnat to 10.0.0.1 . 80',
        { kind: 'DNAT', addresses: span('10.0.0.1'), ports: { from: 80, to: 80 }, ...off },
      ],
      [
        'dnat to 10.0.0.1 : 80',
        { kind: 'DNAT', addresses: span('10.0.0.1'), ports: { from: 80, to: 80 }, ...off },
      ],
      [
        'dnat to 10.0.0.1 : tcp dport map @m',
        {
          kind: 'DNAT',
          addresses: span('10.0.0.1'),
          toPort: { kind: 'map', key: payload('tcp', 'dport'), map: { kind: 'named', name: 'm' } },
          ...off,
        },
      ],
      // As nft lists it: no blank beside the colon.
      ...(
        [
          ['10.0.0.1', span('10.0.0.1')],
          ['10.0.0.1-10.0.0.9', span('10.0.0.1', '10.0.0.9')],
          ['[fd00::1]', span('fd00::1')],
        ] as const
      ).map(([written, addresses]): [string, object] => [
        `dnat to ${written}:tcp dport map @m random`,
        {
          kind: 'DNAT',
          addresses,
          toPort: { kind: 'map', key: payload('tcp', 'dport'), map: { kind: 'named', name: 'm' } },
          ...{ ...off, random: true },
        },
      ]),
      [
        'dnat ip addr . port to ip saddr map @m',
        {
          kind: 'DNAT',
          family: 4,
          toAddress: {
            kind: 'map',
            key: payload('ip', 'saddr'),
            map: { kind: 'named', name: 'm' },
          },
          ...off,
        },
      ],
      ...['8080', '"http-alt"'].map((port): [string, object] => [
        `dnat to tcp dport map { 80 : 10.0.0.1 }:${port}`,
        {
          kind: 'DNAT',
          toAddress: {
            kind: 'map',
            key: payload('tcp', 'dport'),
            map: {
              kind: 'anonymous',
              elements: [
                {
                  key: [number(80)],
                  data: {
                    kind: 'values',
                    values: [{ kind: 'address', address: '10.0.0.1' }],
                  },
                },
              ],
            },
          },
          ports: { from: 8080, to: 8080 },
          ...off,
        },
      ]),
      ['redirect to :8080', { kind: 'REDIRECT', ports: { from: 8080, to: 8080 }, ...off }],
      [
        'redirect to :tcp dport map @m',
        {
          kind: 'REDIRECT',
          toPort: {
            kind: 'map',
            key: payload('tcp', 'dport'),
            map: { kind: 'named', name: 'm' },
          },
          ...off,
        },
      ],
    ]);
  });

  test('what is refused, queued or logged', () => {
    check([
      ['reject', { kind: 'REJECT', with: 'icmp-port-unreachable' }],
      ['reject with tcp reset', { kind: 'REJECT', with: 'tcp-reset' }],
      [
        'reject with icmpx type admin-prohibited',
        { kind: 'REJECT', with: 'icmpx-admin-prohibited' },
      ],
      ['reject with icmp type 3', { kind: 'REJECT', with: 'icmp-port-unreachable' }],
      ['reject with icmpv6 6', { kind: 'REJECT', with: 'icmp6-reject-route' }],
      ['queue', { kind: 'NFQUEUE', bypass: false, text: 'queue' }],
      [
        'queue num 1-3 bypass,fanout',
        { kind: 'NFQUEUE', bypass: true, text: 'queue num 1-3 bypass,fanout' },
      ],
      ...[
        'queue to numgen inc mod 4',
        'queue flags bypass to jhash ip saddr mod 4 offset 2',
        'queue to ip protocol map { tcp : 1, udp : 2 }',
      ].map((text): [string, object] => {
        return [text, { kind: 'NFQUEUE', bypass: text.includes('bypass'), text }];
      }),
      ['log', { kind: 'LOG', text: '' }],
      [
        'log level warn prefix "x: " flags tcp sequence,options',
        { kind: 'LOG', text: 'prefix "x: " level warn' },
      ],
      [
        'log group 1 snaplen 80 queue-threshold 5',
        { kind: 'NFLOG', text: 'group 1 snaplen 80 queue-threshold 5' },
      ],
    ]);
    assert.deepEqual(one('reject', 'ip6'), { kind: 'REJECT', with: 'icmp6-port-unreachable' });
    assert.deepEqual(one('reject', 'inet'), { kind: 'REJECT', with: 'icmpx-port-unreachable' });
    assert.equal(rejectWith('icmp', '99', 'ip'), 'icmp-99');
    assert.equal(rejectWith('icmpv6', '1', undefined), 'icmp6-admin-prohibited');
  });

  test('elements that a rule adds to a set', () => {
    const key = payload('ip', 'saddr');
    check([
      [
        'add @s { ip saddr }',
        { kind: 'set-update', operation: 'add', set: 's', key, statements: [] },
      ],
      [
        'delete @s { ip saddr comment "x" : meta mark }',
        {
          kind: 'set-update',
          operation: 'delete',
          set: 's',
          key,
          data: meta('mark'),
          statements: [],
        },
      ],
      [
        'update @s { ip saddr timeout 1h counter }',
        {
          kind: 'set-update',
          operation: 'update',
          set: 's',
          key,
          timeout: 3600,
          statements: [{ kind: 'counter' }],
        },
      ],
      [
        'meter m size 65535 { ip saddr limit rate 3/second }',
        {
          kind: 'set-update',
          operation: 'add',
          set: 'm',
          key,
          statements: [{ kind: 'limit', text: '3/second burst 5', burst: 5, above: false }],
        },
      ],
    ]);
  });

  test('other statements reach to where the next begins', () => {
    const kinds = (rule: string) =>
      readRule(lineText('x', 0, 0, rule), 'ip').statements.map(({ kind, range }) => [
        kind,
        rule.slice(range.start, range.end),
      ]);
    for (const [rule, ...expected] of [
      [
        'dup to 10.0.0.1 device "eth0" accept',
        ['neutral', 'dup to 10.0.0.1 device "eth0"'],
        ['ACCEPT', 'accept'],
      ],
      ['fwd to "eth1" counter', ['fwd', 'fwd to "eth1"'], ['counter', 'counter']],
      [
        'synproxy mss 1460 wscale 7 drop',
        ['unknown', 'synproxy mss 1460 wscale 7'],
        ['DROP', 'drop'],
      ],
      [
        'synproxy name ip saddr map @m drop',
        ['unknown', 'synproxy name ip saddr map @m'],
        ['DROP', 'drop'],
      ],
      ['synproxy name "sp" drop', ['unknown', 'synproxy name "sp"'], ['DROP', 'drop']],
      ['arp ptype ip accept', ['compare', 'arp ptype ip'], ['ACCEPT', 'accept']],
      ['flow add @f accept', ['neutral', 'flow add @f'], ['ACCEPT', 'accept']],
      [
        'reset tcp option md5sig accept',
        ['neutral', 'reset tcp option md5sig'],
        ['ACCEPT', 'accept'],
      ],
      ['tproxy to :15001 accept', ['tproxy', 'tproxy to :15001'], ['ACCEPT', 'accept']],
      ['last used 5s accept', ['neutral', 'last used 5s'], ['ACCEPT', 'accept']],
      ['ct timeout set "t" accept', ['neutral', 'ct timeout set "t"'], ['ACCEPT', 'accept']],
      [
        'xt match "comment" xt target "LOG"',
        ['unmodelled', 'xt match "comment"'],
        ['unmodelled-target', 'xt target "LOG"'],
      ],
      ['accept; drop', ['ACCEPT', 'accept'], ['DROP', 'drop']],
    ] as const) {
      assert.deepEqual(kinds(rule), expected, rule);
    }
  });

  test('what is not whole is not understood, and does no harm to what follows', () => {
    for (const rule of [
      'ip saddr',
      'ip saddr >= @s',
      'ip saddr { 10.0.0.1',
      'jump',
      'counter name',
      'limit rate',
      'limit 5',
      'quota 5 pounds',
      'quota bytes',
      'reject with what',
      'reject with icmp',
      'add @ { ip saddr }',
      'add @s ip saddr',
      'update @s { }',
      'meter m ip saddr',
      'dnat to 10.0.0.1 . x',
      'dnat to',
      'fib saddr',
      'fib type',
      'numgen mod 2 1',
      'numgen random 1',
      'jhash mod 2 1',
      'jhash ip saddr 1',
      'symhash 1',
      'socket what 1',
      'rt what',
      'osf version',
      'tcp flags syn / x',
      'tcp dport == (80',
      'xt match',
      'xt other "x"',
      'meta mark set',
    ]) {
      const { statements } = readRule(lineText('x', 0, 0, `${rule} ; accept`), 'ip');
      const kinds = statements.map(({ kind }) => kind);
      assert.equal(kinds.at(-1), 'ACCEPT', rule);
      assert.ok(kinds.slice(0, -1).includes('unknown'), `${rule}: ${kinds.join()}`);
    }
  });

  test('the first counter is the rule’s, and its handle the number behind it', () => {
    const rule = readRule(
      lineText(
        'x',
        0,
        0,
        'counter name "a" counter packets 1 bytes 2 counter packets 3 bytes 4 # handle 7',
      ),
      'ip',
    );
    assert.deepEqual([rule.counters, rule.handle], [{ packets: 1, bytes: 2 }, 7]);
    const bare = readRule(lineText('x', 0, 0, 'counter accept # handle x'), 'ip');
    assert.deepEqual([bare.counters, bare.handle], [undefined, undefined]);
  });
});

suite('nft: words', () => {
  test('words, signs and texts in quotes', () => {
    const show = (words: string) =>
      tokensOf(words).map(({ kind, text: token }) => `${kind[1]}${token}`);
    assert.deepEqual(show('a:b 80: drop'), ['oa:b', 'o80', 'i:', 'odrop']);
    assert.deepEqual(show('fd00:: x'), ['ofd00::', 'ox']);
    assert.deepEqual(show(':80 ::1'), ['o:80', 'o::1']);
    assert.deepEqual(show('10.0.0.1:tcp [fd00::1]:tcp'), [
      ...['o10.0.0.1', 'i:', 'otcp', 'o[fd00::1]', 'i:', 'otcp'],
    ]);
    for (const word of [
      ...['10.0.0.1:80', '[fd00::1]:80', '2001:db8::1', '00:aa:bb:cc:dd:ee', 'fd00:a::b', '10:a'],
      ...['::ffff:10.0.0.1', '1.2.3:a', 'x10.0.0.1:a', '10.0.0.1:{', '10.0.0.1:`'],
    ]) {
      assert.equal(show(word)[0], `o${word.replace(':{', '')}`, word);
    }
    assert.deepEqual(show('a!=b<=c>=d<<e>>f==g<h'), [
      'oa',
      'i!=',
      'ob',
      'i<=',
      'oc',
      'i>=',
      'od',
      'i<<',
      'oe',
      'i>>',
      'of',
      'i==',
      'og',
      'i<',
      'oh',
    ]);
    assert.deepEqual(show('"a b"c "" "open'), ['ta b', 'oc', 't', 'topen']);
    assert.deepEqual(show('\u00a0\ufeffx\t{y}'), ['ox', 'i{', 'oy', 'i}']);
    assert.deepEqual(show('"'), ['t']);
    assert.deepEqual(
      tokensOf(' ab "c"').map(({ start, end }) => [start, end]),
      [
        [1, 3],
        [4, 7],
      ],
    );
  });

  test('numbers and times', () => {
    assert.deepEqual(['80', '0x10', '0XfF', '08', '', '1.5', '-1', '0xg', 'x'].map(numberOf), [
      ...[80, 16, 255, 8, undefined, undefined, undefined, undefined, undefined],
    ]);
    assert.deepEqual(
      ['5', '1w1d1h1m1s1ms', '9m49s480ms', 'never', '5x', '5m5', '', 'm'].map(secondsOf),
      [
        ...[5, 604800 + 86400 + 3600 + 60 + 1 + 0.001, 589.48, undefined, undefined, undefined],
        ...[undefined, undefined],
      ],
    );
  });
});
