import assert from 'node:assert/strict';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { node, oneChain, packet } from '../helper';

const web = { ...packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0'), length: 60 };

const declared = `\tset filled {
\t\ttypeof ip saddr . meta cpu
\t\tflags dynamic
\t\telements = { 10.0.0.1 . 3 }
\t}
\tset fixed {
\t\ttypeof ip saddr . meta cpu
\t\telements = { 10.0.0.1 . 3, 10.0.0.2 . 4 }
\t}
\tset near {
\t\ttypeof ip saddr . meta cpu
\t\telements = { 10.0.0.1 . 3, 10.244.1.7 . 4 }
\t}
\tset metered {
\t\ttype ipv4_addr
\t\telements = { 10.244.1.7 quota over 100 bytes used 0 bytes }
\t}
\tquota big {
\t\tover 100 bytes used 50 bytes
\t}
\tquota left {
\t\tuntil 200 bytes used 50 bytes
\t}
\tlimit slow {
\t\trate 1/second burst 1 packets
\t}
`;

/** Of each way what decides it, and how it ends: `CONDITION: DROP`. */
function ends(rules: string, known = true): readonly string[] {
  const nftables = oneChain(rules, { declared });
  const memory = known ? { counters: new Map<string, number>(), lists: new Map() } : {};
  return leaves(traceFlow({ ...node(), nftables }, web, { memory }).path).map(
    ({ branches, verdict }) =>
      [...branches.map(({ condition }) => condition), verdict.kind].join(': '),
  );
}

function table(rows: Readonly<Record<string, readonly string[]>>, known?: boolean): void {
  for (const [rules, wanted] of Object.entries(rows)) {
    test(rules, () => assert.deepEqual(ends(rules, known), wanted));
  }
}

suite('objects of a table are asked as if they stood in the rule (nft_objref.c)', () => {
  table({
    // 60 bytes of this packet and 50 used before.
    'quota name "big" drop': ['DROP'],
    'quota name "left" drop': ['DROP'],
    // All rules count in the same object.
    'quota name "left" continue; quota name "left" continue; quota name "left" drop': ['ACCEPT'],
    'limit name "slow" drop': ['DROP'],
    'limit name "slow" continue; limit name "slow" drop': [
      'below the limit 1/second burst 1: DROP',
      'above the limit 1/second burst 1: ACCEPT',
    ],
    'quota name "gone" drop': [
      'the quota gone holds: DROP',
      'the quota gone does not hold: ACCEPT',
    ],
    'quota name tcp dport map { 80 : "big" } drop': ['DROP'],
    'quota name tcp dport map { 81 : "big" } drop': ['ACCEPT'],
    // Of the objects only those that limit ask anything.
    'counter name tcp dport map { 80 : "any" } drop': ['DROP'],
    'counter name tcp dport map { 81 : "any" } drop': ['ACCEPT'],
  });
});

suite('what stands at an element (nft_set_elem_update_expr)', () => {
  table({
    // A named set is one for all rules, one in braces is its rule's own.
    'ip saddr @metered drop; ip saddr @metered drop': ['DROP'],
    'ip saddr { 10.244.1.7 quota over 100 bytes used 0 bytes } drop; ip saddr { 10.244.1.7 quota over 100 bytes used 0 bytes } drop':
      ['ACCEPT'],
    'ip saddr { 10.244.1.7 quota over 50 bytes used 0 bytes } drop': ['DROP'],
    // Found is found: what stands at it is not asked.
    'ip saddr != { 10.244.1.7 quota over 100 bytes used 0 bytes } drop': ['ACCEPT'],
    'ip daddr != { 10.244.1.7 quota over 100 bytes used 0 bytes } drop': ['DROP'],
  });
});

suite('a key of which a part is not known', () => {
  table({
    'ip saddr . meta cpu @fixed drop': ['ACCEPT'],
    'ip saddr . meta cpu != @fixed drop': ['DROP'],
    'ip saddr . meta cpu @near drop': [
      'meta cpu is in @near: DROP',
      'not: meta cpu is in @near: ACCEPT',
    ],
    // Rules may have put others into it since.
    'ip saddr . meta cpu @filled drop': [
      'meta cpu is in @filled: DROP',
      'not: meta cpu is in @filled: ACCEPT',
    ],
  });
});

suite('numgen inc counts where it is asked, in a key of several parts, too', () => {
  const rules = 'meta cpu 1 numgen inc mod 2 . tcp dport { 0 . 80 } drop';

  test('so it is asked behind what is open, and counts there alone', () => {
    const state = { ...node(), nftables: oneChain(rules) };
    const memory = { counters: new Map() };
    const ways = leaves(traceFlow(state, web, { memory }).path);
    assert.deepEqual(
      ways.map(({ verdict }) => [verdict.kind, [...verdict.after.counters!.values()]]),
      [
        ['DROP', [1]],
        ['ACCEPT', []],
      ],
    );
  });

  table(
    {
      [rules]: [
        'meta cpu == 1: numgen inc mod 2 is in the set: DROP',
        'meta cpu == 1: not: numgen inc mod 2 is in the set: ACCEPT',
        'not: meta cpu == 1: ACCEPT',
      ],
    },
    false,
  );
});

suite('what an operation of two expressions gives', () => {
  const marked = (expression: string): readonly string[] => {
    const nftables = oneChain(`meta mark set 0x99; meta mark set meta mark | ${expression}`);
    return leaves(traceFlow({ ...node(), nftables }, web).path).map(({ verdict }) =>
      verdict.kind === 'UNKNOWN' ? verdict.reason : String(verdict.finalMark),
    );
  };
  const notKnown = (what: string) => `meta mark is set to something that is not known: ${what}`;
  for (const [right, ...wanted] of [
    ['tcp dport', String(0x99 | 80)],
    // The rule fails (NFT_BREAK).
    ['udp dport', String(0x99)],
    ['ip ttl', notKnown('ip ttl')],
    ['numgen random mod 2', notKnown('numgen random mod 2')],
    ['ip saddr', notKnown('|')],
  ] as const) {
    test(`a mark and ${right}`, () => assert.deepEqual(marked(right), wanted));
  }
});
