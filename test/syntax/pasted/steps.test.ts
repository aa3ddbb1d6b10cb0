import assert from 'node:assert/strict';
import { finish } from '../../../src/core/work';
import { withoutCells } from '../../../src/syntax/pasted/cells';
import { hasOddCharacters, plainCharacters } from '../../../src/syntax/pasted/characters';
import { parts } from '../../../src/syntax/pasted/cut';
import { mayBeNumbered, withoutLineNumbers } from '../../../src/syntax/pasted/lineNumbers';
import { withoutMargins } from '../../../src/syntax/pasted/margins';
import { withoutPager } from '../../../src/syntax/pasted/pager';
import { beginsDump, withoutPrefixes } from '../../../src/syntax/pasted/prefixes';
import { rangeInLine } from '../../../src/syntax/pasted/rangeInLine';
import { unescaped } from '../../../src/syntax/pasted/unescaped';

/** Lines that a step leaves as they are. */
function stays(step: (lines: readonly string[]) => readonly string[], ...lines: readonly string[]) {
  assert.deepEqual(step(lines), lines);
}

suite('a column of line numbers', () => {
  const rows = ['*nat', ':A - [0:0]', '-A A -j B', 'COMMIT'] as const;
  const numbered = (form: (line: string, number: number) => string, from = 1) =>
    rows.map((line, i) => form(line, i + from));

  test('four lines one after the other, from any number on', () => {
    for (const form of [
      (line: string, number: number) => `${number}\t${line}`,
      (line: string, number: number) => `  ${number}  ${line}`,
      (line: string, number: number) => `${number}:${line}`,
      (line: string, number: number) => `${number}: ${line}`,
      (line: string, number: number) => `${number} | ${line}`,
      (line: string, number: number) => `${number}${line}`,
    ]) {
      for (const from of [1, 998]) {
        assert.deepEqual(withoutLineNumbers(numbered(form, from)), rows);
        stays(withoutLineNumbers, ...numbered(form, from).slice(1));
      }
    }
  });

  test('not where a number is left out, or the block does not begin there', () => {
    const form = (line: string, number: number) => `${number}\t${line}`;
    const [one, two, three, four] = numbered(form);
    stays(withoutLineNumbers, one!, two!, three!, form(rows[3], 5));
    stays(withoutLineNumbers, 'elements = {', one!, two!, three!, four!);
    for (const edge of ['', '$ cat -n rules', 'root@node:~# cat -n rules']) {
      const found = withoutLineNumbers([edge, one!, two!, three!, four!]);
      assert.deepEqual(found, [edge, ...rows]);
    }
    // What stands below the block keeps its own numbers.
    const below = withoutLineNumbers([one!, two!, three!, four!, 'done', '9\tlast']);
    assert.deepEqual(below, [...rows, 'done', '9\tlast']);
  });

  test('a text has lines that may be numbered, or none', () => {
    for (const text of [
      '12\tx',
      'a\n 3: x',
      'a\n7\nb',
      '1234567 x',
      '\t5│ x',
      '9*nat',
      '4#',
      '6-A A',
      '8[0:0]',
      '2|x',
    ]) {
      assert.ok(mayBeNumbered(text), text);
    }
    for (const text of ['a 1\tx', '12345678 x', 'x1: y', '1a', '3.5 x', '']) {
      assert.ok(!mayBeNumbered(text), text);
    }
  });

  test('blank lines without a number are of the block, and end none', () => {
    const form = (line: string, number: number) => `${number}\t${line}`;
    const [one, two, three, four] = numbered(form);
    const [a, b, c, d] = rows;
    assert.deepEqual(withoutLineNumbers([one!, '', two!, three!, four!]), [a, '', b, c, d]);
    assert.deepEqual(withoutLineNumbers([one!, '2', '3\t', '4\tCOMMIT']), [a, '', '', d]);
  });

  test('indented lines keep their blanks where one parts the numbers from the lines', () => {
    const lines = ['1 chain c {', '2     accept', '3   }', '4'];
    assert.deepEqual(withoutLineNumbers(lines), ['chain c {', '    accept', '  }', '']);
  });
});

suite('what programs put before each line', () => {
  const rows = ['*nat', ':A - [0:0]', 'COMMIT'] as const;
  const behind = (prefix: string, lines: readonly string[] = rows) =>
    withoutPrefixes(lines.map((line) => `${prefix}${line}`));

  test('of every line, of three at least, and of a dump', () => {
    for (const prefix of [
      '2026-01-02T03:04:05Z ',
      '2026-01-02T03:04:05.678+08:00 stderr P ',
      '[03:04:05] ',
      '03:04:05.678 ',
      '[kube-system/node-a]',
      'node-a:',
      'node-a: ',
      'node-a    | ',
      '+',
    ]) {
      assert.deepEqual(behind(prefix), rows, prefix);
      const two = rows.slice(1).map((line) => `${prefix}${line}`);
      stays(withoutPrefixes, ...two);
    }
    stays(withoutPrefixes, 'node-a: one', 'node-a: two', 'node-a: three');
    stays(withoutPrefixes, 'node-a: *nat', 'node-a: COMMIT', 'else');
    stays(withoutPrefixes, '*nat', 'node-a: *nat', 'node-a: :A - [0:0]');
  });

  test('fifty lines are looked at, empty ones aside', () => {
    const many = Array.from({ length: 49 }, (_, i) => `-A A${i} -j B`);
    const lines = ['*nat', ...many].map((line) => `a: ${line}`);
    const [first, ...others] = withoutPrefixes([...lines, 'end']);
    assert.deepEqual([first, others.at(-1)], ['*nat', 'end']);
    stays(withoutPrefixes, ...lines.slice(0, 49), 'end');
    assert.deepEqual(withoutPrefixes(['', 'a: *nat', ' ', 'a: :A - [0:0]', 'a: COMMIT']), [
      '',
      '*nat',
      ' ',
      ':A - [0:0]',
      'COMMIT',
    ]);
  });

  test('the first line of a dump of each kind', () => {
    for (const line of [
      '# Generated by iptables-save v1.8.9',
      '*raw',
      ':KUBE-SERVICES - [0:0]',
      '[12:720] -A INPUT -j DROP',
      '-P INPUT ACCEPT',
      '-N KUBE-A',
      'Chain INPUT (policy ACCEPT)',
      'table inet x {',
      '12: eth0@if3: <UP>',
      'IP Virtual Server version 1.2.1',
      'Prot LocalAddress:Port',
      'UDP  10.96.0.10:53 rr',
      'default via 10.0.0.1 dev eth0',
      'create KUBE-A hash:ip',
      'Name: KUBE-A',
      'eth0: flags=4163<UP>',
    ]) {
      assert.ok(beginsDump(line), line);
      assert.ok(!beginsDump(`x ${line}`), line);
    }
    assert.ok(!beginsDump('*nature'));
    assert.ok(!beginsDump('Name: KUBE-A and more'));
  });
});

suite('quotes, fences and indentation', () => {
  test('a fence, a tag, a line of code', () => {
    for (const [line, plain] of [
      ['```', ''],
      ['~~~~ text', ''],
      ['```console', ''],
      ['``` not `a` fence', '``` not `a` fence'],
      ['  {code:title=x|lang=y}  ', ''],
      ['{noformat}', ''],
      ['{noformat}*nat', '*nat'],
      ['COMMIT{code}', 'COMMIT'],
      ['`*nat`', '*nat'],
      ['`a` and `b`', '`a` and `b`'],
      ['<pre>*nat', '*nat'],
      ['<p class="x">*nat</p>', '*nat'],
      ['a <b> c', 'a <b> c'],
      ['<UP>', '<UP>'],
    ] as const) {
      assert.deepEqual(withoutMargins([line]), [plain]);
    }
  });

  test('a quote beside another, or that begins a dump', () => {
    assert.deepEqual(withoutMargins(['> a', '> b', '>', '>> c', '>d']), ['a', 'b', '', 'c', '>d']);
    stays(withoutMargins, '> a');
    stays(withoutMargins, 'x', '> *nat');
    assert.deepEqual(withoutMargins(['x', '', '> *nat']), ['x', '', '*nat']);
    stays(withoutMargins, '    > a', '    > b');
  });

  test('a block that a page indents, until a line stands further out', () => {
    assert.deepEqual(withoutMargins(['  *nat', '  -A A -j B', '', '    more', 'end', '  after']), [
      '*nat',
      '-A A -j B',
      '',
      '  more',
      'end',
      '  after',
    ]);
    stays(withoutMargins, '  something', '  else');
    // The first line of a block tells how far; another in it does not.
    assert.deepEqual(withoutMargins(['\t*nat', '\t\t:A - [0:0]']), ['*nat', '\t:A - [0:0]']);
  });
});

suite('pagers and cells', () => {
  test('a pager’s status goes, but on the last line', () => {
    for (const status of [
      '--More--',
      '--More--(12%)',
      '--更多--',
      'lines 1-23',
      'lines 1-23/45 50%',
      'lines 1-23/45 (END)',
    ]) {
      assert.deepEqual(withoutPager([`${status}\b\b *nat`, 'COMMIT']), ['*nat', 'COMMIT']);
      stays(withoutPager, '*nat', status);
      stays(withoutPager, '*nat', status, ' ');
      assert.deepEqual(withoutPager([status, 'COMMIT']), ['', 'COMMIT']);
    }
    stays(withoutPager, 'lines of text', '-- More --');
  });

  test('cells of CSV, where quotes are doubled or most lines are cells', () => {
    assert.deepEqual(withoutCells(['node-a,"-A A --comment ""x y"" -j B"', '"COMMIT",,']), [
      '-A A --comment "x y" -j B',
      'COMMIT',
    ]);
    assert.deepEqual(withoutCells(['"*nat"', '""', '"COMMIT"']), ['*nat', '', 'COMMIT']);
    stays(withoutCells, '"*nat"', 'COMMIT');
    stays(withoutCells, '"a" and "b"', '"c" "d"');
    // An empty comment of a rule is no doubled quote.
    stays(withoutCells, '-A A --comment "" -j B');
  });
});

suite('characters of terminals, pages and word processors', () => {
  test('each as the program printed it', () => {
    for (const [odd, plain] of [
      ['\u001b[01;31mA\u001b[m\u001b[K', 'A'],
      ['\u001b]0;title\u0007A', 'A'],
      ['[36mA[0m', 'A'],
      ['[12:720] -A', '[12:720] -A'],
      ['a\u00a0b\u3000c\u2009d', 'a b c d'],
      ['\ufeffa\u200bb', 'ab'],
      ['—dport 80', '--dport 80'],
      ['–dport 80', '--dport 80'],
      ['–A X', '-A X'],
      ['——j X', '--j X'],
      ['dstnat – 10', 'dstnat - 10'],
      ['10–20', '10–20'],
      ['“x”', '"x"'],
      ['→ 10.0.0.1', '-> 10.0.0.1'],
      ['a；b：c', 'a;b:c'],
      ['允许，拒绝', '允许，拒绝'],
      ['允，a', '允，a'],
      ['a，允', 'a，允'],
      ['；a；', ';a;'],
      ['a<br>b<br />c', 'a b c'],
      ['&gt; &lt; &quot; &apos; &amp;&nbsp;x', '> < " \' & x'],
      ['&#45;A &#x2d;j', '-A -j'],
      ['&#10; &#x7f; &nope;', '&#10; &#x7f; &nope;'],
      ['&#126;&#32;', '~ '],
    ] as const) {
      assert.equal(plainCharacters(odd), plain, odd);
      assert.ok(odd === plain || hasOddCharacters(odd), odd);
    }
    assert.ok(!hasOddCharacters('-A KUBE-SERVICES [12:720] & a && b <UP> "x" -> y'));
  });
});

suite('the text of a string', () => {
  const of = (body: string) =>
    finish(unescaped(body, 3, 10)).map(({ text, line, column }) => `${line}:${column} ${text}`);

  test('line by line, each with its place', () => {
    assert.deepEqual(of('*nat\\nCOMMIT\\n'), ['3:10 *nat', '3:16 COMMIT']);
    assert.deepEqual(of('*nat\\nCOM'), ['3:10 *nat', '3:16 COM']);
    assert.deepEqual(of('plain'), ['3:10 plain']);
    assert.deepEqual(of(''), []);
    assert.deepEqual(of('\\n\\na'), ['3:10 ', '3:12 ', '3:14 a']);
  });

  test('escapes of JSON and of Python', () => {
    assert.deepEqual(of('\\"a\\"\\t\\/\\\\b\\r\\u002d\\u002dx'), ['3:10 "a"\t/\\b--x']);
    assert.deepEqual(of("it\\'s\\q"), ["3:10 it'sq"]);
    assert.deepEqual(of('a\\b\\fc'), ['3:10 ac']);
    assert.deepEqual(of('\\u00'), ['3:10 u00']);
  });

  test('what the agent of a cloud puts around it goes', () => {
    assert.deepEqual(of('Enable succeeded: \\n[stdout]\\na\\n[stderr]\\n'), ['3:40 a']);
    assert.deepEqual(of('a\\n[stdout] b\\n'), ['3:10 a', '3:13 [stdout] b']);
  });
});

suite('places in the text that came', () => {
  const range = (start: number, end: number) => ({ source: 'x', line: 0, start, end });
  const inRaw = (raw: string, plain: string, start: number, end: number) => {
    const found = rangeInLine(range(start, end), raw, plain);
    return raw.slice(found.start, found.end);
  };

  test('behind what was taken away before it, or within it', () => {
    assert.equal(inRaw('> -A A -j A', '-A A -j A', 8, 9), 'A');
    assert.deepEqual(rangeInLine(range(8, 9), '> -A A -j A', '-A A -j A'), range(10, 11));
    assert.deepEqual(rangeInLine(range(0, 2), '-A A', '-A A'), range(0, 2));
    assert.equal(inRaw('\u001b[31m-A\u001b[m A -j B', '-A A -j B', 5, 7), '-j');
    assert.deepEqual(rangeInLine(range(0, 2), '-A x\u00a0y', '-A x y'), range(0, 2));
    // The same word before it does not count.
    assert.deepEqual(rangeInLine(range(3, 4), 'A  x A.', 'A xA'), range(5, 6));
  });

  test('of what was written otherwise there, the line where it is all of it', () => {
    const raw = '&quot;x&quot;';
    assert.deepEqual(rangeInLine(range(0, 3), raw, '"x"'), range(0, raw.length));
    assert.deepEqual(rangeInLine(range(2, 3), raw, '"x"'), range(2, 3));
  });

  test('a line that was cut: its parts with their places, unsure ones marked', () => {
    const text = '*nat  :A - [0:0] COMMIT ';
    assert.deepEqual(parts(text, 4, [{ at: 4 }, { at: 16, unsure: true }, { at: 23 }], '  '), [
      { text: '  *nat', line: 4, column: -2 },
      { text: '  :A - [0:0]', line: 4, column: 4 },
      { text: '...', line: 4, column: 17 },
      { text: '  COMMIT', line: 4, column: 15 },
    ]);
  });
});
