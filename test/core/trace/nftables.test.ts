import assert from 'node:assert/strict';
import type { NodeState } from '../../../src/core/node';
import { leaves } from '../../../src/core/trace/leaves';
import { followFlow, traceFlow } from '../../../src/core/trace/tracer';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { node, packet } from './helper';

const web = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');

function nodeWith(...tables: readonly string[]): NodeState {
  return { ...node(), nftables: nftRuleset('listing', tables.join('\n')) };
}

function table(name: string, chains: string, family = 'ip'): string {
  return `table ${family} ${name} {\n${chains}\n}\n`;
}

function forward(rules: string, priority = 'filter', policy = 'accept'): string {
  return `\tchain f {\n\t\ttype filter hook forward priority ${priority}; policy ${policy};\n${rules}\n\t}`;
}

function verdicts(state: NodeState): readonly string[] {
  return leaves(traceFlow(state, web).path).map(({ verdict }) => verdict.kind);
}

suite('nftables in the trace', () => {
  test('accept ends its base chain only; what drops later drops', () => {
    const first = table('a', forward('\t\ttcp dport 80 accept', '-10'));
    assert.deepEqual(verdicts(nodeWith(first)), ['ACCEPT']);
    const second = table('b', forward('\t\ttcp dport 80 drop', '0'), 'inet');
    assert.deepEqual(verdicts(nodeWith(first, second)), ['DROP']);
  });

  test('what stands before a failing match has happened, and the step says so', () => {
    const rules = '\t\tmeta mark set 0x5 tcp dport 81 accept\n\t\tmeta mark 0x5 drop';
    const [leaf] = leaves(traceFlow(nodeWith(table('a', forward(rules))), web).path);
    assert.equal(leaf?.verdict.kind, 'DROP');
    const steps = leaf.steps.filter((step) => step.kind === 'rule');
    assert.deepEqual(
      steps.map(({ rule, failed, mark }) => [rule, failed, mark]),
      [
        [1, true, 0],
        [2, undefined, 5],
      ],
    );
  });

  test('chains of one priority: both orders are followed where the result differs, and said', () => {
    const reject = table('a', forward('\t\ttcp dport 80 reject'));
    const drop = table('b', forward('\t\ttcp dport 80 drop'));
    assert.deepEqual(verdicts(nodeWith(reject, drop)).toSorted(), ['DROP', 'REJECT']);
    const { end } = traceFlow(nodeWith(reject, drop), web).path;
    assert.ok('branches' in end);
    assert.match(end.branches[0]?.unknown ?? '', /one priority/);
    const accept = table('b', forward('\t\ttcp dport 80 accept'));
    assert.deepEqual(verdicts(nodeWith(reject, accept)), ['REJECT']);
  });

  test('a dormant table is not called', () => {
    const drop = table('a', `\tflags dormant\n${forward('\t\tdrop')}`);
    assert.deepEqual(verdicts(nodeWith(drop)), ['ACCEPT']);
  });

  test('numgen leads to each element with its share; a value without one fails the rule', () => {
    const rules = '\t\tnumgen random mod 4 vmap { 0 : drop, 1 : drop, 2 : accept }\n\t\treject';
    const found = leaves(traceFlow(nodeWith(table('a', forward(rules))), web).path);
    assert.deepEqual(
      found.map(({ verdict, probability }) => [verdict.kind, probability]),
      [
        ['DROP', 0.25],
        ['DROP', 0.25],
        ['ACCEPT', 0.25],
        ['REJECT', 0.25],
      ],
    );
  });

  test('a statement that is not understood, and what xt hides, is unknown, never no condition', () => {
    for (const rule of ['\t\tfrobnicate 7 drop', '\t\txt match "recent" drop']) {
      const { end } = traceFlow(nodeWith(table('a', forward(rule))), web).path;
      assert.ok('branches' in end, rule);
      assert.ok(
        end.branches.every(({ unknown }) => unknown !== undefined),
        rule,
      );
    }
  });

  test('a set that rules change is a condition, known once this packet is in it', () => {
    const set = '\tset s {\n\t\ttype ipv4_addr\n\t\tflags dynamic,timeout\n\t\ttimeout 1h\n\t}\n';
    const asked = nodeWith(table('a', set + forward('\t\tip saddr @s drop')));
    assert.deepEqual(verdicts(asked).toSorted(), ['ACCEPT', 'DROP']);
    const put = nodeWith(
      table('a', set + forward('\t\tupdate @s { ip saddr }\n\t\tip saddr @s drop')),
    );
    assert.deepEqual(verdicts(put), ['DROP']);
  });

  test('a named limit or quota is one for all rules that name it', () => {
    const fresh = { memory: { counters: new Map<string, number>() } };
    const objects = '\tlimit l { rate 1/hour burst 1 packets }\n\tquota q { over 100 mbytes }\n';
    const once = '\t\tlimit name "l" meta mark set 1\n\t\tlimit name "l" drop';
    const twice = leaves(traceFlow(nodeWith(table('a', objects + forward(once))), web, fresh).path);
    // The second rule meets an empty bucket: what comes back in the time between is not known.
    assert.deepEqual(twice.map(({ verdict }) => verdict.kind).toSorted(), ['ACCEPT', 'DROP']);
    const first = '\t\tlimit name "l" drop';
    const [only] = leaves(
      traceFlow(nodeWith(table('a', objects + forward(first))), web, fresh).path,
    );
    assert.equal(only?.verdict.kind, 'DROP');
    const none = traceFlow(nodeWith(table('a', forward('\t\tlimit name "l" drop'))), web).path.end;
    assert.ok('branches' in none && none.branches.every(({ unknown }) => unknown !== undefined));
  });

  test('what a rule puts into a map is there for the next; an element keeps its data', () => {
    const map =
      '\tmap m {\n\t\ttype ipv4_addr : mark\n\t\tflags dynamic\n\t\telements = { 10.244.1.7 : 0x9 }\n\t}\n';
    const other = packet('tcp 10.244.1.8:40000 > 8.8.8.8:80 cni0');
    const rules =
      '\t\tadd @m { ip saddr : 0x7 }\n\t\tmeta mark set ip saddr map @m\n\t\tmeta mark 0x7 drop\n\t\tmeta mark 0x9 reject';
    const state = nodeWith(table('a', map + forward(rules)));
    const kinds = (of: typeof web) =>
      leaves(traceFlow(state, of, { memory: { lists: new Map() } }).path).map(
        ({ verdict }) => verdict.kind,
      );
    assert.deepEqual(kinds(other), ['DROP']);
    assert.deepEqual(kinds(web), ['REJECT']);
    const gone = nodeWith(
      table(
        'a',
        map + forward(rules.replace('\n\t\tmeta mark set', '\n\t\tdelete @m { ip saddr }$&')),
      ),
    );
    const after = leaves(traceFlow(gone, other, { memory: { lists: new Map() } }).path);
    assert.deepEqual(
      after.map(({ verdict }) => verdict.kind),
      ['ACCEPT'],
    );
  });

  test('what stands at an element is asked where it is found', () => {
    const set =
      '\tset s {\n\t\ttype ipv4_addr\n\t\telements = { 10.244.1.7 quota over 1000 bytes used 0 bytes, 10.244.1.8 counter packets 0 bytes 0 }\n\t}\n';
    const state = nodeWith(table('a', set + forward('\t\tip saddr @s drop')));
    const small = { ...web, length: 60 };
    const fresh = { memory: { counters: new Map<string, number>() } };
    const kinds = (of: typeof web, memory = fresh) =>
      leaves(traceFlow(state, of, memory).path).map(({ verdict }) => verdict.kind);
    assert.deepEqual(kinds(small), ['ACCEPT']);
    assert.deepEqual(kinds({ ...web, length: 1500 }), ['DROP']);
    assert.deepEqual(kinds({ ...packet('tcp 10.244.1.8:1 > 8.8.8.8:80 cni0'), length: 60 }), [
      'DROP',
    ]);
  });

  test('what is not followed is said where it could act: egress, bridges, tables on one line', () => {
    const given = (...tables: readonly string[]) =>
      leaves(traceFlow(nodeWith(...tables), web).path).flatMap(({ verdict }) =>
        (verdict.given ?? []).flatMap((one) => (one.kind === 'gap' ? [one.gap.text] : [])),
      );
    const chain = (base: string) => `\tchain c {\n\t\t${base}\n\t\tdrop\n\t}`;
    const egress = (device: string) =>
      table(
        'e',
        chain(`type filter hook egress device "${device}" priority 0; policy accept;`),
        'netdev',
      );
    const whole = table('a', forward(''));
    assert.deepEqual(given(whole, table('b', forward(''))), []);
    assert.match(given(whole, egress('eth0')).join(), /^chain c of netdev e at the egress of eth0/);
    assert.deepEqual(given(whole, egress('eth9')), []);
    const bridge = table(
      'b',
      chain('type filter hook forward priority 0; policy accept;'),
      'bridge',
    );
    assert.deepEqual(given(whole, bridge), []);
    const line = 'table ip one { chain f { type filter hook forward priority 0; drop; } }\n';
    assert.match(given(whole, line).join(), /lacks of table one/);
    assert.deepEqual(given(whole, 'table ip empty { }\n'), []);
  });

  test('what nft prints falsely of iptables-nft is unknown, of other tables it is believed', () => {
    const filter = (rule: string, chain = 'FORWARD') =>
      nodeWith(
        table(
          'filter',
          `\tchain ${chain} {\n\t\ttype filter hook forward priority filter; policy accept;\n\t\t${rule}\n\t}`,
        ),
      );
    const printed = 'ct status dnat counter packets 0 bytes 0 drop';
    const { end } = traceFlow(filter(printed), web).path;
    assert.ok('branches' in end && /iptables-save/.test(end.branches[0]?.unknown ?? ''));
    assert.deepEqual(verdicts(filter(printed.replace('counter packets 0 bytes 0 ', ''))), [
      'ACCEPT',
    ]);
    assert.deepEqual(verdicts(filter(printed, 'forward')), ['ACCEPT']);
    assert.deepEqual(verdicts(filter('tcp dport 80 counter packets 0 bytes 0 drop')), ['DROP']);
  });

  test('a long chain without a fork gives way every few hundred rules', () => {
    const rules = Array.from({ length: 5000 }, () => '\t\tudp dport 53 drop').join('\n');
    let pauses = 0;
    for (const pause of followFlow(nodeWith(table('a', forward(rules))), web)) {
      assert.equal(pause, undefined);
      pauses++;
    }
    assert.ok(pauses >= 10, `${pauses} pauses`);
  });
});
