import assert from 'node:assert/strict';
import type { TableFamily } from '../../../src/core/rules/ruleset';
import { nftJsonRuleset } from '../../../src/syntax/nft/json/ruleset';
import { kindCode } from '../../../src/syntax/nft/lines/lineKind';
import { emptyScan, scanLine } from '../../../src/syntax/nft/lines/scanLine';
import { readBase } from '../../../src/syntax/nft/ruleset/base';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';

const kindNames = new Map(Object.entries(kindCode).map(([name, code]) => [code, name]));

/** `KIND NAME BRACES` */
function scan(line: string): string {
  const into = { ...emptyScan(), kind: 9, nameStart: 9, nameEnd: 9, braces: 9 };
  scanLine(line, into);
  const name = line.slice(into.nameStart, into.nameEnd);
  return [kindNames.get(into.kind), ...(name ? [name] : []), into.braces].join(' ');
}

/** `FAMILY TABLE[!]: KIND NAME:LENGTH ...`; `!` where it is not whole. */
function outline(...lines: string[]): string[] {
  return nftRuleset('x', lines.join('\n')).tables.map((table) =>
    [
      `${table.family} ${table.name}${table.complete ? '' : '!'}:`,
      ...[...table.chains.values()].map(({ name, length }) => `${name}:${length}`),
      ...[...table.sets!.values()].map(
        ({ kind, name, elements }) => `${kind} ${name}:${[...elements].length}`,
      ),
      ...(table.objects ?? []).map(({ kind, name }) => `${kind} ${name}`),
    ].join(' '),
  );
}

function findings(...lines: string[]): string[] {
  return nftRuleset('x', lines.join('\n')).findings.map(
    ({ code, range }) => `${range.line} ${code}`,
  );
}

suite('nft: what a line is', () => {
  test('by its first words, with the name that it declares and the braces that it opens', () => {
    for (const [line, expected] of [
      ['', 'blank 0'],
      ['\t\r', 'blank 0'],
      ['# Warning: table ip nat is managed by iptables-nft', 'comment 0'],
      ['# nft list ruleset', 'prompt 0'],
      ['# sudo nft list ruleset', 'prompt 0'],
      ['nft list ruleset', 'prompt 0'],
      ['nft -a list ruleset', 'prompt 0'],
      ['root@node:~# nft list ruleset', 'prompt 0'],
      ['\t\t# match-set A dst counter packets 1 bytes 2', 'text 0'],
      ['# match-set A dst counter packets 1 bytes 2', 'text 0'],
      ['# tcp dport 22 counter packets 1 bytes 2', 'comment 0'],
      ['....', 'cut 0'],
      ['…', 'cut 0'],
      ['..x', 'text 0'],
      ['# [snip]', 'cut 0'],
      ['table ip kube {', 'table kube 1'],
      ['table kube {', 'table kube 1'],
      ['table ip kube', 'text 0'],
      ['table ip kube { }', 'table kube 0'],
      ['\tchain services { # handle 5', 'chain services 1'],
      ['\tchain services;', 'text 0'],
      ['\tchain {', 'text 1'],
      ['\tset s {', 'set s 1'],
      ['\tset s{', 'set s 1'],
      ['table ip x{', 'table x 1'],
      ['table x{}', 'table x 0'],
      ['elements={ 10.0.0.1 }', 'text 0'],
      ['\troot@node:~# ls', 'text 0'],
      ['\tmap m {', 'map m 1'],
      ['\tcounter c {', 'object c 1'],
      ['\tcounter packets 0 bytes 0', 'text 0'],
      ['\tct helper h {', 'object h 1'],
      ['\tct state established', 'text 0'],
      ['\tct what h {', 'text 1'],
      ['\ttype nat hook output priority 0; policy accept;', 'base 0'],
      ['\ttype ipv4_addr', 'text 0'],
      ['\telements = { 10.0.0.1,', 'elements 1'],
      ['\telements x', 'text 0'],
      ['\t}', 'close -1'],
      ['}}', 'close -2'],
      ['add rule ip x y accept', 'command 0'],
      ['nft add rule ip x y accept', 'command 0'],
      ['nft monitor', 'text 0'],
      ['\tadd @s { ip saddr }', 'text 0'],
      ['\tupdate @s { ip saddr }', 'text 0'],
      ['flush ruleset', 'command 0'],
      ['\treset tcp option x', 'text 0'],
      ['\tlog prefix "a { b" {', 'text 1'],
      ['\uFEFFtable\u00a0ip\u00a0x {', 'table x 1'],
    ] as [string, string][]) {
      assert.equal(scan(line), expected, line);
    }
  });
});

suite('nft: what lines make together', () => {
  test('tables, chains, sets and objects, each up to its brace', () => {
    assert.deepEqual(
      outline(
        'table ip a {',
        '\tcomment "of a"',
        '\tset s {',
        '\t\ttype ipv4_addr',
        '\t\telements = { 10.0.0.1, 10.0.0.2 }',
        '\t}',
        '\tquota q {',
        '\t\t5 bytes',
        '\t}',
        '\tchain c {',
        '\t\taccept',
        '\t}',
        '}',
        'table inet b { }',
        'table e {',
        '}',
      ),
      ['ip a: c:1 set s:2 quota q', 'inet b:', 'ip e:'],
    );
  });

  test('a brace too many or too few ends the table, and says so', () => {
    assert.deepEqual(
      outline('table ip a {', '\tchain c {', '\t\taccept', '\t}}', 'table ip b {', '}'),
      ['ip a: c:1', 'ip b:'],
    );
    assert.deepEqual(outline('table ip a {', '\tchain c {', '\t\taccept', 'table ip b {', '}'), [
      'ip a!: c:1',
      'ip b:',
    ]);
    assert.deepEqual(outline('table ip a {', '\tchain c {', '\tchain d {', '\t}', '}'), [
      'ip a!: c:0 d:0',
    ]);
    assert.deepEqual(outline('table ip a {', '\tchain c { accept; }', '}'), ['ip a!: c:0']);
    assert.deepEqual(outline('table ip a {', '\tchain c {', '\t\taccept', '$ nft list ruleset'), [
      'ip a!: c:1',
    ]);
    assert.deepEqual(outline('\tchain c {', '\t\taccept', '\t}', '}'), ['ip !: c:1']);
  });

  test('where lines are missing is said at the table; what stands outside of one, where it is', () => {
    assert.deepEqual(findings('table ip a {', '....', '}'), ['0 table-incomplete']);
    assert.deepEqual(findings('hello', 'table ip a {', '}', 'bye'), [
      '0 unknown-line',
      '3 unknown-line',
    ]);
    assert.deepEqual(findings('table ip a {', '}', 'delete rule ip a c handle 5'), [
      '2 command-ignored',
    ]);
  });

  test('objects have what they hold', () => {
    const { tables } = nftRuleset(
      'x',
      'table ip a { # handle 3\n\tflags dormant\n\tcomment "of a"\n\tlimit l {\n\t\trate 5/second\n\t}\n\tquota q {\n\t\tover 5 bytes\n\t}\n\tct helper h {\n\t\ttype "ftp" protocol tcp\n\t}\n\tcounter c {\n\t\tpackets 1 bytes 2\n\t}\n}\n',
    );
    const [table] = tables;
    assert.deepEqual([table!.handle, table!.comment, table!.dormant], [3, 'of a', true]);
    assert.deepEqual(
      table!.objects!.map(({ kind, name, statement, counters, declared }) => [
        ...[kind, name, statement?.kind, counters?.bytes, declared.line],
      ]),
      [
        ['limit', 'l', 'limit', undefined, 3],
        ['quota', 'q', 'quota', undefined, 6],
        ['ct helper', 'h', undefined, undefined, 9],
        ['counter', 'c', undefined, 2, 12],
      ],
    );
  });
});

suite('nft: commands', () => {
  test('what is added, inserted and taken away again', () => {
    const head = ['add table ip a', 'add chain ip a c', 'add rule ip a c accept'];
    assert.deepEqual(outline(...head), ['ip a!: c:1']);
    assert.deepEqual(outline(...head, 'flush chain ip a c'), ['ip a!: c:0']);
    assert.deepEqual(outline(...head, 'flush table ip a'), ['ip a!: c:0']);
    assert.deepEqual(outline(...head, 'delete chain ip a c'), ['ip a!:']);
    assert.deepEqual(outline(...head, 'destroy table ip a', 'add table ip b'), ['ip b!:']);
    assert.deepEqual(outline(...head, 'delete table ip other'), ['ip a!: c:1']);
    assert.deepEqual(outline(...head, 'flush ruleset'), []);
    assert.deepEqual(
      outline(
        ...head,
        'add set ip a s { type ipv4_addr; }',
        'add element ip a s { 10.0.0.1, 10.0.0.2 }',
      ),
      ['ip a!: c:1 set s:2'],
    );
    assert.deepEqual(
      outline(
        ...head,
        'add map ip a s { type ipv4_addr : verdict; }',
        'add element ip a s { 10.0.0.1 : drop }',
        'flush map ip a s',
      ),
      ['ip a!: c:1 map s:0'],
    );
    assert.deepEqual(outline('nft add rule a c accept', "nft 'add rule ip6 a c accept'"), [
      'ip a!: c:1',
      'ip6 a!: c:1',
    ]);
  });

  test('a rule stands where it was put; the place that a command names is none of its words', () => {
    const { tables } = nftRuleset(
      'x',
      'add rule ip a c counter\nadd rule ip a c index 0 accept\ninsert rule ip a c drop\ninsert rule ip a c position 5 return\n',
    );
    const chain = tables[0]!.chains.get('c')!;
    assert.deepEqual(
      Array.from({ length: chain.length }, (_, i) =>
        chain
          .rule(i)
          .statements.map(({ kind }) => kind)
          .join(),
      ),
      ['RETURN', 'DROP', 'counter', 'ACCEPT'],
    );
    assert.equal(chain.declared, undefined);
    assert.throws(() => chain.rule(4), RangeError);
  });

  test('commands that are not followed are named', () => {
    const head = 'add table ip a';
    for (const command of [
      ...['delete rule ip a c handle 5', 'replace rule ip a c handle 5 drop'],
      ...[
        'add rule ip',
        'add element ip a s',
        'add flowtable ip a f { }',
        'list ruleset',
        'flush set',
      ],
    ]) {
      const { findings: found } = nftRuleset('x', `${head}\n${command}\n`);
      assert.deepEqual(
        found.map(({ code, range }) => `${range.line} ${code}`),
        ['1 command-ignored'],
        command,
      );
    }
  });
});

suite('nft: base chains', () => {
  test('hook, type, priority by number or by name, policy, devices', () => {
    const base = (text: string, family: TableFamily = 'ip') => {
      const read = readBase(text, family);
      return (
        read &&
        [read.type, read.hook, read.priority, read.policy, ...(read.devices ?? [])].join(' ')
      );
    };
    for (const [text, expected] of [
      ['type nat hook prerouting priority dstnat; policy accept;', 'nat prerouting -100 ACCEPT'],
      ['type filter hook input priority filter; policy drop;', 'filter input 0 DROP'],
      ['type filter hook  forward  priority  filter - 110;', 'filter forward -110 ACCEPT'],
      [
        'type nat hook postrouting priority srcnat + 5; policy accept;',
        'nat postrouting 105 ACCEPT',
      ],
      ['type route hook output priority mangle+1', 'route output -149 ACCEPT'],
      ['type filter hook output priority -300;', 'filter output -300 ACCEPT'],
      ['type filter hook output priority raw;', 'filter output -300 ACCEPT'],
      ['type filter hook output priority security;', 'filter output 50 ACCEPT'],
      ['type filter hook ingress device "eth0" priority 0;', 'filter ingress 0 ACCEPT eth0'],
      [
        'type filter hook egress devices = { "eth0", eth1 } priority 0;',
        'filter egress 0 ACCEPT eth0 eth1',
      ],
      ['type filter hook nowhere priority 0;', undefined],
      ['type other hook input priority 0;', undefined],
      ['type filter hook input;', undefined],
      ['type filter hook input priority what;', undefined],
      ['type ipv4_addr', undefined],
    ] as const) {
      assert.equal(base(text), expected, text);
    }
    assert.equal(
      base('type filter hook input priority filter;', 'bridge'),
      'filter input -200 ACCEPT',
    );
    assert.equal(base('type filter hook input priority out;', 'bridge'), 'filter input 100 ACCEPT');
    assert.equal(base('type filter hook input priority out;'), undefined);
  });

  test('a policy, a comment and a handle of a chain in a listing', () => {
    const { tables } = nftRuleset(
      'x',
      'table ip a {\n\tchain c { # handle 7\n\t\tcomment "of c"\n\t\ttype filter hook input priority 0\n\t\tpolicy drop\n\t\tcomment "not alone" accept\n\t}\n}\n',
    );
    const chain = tables[0]!.chains.get('c')!;
    assert.deepEqual(
      [chain.handle, chain.comment, chain.base?.policy, chain.length, chain.declared?.line],
      [7, 'of c', 'DROP', 1, 1],
    );
  });
});

suite('nft: JSON that is not as expected', () => {
  const read = (value: unknown, source = 'x') =>
    nftJsonRuleset(source, JSON.stringify({ nftables: value }));

  test('objects without a table, and what is no object, are passed over', () => {
    const { tables, findings: found } = read([
      ...[null, 5, {}, { metainfo: {} }, { chain: { name: 'c' } }, { table: 5 }],
      { table: { family: 'ip6', name: 'a', handle: 3, flags: ['dormant'], comment: 'of a' } },
      { chain: { family: 'ip6', table: 'a', name: 'c', handle: 4, comment: 'of c' } },
      {
        rule: {
          family: 'ip6',
          table: 'a',
          chain: 'c',
          handle: 5,
          comment: 'r',
          expr: [{ accept: null }],
        },
      },
      { limit: { family: 'ip6', table: 'a', name: 'l', rate: 5, per: 'second' } },
      { counter: { family: 'ip6', table: 'a', name: 'k', packets: 1, bytes: 2 } },
      { element: { family: 'ip6', table: 'a', name: 'e' } },
      { flowtable: { family: 'ip6', table: 'a', name: 'f' } },
    ]);
    assert.deepEqual(found, []);
    const [{ family, name, handle, dormant, comment, chains, objects }] = tables as [
      (typeof tables)[0],
    ];
    assert.deepEqual([family, name, handle, dormant, comment], ['ip6', 'a', 3, true, 'of a']);
    const chain = chains.get('c')!;
    assert.deepEqual(
      [chain.handle, chain.comment, chain.base, chain.length],
      [4, 'of c', undefined, 1],
    );
    const rule = chain.rule(0);
    assert.deepEqual(
      [rule.number, rule.handle, rule.statements.map(({ kind }) => kind)],
      [1, 5, ['ACCEPT', 'comment']],
    );
    assert.deepEqual([...chain.candidates({ family: 6, words: [0, 0, 0, 1] })], [0]);
    assert.deepEqual(
      objects!.map((object) => [object.kind, object.name, object.counters?.bytes]),
      [
        ['limit', 'l', undefined],
        ['counter', 'k', 2],
        ['flowtable', 'f', undefined],
      ],
    );
  });

  test('one table alone does not tell that there is no other', () => {
    const table = (name: string) => ({ table: { family: 'ip', name } });
    assert.equal(read([table('a')]).complete, false);
    assert.equal(read([table('a'), table('b')]).complete, true);
    assert.equal(read([table('a')], 'nft-list-ruleset.json').complete, true);
    assert.equal(read([table('a')])['tables'][0]!.dormant, undefined);
  });

  test('a base chain needs type, hook and priority', () => {
    const base = (more: object) =>
      read([{ chain: { family: 'ip', table: 'a', name: 'c', ...more } }]).tables[0]!.chains.get(
        'c',
      )!.base;
    const whole = { type: 'nat', hook: 'output', prio: -100 };
    assert.deepEqual(base({ ...whole, policy: 'drop', dev: ['eth0', 'eth1'] }), {
      ...{ type: 'nat', hook: 'output', priority: -100, policy: 'DROP', devices: ['eth0', 'eth1'] },
    });
    assert.deepEqual(base(whole), {
      type: 'nat',
      hook: 'output',
      priority: -100,
      policy: 'ACCEPT',
    });
    for (const key of Object.keys(whole))
      assert.equal(base({ ...whole, [key]: undefined }), undefined);
  });
});
