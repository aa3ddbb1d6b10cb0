import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseAlike } from '../../../src/syntax/iptables/alikeLines';
import { loadGrammar, type LineParser } from '../../../src/syntax/treeSitter';
import { BRANCHES } from '../../../src/syntax/iptables/grammar';

suite('lines that are alike', () => {
  let grammar: LineParser;
  suiteSetup(async () => {
    const wasm = {
      runtime: readFileSync('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
      grammar: readFileSync('syntaxes/tree-sitter-iptables/tree-sitter-iptables.wasm'),
    };
    grammar = await loadGrammar(wasm, { root: 'dump', error: 'ERROR', branches: BRANCHES });
  });

  /** How many of the lines the grammar was asked for. */
  function same(lines: readonly string[]): number {
    let asked = 0;
    const alike = parseAlike({
      parse(text) {
        asked++;
        return grammar.parse(text);
      },
    });
    for (const line of lines) assert.deepEqual(alike.parse(line), grammar.parse(line), line);
    return asked;
  }

  for (const file of ['kubernetes-1.20-iptables', 'kubernetes-1.36-ipvs']) {
    test(`every line of ${file} has the tree that the grammar gives it`, () => {
      const text = readFileSync(`samples/${file}/node-a/iptables-save.txt`, 'utf8');
      const lines = text.split('\n');
      const asked = same(lines);
      assert.ok(asked < lines.length, `${asked} of ${lines.length}`);
    });
  }

  test('rules of Services differ in words only: one of them is parsed', () => {
    const rule = (address: string, name: string, port: number, hash: string) =>
      `[${port}:7] -A KUBE-SERVICES -d ${address} -p tcp -m comment --comment "${name} cluster IP" -m tcp --dport ${port} -j KUBE-SVC-${hash}`;
    const lines = [
      rule('10.96.0.1/32', 'default/kubernetes:https', 443, 'NPX46M4PTMTKRN6Y'),
      rule('10.96.12.200/32', 'shop/cart - é 𝄞 -j DROP', 80, 'AAAAAAAAAAAAAAAA'),
      rule('fd00:10:96::1/128', 'shop/x', 65535, 'TCOU7JCQXEZGVUNU'),
      rule('::1', '', 1, 'TCOU7JCQXEZGVUNU'),
    ];
    // An address of IPv6 is an address as another is.
    assert.equal(same(lines), 1);
  });

  test('what only looks alike is parsed for itself', () => {
    const lines = [
      '-A X -m comment --comment "a 1 b" -j DROP',
      '-A X -m comment --comment "a \\" b" -j DROP',
      '-A X -m comment --comment "a \\" -j" -j DROP',
      '-A X -m comment --comment "a" -j" -j DROP',
      '-A X -m comment --comment "a" b" -j DROP',
      '-A X -m comment --comment a"b c" -j DROP',
      '-A X -m comment --comment a"b -j c" -j DROP',
      '-A X -m comment --comment="a 1" -j DROP',
      '-A X -m comment --comment="a 2" -j DROP',
      '-A X --comment="a "b c" -j DROP',
      '-A X --comment="a "-j Y -m "c" -j DROP',
      '-A X --comment="a "-j Y" -j DROP',
      '-A X --dport=80 -j DROP',
      '-A X --dport=8080 -j DROP',
      '-A X --dport 123456 -j DROP',
      '-A X --dport 12345 -j DROP',
      '-A X --dport 1:2 -j DROP',
      '-A X --dport 10:96::1 -j DROP',
      '-A X --dport fd00::1 -j DROP',
      '-A X -d :1::2 -j DROP',
      '-A X -d 1::2::3 -j DROP',
      '-A X -d ::ffff:1.2.3.4 -j DROP',
      '-A X -d 10.0.0.1,10.0.0.2 -j DROP',
      '-A X -d 10.0.0.1-10.0.0.2 -j DROP',
      '-A X -d 10.0.0.1/255.0.0.0 -j DROP',
      '-A X -d -j DROP',
      '-A X -d ',
      '-A X -d',
      '-A X  -d 10.0.0.1 -j DROP',
      '-A X -d 10.0.0.1 -j DROP ',
      '-A X -d 10.0.0.1\t-j DROP',
      '-A X -d 10.0.0.1\r',
      '-A X 12 -d 10.0.0.1',
      '-A X 123 -d 10.0.0.1',
      '-A X -c 5 300 -j DROP',
      '-A X -c 6 3 -j DROP',
      '-A X 10.0.0.1:80',
      '-A X 10.0.0.2:8080',
      '-A X ! -d 10.0.0.1 -j DROP',
      '-A X -d ! 10.0.0.1 -j DROP',
      '-A X -j DNAT --to-destination [fd00::5]:80',
      '-A X -j DNAT --to-destination [fd00:1::5]:8080',
      '-A X -j DNAT --to-destination [12:34]:80',
      '-A X -j DNAT --to-destination [12:34]',
      '-A X -m statistic --mode random --probability 0.50000000000 -j Y',
      '-A X -m statistic --mode random --probability 1 -j Y',
      '-A X --frobnicate 1 2.5 10.0.0.1 word -j Y',
      '-A X --frobnicate 2 3.5 10.0.0.2 word -j Y',
      '-A KUBE-SVC-NPX46M4PTMTKRN6Y\n-A Y -j DROP',
      '-A X -j KUBE-SVC-NPX46M4PTMTKRN6Y,b',
    ];
    same([...lines, ...lines]);
  });

  test('which lines are of one kind', () => {
    const long = (length: number) => `-A X -j ${'Y'.repeat(length - 8)}`;
    for (const [asked, ...lines] of [
      // Numbers of up to five digits, addresses, endpoints, decimals, hashes, quoted texts.
      [1, '-A X --dport 1 -j Y', '-A X --dport 65535 -j Y'],
      [2, '-A X --dport 12345 -j Y', '-A X --dport 123456 -j Y'],
      [1, '-A X -s 10.0.0.1', '-A X -s 192.168.100.200/32'],
      [1, '-A X -s fd00::/8', '-A X -s ::1'],
      [1, '-A X -s 10.0.0.1', '-A X -s fd00::1'],
      [1, '-A X --to 10.0.0.1:80', '-A X --to 192.168.0.1:8080'],
      [1, '-A X --to [fd00::1]:80', '-A X --to [::1]:8080'],
      [1, '-A X --probability 0.5', '-A X --probability 0.33333333349'],
      [1, '-A KUBE-SVC-NPX46M4PTMTKRN6Y', '-A KUBE-SVC-TCOU7JCQXEZGVUNU'],
      [2, '-A KUBE-SVC-NPX46M4PTMTKRN6Y', '-A KUBE-SEP-NPX46M4PTMTKRN6Y'],
      [2, '-A KUBE-SERVICES -j KUBE-NODEPORTS', '-A KUBE-SERVICES -j KUBE-FORWARD'],
      [1, '-A X -m comment --comment "a b"', '-A X -m comment --comment ""'],
      [1, '-A X --comment "a" --log-prefix a\\b', '-A X --comment "c" --log-prefix a\\b'],
      [1, '[5:300] -A X -j Y', '[0:0] -A X -j Y', '[5:3] -A X -j Y'],
      [2, '-A X -j Y', '[0:0] -A X -j Y'],
      [2, '-A X -j Y', '-A X -j Z'],
      // A text with a backslash or without an end, two blanks, a tab, another command, a long line, an error.
      [2, '-A X --comment "a\\"b"', '-A X --comment "a\\"b"'],
      [2, '-A X --comment "a', '-A X --comment "a'],
      [2, '-A X  -j Y', '-A X  -j Y'],
      [2, '-A X -j Y\t', '-A X -j Y\t'],
      [2, '-N X', '-N X'],
      [2, ' -A X -j Y', ' -A X -j Y'],
      [2, '[5:300]-A X', '[5:300]-A X'],
      [1, long(600), long(600)],
      [2, long(601), long(601)],
      [2, '-A X foo ! !', '-A X foo ! !'],
    ] as const) {
      assert.equal(same(lines), asked, lines.join('\n'));
    }
  });

  test('of a text of ever new kinds, no more than 2,000 are kept', () => {
    let asked = 0;
    const alike = parseAlike({
      parse() {
        asked++;
        return { nodes: [], hasError: false };
      },
    });
    const parse = (from: number, to: number) => {
      const before = asked;
      for (let i = from; i < to; i++) alike.parse(`-A X --option${i} 1`);
      return asked - before;
    };
    assert.equal(parse(0, 2000), 2000);
    assert.equal(parse(0, 2000), 0);
    assert.equal(parse(2000, 2001), 1);
    assert.equal(parse(2000, 2001), 0);
    assert.equal(parse(0, 1), 1);
  });
});
