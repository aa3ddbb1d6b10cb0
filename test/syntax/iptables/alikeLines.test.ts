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
});
