import assert from 'node:assert/strict';
import { mayRunTogether, takenApart } from '../../../../src/syntax/pasted/nft/apart';
import { ruleStarts } from '../../../../src/syntax/pasted/nft/ruleStarts';

/** The rules of a text; `?` before one whose beginning is not sure. */
function rules(text: string): string[] {
  const cuts = [...ruleStarts(text)].sort((a, b) => a.at - b.at);
  const begins = [{ at: 0, unsure: false }, ...cuts];
  return begins.flatMap(({ at, unsure }, i) => {
    const piece = text.slice(at, begins[i + 1]?.at ?? text.length).trim();
    return piece === '' && !unsure ? [] : [`${unsure ? '?' : ''}${piece}`];
  });
}

suite('rules whose lines ran together', () => {
  test('a verdict ends one, and a comment behind it still is of it', () => {
    assert.deepEqual(rules('tcp dport 80 accept drop'), ['tcp dport 80 accept', 'drop']);
    assert.deepEqual(rules('accept comment "web" tcp dport 80 drop'), [
      'accept comment "web"',
      'tcp dport 80 drop',
    ]);
    assert.deepEqual(rules('jump a goto b'), ['jump a', 'goto b']);
    assert.deepEqual(rules('ip daddr @x masquerade counter'), [
      'ip daddr @x masquerade',
      'counter',
    ]);
  });

  test('a chain’s own comment ends, a name in quotes does not', () => {
    assert.deepEqual(rules('comment "own" tcp dport 80 drop'), [
      'comment "own"',
      'tcp dport 80 drop',
    ]);
    assert.deepEqual(rules('iifname "eth0" accept'), ['iifname "eth0" accept']);
    assert.deepEqual(rules('iifname "eth0" accept oifname "lo" drop'), [
      'iifname "eth0" accept',
      'oifname "lo" drop',
    ]);
    assert.deepEqual(rules(''), []);
  });

  test('no rule counts twice', () => {
    assert.deepEqual(rules('counter counter'), ['counter', 'counter']);
    assert.deepEqual(rules('tcp dport 80 counter counter accept'), [
      'tcp dport 80 counter',
      'counter accept',
    ]);
  });

  test('a condition behind what a rule does may be the next one’s: that is not sure', () => {
    assert.deepEqual(rules('ip saddr 10.0.0.1 log ip daddr 10.0.0.2 accept'), [
      'ip saddr 10.0.0.1 log',
      '?ip daddr 10.0.0.2 accept',
    ]);
    assert.deepEqual(rules('tcp dport 80 counter ip saddr 10.0.0.1 accept'), [
      'tcp dport 80 counter',
      '?ip saddr 10.0.0.1 accept',
    ]);
    // Without a condition it is done in any case.
    assert.deepEqual(rules('log ip saddr 10.0.0.1 accept'), ['log', 'ip saddr 10.0.0.1 accept']);
    assert.deepEqual(rules('log accept'), ['log', 'accept']);
  });

  test('conditions, an action and a verdict at the end may be two rules', () => {
    assert.ok(rules('ip saddr 10.0.0.1 log drop').some((rule) => rule.startsWith('?')));
    // Behind the verdict the chain has more, which would never be reached.
    assert.deepEqual(rules('ip saddr 10.0.0.1 log drop accept'), [
      'ip saddr 10.0.0.1 log drop',
      'accept',
    ]);
    assert.ok(rules('ip saddr 10.0.0.1 log jump x accept').some((rule) => rule.startsWith('?')));
    assert.deepEqual(rules('ip saddr 10.0.0.1 drop'), ['ip saddr 10.0.0.1 drop']);
  });

  test('tabs or many blanks tell where lines were; braces of a set do not', () => {
    assert.deepEqual(rules('tcp dport 80 counter\tip saddr 10.0.0.1 accept'), [
      'tcp dport 80 counter',
      'ip saddr 10.0.0.1 accept',
    ]);
    assert.deepEqual(rules('counter      log'), ['counter', 'log']);
    assert.deepEqual(rules('counter     log'), ['counter     log']);
    assert.deepEqual(rules('tcp dport { 80,\t443 } accept\tdrop'), [
      'tcp dport { 80,\t443 } accept',
      'drop',
    ]);
    assert.deepEqual(rules('\ttcp dport 80 accept drop'), ['tcp dport 80 accept drop']);
  });

  test('so do the handles of nft -a', () => {
    assert.deepEqual(rules('tcp dport 80 counter # handle 5 log # handle 6'), [
      'tcp dport 80 counter # handle 5',
      'log # handle 6',
    ]);
  });

  test('the declaration of the chain, its policy and its comment stand by themselves', () => {
    assert.deepEqual(rules('type nat hook output priority 0; policy accept; counter accept drop'), [
      ...['type nat hook output priority 0; policy accept;', 'counter accept', 'drop'],
    ]);
    assert.deepEqual(rules('comment "of it" tcp dport 80 accept'), [
      'comment "of it"',
      'tcp dport 80 accept',
    ]);
    assert.deepEqual(rules('accept; drop'), ['accept;', 'drop']);
  });
});

suite('a listing of nft whose lines ran together', () => {
  const apart = (...lines: string[]) => takenApart(lines).map(({ text }) => text.trim());

  test('is known by what stands behind a brace', () => {
    for (const [text, together] of [
      ['table ip a { chain b {', true],
      ['table ip a { # handle 5 chain b {', true],
      ['table ip a {', false],
      ['table ip a { # handle 5', false],
      ['table ip a { }', false],
      ['table what a { chain b {', false],
      ['\tchain b { accept', true],
      ['\tset s { type ipv4_addr', true],
      ['\tmap m { type ipv4_addr : verdict', true],
      ['\tchain b {', false],
      ['tcp dport { 80 } accept', false],
    ] as const) {
      assert.equal(mayRunTogether(text), together, text);
    }
  });

  test('has each block, property and rule on a line of its own', () => {
    assert.deepEqual(
      apart(
        'table ip a { # handle 1 comment "of a" flags dormant set s { type ipv4_addr flags dynamic,timeout size 5 elements = { 10.0.0.1, 10.0.0.2 } } counter c { packets 1 bytes 2 } ct helper h { type "ftp" protocol tcp } chain b { type filter hook input priority 0; policy accept; tcp dport 80 accept drop } }',
      ),
      [
        'table ip a { # handle 1',
        'comment "of a"',
        'flags dormant',
        'set s {',
        'type ipv4_addr',
        'flags dynamic,timeout',
        'size 5',
        'elements = { 10.0.0.1, 10.0.0.2 }',
        '}',
        'counter c {',
        'packets 1 bytes 2',
        '}',
        'ct helper h {',
        'type "ftp" protocol tcp',
        '}',
        'chain b {',
        'type filter hook input priority 0; policy accept;',
        'tcp dport 80 accept',
        'drop',
        '}',
        '}',
      ],
    );
  });

  test('keeps each piece’s place, and what was on lines of its own', () => {
    const text = 'table ip a { chain b {';
    const lines = takenApart([text, '\t\ttcp dport 80 counter ip saddr 10.0.0.1 accept', '} }']);
    assert.deepEqual(
      lines.map((one) => [one.text.trim(), one.line, one.column]),
      [
        ['table ip a {', 0, -1],
        ['chain b {', 0, text.indexOf('chain') - 1],
        ['tcp dport 80 counter ip saddr 10.0.0.1 accept', 1, 0],
        ['}', 2, -1],
        ['}', 2, 1],
      ],
    );
  });

  test('says where it is not told whether a rule ends', () => {
    assert.deepEqual(
      apart('table ip a { chain b { tcp dport 80 counter ip saddr 10.0.0.1 accept } }'),
      [
        'table ip a {',
        'chain b {',
        'tcp dport 80 counter',
        '...',
        'ip saddr 10.0.0.1 accept',
        '}',
        '}',
      ],
    );
  });

  test('ends at a prompt: what follows is another output', () => {
    assert.deepEqual(
      apart(
        'table ip a { chain b { accept',
        'root@node:~# nft list ruleset',
        'counter accept drop',
      ),
      [
        'table ip a {',
        'chain b {',
        'accept',
        'root@node:~# nft list ruleset',
        'counter accept drop',
      ],
    );
  });
});

suite('listings of which some lines ran together', () => {
  const apart = (...lines: readonly string[]) => takenApart(lines).map(({ text }) => text.trim());

  test('a chain below its table’s own line, and none below what is no table', () => {
    const chain = 'chain c { tcp dport 80 accept drop }';
    const rows = ['chain c {', 'tcp dport 80 accept', 'drop', '}'];
    assert.deepEqual(apart('table ip x {', chain, '}'), ['table ip x {', ...rows, '}']);
    assert.deepEqual(apart('Dear all,', chain), ['Dear all,', chain]);
    assert.deepEqual(apart('the table ip x {', chain), ['the table ip x {', chain]);
    assert.deepEqual(apart(`table inet x { ${chain} }`), ['table inet x {', ...rows, '}']);
    assert.deepEqual(apart(`table x { ${chain} }`), [`table x { ${chain} }`]);
  });

  test('handles stay on the lines that begin blocks', () => {
    assert.deepEqual(apart('table ip x { # handle 1 chain c { # handle 2 accept # handle 3 } }'), [
      'table ip x { # handle 1',
      'chain c { # handle 2',
      'accept # handle 3',
      '}',
      '}',
    ]);
  });

  test('a prompt ends what was open', () => {
    const chain = 'chain c { accept drop }';
    assert.deepEqual(apart('table ip x {', '$ nft list ruleset', chain).at(-1), chain);
  });

  test('properties of a set end at semicolons, too', () => {
    assert.deepEqual(
      apart(
        'table ip x { set s { type ipv4_addr; flags interval; elements = { 10.0.0.1, 10.0.0.2 } } }',
      ),
      [
        'table ip x {',
        'set s {',
        'type ipv4_addr;',
        'flags interval;',
        'elements = { 10.0.0.1, 10.0.0.2 }',
        '}',
        '}',
      ],
    );
    assert.deepEqual(
      apart(
        'table ip x { set s { type ipv4_addr comment "flags size" flags dynamic,timeout timeout 3h } }',
      ),
      [
        'table ip x {',
        'set s {',
        'type ipv4_addr',
        'comment "flags size"',
        'flags dynamic,timeout',
        'timeout 3h',
        '}',
        '}',
      ],
    );
  });

  test('objects of a table are blocks that hold no rules', () => {
    for (const object of ['counter c', 'quota q', 'limit l', 'ct helper h']) {
      assert.deepEqual(apart(`table ip x { ${object} { packets 0 bytes 0 } chain c { accept } }`), [
        'table ip x {',
        `${object} {`,
        'packets 0 bytes 0',
        '}',
        'chain c {',
        'accept',
        '}',
        '}',
      ]);
    }
  });
});
