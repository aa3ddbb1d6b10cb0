import assert from 'node:assert/strict';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { nftRuleText, readNftCounters } from '../../../src/syntax/nft/ruleset/ruleCounters';
import { textLines } from '../../../src/syntax/textLines';
import { withPauses } from '../../pauses';

suite('nft: what rules counted, by the text alone', () => {
  const wanted = new Set(['ip t c', 'ip t d', 'ip u c']);
  const counted = (...lines: string[]) =>
    [...withPauses(readNftCounters(textLines(lines.join('\n')), wanted)).value.chains].map(
      ([chain, rules]) => [
        chain,
        ...[...rules].map(([rule, counters]) =>
          counters === 'several'
            ? `${rule}: several`
            : `${rule}: ${counters.packets} ${counters.bytes}`,
        ),
      ],
    );

  test('a rule without its handle and what it counted, whatever its texts say', () => {
    for (const [line, text] of [
      [
        '\t\tip saddr 10.0.0.1 counter packets 12 bytes 345 accept # handle 78 ',
        'ip saddr 10.0.0.1 counter accept',
      ],
      ['\t\taccept # handle 7', 'accept'],
      ['\t\tlog prefix "counter packets 1 bytes 2"', 'log prefix "counter packets 1 bytes 2"'],
      ['\t\tcounter name "counter packets 1 bytes 2"', 'counter name "counter packets 1 bytes 2"'],
      ['\t\taccept comment "x # handle 7"', 'accept comment "x # handle 7"'],
      ['\t\taccept # handle x', 'accept # handle x'],
      ['  ', undefined],
      ['\t# handle 7', '# handle 7'],
      [' # handle 7', undefined],
    ] as const) {
      assert.equal(nftRuleText(line), text, line);
    }
  });

  test('those of the chains that are asked for, each of its table', () => {
    assert.deepEqual(
      counted(
        ...[
          'table ip t { # handle 1',
          '\tchain c { # handle 2',
          '\t\tcounter packets 1 bytes 60 accept',
          '\t\tdrop',
        ],
        ...['\t\tlog prefix "counter packets 8 bytes 9" counter packets 12 bytes 345', '\t}'],
        ...['\tchain other {', '\t\tcounter packets 7 bytes 7', '\t}', '}'],
        ...['table ip u {', '\tchain c {', '\t\tcounter packets 2 bytes 120 accept'],
        ...['\t\tcounter packets 3 bytes 180 accept', '\t}', '\t\tcounter packets 4 bytes 5', '}'],
        ...['table ip6 t {', '\tchain c {', '\t\tcounter packets 9 bytes 9', '\t}', '}'],
      ),
      [
        [
          'ip t c',
          'counter accept: 1 60',
          'log prefix "counter packets 8 bytes 9" counter: 12 345',
        ],
        ['ip u c', 'counter accept: several'],
      ],
    );
  });

  test('a named counter is told of the one rule that counts into it', () => {
    const table = (...rules: string[]) =>
      counted(
        ...[
          'table ip t {',
          '\tcounter web {',
          '\t\tcomment "x"',
          '\t\tpackets 12 bytes 345',
          '\t}',
        ],
        ...['\tchain c {', ...rules.map((rule) => `\t\t${rule}`), '\t}'],
        ...['\tchain other {', '\t\taccept', '\t}', '}'],
      );
    assert.deepEqual(table('counter name "web" accept'), [
      ['ip t c', 'counter name "web" accept: 12 345'],
    ]);
    assert.deepEqual(table('counter name "web" accept', 'counter name "web" drop'), []);
    assert.deepEqual(table('counter name "db" accept'), []);
    assert.deepEqual(table('log prefix "counter name web"'), []);
    // Which of its counters a map chooses is not told.
    assert.deepEqual(
      table('counter name "web" accept', 'counter name tcp dport map { 80 : "web" }'),
      [],
    );
    const elsewhere = [
      ...['table ip t {', '\tcounter web {', '\t\tpackets 12 bytes 345', '\t}', '\tchain other {'],
      ...[
        '\t\tcounter name "web" drop',
        '\t}',
        '\tchain c {',
        '\t\tcounter name "web"',
        '\t}',
        '}',
      ],
    ];
    assert.deepEqual(counted(...elsewhere), []);
    // A counter of the same name in another table is another one.
    assert.deepEqual(
      counted(
        ...['table ip t {', '\tcounter web {', '\t\tpackets 1 bytes 60', '\t}', '}'],
        ...['table ip u {', '\tchain c {', '\t\tcounter name "web"', '\t}', '}'],
      ),
      [],
    );
  });

  test('gives way each thousand lines', () => {
    const lines = textLines('\t\taccept\n'.repeat(2500));
    assert.equal(withPauses(readNftCounters(lines, wanted)).pauses, 2);
  });
});

suite('nft: jumps to endpoints whose chance old versions do not print', () => {
  const kinds = (...rules: string[]) => {
    const { chains } = nftRuleset('x', `table ip nat {\n\tchain c {\n${rules.join('\n')}\n\t}\n}\n`)
      .tables[0]!;
    const chain = chains.get('c')!;
    return Array.from({ length: chain.length }, (_, i) =>
      chain
        .rule(i)
        .statements.map((one) => (one.kind === 'unmodelled' ? one.name : one.kind))
        .join(' '),
    );
  };
  const jump = (name: string, before = 'counter packets 0 bytes 0') =>
    `\t\t${before} jump KUBE-SEP-${name}`;

  test('one with another below it has one, the last has none', () => {
    assert.deepEqual(kinds(jump('A'), jump('B', 'comment "x" counter'), jump('C')), [
      'counter statistic jump',
      'comment counter statistic jump',
      'counter jump',
    ]);
    assert.deepEqual(kinds(jump('A'), '\t\taccept'), ['counter jump', 'ACCEPT']);
    assert.deepEqual(kinds(jump('A', 'ip saddr 10.0.0.1'), jump('B')), [
      'compare jump',
      'counter jump',
    ]);
    assert.deepEqual(kinds('\t\tjump KUBE-SVC-A', jump('B')), ['jump', 'counter jump']);
  });
});
