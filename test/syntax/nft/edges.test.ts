import assert from 'node:assert/strict';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { typeNamed } from '../../../src/syntax/nft/ruleset/set';
import { readRule } from '../../../src/syntax/nft/statements/rule';
import { lineText } from '../../../src/syntax/nft/text/reader';
import { tokensOf } from '../../../src/syntax/nft/text/tokens';
import { patternOf } from '../../../src/syntax/nft/values/value';
import { plain } from '../plain';
import { check, meta, number, one, payload } from './oneStatement';

suite('nft: values by their type', () => {
  test('a prefix of bits is an interval', () => {
    const read = (word: string, type?: string) => plain(patternOf(word, type)) as object;
    const numbers = (from: number, to: number) => ({ kind: 'numbers', from, to });
    for (const [word, type, expected] of [
      ['0x00000080/25', 'mark', numbers(0x80, 0xff)],
      ['0x80/32', 'mark', numbers(0x80, 0x80)],
      ['0/0', 'mark', numbers(0, 0xffffffff)],
      ['1024/6', 'inet_service', numbers(1024, 2047)],
      ['0/1', 'inet_proto', numbers(0, 127)],
      ['1024/17', 'inet_service', undefined],
      ['x/5', 'mark', undefined],
      ['5/x', 'mark', undefined],
      ['/5', 'mark', undefined],
      ['5-x', 'mark', undefined],
      ['x-5', 'mark', undefined],
      ['-5', 'mark', undefined],
      ['5-', 'mark', undefined],
      ['0', 'iface_index', numbers(0, 0)],
      ['0', 'ifname', { kind: 'text', text: '0', wildcard: false }],
      ['eth*', 'ifname', { kind: 'text', text: 'eth', wildcard: true }],
      ['eth\\*', 'ifname', { kind: 'text', text: 'eth\\*', wildcard: false }],
      ['eth*', 'iface_index', { kind: 'text', text: 'eth*', wildcard: false }],
      [
        'AA:bb:00:00:00:01',
        'ether_addr',
        { kind: 'text', text: 'aa:bb:00:00:00:01', wildcard: false },
      ],
    ] as const) {
      assert.deepEqual(
        read(word, type),
        expected ?? { kind: 'unknown', text: word },
        `${word} ${type}`,
      );
    }
  });

  test('the type that typeof names', () => {
    for (const [name, type] of [
      ['ipv4_addr', 'ipv4_addr'],
      ['ip saddr', 'ipv4_addr'],
      ['tcp dport', 'inet_service'],
      ['meta mark', 'mark'],
      ['ct original ip saddr', 'ipv4_addr'],
      ['ct reply ip6 daddr', 'ipv6_addr'],
      ['ct original saddr', undefined],
      ['ct mark', 'mark'],
      ['fib saddr type', 'fib_addrtype'],
      ['jhash ip saddr mod 4', 'integer'],
      ['iif', 'iface_index'],
      ['oif', 'iface_index'],
      ['iifname', 'ifname'],
      ['oifname', 'ifname'],
      ['ifname', 'ifname'],
      ['xiif', 'xiif'],
      ['iifx', 'iifx'],
      ['what ever', undefined],
    ] as const) {
      assert.equal(typeNamed({ name }), type, name);
    }
  });

  test('flags behind an operation are compared as a whole', () => {
    const flags = payload('tcp', 'flags');
    const masked = {
      kind: 'arithmetic',
      operator: '&',
      left: flags,
      right: { kind: 'constant', value: { kind: 'number', number: 3 } },
    };
    check([
      ['tcp flags syn', { kind: 'compare', left: flags, operator: 'any', right: number(2) }],
      ['tcp flags & 0x3 syn', { kind: 'compare', left: masked, operator: '==', right: number(2) }],
      [
        'tcp flags & 0x3 != syn',
        { kind: 'compare', left: masked, operator: '!=', right: number(2) },
      ],
      ['meta mark 5', { kind: 'compare', left: meta('mark'), operator: '==', right: number(5) }],
    ]);
  });
});

suite('nft: words of a statement', () => {
  test('many between two braces are one token, with the quotes and braces that are in them', () => {
    const kinds = (text: string, longest?: number) =>
      tokensOf(text, longest)
        .map(({ kind, text: word }) => (kind === 'elements' ? '...' : word))
        .join(' ');
    const set = 'ip saddr { 10.0.0.1, 10.0.0.2 comment "a } b" } accept';
    assert.equal(kinds(set, 10), 'ip saddr { ... } accept');
    assert.equal(kinds(set, 1000), kinds(set));
    assert.equal(kinds('a { b { c } d } e', 3), 'a { b { c } d } e');
    assert.equal(kinds('a { bbbbbbbbb { c } } e', 3), 'a { bbbbbbbbb { c } } e');
    assert.equal(kinds('a { bbbbbbbbbb', 3), 'a { bbbbbbbbbb');
    assert.equal(kinds('a { bbbbbbbbbb "}', 3), 'a { bbbbbbbbbb }');
    assert.deepEqual(
      tokensOf('{ aaaa }', 2).map(({ start, end }) => [start, end]),
      [
        [0, 1],
        [1, 7],
        [7, 8],
      ],
    );
  });

  test('a colon before a name is a sign, from a to z', () => {
    const words = (text: string) => tokensOf(text).map(({ text: word }) => word);
    assert.deepEqual(words(':a :z'), [':', 'a', ':', 'z']);
    assert.deepEqual(words(':` :A :~'), [':`', ':A', ':~']);
  });

  test('where another statement goes to belongs to it, and what follows does not', () => {
    const kinds = (rule: string) =>
      readRule(lineText('x', 0, 0, rule), 'ip').statements.map(({ kind, range }) => [
        kind,
        rule.slice(range.start, range.end),
      ]);
    for (const [first, kind] of [
      ['dup to 10.0.0.1', 'neutral'],
      ['dup to ip saddr map { 10.0.0.1 : 10.0.0.2 } device "lo"', 'neutral'],
      ['dup ip to 10.0.0.1 device "lo"', 'neutral'],
      ['fwd ip6 to fd00::1 device "lo"', 'fwd'],
      ['fwd to "lo"', 'fwd'],
      ['tproxy ip to 127.0.0.1:50080', 'tproxy'],
      ['tproxy ip6 to [::1]:50080', 'tproxy'],
      ['last used never', 'neutral'],
      ['flow add @f', 'neutral'],
      ['ct event set new,destroy', 'neutral'],
    ] as const) {
      assert.deepEqual(kinds(`${first} ip saddr 10.0.0.1 accept`), [
        [kind, first],
        ['compare', 'ip saddr 10.0.0.1'],
        ['ACCEPT', 'accept'],
      ]);
    }
  });

  test('what names no key of a selector is no comparison', () => {
    for (const rule of [
      ...[
        'ct what 5',
        'ct original what 5',
        'rt what 5',
        'socket what 5',
        'osf what "x"',
        'ipsec in what 5',
      ],
      ...['ip what 5', 'meta what 5', 'fib what', '@xx,0,8 5', '@th 5', 'quota x bytes', 'quota 5'],
    ]) {
      const { statements } = readRule(lineText('x', 0, 0, rule), 'ip');
      assert.ok(
        statements.every(({ kind }) => kind === 'unknown'),
        `${rule}: ${statements.map(({ kind }) => kind).join()}`,
      );
    }
    assert.deepEqual(one('ct mark == meta mark'), {
      ...{ kind: 'compare', left: { kind: 'ct', key: 'mark' }, operator: '==' },
      right: { kind: 'unknown', text: 'meta mark' },
    });
  });
});

suite('nft: tables that are not whole', () => {
  const outline = (...lines: string[]) =>
    nftRuleset('x', lines.join('\n')).tables.map(
      ({ family, name, complete, gaps }) =>
        `${family} ${name}${complete ? '' : '!'} ${gaps?.map(({ text, range }) => `${range.line}: ${text}`).join() ?? ''}`,
    );
  const lacks = 'what the listing lacks of table a changes nothing';

  test('a prompt, the next table or the end of the text stands where the brace should', () => {
    for (const rest of ['$ nft list ruleset', 'table ip b {\n}', '', 'add table ip b']) {
      const [a] = outline('hello', 'table ip a {', rest);
      assert.equal(a, `ip a! 1: ${lacks}`, rest);
    }
    assert.deepEqual(outline('table ip a {', '}'), ['ip a ']);
  });

  test('what stands behind a brace on its line is not taken apart', () => {
    assert.deepEqual(outline('table ip a { chain c { accept; } }'), [`ip a! 0: ${lacks}`]);
    assert.deepEqual(outline('table ip a { # handle 5', '}'), ['ip a ']);
    assert.deepEqual(outline('table ip a { }'), ['ip a ']);
  });

  test('a rule whose braces do not close ends with its chain', () => {
    const { chains } = nftRuleset(
      'x',
      'table ip a {\n\tchain c {\n\t\taccept\n\t\ttcp dport { 22,\n\t\t\t80,\n',
    ).tables[0]!;
    const c = chains.get('c')!;
    assert.equal(c.length, 2);
    assert.deepEqual(
      c.rule(1).statements.map(({ kind }) => kind === 'unknown'),
      c.rule(1).statements.map(() => true),
    );
  });

  test('a command that is followed is not named', () => {
    for (const command of [
      ...['flush ruleset', 'flush table ip a', 'delete table ip a', 'delete table ip other'],
      ...[
        'destroy table ip a',
        'delete chain ip a c',
        'flush chain ip a other',
        'flush set ip a s',
      ],
      ...['delete map ip a s', 'create table ip b', 'add chain ip a d', 'insert rule a c drop'],
      ...[
        'add set ip a z { type ipv4_addr; }',
        'add map ip a m',
        'add element ip a s { 10.0.0.1 }',
      ],
      ...["nft 'add rule ip a c accept'", 'nft add rule ip a c position 5 accept'],
    ]) {
      const { findings } = nftRuleset('x', `add table ip a\nadd chain ip a c\n${command}\n`);
      assert.deepEqual(
        findings.filter(({ code }) => code === 'command-ignored'),
        [],
        command,
      );
    }
    for (const command of [
      'list ruleset',
      'reset counters',
      'add rule ip a',
      'add counter ip a x',
      'flush rule ip a c',
      'add element ip a s',
    ]) {
      const { findings } = nftRuleset('x', `add table ip a\n${command}\n`);
      assert.ok(findings.length > 0, command);
    }
  });

  test('a family that nft does not have, and a chain’s name in its place', () => {
    assert.deepEqual(
      nftRuleset('x', 'table what a {\n}\n').tables.map(({ name }) => name),
      ['a'],
    );
    const rule = 'ip saddr 10.0.0.1 goto abc';
    const last = readRule(lineText('x', 0, 0, rule), 'ip').statements.at(-1);
    assert.ok(last?.kind === 'goto');
    assert.equal(rule.slice(last.nameRange.start, last.nameRange.end), 'abc');
  });

  test('where a set and a chain stand, of a listing and of commands', () => {
    const { chains, sets } = nftRuleset(
      'x',
      'add table ip a\nadd set ip a s { type ipv4_addr; }\nadd element ip a e { 10.0.0.1 }\nadd chain ip a c\nadd rule ip a d accept\n',
    ).tables[0]!;
    assert.deepEqual(
      ['s', 'e'].map((name) => [sets!.get(name)!.declared.line, sets!.get(name)!.kind]),
      [
        [1, 'set'],
        [2, 'set'],
      ],
    );
    assert.deepEqual(
      ['c', 'd'].map((name) => chains.get(name)!.declared?.line),
      [3, undefined],
    );
    const listed = nftRuleset(
      'x',
      'table ip a { # handle 3\n\tset s { # handle 9\n\t}\n\tset t {\n\t}\n}\n',
    ).tables[0]!;
    assert.equal(listed.handle, 3);
    assert.equal(listed.sets!.get('s')!.handle, 9);
    assert.equal('handle' in listed.sets!.get('t')!, false);
    assert.equal('handle' in nftRuleset('x', 'table ip a {\n}\n').tables[0]!, false);
  });
});
