import assert from 'node:assert/strict';
import { toMarkdown } from '../../../../src/workspace/hover/markdown';
import type { Surroundings } from '../../../../src/language/rules/dumpFacts';
import { hoverAt } from '../../../../src/language/rules/hover/hoverAt';
import { openAtMarker } from '../dump';

/** The hover at `|`, without Markdown's escapes, and the columns that it is of. */
async function hover(marked: string, surroundings?: Surroundings) {
  const { context, line, column } = await openAtMarker(marked, surroundings);
  const content = hoverAt(context, line, column);
  const text = content ? toMarkdown(content.blocks).replace(/\\(.)/g, '$1') : '';
  const shown = content && context.lineText(line).slice(content.start, content.end);
  return { text, shown };
}

const mangle = (rule: string) => `*mangle\n:PREROUTING ACCEPT [0:0]\n${rule}\nCOMMIT\n`;
const nat = (...rules: string[]) =>
  `*nat\n:PREROUTING ACCEPT [0:0]\n:C - [0:0]\n${rules.join('\n')}\nCOMMIT\n`;

suite('the formula of a mark', () => {
  // xt_mark.c, xt_connmark.c: mark = (mark & ~mask) ^ value; a test compares what the mask leaves.
  const cases: [string, string[]][] = [
    ['-A PREROUTING -m mark --mark 0x1|0/0x30 -j ACCEPT', ['`(mark & 0x30) == 0x10`']],
    ['-A PREROUTING -m mark ! --mark 0x1|0/0x30 -j ACCEPT', ['`(mark & 0x30) != 0x10`']],
    ['-A PREROUTING -m connmark --mark 0x1|0/0x30 -j ACCEPT', ['`(ctmark & 0x30) == 0x10`']],
    ['-A PREROUTING -j MARK --set-xmark 0x1|0/0x30', ['`mark = (mark & ~0x30) ^ 0x10`']],
    ['-A PREROUTING -j MARK --set-xmark 0x1|0/0xffffffff', ['`mark = 0x10`']],
    ['-A PREROUTING -j CONNMARK --set-xmark 0x1|0/0x30', ['`ctmark = (ctmark & ~0x30) ^ 0x10`']],
    [
      '-A PREROUTING -j CONNMARK --save-mark --nfmask 0x3|0 --ctmask 0x70',
      ['`ctmark = (ctmark & ~0x70) ^ (mark & 0x30)`'],
    ],
    [
      '-A PREROUTING -j CONNMARK --restore-mark --nfmask 0x30 --ctmask 0x7|0',
      ['`mark = (mark & ~0x30) ^ (ctmark & 0x70)`'],
    ],
    [
      '-A PREROUTING -p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x1|0/0x30',
      ['`mark = (mark & ~0x30) ^ 0x10`'],
    ],
    [
      '-A PREROUTING -m mark --mark 0x1|0/0x30 -j MARK --set-xmark 0x40/0x40',
      ['`(mark & 0x30) == 0x10`', 'Asks whether', '[mangle PREROUTING 1]'],
    ],
  ];
  for (const [rule, expected] of cases) {
    test(rule, async () => {
      const { text } = await hover(mangle(rule));
      for (const part of expected) assert.ok(text.includes(part), text);
    });
  }

  test('the value with its mask in bits, and who else sets, tests and flips them in which order', async () => {
    const { text, shown } = await hover(
      mangle(
        [
          '-A PREROUTING -m mark --mark 0x10/0x10 -j ACCEPT',
          '-A PREROUTING -j CONNMARK --set-xmark 0x10/0x10',
          '-A PREROUTING -j MARK --set-xmark 0x1|0/0x10',
          '-A PREROUTING -j MARK --set-xmark 0x0/0x10',
          '-A PREROUTING -j MARK --set-xmark 0x40/0x40',
        ].join('\n'),
      ),
    );
    assert.equal(shown, '0x10/0x10');
    assert.match(text, /0001 0000.* value\n.*0001 0000.* mask 0x10/);
    const uses = [
      ...text.matchAll(/mangle PREROUTING (\d).*? (sets|clears|tests)(?: bit 4)?(.*)/g),
    ];
    assert.deepEqual(
      uses.map(([, rule, action, whose]) => [rule, action, /connection/.test(whose!)]),
      [
        ['2', 'sets', true],
        ['3', 'sets', false],
        ['4', 'clears', false],
        ['1', 'tests', false],
      ],
    );
  });

  test('the formula is of the match or target that holds the mark, from its first to its last column', async () => {
    const said = async (rule: string) =>
      [...(await hover(mangle(rule))).text.matchAll(/`(\S* ?\(?mark [^`]*)`/g)].map(([, at]) => at);
    const [set, asked] = ['mark = (mark & ~0x30) ^ 0x10', '(mark & 0x30) == 0x10'];
    const comment = '-m comment --comment "see 0x8|0"';
    for (const [rule, expected] of [
      [`${comment} -j MARK --set-xmark 0x10/0x30`, []],
      [`-j MARK --set-xmark 0x10/0x30 ${comment}`, []],
      [`-m mark --mark 0x10/0x30 ${comment} -j ACCEPT`, []],
      [comment, []],
      ['-j MARK --set-xmark 0x10/0x30|', [set]],
      ['-m mark --mark 0x10/0x30| -j ACCEPT', [asked]],
      ['-m mark --mark |0x10/0x30 -j ACCEPT', [asked]],
    ] as const) {
      assert.deepEqual(await said(`-A PREROUTING ${rule}`), expected, rule);
    }
  });

  test('a mark that no rule has', async () => {
    const text =
      '*nat\n:C - [0:0]\n-A C -m comment --comment "see 0x1|0 of old" -j ACCEPT\nCOMMIT\n';
    assert.match((await hover(text)).text, /No rule of this dump sets or tests bit 4/);
  });

  test('a number is a mark where its option says so, up to 32 bits', async () => {
    const port = await hover(mangle('-A PREROUTING -p tcp -m tcp --dport 1|6 -j ACCEPT'));
    assert.doesNotMatch(port.text, /\*\*Mark/);
    const decimal = await hover(mangle('-A PREROUTING -j MARK --set-mark 1|6'));
    assert.match(decimal.text, /\*\*Mark\*\* `0x10`/);
    const large = await hover(mangle('-A PREROUTING -j MARK --set-mark 4294967|296'));
    assert.doesNotMatch(large.text, /\*\*Mark/);
    const all = await hover(mangle('-A PREROUTING -j MARK --set-mark 4294967|295'));
    assert.match(all.text, /\*\*Mark\*\* `0xffffffff`/);
  });
});

suite('the share of a rule that chance decides', () => {
  const rules = (...modes: string[]) =>
    modes.map((mode, i) => `-A C ${mode} -j DNAT --to-destination 10.0.0.${i + 1}`);
  const random = (value: string) => `-m statistic --mode random --probability ${value}`;

  test('each of three, and of the packets that come so far', async () => {
    const { text } = await hover(nat(...rules(random('0.33333333349'), random('0.|5'), '')));
    assert.match(text, /Share of the chain's traffic: 33\.3 %/);
    assert.match(text, /50 % of the packets that come this far/);
    assert.match(text, /- \[rule 1: 33\.3 %\].*\n- \*\*rule 2: 33\.3 %\*\*\n- \[rule 3: 33\.3 %\]/);
    assert.doesNotMatch(text, /session affinity/);
  });

  test('what is negated takes the others', async () => {
    const negated = '-m statistic --mode random ! --probability 0.|2';
    const { text } = await hover(nat(...rules(negated, '')));
    assert.match(text, /80 % of the packets that come this far/);
  });

  test('every nth', async () => {
    const { text } = await hover(
      nat(...rules('-m statistic --mode nth --every |4 --packet 0', '')),
    );
    assert.match(text, /25 % of the packets that come this far/);
  });

  test('beside another condition it is unknown', async () => {
    const { text } = await hover(nat(...rules(`-s 10.9.0.0/16 ${random('0.|5')}`, '')));
    assert.match(text, /Share of the traffic: unknown/);
  });

  test('behind a rule of session affinity it is of the packets that this left', async () => {
    const affinity =
      '-m recent --rcheck --seconds 10800 --reap --name A --mask 255.255.255.255 --rsource';
    const { text } = await hover(nat(...rules(affinity, random('0.|5'), '')));
    assert.match(
      text,
      /Of packets that no earlier rule with other conditions \(session affinity\)/,
    );
  });

  test('one choice is no list', async () => {
    const { text } = await hover(nat(`-A C ${random('0.|5')} -j RETURN`));
    assert.doesNotMatch(text, /rule 1:/);
  });
});

suite('a chain by its name', () => {
  const cases: [string, string, RegExp, RegExp?][] = [
    [
      'a built-in one with its policy',
      '*nat\n:PRE|ROUTING DROP [0:0]\nCOMMIT\n',
      /no rules, policy DROP, declared in line 2/,
      /jumps/,
    ],
    [
      'one of a user has none',
      '*nat\n:MI|NE - [0:0]\n-A MINE -j ACCEPT\nCOMMIT\n',
      /1 rule, declared in line 2\b.*\n\nNo rule of this dump jumps here\./,
      /policy/,
    ],
    [
      'one that is filled alone',
      '*nat\n-A MI|NE -j ACCEPT\n-A MINE -j DROP\nCOMMIT\n',
      /2 rules; not declared in this dump/,
    ],
    [
      'one that is not there',
      '*nat\n:C - [0:0]\n-A C -j LO|ST\nCOMMIT\n',
      /Table nat of this dump has no such chain\..*\n\n1 rule jumps here:\n+- C 1|C 1.*\(line 3\)/s,
    ],
    [
      'who jumps to it',
      `*nat\n:MI|NE - [0:0]\n${'-A OUTPUT -j MINE\n'.repeat(10)}COMMIT\n`,
      /10 rules jump here:(?:.*\n)+.*OUTPUT 8.*\n.*and 2 more/,
    ],
    [
      'a name that hashes to nothing known',
      '*nat\n:KUBE-SVC-AAAAAAAAAAAAA|AAA - [0:0]\nCOMMIT\n',
      /No name known here hashes to this one/,
    ],
  ];
  for (const [name, marked, expected, not] of cases) {
    test(name, async () => {
      const { text } = await hover(marked);
      assert.match(text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'), expected);
      if (not) assert.doesNotMatch(text, not);
    });
  }
});

suite('words of a rule', () => {
  const listing =
    'Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination\n';
  const rule = '-A PREROUTING';
  const cases: [string, string, RegExp][] = [
    [
      'a target’s name',
      mangle(`${rule} -j MA|RK --set-xmark 0x1/0x1`),
      /^`MARK` .*\n\nHere the packet /,
    ],
    ['a match’s name', mangle(`${rule} -m ttl --ttl-eq 3 -m soc|ket -j ACCEPT`), /^`-m socket` /],
    [
      'a match that is not known',
      mangle(`${rule} -m xy|zzy --flag -j ACCEPT`),
      /^`-m xyzzy` _a match that is not known here_/,
    ],
    [
      'an option of a match',
      mangle(`${rule} -p tcp -m tcp --dp|ort 80 -j ACCEPT`),
      /^`--dport` .*\n\nHere: the packet .*80/,
    ],
    [
      'the whole rule at its -A',
      mangle('-|A PREROUTING -p tcp -j ACCEPT'),
      /^\*\*Rule 1 of 1\*\* in `PREROUTING`, mangle\n/,
    ],
    [
      'the whole rule at its chain, and the chain',
      mangle('-A PRE|ROUTING -p tcp -j ACCEPT'),
      /^\*\*Rule 1 of 1\*\*(?:.*\n)+.*Chain\*\* `PREROUTING`/,
    ],
    [
      'the name of a set, no match',
      mangle(`${rule} -m set --match-set KUBE-X|Y dst -j ACCEPT`),
      /^`--match-set` /,
    ],
    [
      'the list of session affinity, which is named like its chain',
      nat('-A C -m recent --rcheck --seconds 10800 --reap --name |C --rsource -j DROP'),
      /^\*\*Chain\*\* `C` in table nat/,
    ],
    [
      'a column of a listing that asks nothing: the whole rule',
      `${listing}           6    -|-  10.0.0.1             0.0.0.0/0            ctstate NEW\n`,
      /^\*\*Rule 1 of 1\*\* in `INPUT`/,
    ],
    [
      'a column of a listing that asks something: that alone',
      `${listing}ACCEPT     6    --  10.0.0.1             0.0.0.0/0            ctstate N|EW\n`,
      /^Here: the packet .*NEW\.?$/,
    ],
    [
      'a comment’s option',
      mangle(`${rule} -m comment --com|ment "hello" -j ACCEPT`),
      /^`--comment` /,
    ],
    [
      'a comment of a listing',
      `${listing}ACCEPT     6    --  10.0.0.1             0.0.0.0/0            /* he|llo */\n`,
      /A comment: it asks nothing of the packet/,
    ],
    [
      'a mark that a listing shows',
      `${listing}ACCEPT     6    --  10.0.0.1             0.0.0.0/0            mark match 0x1|0/0x30\n`,
      /`\(mark & 0x30\) == 0x10`/,
    ],
    [
      'what counters say',
      mangle('[5:3|00] -A PREROUTING -j ACCEPT'),
      /^Counted here: 5 packets, 300/,
    ],
    ['its counters', mangle('[5:300] -|A PREROUTING -j ACCEPT'), /Counted 5 packets, 300 bytes\./],
    [
      'a network',
      mangle(`${rule} -d 10.9|6.0.0/12 -j ACCEPT`),
      /^\*\*Network\*\* `10\.96\.0\.0\/12`/,
    ],
    [
      'a mask with holes',
      mangle(`${rule} -d 10.9|6.0.0/255.0.255.0 -j ACCEPT`),
      /The mask has holes: it compares single bits/,
    ],
    [
      'a comment that names no Service',
      mangle(`${rule} -m comment --comment "he|llo" -j ACCEPT`),
      /A comment: it asks nothing of the packet/,
    ],
    [
      'the target of a listing',
      `${listing}DR|OP       6    --  0.0.0.0/0            0.0.0.0/0            tcp dpt:80\n`,
      /^`DROP` .*\n\nHere the packet /,
    ],
    [
      'a chain as the target of a listing',
      `${listing}MI|NE       6    --  0.0.0.0/0            0.0.0.0/0            tcp dpt:80\n\nChain MINE (1 references)\ntarget     prot opt source               destination\n`,
      /^\*\*Chain\*\* `MINE`\n/,
    ],
    [
      'a target of a listing that is not known',
      `${listing}XY|ZZY      6    --  0.0.0.0/0            0.0.0.0/0            xyzzy 3\n`,
      /XYZZY/,
    ],
    [
      'the same word elsewhere in a listing is no target',
      `${listing}DROP       6    --  0.0.0.0/0            0.0.0.0/0            /* DR|OP it */\n`,
      /^_A comment: it asks nothing of the packet\._$/,
    ],
    [
      'a goto',
      `*nat\n:C - [0:0]\n:D - [0:0]\n-A C -g |D\nCOMMIT\n`,
      /^\*\*Chain\*\* `D` in table nat/,
    ],
    [
      'a value of the target that is named like it is none',
      mangle(`${rule} -j LOG --log-prefix LO|G`),
      /^`--log-prefix` /,
    ],
    [
      'a mark outside of rules',
      `*nat\n# 0x4|000/0xc000 is ours\n:C - [0:0]\nCOMMIT\n`,
      /^\*\*Mark\*\* `0x4000`/,
    ],
    ['an option outside of rules', '*nat\n-|N KUBE-X\nCOMMIT\n', /-N/],
  ];
  for (const [name, marked, expected] of cases) {
    test(name, async () => assert.match((await hover(marked)).text, expected));
  }

  test('what could not be read of a rule is told with it, and of a good one nothing', async () => {
    const bad = await hover(mangle('-|A PREROUTING -p tcp foo -j ACCEPT'));
    assert.match(bad.text, /\n- No option takes "foo"\./);
    const good = await hover(mangle('-|A PREROUTING -p tcp -j ACCEPT'));
    assert.doesNotMatch(good.text, /\n- /);
  });

  test('who else claims a mark by default is told where there is somebody', async () => {
    const claimed = await hover(mangle('-A PREROUTING -j MARK --set-xmark 0x4|0000/0x40000'));
    assert.match(claimed.text, /Also claimed, by default, by:\n+- /);
    const free = await hover(mangle('-A PREROUTING -j MARK --set-xmark 0x8000|0000/0x80000000'));
    assert.equal(
      /Also claimed/.test(free.text),
      /Also claimed, by default, by:\n+- /.test(free.text),
    );
  });

  test('an address that nothing names: what would tell', async () => {
    const marked = mangle(`${rule} -s 10.2|44.0.9/32 -j ACCEPT`);
    const known = { name: 'a', rulesets: [], interfaces: [], findings: [] };
    assert.match(
      (await hover(marked)).text,
      /no ip addr dump beside this one, no Kubernetes objects/,
    );
    assert.match((await hover(marked, { node: known })).text, /name it; no Kubernetes objects\./);
  });
});
