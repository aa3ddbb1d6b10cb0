import assert from 'node:assert/strict';
import { parseAddress } from '../../src/core/address';
import type { Leaf } from '../../src/core/trace/leaves';
import type { Header } from '../../src/core/trace/trace';
import { difference, signature, type Backend } from '../../src/inspect/oracle/compare';
import { judgeCounts } from '../../src/inspect/oracle/counts';
import type { AnsweredEntry, OracleAnswer } from '../../src/inspect/oracle/format';
import { packetOf } from '../../src/inspect/oracle/packet';
import { replyDifference } from '../../src/inspect/oracle/reply';

const sent = { proto: 'tcp', src: '10.0.0.1', dst: '10.0.0.2', sport: 1000, dport: 80 };
const packet = packetOf(sent);
const head: Header = {
  protocol: 6,
  source: parseAddress('10.0.0.1')!,
  destination: parseAddress('10.0.0.2')!,
  sourcePort: 1000,
  destinationPort: 80,
};
const jump = {
  kind: 'rule',
  hook: 'prerouting',
  type: 'nat',
  table: 'nat',
  chain: 'PREROUTING',
  rule: 1,
  mark: 0,
  effect: 'jump C',
};
const end = { kind: 'return', hook: 'prerouting', table: 'nat', chain: 'C', mark: 0x10 };
const policy = { ...end, kind: 'policy', chain: 'PREROUTING' };
const verdict = {
  kind: 'ACCEPT',
  reason: 'the policy',
  delivered: 'eth0',
  final: head,
  finalMark: 0x10,
  finalTtl: 63,
  after: {},
};

const at = (chain: string, rule: unknown, more: object = {}) => ({
  table: 'nat',
  chain,
  rule,
  hook: 'PREROUTING',
  mark: '0x10',
  ...more,
});
const first = at('PREROUTING', 1, { mark: undefined });
const path = [first, at('C', 'return'), at('PREROUTING', 'policy')];

function leafOf(steps: readonly object[] = [jump, end, policy], ending: object = {}): Leaf {
  return { steps, branches: [], verdict: { ...verdict, ...ending } } as unknown as Leaf;
}

function answerOf(more: object = {}): OracleAnswer {
  return {
    path,
    verdict: 'ACCEPT',
    delivered: 'eth0',
    mark: '0x10',
    final: { ...sent, hl: 63 },
    ...more,
  } as OracleAnswer;
}

function said(leaf: Leaf, answer: OracleAnswer, backend: Backend = 'legacy') {
  return difference(packet, leaf, answer, backend);
}

suite('the path of a trace beside the one that a kernel told', () => {
  const maybe = { ...jump, chain: 'C', rule: 1, mark: 0x10, effect: 'LOG', maybe: 'unknown' };
  const failed = { ...jump, chain: 'C', rule: 1, effect: 'mark set', mark: 0, failed: true };
  const set = { ...jump, chain: 'C', rule: 2, mark: 0x10, effect: 'accept' };
  const [, back, last] = path;
  const cases: [string, readonly object[], readonly object[], RegExp | undefined, Backend?][] = [
    ['the same', [jump, end, policy], path, undefined],
    ['another table', [jump], [{ ...first, table: 'raw' }], /^step 1 is .* not prerouting {2}raw/],
    ['another chain', [jump], [{ ...first, chain: 'OUTPUT' }], /^step 1 /],
    ['another rule', [jump], [{ ...first, rule: 2 }], /^step 1 /],
    ['another mark', [jump], [{ ...first, mark: '0x1' }], /^step 1 .* mark 0x0 jump C, not/],
    ['another hook', [jump], [{ ...first, hook: 'INPUT' }], /^step 1 /],
    ['another family', [{ ...jump, family: 'ip' }], [{ ...first, family: 'ip6' }], /^step 1 /],
    ['another way on', [jump], [{ ...first, verdict: 'jump D' }], /^step 1 .* jump D$/],
    ['the same way on', [jump], [{ ...first, verdict: 'jump C' }], undefined],
    ['a verdict that is no way on', [jump], [{ ...first, verdict: 'continue' }], undefined],
    ['the kernel went on', [jump], path, /^the end after step 1, not prerouting {2}nat C return/],
    ['the kernel had ended', [jump, end], [first], /^step 2 is .* not the end$/],
    ['what may match, did not', [jump, maybe, end, policy], path, undefined],
    ['what may match, did', [jump, maybe, end], [first, at('C', 1), back!], undefined],
    ['routing is no step', [jump, { kind: 'routing', mark: 0, effect: '' }], [first], undefined],
    // Until the next rule the kernel tells the mark before the rule that failed.
    ['a rule that failed', [jump, failed, set], [first, at('C', 2, { mark: '0x0' })], undefined],
    ['the mark of the next', [jump, failed, set], [first, at('C', 2)], undefined],
    [
      'the one after next',
      [jump, failed, set, { ...set, rule: 3 }],
      [first, at('C', 2), at('C', 3, { mark: '0x0' })],
      /^step 3 /,
    ],
    // iptables-nft tells of rules alone, and no marks.
    ['iptables-nft', [jump, end, policy], [{ ...first, mark: '0x5' }, last!], undefined, 'nft'],
    ['iptables-nft, a rule more', [jump, end, set], [first], /^step 2 is .* C 2 /, 'nft'],
  ];
  for (const [name, steps, told, expected, backend] of cases) {
    test(name, () => {
      const found = said(leafOf(steps), answerOf({ path: told }), backend);
      if (expected) assert.match(found ?? '', expected);
      else assert.equal(found, undefined);
    });
  }

  test('goes on after IPVS', () => {
    const answer = answerOf({ path: [first], path_after_ipvs: [back, last] });
    assert.equal(said(leafOf(), answer), undefined);
  });
});

suite('the end of a trace beside the one that a kernel told', () => {
  const log = [{ ...jump, effect: 'LOG prefix "a: " and LOG prefix "b"' }, end, policy];
  const cases: [string, Leaf, object, RegExp | undefined][] = [
    ['another verdict', leafOf(undefined, { kind: 'DROP' }), {}, /^verdict DROP \(the policy\)/],
    ['another device', leafOf(), { delivered: 'lo' }, /^delivered eth0, not lo$/],
    ['another mark', leafOf(), { mark: '0x11' }, /^mark 16, not 0x11$/],
    ['no mark recorded', leafOf(), { mark: undefined }, undefined],
    [
      'the mark of a packet that nobody got',
      leafOf(undefined, { kind: 'DROP', delivered: undefined }),
      { verdict: 'DROP', delivered: undefined, mark: '0x11' },
      undefined,
    ],
    ['another TTL', leafOf(), { final: { ...sent, hl: 64 } }, /^TTL 63, not 64$/],
    ['no TTL recorded', leafOf(), { final: sent }, undefined],
    ['another head', leafOf(), { final: { ...sent, dport: 81 } }, /^final /],
    ['what was logged', leafOf(log), { log: ['a:', 'b'] }, undefined],
    ['in another order', leafOf(log), { log: ['b', 'a:'] }, /^logged a: \| b, not b \| a:$/],
    ['nothing logged', leafOf(), { log: ['a:'] }, /^logged , not a:$/],
    [
      'a log that may have been',
      leafOf([{ ...jump, maybe: 'x' }, end, policy]),
      { path: path.slice(1), log: ['a'] },
      undefined,
    ],
    ['the source as it came', leafOf(), { masquerade: false }, undefined],
    ['the source, by no rule', leafOf(), { masquerade: 'rule' }, /^masquerade false, not rule$/],
    [
      'the source, by a rule',
      leafOf([{ ...jump, effect: 'SNAT to 10.0.0.9' }, end, policy]),
      { masquerade: 'rule' },
      undefined,
    ],
    [
      'the source, as that of an earlier packet',
      leafOf([jump, end, policy, { kind: 'nat', hook: 'postrouting', mark: 0 }]),
      { masquerade: 'conntrack' },
      undefined,
    ],
    [
      'the destination, as that of an earlier packet',
      leafOf([jump, end, policy, { kind: 'nat', hook: 'prerouting', mark: 0 }]),
      { masquerade: 'conntrack' },
      /^masquerade false/,
    ],
    [
      'IPVS where the kernel had none',
      leafOf([
        jump,
        end,
        policy,
        {
          kind: 'ipvs',
          hook: 'input',
          direction: 'in',
          mark: 0,
          before: head,
          after: head,
          real: { method: 'Masq' },
        },
      ]),
      {},
      /^IPVS: input in 10\.0\.0\.2:80 10\.0\.0\.2:80, not undefined$/,
    ],
    [
      'a virtual server that was found, without more',
      leafOf([jump, end, policy, { kind: 'ipvs', hook: 'input', direction: 'in', mark: 0 }]),
      {},
      undefined,
    ],
  ];
  for (const [name, leaf, more, expected] of cases) {
    test(name, () => {
      const found = said(leaf, answerOf(more));
      if (expected) assert.match(found ?? '', expected);
      else assert.equal(found, undefined);
    });
  }
});

suite('what the sender of a refused packet gets', () => {
  const way = (kind: string, hook = 'postrouting') => ({
    steps: [{ hook }],
    end: { kind },
  });
  const refused = (reply: string, client: object | undefined) =>
    ({ ...verdict, kind: 'REJECT', reply, client }) as never;
  const gets = (ours: never, reject_reply: string | null | undefined, kind = 'REJECT') =>
    replyDifference(ours, { path, verdict: kind, reject_reply } as never);
  const through = { sees: 'refused', text: 't', way: way('ACCEPT') };

  const cases: [string, string, object | undefined, string | null | undefined, RegExp?][] = [
    ['as recorded', 'icmp-port-unreachable', through, 'icmp 3/3'],
    ['of IPv6', 'icmp6-port-unreachable', through, 'icmpv6 1/4'],
    ['a reset', 'tcp-reset', through, 'tcp-rst'],
    ['another', 'tcp-reset', through, 'icmp 3/3', /^the sender gets tcp-rst \(t\), not icmp 3\/3$/],
    ['something, where nothing got out', 'tcp-reset', through, null, /not undefined$/],
    ['not recorded', 'tcp-reset', through, undefined],
    ['dropped on its way out', 'tcp-reset', { ...through, way: way('DROP') }, null],
    [
      'dropped on its way back in',
      'tcp-reset',
      { ...through, way: way('DROP', 'input') },
      'tcp-rst',
    ],
    ['of which no dump tells', 'tcp-reset', { ...through, sees: 'unknown' }, 'icmp 3/3'],
    [
      'no answer at all',
      'tcp-reset',
      undefined,
      'tcp-rst',
      /^the sender gets undefined \(undefined\)/,
    ],
  ];
  for (const [name, reply, client, recorded, expected] of cases) {
    test(name, () => {
      const found = gets(refused(reply, client), recorded);
      if (expected) assert.match(found ?? '', expected);
      else assert.equal(found, undefined);
    });
  }

  test('is not asked of one that arrived', () =>
    assert.equal(gets(refused('tcp-reset', through), 'icmp 3/3', 'ACCEPT'), undefined));
});

suite('counts of a choice by chance', () => {
  const other = leafOf([{ ...jump, rule: 2 }, end, policy]);
  const ways = [
    { leaf: leafOf(), probability: 0.5 },
    { leaf: other, probability: 0.5 },
  ];
  const second = answerOf({ path: [{ ...first, rule: 2 }, ...path.slice(1)] });
  const judged = (one: number, two: number) =>
    judgeCounts(
      ways,
      {
        packet: sent,
        answer: answerOf(),
        samples: [
          { count: one, answer: answerOf() },
          { count: two, answer: second },
        ],
      } as unknown as AnsweredEntry,
      1e-6,
      'legacy',
    );

  test('halves fit a half each, all of one do not', () => {
    assert.equal(judged(52, 48), undefined);
    assert.match(
      judged(100, 0) ?? '',
      /^samples: the counts do not fit .*: 100 at 0\.5, 0 at 0\.5$/,
    );
  });

  test('ways that no answer tells apart are one', () => {
    const unsure = leafOf([{ ...jump, rule: 7, maybe: 'x' }, jump, end, policy]);
    assert.equal(signature(unsure, 'legacy'), signature(leafOf(), 'legacy'));
    assert.notEqual(signature(other, 'legacy'), signature(leafOf(), 'legacy'));
    const short = leafOf([jump, policy]);
    assert.notEqual(signature(short, 'legacy'), signature(leafOf(), 'legacy'));
    assert.equal(signature(short, 'nft'), signature(leafOf(), 'nft'));
    const elsewhere = leafOf(undefined, { final: { ...head, destinationPort: 81 } });
    assert.notEqual(signature(elsewhere, 'nft'), signature(leafOf(), 'nft'));
  });
});
