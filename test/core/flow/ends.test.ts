import assert from 'node:assert/strict';
import type { FlowNode } from '../../../src/core/flow/graph';
import { packetGraph } from '../../../src/core/flow/packetGraph';
import { parsePacket } from '../../../src/core/packetText';
import { node, type Dumps } from '../trace/helper';

const outside = '192.0.2.7:40000 > 192.168.50.10:80/tcp in eth0';
const through = '192.0.2.7:40000 > 10.244.1.5:80/tcp in eth0';

function graphOf(rules: readonly string[], packet = outside, dumps: Dumps = {}) {
  return packetGraph(node({ ...dumps, rules: rules.join('\n') }), parsePacket(packet)!).graph;
}

/** `drop DROP (filter INPUT rule 1)` of each end. */
function endsOf(...asked: Parameters<typeof graphOf>): string[] {
  const ends = graphOf(...asked).nodes.filter(({ kind }) => isEnd(kind));
  return ends.map(({ kind, label, detail }) => `${kind} ${label} (${detail})`);
}

function isEnd(kind: FlowNode['kind']): boolean {
  return ['drop', 'reject', 'exit', 'stray', 'unknown'].includes(kind);
}

const input = (...rules: string[]) => [
  '*filter',
  ':INPUT ACCEPT [0:0]',
  ...rules.map((rule) => `-A INPUT ${rule}`),
];

suite('where a packet ends, as a node', () => {
  test('dropped by a rule, which is its place', () => {
    const rules = input('-p udp -j ACCEPT', '-p tcp -j DROP');
    assert.deepEqual(endsOf(rules), ['drop DROP (filter INPUT rule 2)']);
    const [drop] = graphOf(rules).nodes.filter(({ kind }) => kind === 'drop');
    assert.deepEqual(
      drop!.ranges.map(({ line }) => line),
      [3],
    );
    // The chain that it ends in is drawn, though it neither marks nor translates.
    assert.ok(graphOf(rules).nodes.some(({ id }) => id === 'filter INPUT'));
    assert.ok(!graphOf(input('-p tcp -j ACCEPT')).nodes.some(({ id }) => id === 'filter INPUT'));
  });

  test('dropped by a policy, which says so', () => {
    assert.deepEqual(endsOf(['*filter', ':INPUT DROP [0:0]']), [
      'drop DROP (the policy of filter INPUT)',
    ]);
  });

  test('refused, with what the client sees', () => {
    assert.deepEqual(endsOf(input('-p tcp -j REJECT --reject-with tcp-reset')), [
      'reject REJECT tcp-reset (filter INPUT rule 1, client: refused)',
    ]);
  });

  test('refused by a rule whose answer is dropped: another end than of those who get it', () => {
    const reject = input('-p tcp -j REJECT --reject-with icmp-port-unreachable');
    const [told] = graphOf(reject).nodes.filter(({ kind }) => kind === 'reject');
    assert.equal(told!.id, 'reject filter INPUT rule 1 of rules');
    const silent = [...reject.slice(0, 2), ':OUTPUT ACCEPT [0:0]', ...reject.slice(2)];
    const [lost] = graphOf([...silent, '-A OUTPUT -p icmp -j DROP']).nodes.filter(
      ({ kind }) => kind === 'reject',
    );
    assert.equal(lost!.id, 'reject filter INPUT rule 1 of rules silence');
    assert.match(lost!.detail!, /, client: silence\)?$/);
    assert.match(lost!.reason!, /\. The client sees: /);
  });

  test('delivered to the node itself, or sent on, by no rule of a Service', () => {
    const [here] = graphOf(input('-p tcp -j ACCEPT')).nodes.filter(({ kind }) => kind === 'stray');
    assert.deepEqual(
      [here!.label, here!.detail],
      ['To the node itself', 'no rule sends it to an endpoint'],
    );
    assert.deepEqual(endsOf(input(), through), [
      'stray Leaves by cni0 (no rule sends it to an endpoint)',
    ]);
  });

  test('handed to a program', () => {
    const [end] = endsOf(input('-p tcp -j NFQUEUE --queue-num 3'));
    assert.match(end!, /^exit To a program \(/);
  });

  test('lost outside the rules', () => {
    const noRoute = { routes: '10.244.1.0/24 dev cni0\n' };
    const [end] = endsOf([], '10.244.1.7:40000 > 8.8.8.8:80/tcp in cni0', noRoute);
    assert.match(end!, /^drop Lost \(/);
  });

  test('not known, with the reason', () => {
    const rules = input('-m u32 --u32 "0=0" -j NOWHERE');
    const kinds = graphOf(rules).nodes.filter(({ kind }) => isEnd(kind));
    assert.ok(kinds.some(({ kind, label }) => kind === 'unknown' && label === 'Unknown'));
  });
});

suite('what leaves behind a translation', () => {
  const nat = (...more: string[]) => [
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    ':POSTROUTING ACCEPT [0:0]',
    '-A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 10.244.1.5:8080',
    ...more,
  ];
  const exits = (...asked: Parameters<typeof graphOf>) =>
    graphOf(...asked).nodes.filter(({ kind }) => kind === 'exit');

  test('with its source', () => {
    const [kept, ...others] = exits(nat());
    assert.deepEqual(
      [kept!.label, kept!.detail, others.length],
      ['Source kept', 'the endpoint sees the client', 0],
    );
  });

  test('with another source, and the rule that gives it', () => {
    const [left] = exits(nat('-A POSTROUTING -p tcp -j MASQUERADE'));
    assert.deepEqual([left!.label, left!.detail], ['Source \u2192 10.244.1.1', 'leaves by cni0']);
    assert.match(left!.reason!, / by nat POSTROUTING rule 1$/);
    assert.deepEqual(
      left!.ranges.map(({ line }) => line),
      [4],
    );
  });

  test('why its source is another: the mark, and who set it', () => {
    const source = (...marks: string[]) => {
      const rules = nat('-A POSTROUTING -m mark --mark 0x1/0x1 -j MASQUERADE');
      return graphOf(['*mangle', ':PREROUTING ACCEPT [0:0]', ':M - [0:0]', ...marks, ...rules])
        .entries[0]!.source;
    };
    const set = '-p tcp -j MARK --set-xmark 0x1/0x1';
    const rewritten = 'source rewritten to 10.244.1.1 by POSTROUTING rule 1';
    assert.equal(source(), 'source kept');
    assert.equal(
      source('-A PREROUTING -p udp -j ACCEPT', `-A PREROUTING ${set}`),
      `${rewritten}: mark 0x1, set by PREROUTING rule 2`,
    );
    // A chain that only marks is told by the rule that jumps there.
    assert.equal(
      source('-A PREROUTING -j M', `-A M ${set}`),
      `${rewritten}: mark 0x1, set by PREROUTING rule 1`,
    );
    const plain = graphOf(nat('-A POSTROUTING -p tcp -j MASQUERADE'));
    assert.equal(plain.entries[0]!.source, rewritten);
    assert.equal(graphOf(input()).entries[0]!.source, undefined);
  });

  test('the endpoint stands where the rule sends it, by its address and port', () => {
    const { nodes } = graphOf(nat());
    const [endpoint, ...others] = nodes.filter(({ kind }) => kind === 'endpoint');
    assert.deepEqual([endpoint!.id, others.length], ['endpoint 10.244.1.5:8080', 0]);
    assert.deepEqual(
      endpoint!.ranges.map(({ line }) => line),
      [3],
    );
    // A port alone is another destination, too; the same one is none.
    const port = graphOf(nat().map((rule) => rule.replace(/DNAT.*/, 'REDIRECT --to-ports 8080')));
    assert.ok(port.nodes.some(({ id }) => id === 'endpoint 192.168.50.10:8080'));
    const same = graphOf(nat().map((rule) => rule.replace(/DNAT.*/, 'REDIRECT')));
    assert.ok(!same.nodes.some(({ kind }) => kind === 'endpoint'));
  });

  test('POSTROUTING that only leads on is not drawn, one that translates itself is', () => {
    const called = nat('-A POSTROUTING -j MASQ', '-A MASQ -p tcp -j MASQUERADE');
    const rules = [...called.slice(0, 3), ':MASQ - [0:0]', ...called.slice(3)];
    const ids = (of: readonly string[]) => graphOf(of).nodes.map(({ id }) => id);
    assert.ok(ids(rules).includes('nat MASQ') && !ids(rules).includes('nat POSTROUTING'));
    assert.ok(ids(nat('-A POSTROUTING -p tcp -j MASQUERADE')).includes('nat POSTROUTING'));
  });
});

suite('the header of one packet', () => {
  test('both ends, the node, and what becomes of it', () => {
    const { header, title, facts, entries } = graphOf(input('-p tcp -j DROP'));
    assert.equal(
      header,
      '192.0.2.7:40000 \u2192 192.168.50.10:80 TCP, node-a: dropped (client: silence)',
    );
    assert.equal(title, '192.0.2.7:40000 > 192.168.50.10:80/tcp in eth0');
    assert.equal(facts.at, '192.0.2.7:40000 \u2192 192.168.50.10:80 TCP');
    assert.equal(entries[0]!.label, 'In by eth0');
  });

  test('of several ways each fate once', () => {
    const rules = input('-m statistic --mode random --probability 0.5 -j DROP', '-p tcp -j ACCEPT');
    assert.match(graphOf(rules).header, /: dropped \(client: silence\) or delivered$/);
  });

  test('without a device: the way back tells it, and that is assumed', () => {
    const from = (packet: string) => graphOf(input(), packet);
    const derived = from('10.244.1.7:40000 > 192.168.50.10:80/tcp');
    assert.equal(derived.entries[0]!.label, 'In by cni0');
    assert.match(derived.assumptions[0]!, /comes in by cni0, by which the route back/);
    const own = from('192.168.50.10:40000 > 10.244.1.5:80/tcp');
    assert.deepEqual([own.entries[0]!.label, own.assumptions], ['This node', []]);
    const bare = graphOf(input(), '10.244.1.7:40000 > 192.168.50.10:80/tcp', { routes: null });
    assert.equal(bare.entries[0]!.label, 'This node');
    assert.match(bare.assumptions[0]!, /^the node itself sends it: .*ip route/);
  });

  test('a port that is not said is one of the usual of clients', () => {
    const { entries } = graphOf(
      input('-p tcp --sport 40000 -j DROP'),
      '192.0.2.7 > 192.168.50.10:80/tcp in eth0',
    );
    assert.equal(entries[0]!.outcomes[0]!.kind, 'silence');
  });
});
