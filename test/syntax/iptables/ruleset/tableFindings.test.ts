import assert from 'node:assert/strict';
import type { Table } from '../../../../src/core/rules/ruleset';
import { rulesetsOfText } from '../../../../src/syntax/iptables/ruleset/ruleset';
import type { LineParser } from '../../../../src/syntax/treeSitter';
import { testParser } from '../../parser';

suite('what a dump shows of a table', () => {
  let parser: LineParser;
  suiteSetup(async () => (parser = await testParser()));
  const read = (text: string) => rulesetsOfText('save.txt', text, parser);

  /** `CODE SEVERITY LINE`, lines from 1. */
  const findings = (text: string) =>
    read(text).flatMap(({ findings }) =>
      findings.map(({ code, severity, range }) => `${code} ${severity} ${range.line + 1}`),
    );

  suite('whether it is the whole table', () => {
    const listed = (name: string, what = '0 references') =>
      `Chain ${name} (${what})\ntarget     prot opt source               destination\n`;
    const builtIn = (name: string) => listed(name, 'policy ACCEPT');
    const row = 'DROP       all  --  0.0.0.0/0            0.0.0.0/0\n';
    const policies = '-P INPUT ACCEPT\n-P FORWARD ACCEPT\n';

    for (const [what, text, expected] of [
      ['from *nat to COMMIT', '*nat\n:X - [0:0]\n-A X -j DROP\nCOMMIT\n', true],
      ['without COMMIT', '*nat\n:X - [0:0]\n-A X -j DROP\n', false],
      ['without its *table line', ':X - [0:0]\n-A X -j DROP\nCOMMIT\n', false],
      ['two built-in chains of iptables -S', `${policies}-N X\n-A X -j DROP\n`, true],
      ['one built-in chain of iptables -S', '-P INPUT ACCEPT\n-N X\n', false],
      ['no built-in chain', '-N X\n-A X -j DROP\n', false],
      ['a jump to a chain that iptables -S did not print', `${policies}-A INPUT -j X\n`, false],
      ['a jump to one that it printed', `${policies}-N X\n-A INPUT -j X\n`, true],
      ['rules of a built-in chain alone', `${policies}-A OUTPUT -j DROP\n`, true],
      [
        'two outputs, one of them of one chain',
        `$ iptables -S\n${policies}-N X\n$ iptables -S Y\n-N Y\n`,
        false,
      ],
      ['two built-in chains of iptables -L', builtIn('INPUT') + row + builtIn('FORWARD'), true],
      ['and others', `${builtIn('INPUT')}\n${builtIn('FORWARD')}\n${listed('X')}${row}`, true],
      ['one built-in chain of iptables -L', builtIn('INPUT') + listed('X'), false],
      [
        'a chain whose columns grep took away',
        `${builtIn('INPUT')}Chain FORWARD (policy ACCEPT)\n${row}`,
        false,
      ],
      [
        'a last chain without columns',
        `${builtIn('INPUT')}${builtIn('FORWARD')}Chain X (0 references)\n`,
        false,
      ],
      [
        'a chain of the middle without columns',
        `${builtIn('INPUT')}Chain X (0 references)\n${row}${builtIn('FORWARD')}`,
        false,
      ],
      ['rows that grep -A left out', `${builtIn('INPUT')}--\n${builtIn('FORWARD')}`, false],
    ] as const) {
      test(what, () => {
        const tables = read(text).flatMap(({ tables }): readonly Table[] => [...tables.values()]);
        assert.deepEqual(
          tables.map(({ complete }) => complete),
          [expected],
        );
      });
    }

    test('the next table begins behind it', () => {
      const tables = [
        ...read(`*nat\n:X - [0:0]\nCOMMIT\n*filter\n:Y - [0:0]\n`)[0]!.tables.values(),
      ];
      assert.deepEqual(
        tables.map(({ name, complete }) => [name, complete]),
        [
          ['nat', true],
          ['filter', false],
        ],
      );
    });
  });

  test('an end that is missing was lost; grep takes both ends, or says that it left lines out', () => {
    for (const [text, expected] of [
      ['*nat\n:X - [0:0]\n-A X -j DROP\n\n\n', ['commit-missing error 3']],
      ['*nat\n', ['commit-missing error 1']],
      [':X - [0:0]\nCOMMIT\n', ['table-line-missing error 1']],
      [
        ':X - [0:0]\n-A X -j DROP\n',
        ['table-line-missing information 1', 'commit-missing information 2'],
      ],
      ['*nat\n:X - [0:0]\n--\n-A X -j DROP\n', ['commit-missing information 4']],
      [':X - [0:0]\n--\n-A X -j DROP\nCOMMIT\n', ['table-line-missing information 1']],
      ['*nat\n:X - [0:0]\n--\n-A X -j DROP\nCOMMIT\n', []],
      ['*nat\n:X - [0:0]\n*filter\n--\nCOMMIT\n', ['commit-missing error 2']],
    ] as const) {
      assert.deepEqual(findings(text), expected, text);
    }
    const messages = (text: string) => read(text)[0]!.findings.map(({ message }) => message);
    assert.deepEqual(messages('*nat\n:X - [0:0]\n'), [
      'Table nat ends without COMMIT: the rest of it is missing.',
    ]);
    assert.match(messages(':X - [0:0]\n').at(-1)!, /^Table \(not named\) ends/);
  });

  test('lines that are no part of a dump', () => {
    const inTable = (...lines: string[]) =>
      findings(`*nat\n:X - [0:0]\n${lines.join('\n')}\nCOMMIT\n`);
    assert.deepEqual(inTable('-A', '-I', '-A X -j DROP', '-I X -j DROP'), [
      'unknown-line error 3',
      'unknown-line error 4',
    ]);
    assert.deepEqual(inTable('# [snip]', '# of web', '...'), [
      'unknown-line information 3',
      'unknown-line information 5',
    ]);
    assert.deepEqual(inTable('-A X -m comment --comment "and so on..." -j DROP'), []);
    assert.deepEqual(inTable('root@node:~# ls'), ['unknown-line error 3']);
    assert.deepEqual(inTable('-F X', '-D X 1'), [
      'command-left-out warning 3',
      'command-left-out warning 4',
    ]);
    assert.deepEqual(
      inTable('-A X -m recent [unsupported revision] -j DROP', '# [unsupported revision]'),
      ['unsupported-revision warning 3'],
    );
    // What kubectl, ssh and docker say around an output.
    assert.deepEqual(
      inTable(
        ...['command terminated with exit code 1', 'exit status 1', 'error: timed out'],
        ...['Unable to use a TTY', 'Defaulted container "kube-proxy" out of: kube-proxy'],
      ),
      [],
    );
    assert.deepEqual(inTable('no error: here'), ['unknown-line error 3']);
  });

  test('the table that nothing names', () => {
    assert.deepEqual(findings('-N X\n-A X -j RETURN\n'), ['table-not-named information 1']);
    assert.deepEqual(findings('-P INPUT ACCEPT\n-P FORWARD ACCEPT\n'), []);
    assert.equal(
      read(':X - [0:0]\n')[0]!.findings.some(({ code }) => code === 'table-not-named'),
      false,
    );
  });

  test('a built-in chain need not be declared, a rule of another one does', () => {
    assert.deepEqual(findings('*nat\n-A PREROUTING -j DROP\n-A OUTPUT -j DROP\nCOMMIT\n'), []);
    assert.deepEqual(findings('*nat\n-A INPUT -j X\n-A X -j DROP\nCOMMIT\n'), [
      'chain-not-declared error 2',
      'chain-not-declared error 3',
    ]);
  });

  test('rows below no chain: one finding, with their number', () => {
    const row = 'DROP       all  --  0.0.0.0/0            0.0.0.0/0\n';
    const chain = 'Chain X (0 references)\ntarget     prot opt source               destination\n';
    const [found, ...more] = read(
      `$ iptables -L\n${chain}${row}--\n${row}${row}${chain.replace('X', 'Y')}`,
    )[0]!.findings;
    assert.deepEqual(
      [found?.code, found?.severity, found?.range.line, more.length],
      ['unknown-line', 'warning', 5, 0],
    );
    assert.match(found!.message, /: 2\.$/);
    assert.deepEqual(findings(`$ iptables -L\n${chain}${row}`), []);
  });

  test('what the program says in a comment, and what others write in theirs', () => {
    const incompatible = "# Table `nat' is incompatible, use 'nft' tool.";
    for (const [comment, expected] of [
      [incompatible, ['table-incompatible warning 1']],
      [`# ${incompatible}`, []],
      [
        '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them',
        ['program-warning information 1'],
      ],
      ['# # Warning: none', []],
      ['# Completed on Sat Nov 21 13:42:24 2026', []],
    ] as const) {
      assert.deepEqual(findings(`${comment}\n*nat\nCOMMIT\n`), expected, comment);
    }
    const legacy = (text: string) =>
      read(`# Warning: ${text}\n*nat\nCOMMIT\n`)[0]!.gaps?.map((gap) => gap.text);
    assert.deepEqual(legacy('ip6tables-legacy tables present, use ip6tables-legacy-save'), [
      'the tables of ip6tables-legacy, which are missing, let it pass',
    ]);
    assert.deepEqual(legacy('no iptables-legacy tables present'), []);
  });

  test('ends that are cut leave it open what stood there', () => {
    const gaps = (text: string) =>
      [...read(text)[0]!.tables.values()].flatMap(({ gaps }) =>
        gaps!.map(({ text, cut, range }) => [text, cut, range.line]),
      );
    assert.deepEqual(gaps('*nat\n:X - [0:0]\n'), [
      ['the end of the nat table, which is cut off, changes nothing', true, 1],
    ]);
    assert.deepEqual(gaps('-A KUBE-SVC-AAAAAAAAAAAAAAAA -j DROP\nCOMMIT\n'), [
      ['the beginning of the nat table, which is cut off, changes nothing', true, 0],
    ]);
  });
});
