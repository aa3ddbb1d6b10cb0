import assert from 'node:assert/strict';
import { lowerRule } from '../../../src/syntax/iptables/lowerRule';
import { readRuleLine } from '../../../src/syntax/iptables/readRuleLine';
import type { LineParser } from '../../../src/syntax/treeSitter';
import { testParser } from '../parser';
import { plain } from '../plain';

suite('lowering a rule', () => {
  let parser: LineParser;
  suiteSetup(async () => (parser = await testParser()));

  function lower(options: string, family: 4 | 6 = 4) {
    const text = `-A X ${options}`;
    const line = readRuleLine(text, parser.parse(text))!;
    return lowerRule(line, {
      ...{ source: 'dump', line: 7, family, number: 1 },
      isChain: (name) => name === 'KUBE-MARK-MASQ',
    });
  }

  function matches(options: string, family?: 4 | 6): unknown {
    const { matches, findings } = lower(options, family);
    assert.deepEqual(findings, []);
    return plain(matches);
  }

  function target(options: string, family?: 4 | 6): unknown {
    const { target, findings } = lower(options, family);
    assert.deepEqual(findings, []);
    return plain(target);
  }

  const ports = (from: number, to: number, negated = false) => ({ value: { from, to }, negated });

  test('what iptables asks itself, in the order of the kernel', () => {
    assert.deepEqual(matches('-p tcp ! -i eth+ -o lo -d 10.96.0.1/32 ! -s 10.244.0.0/16'), [
      { kind: 'source', network: '10.244.0.0/16', negated: true },
      { kind: 'destination', network: '10.96.0.1/32', negated: false },
      { kind: 'in-interface', pattern: { name: 'eth', wildcard: true }, negated: true },
      { kind: 'out-interface', pattern: { name: 'lo', wildcard: false }, negated: false },
      { kind: 'protocol', protocol: 6, negated: false },
    ]);
  });

  test('long names and an IPv6 mask', () => {
    assert.deepEqual(matches('--source fd00::/ffff:: --protocol ipv6-icmp --in-interface +', 6), [
      { kind: 'source', network: 'fd00::/16', negated: false },
      { kind: 'in-interface', pattern: { name: '', wildcard: true }, negated: false },
      { kind: 'protocol', protocol: 58, negated: false },
    ]);
  });

  test('ports', () => {
    const [, tcp] = matches('-p tcp -m tcp ! --sport 1024: --dport :1023') as unknown[];
    assert.deepEqual(tcp, { kind: 'tcp', sport: ports(1024, 65535, true), dport: ports(0, 1023) });
    assert.deepEqual(matches('-m multiport ! --dports 80,8000:8080'), [
      {
        kind: 'multiport',
        side: 'destination',
        ports: [
          { from: 80, to: 80 },
          { from: 8000, to: 8080 },
        ],
        negated: true,
      },
    ]);
  });

  test('-p tcp --dport without -m tcp; -p tcp alone implies nothing', () => {
    assert.deepEqual(matches('-p tcp --dport 80 -m comment --comment x'), [
      { kind: 'protocol', protocol: 6, negated: false },
      { kind: 'tcp', dport: ports(80, 80) },
      { kind: 'comment', text: 'x' },
    ]);
    assert.equal((matches('-p tcp') as unknown[]).length, 1);
    assert.equal((matches('-p tcp -m tcp') as unknown[]).length, 2);
  });

  test('an option belongs to the latest match that has it', () => {
    const rule =
      '-m mark --mark 0x1 -m connmark ! --mark 2/3 -m comment --comment y -m mark --mark 4';
    assert.deepEqual(matches(rule), [
      { kind: 'mark', value: 1, mask: 0xffffffff, negated: false },
      { kind: 'connmark', value: 2, mask: 3, negated: true },
      { kind: 'comment', text: 'y' },
      { kind: 'mark', value: 4, mask: 0xffffffff, negated: false },
    ]);
  });

  test('a negation that stands behind an option without value', () => {
    assert.deepEqual(matches('-p tcp -m tcp --syn ! --dport 80'), [
      { kind: 'protocol', protocol: 6, negated: false },
      {
        kind: 'tcp',
        dport: ports(80, 80, true),
        flags: { value: { mask: 0x17, set: 2 }, negated: false },
      },
    ]);
  });

  test('tcp flags', () => {
    const [tcp] = matches('-m tcp ! --tcp-flags FIN,SYN,RST,ACK NONE') as unknown[];
    const flags = { value: { mask: 0x17, set: 0 }, negated: true };
    assert.deepEqual(tcp, { kind: 'tcp', flags });
  });

  test('comments: quotes and escapes', () => {
    const comment = (text: string) => (lower(text).matches[0] as { text: string }).text;
    assert.equal(comment(String.raw`-m comment --comment "it's \"x\" \\"`), `it's "x" \\`);
    assert.equal(comment('-m comment --comment -j -j DROP'), '-j');
  });

  test('conntrack, addrtype, sets', () => {
    const rule =
      '-m conntrack ! --ctstate RELATED,ESTABLISHED --ctorigdstport 53 --ctdir REPLY ' +
      '-m addrtype ! --src-type LOCAL --dst-type LOCAL --limit-iface-in ' +
      '-m set ! --match-set KUBE-CLUSTER-IP dst,dst';
    assert.deepEqual(matches(rule), [
      {
        kind: 'conntrack',
        states: { value: ['RELATED', 'ESTABLISHED'], negated: true },
        originalDestinationPort: ports(53, 53),
        direction: 'REPLY',
      },
      {
        kind: 'addrtype',
        source: { value: ['LOCAL'], negated: true },
        destination: { value: ['LOCAL'], negated: false },
        limitIn: true,
        limitOut: false,
      },
      {
        kind: 'set',
        name: 'KUBE-CLUSTER-IP',
        directions: ['dst', 'dst'],
        negated: true,
        returnNomatch: false,
      },
    ]);
  });

  test('statistic and recent', () => {
    assert.deepEqual(matches('-m statistic --mode random ! --probability 0.25'), [
      { kind: 'statistic', mode: { random: 0.25 }, negated: true },
    ]);
    assert.deepEqual(matches('-m statistic --mode nth --every 3 --packet 1'), [
      { kind: 'statistic', mode: { every: 3, packet: 1 }, negated: false },
    ]);
    assert.deepEqual(
      matches(
        '-m recent ! --rcheck --seconds 600 --reap --name A --mask 255.255.255.255 --rsource',
      ),
      [
        {
          kind: 'recent',
          action: 'rcheck',
          name: 'A',
          side: 'source',
          mask: '255.255.255.255',
          seconds: 600,
          reap: true,
          ttl: false,
          negated: true,
        },
      ],
    );
  });

  test('icmp types', () => {
    const icmp = (type: string) => matches(`-p icmp -m icmp ${type}`) as unknown[];
    const any = { from: 0, to: 255 };
    assert.deepEqual(icmp('--icmp-type 8')[1], {
      kind: 'icmp',
      type: 8,
      codes: any,
      negated: false,
    });
    assert.deepEqual(icmp('! --icmp-type port-unreachable')[1], {
      ...{ kind: 'icmp', type: 3, codes: { from: 3, to: 3 }, negated: true },
    });
    assert.deepEqual(icmp('')[1], { kind: 'icmp', type: 255, codes: any, negated: false });
  });

  test('marks: one operation for all forms', () => {
    const mark = (option: string) => target(`-j MARK ${option}`);
    const change = (clear: number, xor: number) => ({ kind: 'MARK', clear, xor });
    assert.deepEqual(mark('--set-xmark 0x4000/0x4000'), change(0x4000, 0x4000));
    assert.deepEqual(mark('--set-mark 0xff/0x4000'), change(0x40ff, 0xff));
    assert.deepEqual(mark('--set-mark 5'), change(0xffffffff, 5));
    assert.deepEqual(mark('--or-mark 0x4000'), change(0x4000, 0x4000));
    assert.deepEqual(mark('--and-mark 0xf0'), change(0xffffff0f, 0));
    assert.deepEqual(mark('--xor-mark 0x4000'), change(0, 0x4000));
    assert.deepEqual(target('-j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xf0'), {
      kind: 'CONNMARK',
      operation: { restore: { nfmask: 0xff, ctmask: 0xf0 } },
    });
  });

  test('NAT ranges', () => {
    const off = { random: false, fullyRandom: false, persistent: false };
    const nat = (option: string) => target(`-j DNAT --to-destination ${option}`);
    const one = (address: string) => ({ from: address, to: address });
    assert.deepEqual(nat('10.244.0.3:3000'), {
      ...{ kind: 'DNAT', addresses: one('10.244.0.3'), ports: { from: 3000, to: 3000 }, ...off },
    });
    assert.deepEqual(nat('10.0.0.1-10.0.0.9:1024-2000/80'), {
      kind: 'DNAT',
      addresses: { from: '10.0.0.1', to: '10.0.0.9' },
      ports: { from: 1024, to: 2000 },
      portBase: 80,
      ...off,
    });
    assert.deepEqual(nat(':80'), { kind: 'DNAT', ports: { from: 80, to: 80 }, ...off });
    assert.deepEqual(nat('fd00::1'), { kind: 'DNAT', addresses: one('fd00::1'), ...off });
    assert.deepEqual(nat('[fd00::1]:80 --persistent'), {
      kind: 'DNAT',
      addresses: one('fd00::1'),
      ports: { from: 80, to: 80 },
      ...{ ...off, persistent: true },
    });
    assert.deepEqual(target('-j MASQUERADE --random-fully'), {
      ...{ kind: 'MASQUERADE', ...off, fullyRandom: true },
    });
  });

  test('jumps, verdicts, other targets', () => {
    assert.deepEqual(target('-j KUBE-MARK-MASQ'), { kind: 'jump', chain: 'KUBE-MARK-MASQ' });
    assert.deepEqual(target('--goto NOWHERE'), { kind: 'goto', chain: 'NOWHERE' });
    assert.deepEqual(target('-j ACCEPT'), { kind: 'ACCEPT' });
    assert.deepEqual(target('-j REJECT', 6), { kind: 'REJECT', with: 'icmp6-port-unreachable' });
    assert.deepEqual(target('-j LOG --log-prefix "a b" --log-level 6'), {
      kind: 'LOG',
      text: '--log-prefix "a b" --log-level 6',
    });
    assert.deepEqual(target('-j HMARK --hmark-tuple src'), {
      ...{ kind: 'unmodelled-target', name: 'HMARK', text: '--hmark-tuple src' },
    });
  });

  test('places: the line, each match with its options, the target and its name', () => {
    const text = '-A X -m mark ! --mark 1 -j KUBE-MARK-MASQ';
    const { matches, target } = lower(text.slice('-A X '.length));
    assert.deepEqual(lower(text.slice('-A X '.length)).range, {
      ...{ source: 'dump', line: 7, start: 0, end: text.length },
    });
    const cut = (range: { start: number; end: number } | undefined) =>
      range && text.slice(range.start, range.end);
    assert.equal(cut(matches[0]?.range), '-m mark ! --mark 1');
    assert.equal(cut(target?.range), '-j KUBE-MARK-MASQ');
    assert.equal(target?.kind === 'jump' && cut(target.nameRange), 'KUBE-MARK-MASQ');
  });

  test('counters of both forms', () => {
    const counters = (text: string) =>
      lowerRule(readRuleLine(text, parser.parse(text))!, {
        ...{ source: 'dump', line: 0, family: 4, number: 1 },
        isChain: () => false,
      }).counters;
    assert.deepEqual(counters('[5:300] -A X -j DROP'), { packets: 5, bytes: 300 });
    assert.deepEqual(counters('-A X -c 5 300 -j DROP'), { packets: 5, bytes: 300 });
    assert.equal(counters('-A X -j DROP'), undefined);
    assert.equal(counters('-A X -c 5'), undefined);
  });

  suite('what is not understood is said, with its place', () => {
    for (const [rule, code, place] of [
      ['-m mark --mark zz -j DROP', 'unreadable-value', '--mark zz'],
      ['-s example.org -j DROP', 'unreadable-value', '-s example.org'],
      ['-p tcp -m tcp --dport 80 --flub 3', 'unknown-option', '--flub 3'],
      ['-m recent --rcheck ! --seconds 3', 'unreadable-value', '! --seconds 3'],
      ['-m statistic --mode random', 'incomplete-match', '-m statistic --mode random'],
      ['-m socket --transparent 3', 'unreadable-value', '--transparent 3'],
      ['-p tcp foo -j DROP', 'bad-argument', 'foo'],
      ['-m comment --comment "cut o', 'unterminated-string', '"cut o'],
      ['-j DNAT', 'incomplete-target', '-j DNAT'],
      ['-j ACCEPT -j DROP', 'second-target', '-j DROP'],
      ['-j DROP !', 'syntax-error', '!'],
      ['-s -j DROP', 'unreadable-value', '-s'],
      ['-p tcp -m tcp --dport', 'unreadable-value', '--dport'],
      ['-p tcp -j', 'unreadable-value', '-j'],
      ['-m -j DROP', 'unreadable-value', '-m'],
    ] as const) {
      test(rule, () => {
        const { findings } = lower(rule);
        const text = `-A X ${rule}`;
        assert.deepEqual(
          findings.map(({ code, range }) => [code, text.slice(range.start, range.end)]),
          [[code, place]],
        );
      });
    }

    test('in the words of the line', () => {
      for (const [rule, ...messages] of [
        ['-s example.org', '"-s example.org" can\'t be read.'],
        ['-s -j DROP', '-s has no value.'],
        ['! -i -j DROP', '-i has no value.'],
        ['-o', '-o has no value.'],
        ['-p 256', '"-p 256" can\'t be read.'],
        ['-p -j DROP', '-p has no value.'],
        ['-m mark --mark zz', '"--mark zz" can\'t be read.'],
        ['-m mark ! --mark zz', '"! --mark zz" can\'t be read.'],
        ['-m mark --mark -j DROP', '--mark has no value.'],
        ['-m mark ! --mark -j DROP', '"! --mark" can\'t be read.'],
        ['-p tcp -m tcp --dport', '--dport has no value.'],
        ['-m socket ! --transparent', '"! --transparent" can\'t be read.'],
        ['-m socket --transparent 3', '"--transparent 3" can\'t be read.'],
        ['-m statistic --mode random', '-m statistic lacks an option.'],
        ['-j DNAT', '-j DNAT lacks an option.'],
        ['-j MARK --set-mark 1 --or-mark 2', '--or-mark is not understood as an option of MARK.'],
        ['-m', '-m has no value.'],
        ['--frob 1', '--frob is not an option of any match or target of this rule.'],
      ] as const) {
        const { findings } = lower(rule);
        assert.deepEqual(
          findings.map(({ message }) => message),
          messages,
          rule,
        );
      }
    });

    test('such a part is unmodelled, and none is lost', () => {
      const kinds = (rule: string) => {
        const { matches, target } = lower(rule);
        return [...matches, ...(target ? [target] : [])].map((part) =>
          'name' in part && 'text' in part
            ? [part.kind, part.name, part.text].join(' ').trimEnd()
            : part.kind,
        );
      };
      for (const [rule, ...expected] of [
        ['-s example.org -i -j DROP', 'unmodelled -s example.org', 'unmodelled -i', 'DROP'],
        ['-p nosuch', 'unmodelled -p nosuch'],
        ['-m socket ! --transparent', 'unmodelled socket ! --transparent'],
        ['-m mark --mark zz', 'unmodelled mark --mark zz'],
        ['-j MARK --set-mark 1 --or-mark 2', 'unmodelled-target MARK --set-mark 1 --or-mark 2'],
        ['-f', 'fragment'],
        ['! --fragment', 'fragment'],
      ] as const) {
        assert.deepEqual(kinds(rule), expected, rule);
      }
    });

    test('a match that is not modelled keeps its options as written', () => {
      assert.deepEqual(matches('-m u32 --u32 "6&0xFF=1" -m tcp --dport 80'), [
        { kind: 'unmodelled', name: 'u32', text: '--u32 "6&0xFF=1"' },
        { kind: 'tcp', dport: ports(80, 80) },
      ]);
    });

    test('a match with an unreadable part is unmodelled as a whole', () => {
      const { matches } = lower('-m conntrack --ctstate NEW,WHAT -j DROP');
      assert.equal(matches[0]?.kind, 'unmodelled');
    });
  });
});
