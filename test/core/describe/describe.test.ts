import assert from 'node:assert/strict';
import {
  describeMatchName,
  describeOption,
  describeTargetName,
} from '../../../src/core/describe/options';
import { matchExtensions } from '../../../src/core/describe/matchOptions';
import { describeRule, type RuleSurroundings } from '../../../src/core/describe/rule';
import { targetExtensions } from '../../../src/core/describe/targetOptions';
import { describeValue } from '../../../src/core/describe/values';
import { percent } from '../../../src/core/percent';
import { readDump } from '../kubeproxy/dump';

function sentence(rule: string, nameOfChain?: (chain: string) => string | undefined): string {
  const table = readDump(`*t\n${rule}\nCOMMIT\n`).tables.get('t')!;
  const [chain] = table.chains.values();
  return describeRule(chain!.rule(0), { nameOfChain });
}

suite('a rule as a sentence', () => {
  test('kube-proxy’s rules', () => {
    assert.equal(
      sentence(
        '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y',
        () => 'default/kubernetes:https',
      ),
      'A packet that goes to 10.96.0.1, is tcp and goes to port 443 jumps to chain KUBE-SVC-NPX46M4PTMTKRN6Y (default/kubernetes:https).',
    );
    assert.equal(
      sentence('-A KUBE-SVC-X ! -s 10.244.0.0/16 -d 10.96.0.1/32 -j KUBE-MARK-MASQ'),
      'A packet that does not come from 10.244.0.0/16 and goes to 10.96.0.1 jumps to chain KUBE-MARK-MASQ.',
    );
    assert.equal(
      sentence('-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000'),
      'Every packet has its mark changed: sets bit 14, keeps all others; goes on with the next rule.',
    );
    assert.equal(
      sentence('-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN'),
      'Packets without mark 0x4000 return.',
    );
    assert.equal(
      sentence('-A KUBE-SEP-X -p tcp -m tcp -j DNAT --to-destination [fd00::3]:3000'),
      'A packet that is tcp has its destination rewritten to [fd00::3]:3000.',
    );
    assert.equal(
      sentence(
        '-A KUBE-SVC-X -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-Y',
      ),
      'A packet that is chosen by chance (33.3 % of those that come this far) jumps to chain KUBE-SEP-Y.',
    );
  });

  test('a chance that is negated is the rest of it; a list that is always added to always matches', () => {
    const chance = (match: string) =>
      sentence(`-A X -m statistic --mode random ${match} -j ACCEPT`);
    assert.match(chance('--probability 0.25'), /by chance \(25 % of/);
    assert.match(chance('! --probability 0.25'), /by chance \(75 % of/);
    const recent = (match: string) =>
      sentence(`-A X -m recent ${match} --name L --rsource -j ACCEPT`);
    assert.doesNotMatch(recent('--set'), /never matches/);
    assert.match(recent('! --set'), /never matches/);
  });

  test('what a match changes stands at the end', () => {
    assert.match(
      sentence(
        '-A KUBE-SEP-X -p tcp -m recent --set --name KUBE-SEP-X -m tcp -j DNAT --to-destination 10.244.0.3:80',
      ),
      /^A packet that is tcp has its destination rewritten to 10\.244\.0\.3:80; its source is put on list/,
    );
  });

  test('a mark alone that sends back: by what it means, which a built-in chain and others do not', () => {
    const of = (rule: string, surroundings: RuleSurroundings = {}) => {
      const table = readDump(`*t\n-A X ${rule}\nCOMMIT\n`).tables.get('t')!;
      return describeRule(table.chains.get('X')!.rule(0), { masquerade: 0x4000, ...surroundings });
    };
    const without = '-m mark ! --mark 0x4000/0x4000 -j RETURN';
    assert.equal(of(without), 'Packets without the masquerade mark (0x4000) return.');
    assert.equal(
      of('-m comment --comment "x" -m mark --mark 0x4000/0x4000 -j RETURN'),
      'Packets with the masquerade mark (0x4000) return.',
    );
    assert.equal(of('-m mark --mark 0x8000/0x8000 -j RETURN'), 'Packets with mark 0x8000 return.');
    assert.equal(of(without, { masquerade: 0x8000 }), 'Packets without mark 0x4000 return.');
    for (const [rule, more] of [
      [without, { builtIn: true }],
      ['-p tcp -m mark ! --mark 0x4000/0x4000 -j RETURN', {}],
      ['-m mark ! --mark 0x4000/0xc000 -j RETURN', {}],
      ['-m mark ! --mark 0x4000/0x4000 -j ACCEPT', {}],
      ['-m connmark ! --mark 0x4000/0x4000 -j RETURN', {}],
    ] as const) {
      assert.match(of(rule, more), /^A packet that /, rule);
    }
    assert.match(of('-j RETURN', { builtIn: true }), /meets the policy of the chain\.$/);
    assert.match(of('-j RETURN'), /returns to the calling chain\.$/);
  });

  test('the name of a chain stands behind jumps and gotos alone', () => {
    const name = () => 'default/web';
    assert.match(
      sentence('-A X -g Y', name),
      /^Every packet goes to chain Y \(default\/web\), and/,
    );
    assert.equal(
      sentence('-A X -j Y', () => undefined),
      'Every packet jumps to chain Y.',
    );
    assert.doesNotMatch(sentence('-A X -j DROP', name), /default/);
  });

  test('a chain name with $& is not taken for a pattern', () => {
    assert.equal(
      sentence('-A X -j a$&b', () => "$' <b>"),
      "Every packet jumps to chain a$&b ($' <b>).",
    );
  });

  test('a rule without a target, and one that could not be read in full', () => {
    assert.equal(sentence('-A X'), 'Every packet is counted and goes on with the next rule.');
    const nat = readDump('*nat\n-A X -j ACCEPT\nCOMMIT\n').tables.get('nat')!.chains.get('X')!;
    assert.match(describeRule(nat.rule(0), { table: 'nat' }), /^Every connection's first packet /);
    assert.match(describeRule(nat.rule(0), { table: 'raw' }), /^Every packet /);
    const table = readDump('*t\n-A X -j DROP\n').tables.get('t')!;
    const rule = table.chains.get('X')!.rule(0);
    const findings = [{ severity: 'error', code: 'x', message: 'y', range: rule.range } as const];
    assert.match(
      describeRule({ ...rule, findings }),
      /could not be read, so it may ask or do more/,
    );
  });
});

suite('options, matches, targets', () => {
  test('by long and short form', () => {
    assert.deepEqual(describeOption('--destination'), describeOption('-d'));
    assert.deepEqual(describeOption('--dst'), describeOption('-d'));
    assert.equal(describeOption('-d')?.source, 'iptables(8)');
    assert.match(describeOption('--ctstate')!.sentence, /one of these states/);
    assert.equal(describeOption('--nonsense'), undefined);
    assert.equal(describeOption('constructor'), undefined);
  });

  test('the same option of two extensions', () => {
    assert.match(describeOption('--mark', 'mark')!.sentence, /^VALUE\/MASK: \(mark/);
    assert.match(describeOption('--mark', 'connmark')!.sentence, /ctmark/);
    assert.match(describeOption('--set-xmark', 'CONNMARK')!.sentence, /connection mark/);
    assert.match(describeOption('--set', 'recent')!.sentence, /Always matches/);
    // An option that no extension of that name has may still be a basic one.
    assert.equal(describeOption('-d', 'tcp')?.source, 'iptables(8)');
  });

  test('values at hand', () => {
    assert.deepEqual(
      describeValue('--ctstate', 'NEW,RELATED').map((text) => text.split(':')[0]),
      ['NEW', 'RELATED'],
    );
    assert.match(describeValue('--src-type', 'LOCAL')[0]!, /address of this node/);
    assert.deepEqual(describeValue('--ctstate', 'toString'), []);
    assert.deepEqual(describeValue('--dport', '80'), []);
  });

  test('names', () => {
    assert.match(describeMatchName('conntrack')!.sentence, /connection tracking/);
    assert.equal(describeTargetName('DROP')?.source, 'iptables(8)');
    assert.equal(describeTargetName('KUBE-SERVICES'), undefined);
    assert.equal(describeMatchName('toString'), undefined);
  });

  test('all sentences are sentences', () => {
    for (const { sentence: text, options } of [
      ...Object.values(matchExtensions),
      ...Object.values(targetExtensions),
    ]) {
      for (const each of [text, ...Object.values(options)]) assert.match(each, /^[A-Zrucm].*[.]$/);
    }
  });

  test('shares', () => {
    assert.deepEqual([1, 1 / 3, 0.5, 0.0002, 0].map(percent), [
      '100 %',
      '33.3 %',
      '50 %',
      '0.02 %',
      '0 %',
    ]);
  });
});
