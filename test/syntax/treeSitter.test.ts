import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { NodeType } from '../../src/syntax/iptables/nodeType';
import { NODE_TYPES } from '../../src/syntax/iptables/nodeType';
import { loadGrammar, type LineParser } from '../../src/syntax/treeSitter';
import { BRANCHES } from '../../src/syntax/iptables/grammar';
import { outline } from './parser';

suite('tree-sitter parser', () => {
  let parser: LineParser;
  const load = () => {
    const wasm = {
      runtime: readFileSync('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
      grammar: readFileSync('syntaxes/tree-sitter-iptables/tree-sitter-iptables.wasm'),
    };
    return loadGrammar(wasm, { root: 'dump', error: 'ERROR', branches: BRANCHES });
  };
  suiteSetup(async () => (parser = await load()));

  const parse = (text: string) => outline(text, parser.parse(text));

  test('a rule is flat: options with their name, negation and typed values', () => {
    assert.equal(
      parse('-A KUBE-SVC-X ! -s 10.244.0.0/16 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ'),
      'rule(command=-A chain_name=KUBE-SVC-X' +
        ' option(negation=! option_name=-s address=10.244.0.0/16)' +
        ' option(option_name=-p protocol=tcp)' +
        ' option(option_name=-m match_name=tcp)' +
        ' option(option_name=--dport port=80)' +
        ' option(option_name=-j target=KUBE-MARK-MASQ))',
    );
  });

  test('a listing rule without a target and with counters', () => {
    assert.equal(
      parse('    0     0            6    --  *      *       0.0.0.0/0  !10.0.0.0/8  tcp dpt:80'),
      'listing_rule(packets=0 bytes=0 protocol=6 fragment=-- interface=* interface=*' +
        ' address=0.0.0.0/0 address=!10.0.0.0/8 word=tcp word=dpt:80)',
    );
  });

  test('offsets are UTF-16, also behind a comment outside of ASCII', () => {
    const text = '-A X -m comment --comment "é 𝄞" -j DROP';
    assert.match(parse(text), /string="é 𝄞".*target=DROP/);
  });

  test('what has to stand there and does not is an empty node, marked as missing', () => {
    const { hasError, nodes } = parser.parse(':INPUT');
    assert.ok(hasError);
    assert.deepEqual(
      nodes.filter((node) => node.missing),
      [{ type: 'policy_name', start: 6, end: 6, parent: 1, missing: true }],
    );
  });

  test('all nodes of a line in order, each below its parent, and what was no part of it', () => {
    const nodes = (text: string) => {
      const syntax = parser.parse(text);
      return [
        syntax.hasError,
        ...syntax.nodes.map(({ type, start, end, parent, missing }) =>
          [type, text.slice(start, end), parent, ...(missing ? ['missing'] : [])].join(' '),
        ),
      ];
    };
    assert.deepEqual(nodes('*nat'), [false, 'dump *nat -1', 'table *nat 0', 'table_name nat 1']);
    assert.deepEqual(nodes('-A'), [true, 'dump -A -1', 'ERROR -A 0', 'command -A 1']);
    assert.deepEqual(nodes('-A X -j DROP !'), [
      true,
      'dump -A X -j DROP ! -1',
      'rule -A X -j DROP ! 0',
      ...['command -A 1', 'chain_name X 1', 'option -j DROP 1', 'option_name -j 4'],
      ...['target DROP 4', 'option ! 1', 'negation ! 7', 'option_name  7 missing'],
    ]);
  });

  test('a grammar that is loaded once more, beside the first, gives the same', async () => {
    const again = await load();
    for (const text of [
      '*nat',
      '-A X -m comment --comment "a b" ! -s 10.0.0.1 -j DROP',
      ':INPUT',
      '-A',
      'hello',
    ]) {
      assert.deepEqual(again.parse(text), parser.parse(text), text);
      assert.deepEqual(again.parse(text), again.parse(text), text);
    }
  });

  test('a text that the parser fails on is one error, and the next one is read', () => {
    const broken = {
      length: 5,
      includes() {
        throw new Error('out of memory');
      },
    } as unknown as string;
    assert.deepEqual(parser.parse(broken), {
      nodes: [
        { type: 'dump', start: 0, end: 5, parent: -1 },
        { type: 'ERROR', start: 0, end: 5, parent: 0 },
      ],
      hasError: true,
    });
    assert.equal(parser.parse('*nat').hasError, false);
  });

  test('an error stays on its line', () => {
    const text = '-A INPUT -j\n-A INPUT -j DROP\n-A\n-A INPUT -j "';
    const lines = parse(text).split('\n');
    assert.ok(
      lines.includes('rule(command=-A chain_name=INPUT option(option_name=-j target=DROP))'),
    );
  });

  test('a NUL is a character like another', () => {
    const text = '-A INPUT -m comment --comment "a\0b" -j DROP';
    assert.match(parse(text), /option\(option_name=-j target=DROP\)/);
  });

  test("the list of node types is the grammar's, and which of them have children", () => {
    const file = 'syntaxes/tree-sitter-iptables/src/node-types.json';
    const all = JSON.parse(readFileSync(file, 'utf8')) as {
      type: NodeType;
      named: boolean;
      fields?: object;
      children?: object;
    }[];
    const named = all.filter((type) => type.named);
    assert.deepEqual(
      named.map(({ type }) => type).sort(),
      NODE_TYPES.filter((type) => type !== 'ERROR').sort(),
    );
    assert.deepEqual(
      named
        .filter(({ fields, children }) => children ?? Object.keys(fields ?? {}).length)
        .map(({ type }) => type)
        .sort(),
      [...BRANCHES].filter((type) => type !== 'ERROR').sort(),
    );
  });
});
