import assert from 'node:assert/strict';
import { parseConntrack } from '../../../src/syntax/conntrack/entries';
import { plain } from '../plain';

/** All that each line says; addresses as text. */
function read(...lines: string[]): unknown[] {
  const { value, findings } = parseConntrack(lines.join('\n'), 'x');
  assert.deepEqual(findings, []);
  return plain(value) as unknown[];
}

const way = (source: string, destination: string) => ({ source, destination });
const ends = 'src=10.0.0.1 dst=10.96.0.10 src=10.244.0.2 dst=10.0.0.1';
const both = {
  ...{ original: way('10.0.0.1', '10.96.0.10'), reply: way('10.244.0.2', '10.0.0.1') },
  ...{ unreplied: false, assured: false, mark: 0 },
};

suite('connections of conntrack', () => {
  test('both directions with their ports, time, state, flags, mark', () => {
    assert.deepEqual(
      read(
        '# conntrack -L',
        'tcp      6 106 SYN_SENT2 src=10.0.0.1 dst=10.96.0.10 sport=1 dport=53 [UNREPLIED] src=10.244.0.2 dst=10.0.0.1 sport=53 dport=1 [ASSURED] mark=16384 use=1',
        '',
        'conntrack v1.4.7 (conntrack-tools): 1 flow entries have been shown.',
      ),
      [
        {
          ...{ protocol: 6, expires: 106, state: 'SYN_SENT2' },
          original: { ...both.original, sourcePort: 1, destinationPort: 53 },
          reply: { ...both.reply, sourcePort: 53, destinationPort: 1 },
          ...{ unreplied: true, assured: true, mark: 16384 },
        },
      ],
    );
  });

  test('the same of /proc/net/nf_conntrack and of -o extended; without time and state none', () => {
    assert.deepEqual(read(`ipv4     2 tcp      6 5 ESTABLISHED ${ends}`), [
      { protocol: 6, expires: 5, state: 'ESTABLISHED', ...both },
    ]);
    assert.deepEqual(read(`ipv6     10 udp      17 5 ${ends}`), [
      { protocol: 17, expires: 5, ...both },
    ]);
    assert.deepEqual(read(`udp 17 ${ends}`), [{ protocol: 17, ...both }]);
    assert.deepEqual(read(`unknown 47 5s ${ends}`), [{ protocol: 47, ...both }]);
    assert.deepEqual(read(`unknown 47 a5 xSTATE STATEx ${ends}`), [{ protocol: 47, ...both }]);
    assert.deepEqual(read(`tcp 6 [SEEN] 5 NONE ${ends} 9 OTHER`), [
      { protocol: 6, expires: 5, state: 'NONE', ...both },
    ]);
    // Not the word that /proc begins a line with.
    for (const word of ['xipv4', 'ipv46', 'ipv5']) {
      assert.deepEqual(read(`${word} 17 5 ${ends}`), [{ protocol: 17, expires: 5, ...both }]);
    }
  });

  test('events, ICMP and zones', () => {
    for (const event of ['NEW', 'UPDATE', 'DESTROY']) {
      assert.deepEqual(read(` [${event}] udp 17 5 ${ends}`), [
        { protocol: 17, expires: 5, ...both, event },
      ]);
    }
    for (const word of ['[RENEW]', 'x[NEW]', '[NEW]x']) {
      assert.deepEqual(read(`udp 17 5 ${word} ${ends}`), [{ protocol: 17, expires: 5, ...both }]);
    }
    assert.deepEqual(read(`icmp 1 5 ${ends} type=8 code=1 id=77`), [
      { protocol: 1, expires: 5, ...both, icmp: { type: 8, code: 1, id: 77 } },
    ]);
    assert.deepEqual(read(`icmp 1 5 ${ends} type=8`), [
      { protocol: 1, expires: 5, ...both, icmp: { type: 8, code: 0, id: 0 } },
    ]);
    for (const [word, zone] of [
      ['zone=5', { zone: 5 }],
      ['zone-orig=5', { zone: 5, zoneDirection: 'original' }],
      ['zone-reply=5', { zone: 5, zoneDirection: 'reply' }],
      ['zone=x', {}],
    ] as const) {
      assert.deepEqual(read(`udp 17 5 ${ends} ${word}`), [
        { protocol: 17, expires: 5, ...both, ...zone },
      ]);
    }
  });

  test('a line without protocol, or without one of its addresses, is named', () => {
    const whole = `tcp 6 5 ${ends}`;
    for (const line of [
      ...['hello', 'tcp 6 5', ends, `tcp x 5 ${ends}`],
      ...[whole.replace('dst=10.0.0.1', ''), whole.replace('src=10.244.0.2', 'src=x')],
      ...[whole.replace('dst=10.96.0.10', 'dst=y'), 'tcp 6 5 src=10.0.0.1 dst=10.96.0.10'],
    ]) {
      const { value, findings } = parseConntrack(`\n${line}`, 'x');
      assert.deepEqual(
        [value, findings.map(({ code, range }) => `${range.line} ${code}`)],
        [[], ['1 unknown-line']],
        line,
      );
    }
  });
});
