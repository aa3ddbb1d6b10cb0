import assert from 'node:assert/strict';
import { laidText } from '../../../src/core/packetTrace/text';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import type { NodeState } from '../../../src/core/node';
import { node } from '../trace/helper';
import { layOn, logLine } from './smallNode';

const rules = [
  '*nat',
  ':PREROUTING ACCEPT [0:0]',
  ':WEB - [0:0]',
  ':A - [0:0]',
  '-A PREROUTING -j WEB',
  '-A WEB -d 10.96.0.1/32 -p tcp -m comment --comment "shop/web:http cluster IP" -m tcp --dport 80 -j A',
  '-A WEB -d 10.96.0.2/32 -p tcp -m comment --comment "shop/api cluster IP" -m tcp --dport 80 -j A',
  '-A WEB -d 10.96.0.3/32 -p udp -m comment --comment "shop/api cluster IP" -m udp --dport 80 -j A',
  '-A WEB -d 10.96.0.4/32 -p tcp -j A',
  '-A WEB -d 10.96.0.5/32 -p tcp -j A',
  '-A WEB -d 10.96.0.5/32 -p tcp -j A',
];

/** The step of a line of xtables-monitor, which names a rule by its text. */
function byText(text: string, to = '10.96.0.1') {
  const [packet] = layOn(
    rules,
    `PACKET: 2 0427ffe5 IN=eth0 SRC=192.0.2.7 DST=${to} LEN=60 TOS=0x0 TTL=64 ID=45471DF SPORT=47644 DPORT=80 SYN`,
    ` TRACE: 2 0427ffe5 nat:WEB:rule:0x4aaa:JUMP:X  ${text}`,
  );
  const { rule, certainty, why, differs } = packet!.steps[0]!;
  return { number: rule?.number, certainty, why, differs };
}

suite('the rule of a line that prints its text', () => {
  test('is the one of that text, however it is spelt', () => {
    const text = rules[5]!;
    for (const spelling of [
      text,
      `-4 -t nat ${text}`,
      `[12:720] ${text}`,
      text.replaceAll('"', ''),
      text.replaceAll(' ', '  '),
    ]) {
      const { number, certainty, why } = byText(spelling);
      assert.deepEqual([number, certainty, why], [1, 'sure', 'by its text'], spelling);
    }
  });

  test('is one of several where they are alike, and that is told', () => {
    const { number, certainty, why } = byText(rules[9]!, '10.96.0.5');
    assert.deepEqual(
      [number, certainty, why],
      [5, 'ambiguous', '2 rules of the chain have this text'],
    );
  });

  test('is likely the one of its comment and target', () => {
    const { number, certainty, why } = byText(rules[5]!.replace('10.96.0.1', '10.96.0.9'));
    assert.deepEqual(
      [number, certainty, why],
      [1, 'likely', 'by its comment and target; the text differs'],
    );
    const lost = byText(rules[5]!.replace(' --dport 80', ''));
    assert.match(lost.why, /printed without the port, as iptables before 1\.8\.8/);
  });

  test('is open where several have its comment and target', () => {
    const { number, certainty, why } = byText(rules[6]!.replace('-p tcp', '-p 6'), '10.96.0.2');
    assert.deepEqual(
      [number, certainty, why],
      [2, 'ambiguous', '2 rules of the chain have this comment and target'],
    );
  });

  test('is none where neither fits: not by a target, nor by a comment alone', () => {
    for (const text of [
      '-A WEB -d 10.96.0.9/32 -p tcp -j A',
      '-A WEB -d 10.96.0.4/32 -p udp -j A',
      rules[5]!.replace('-j A', '-j PREROUTING'),
      rules[5]!.replace('shop/web', 'shop/other'),
    ]) {
      const { number, certainty, differs } = byText(text);
      assert.deepEqual([number, certainty], [undefined, 'unknown'], text);
      assert.match(
        differs!,
        /^the dump has no such rule in this chain: the dump is of another time/,
      );
    }
  });
});

suite('a line that names a rule by its number', () => {
  const service = { to: '10.96.0.2' };

  test('a rule that the dump does not have', () => {
    const [laid] = layOn(rules, logLine('nat:WEB:rule:9', service));
    const { rule, differs, certainty } = laid!.steps[0]!;
    assert.deepEqual([rule, certainty], [undefined, 'unknown']);
    assert.match(differs!, /^the kernel's chain had a rule 9, the dump's has 6: /);
  });

  test('one that by the dump does not match the packet', () => {
    const [laid] = layOn(rules, logLine('nat:WEB:rule:1', service));
    const { certainty, differs } = laid!.steps[0]!;
    assert.equal(certainty, 'unknown');
    assert.match(differs!, /^the kernel matched it, but the dump's rule 1 asks for a packet that /);
  });

  test('the last rule of a chain is one of it', () => {
    const [laid] = layOn(rules, logLine('nat:WEB:rule:6', { to: '10.96.0.5' }));
    assert.equal(laid!.steps[0]!.rule?.number, 6);
  });

  test('a chain of another table, or none at all, is not in the dumps', () => {
    const [laid] = layOn(rules, logLine('filter:WEB:rule:1'), logLine('nat:GONE:rule:1'));
    assert.deepEqual(
      laid!.steps.map(({ why, certainty }) => `${certainty}: ${why}`),
      [
        'unknown: the dumps have no chain WEB in filter',
        'unknown: the dumps have no chain GONE in nat',
      ],
    );
    assert.ok(laid!.steps.every(({ differs }) => differs !== undefined));
  });

  test("raw's TRACE rule itself was added after the dump was taken, which is no difference", () => {
    const [laid] = layOn(rules, logLine('raw:PREROUTING:rule:1'), logLine('nat:PREROUTING:rule:1'));
    const [raw] = laid!.steps;
    assert.equal(raw!.differs, undefined);
    assert.match(raw!.why, /made before the TRACE rule was added$/);
  });
});

suite('rules that the kernel went past', () => {
  const many = [
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    ...Array.from({ length: 60 }, (_, i) => `-A PREROUTING -p tcp --dport ${i + 100} -j ACCEPT`),
    '-A PREROUTING -p tcp --dport 80 -j ACCEPT',
  ];
  const passedBy = (line: string) => {
    const { passed, passedOthers } = layOn(many, line)[0]!.steps[0]!;
    return [passed.length, passedOthers];
  };

  test('are told one by one up to fifty, the others by their number', () => {
    assert.deepEqual(passedBy(logLine('nat:PREROUTING:rule:61')), [50, 10]);
    assert.deepEqual(passedBy(logLine('nat:PREROUTING:rule:12')), [11, 0]);
    assert.deepEqual(passedBy(logLine('nat:PREROUTING:rule:1')), [0, 0]);
  });

  test('by their number alone where the line tells too little of the packet', () => {
    const trimmed = 'TRACE: nat:PREROUTING:rule:12 IN=eth0 OUT= SRC=192.0.2.7 DST=192.168.50.10';
    assert.deepEqual(passedBy(trimmed), [0, 11]);
  });

  test('before a rule of the same chain that was met already', () => {
    const [laid] = layOn(many, logLine('nat:PREROUTING:rule:3'), logLine('nat:PREROUTING:rule:9'));
    assert.deepEqual(
      laid!.steps[1]!.passed.map(({ rule }) => rule.number),
      [4, 5, 6, 7, 8],
    );
  });
});

suite('where the kernel left the way of the dump', () => {
  const forked = [
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    ':A - [0:0]',
    ':B - [0:0]',
    ':GONE - [0:0]',
    '-A PREROUTING -p tcp -m statistic --mode random --probability 0.5 -j A',
    '-A PREROUTING -p tcp -j B',
    '-A A -p tcp -j DNAT --to-destination 10.244.1.5:80',
    '-A B -p tcp -j DNAT --to-destination 10.244.1.6:80',
    '-A GONE -p tcp -j ACCEPT',
  ];
  const left = (...places: string[]) =>
    layOn(forked, ...places.map((place) => logLine(place)))[0]!.steps.map(({ differs }) => differs);

  test('of several ways the one that it took for longest counts', () => {
    for (const chain of ['A:rule:1', 'B:rule:1']) {
      const first = chain.startsWith('A') ? 'nat:PREROUTING:rule:1' : 'nat:PREROUTING:rule:2';
      const differs = left(first, `nat:${chain}`, 'nat:GONE:rule:1');
      assert.deepEqual(differs.slice(0, 2), [undefined, undefined], chain);
      assert.match(differs[2]!, /^the kernel went here, by the dump it would not get here: /);
    }
  });

  test('and where the dump would have gone instead', () => {
    const [, differs] = left('nat:PREROUTING:rule:2', 'nat:GONE:rule:1');
    assert.match(differs!, /by the dump it would go to nat B rule 1: /);
  });

  test('a way that the dump has as a whole differs nowhere', () => {
    assert.deepEqual(left('nat:PREROUTING:rule:2', 'nat:B:rule:1'), [undefined, undefined]);
  });
});

suite('the end of a chain', () => {
  const differsAt = (place: string, own: readonly string[] = rules) =>
    layOn(own, logLine(place, { to: '10.96.0.77' }))[0]!.steps[0]!.differs;

  test('has the number behind its last rule', () => {
    assert.equal(differsAt('nat:WEB:return:7'), undefined);
    assert.match(
      differsAt('nat:WEB:return:9')!,
      /^the kernel's chain had 8 rules, the dump's has 6/,
    );
  });

  test('is that of a base chain or of another', () => {
    const why = (place: string) => layOn(rules, logLine(place))[0]!.steps[0]!.why;
    assert.equal(why('nat:WEB:return:7'), 'the end of the chain');
    assert.equal(why('nat:PREROUTING:policy:2'), 'the end of a base chain');
  });

  test('a rule without matches whose target is a verdict is printed as an end with its own number', () => {
    const returns = [
      ...rules.slice(0, 3),
      rules[4]!,
      '-A WEB -p udp -j RETURN',
      '-A WEB -j RETURN',
    ];
    const [laid] = layOn(returns, logLine('nat:WEB:return:2'));
    assert.equal(laid!.steps[0]!.rule?.number, 2);
    assert.equal(laid!.steps[0]!.differs, undefined);
  });

  test('the rules that were gone past are told, and one that should have matched', () => {
    const [laid] = layOn(rules, logLine('nat:WEB:return:7', { to: '10.96.0.4' }));
    const { differs, passed } = laid!.steps[0]!;
    assert.match(differs!, /^the kernel went past rule 4, which by the dump matches: /);
    assert.equal(passed[0]!.reason, 'asks for a packet that goes to 10.96.0.1');
    assert.equal(passed[3]!.reason, 'by the dump it matches');
  });

  const policyOf = (said: string, policy = 'ACCEPT') =>
    layOn(
      ['*filter', `:FORWARD ${policy} [0:0]`],
      'trace id 4f1c2a90 ip filter FORWARD packet: iif "eth0" oif "cni0" ip saddr 192.0.2.7 ip daddr 10.244.1.5 ip protocol tcp tcp sport 1 tcp dport 9',
      `trace id 4f1c2a90 ip filter FORWARD policy ${said}`,
    )[0]!.steps[0]!.differs;

  test('the policy that the kernel printed is that of the dump, or differs', () => {
    assert.equal(policyOf('accept'), undefined);
    assert.match(policyOf('drop')!, /^the kernel's policy was DROP, the dump's is ACCEPT: /);
    assert.match(
      policyOf('accept', 'DROP')!,
      /^the kernel's policy was ACCEPT, the dump's is DROP/,
    );
  });
});

suite('rules of both families and backends', () => {
  const text = (port: number) => [
    '*nat',
    ':WEB - [0:0]',
    `-A WEB -p tcp --dport ${port} -j ACCEPT`,
  ];
  const ruleset = (more: object, port: number) => ({
    ...node({ rules: text(port).join('\n') }).rulesets[0]!,
    ...more,
  });
  const six = ruleset({ family: 6, source: 'ip6tables' }, 1);
  const nft = ruleset({ backend: 'nf_tables', source: 'nft' }, 2);
  const legacy = ruleset({ backend: 'legacy', source: 'legacy' }, 80);
  /** The port that tells which of them the line is laid on. */
  const dport = (line: string, ...rulesets: NodeState['rulesets']) => {
    const [laid] = layOn({ name: 'node-a', rulesets, findings: [] }, line);
    const ports = laid!.steps[0]!.rule?.matches.flatMap((match) =>
      match.kind === 'tcp' ? [match.dport?.value.from] : [],
    );
    return ports?.[0];
  };

  test('a packet of IPv4 met none of IPv6', () => {
    assert.equal(dport(logLine('nat:WEB:rule:1'), six, legacy), 80);
    assert.equal(dport(logLine('nat:WEB:rule:1'), six), undefined);
    const head = { from: 'fd00::7', to: 'fd00::1', port: 1 };
    assert.equal(dport(logLine('nat:WEB:rule:1', head), legacy, six), 1);
  });

  test("the kernel's log is of legacy's rules, where both backends have some", () => {
    assert.equal(dport(logLine('nat:WEB:rule:1'), nft, legacy), 80);
    assert.equal(dport(logLine('nat:WEB:rule:1'), legacy, nft), 80);
    assert.equal(dport(logLine('nat:WEB:rule:1', { port: 2 }), nft), 2);
  });
});

suite('nft: a chain by the family of its table', () => {
  const table = (family: string, rule: string) =>
    `table ${family} t {\n\tchain c {\n\t\ttype filter hook prerouting priority 0; policy accept;\n\t\t${rule}\n\t}\n}\n`;
  const state: NodeState = {
    name: 'node-a',
    rulesets: [],
    nftables: nftRuleset(
      'nft',
      `${table('ip6', 'accept')}${table('ip', 'tcp dport 80 accept # handle 4')}`,
    ),
    findings: [],
  };
  const lay = (family: string, rule: string) =>
    layOn(
      state,
      `trace id 4f1c2a90 ${family} t c packet: iif "eth0" ip saddr 192.0.2.7 ip daddr 10.96.0.1 ip protocol tcp tcp sport 40000 tcp dport 80`,
      `trace id 4f1c2a90 ${family} t c rule ${rule} (verdict accept)`,
    )[0]!.steps[0]!;

  test('the rule is of that table', () => {
    const { table: of, rule, certainty } = lay('ip', 'tcp dport 80 accept');
    assert.deepEqual([of?.family, rule?.number, certainty], ['ip', 1, 'sure']);
    assert.equal(lay('inet', 'tcp dport 80 accept').chain, undefined);
  });

  test('a line that names no family means any table of the name', () => {
    const [laid] = layOn(state, logLine('t:c:rule:1', { to: '10.96.0.1' }));
    assert.equal(laid!.steps[0]!.table?.family, 'ip6');
  });

  // Where the ruleset changed since the monitor began, nft names a rule by its handle alone.
  test('a handle is sure, where the dump has some (nft -a)', () => {
    const byHandle = (of: NodeState, handle: number) =>
      layOn(
        of,
        'trace id 4f1c2a90 ip t c packet: iif "eth0" ip saddr 192.0.2.7 ip daddr 10.96.0.1 ip protocol tcp tcp sport 40000 tcp dport 80',
        `trace id 4f1c2a90 ip t c unknown rule handle ${handle} (verdict accept)`,
      )[0]!.steps[0]!;
    const { rule, certainty, why } = byHandle(state, 4);
    assert.deepEqual([rule?.number, certainty, why], [1, 'sure', 'by its handle 4']);
    const none = byHandle(state, 5);
    assert.deepEqual([none.rule, none.certainty], [undefined, 'unknown']);
    assert.match(
      none.why,
      /^the line names a handle, and the dump has none \(nft -a prints them\)$/,
    );
  });
});

suite('a laid packet as text', () => {
  test('its ends, each step, what was seen, and how many agree', () => {
    const [laid] = layOn(
      rules,
      logLine('nat:PREROUTING:rule:1', { to: '10.96.0.2' }),
      logLine('nat:WEB:rule:2', { to: '10.96.0.2', more: ' MARK=0x1' }),
      logLine('nat:GONE:rule:1', { to: '10.244.1.5', more: ' MARK=0x1' }),
    );
    const text = laidText(laid!);
    assert.equal(text[0], 'tcp 192.0.2.7:40000 > 10.96.0.2:80 in by eth0');
    assert.equal(text[1], '  nat PREROUTING rule 1 [sure: rule 1 of the chain]  (rules:5)');
    assert.equal(text[2], '    . rule 1 did not match: asks for a packet that goes to 10.96.0.1');
    assert.ok(text.includes('  nat WEB rule 2 mark 0x1 [sure: rule 2 of the chain]  (rules:7)'));
    assert.ok(
      text.includes('  nat GONE rule 1 mark 0x1 [unknown: the dumps have no chain GONE in nat]'),
    );
    assert.ok(text.some((line) => line.startsWith('    ! the dumps have no chain GONE in nat: ')));
    assert.deepEqual(text.slice(-3), [
      '  seen: mark 0x0 became 0x1',
      '  seen: destination 10.96.0.2:80 became 10.244.1.5:80 (DNAT)',
      '  2 of 3 steps laid on rules, 1 differ from the dump',
    ]);
  });

  test('a packet whose protocol was cut away, and one that asks itself', () => {
    const [cut] = layOn(rules, 'TRACE: nat:WEB:rule:1 IN=eth0 OUT= SRC=192.0.2.7 DST=10.96.0.1');
    assert.equal(laidText(cut!)[0], 'a packet 192.0.2.7 > 10.96.0.1 in by eth0');
    // ipvs mode: the source of a socket of the node is the ClusterIP, until it is masqueraded.
    const log = (from: string, devices: string) =>
      layOn(
        rules,
        logLine('x', { from, to: '10.96.0.1', devices }).replace('TRACE: x', 'seen: '),
      )[0]!.notes;
    assert.deepEqual(log('10.96.0.1', 'IN= OUT=lo'), [
      'source is 10.96.0.1 itself, the address that was asked: not masqueraded yet',
    ]);
    assert.equal(log('10.96.0.1', 'IN=lo OUT=').length, 1);
    assert.deepEqual(log('10.96.0.1', 'IN= OUT=eth0'), []);
    assert.deepEqual(log('10.96.0.2', 'IN= OUT=lo'), []);
  });

  test('a source that was rewritten', () => {
    const [laid] = layOn(
      rules,
      logLine('nat:PREROUTING:rule:1'),
      logLine('nat:WEB:return:7', { from: '10.244.1.1' }),
    );
    assert.deepEqual(laid!.notes, ['source 192.0.2.7:40000 became 10.244.1.1:40000 (SNAT)']);
  });

  test('of the node itself by the device that it leaves by, without a head by its lines', () => {
    const [own] = layOn(rules, logLine('nat:PREROUTING:rule:1', { devices: 'IN= OUT=eth0' }));
    assert.match(laidText(own!)[0]!, / out by eth0$/);
    const [headless] = layOn(
      rules,
      'trace id 4f1c2a90 ip nat PREROUTING rule jump WEB (verdict jump WEB)',
    );
    assert.equal(laidText(headless!)[0], 'a packet of 1 lines, none with its addresses');
  });
});
