import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseAddress } from '../../../src/core/address';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';

const listing = readFileSync('test/fixtures/nft/kube-proxy-1.36/nft-list-ruleset.txt', 'utf8');

const table = (text: string, name = 'x') => {
  const found = nftRuleset(name, text).tables[0];
  assert.ok(found);
  return found;
};

suite('nft: a listing', () => {
  test('base chains say hook, priority, type and policy', () => {
    const { chains } = table(listing);
    assert.deepEqual(chains.get('filter-prerouting-pre-dnat')?.base, {
      ...{ hook: 'prerouting', priority: -110, type: 'filter', policy: 'ACCEPT' },
    });
    assert.deepEqual(chains.get('nat-postrouting')?.base, {
      ...{ hook: 'postrouting', priority: 100, type: 'nat', policy: 'ACCEPT' },
    });
    assert.equal(chains.get('services')?.base, undefined);
    assert.equal(chains.get('reject-chain')?.comment?.startsWith('helper for'), true);
    assert.equal(chains.get('reject-chain')?.length, 1);
  });

  test('elements are counted without being read: commas and braces within quotes are none', () => {
    const count = (elements: string) => {
      const set = table(
        `table ip t {\n\tset s {\n\t\ttype ipv4_addr\n\t\telements = { ${elements} }\n\t}\n}\n`,
      ).sets!.get('s')!;
      assert.equal(set.elements.length, [...set.elements].length, elements);
      return set.elements.length;
    };
    assert.equal(count('10.0.0.1, 10.0.0.2'), 2);
    assert.equal(count('10.0.0.1 comment "a, b", 10.0.0.2 comment "c } d"'), 2);
    assert.equal(count('10.0.0.1 comment "a, b"'), 1);
    assert.equal(count('10.0.0.1 comment "", 10.0.0.2,\n\t\t\t10.0.0.3'), 3);
  });

  test('flags of a set, however they are spaced', () => {
    const flags = (text: string) =>
      table(`table ip t {\n\tset s {\n\t\ttype ipv4_addr\n\t\tflags ${text}\n\t}\n}\n`).sets!.get(
        's',
      )!.flags;
    assert.deepEqual(flags('dynamic,timeout'), ['dynamic', 'timeout']);
    assert.deepEqual(flags('dynamic, timeout ,interval;'), ['dynamic', 'timeout', 'interval']);
  });

  test('elements keep comment, verdict and place', () => {
    const set = table(listing).sets?.get('no-endpoint-services');
    assert.ok(set);
    const [first] = [...set.elements];
    assert.equal(set.elements.length, [...set.elements].length);
    assert.equal(first?.comment, 'shop/orphan-lb:http');
    assert.ok(first?.data?.kind === 'verdict' && first.data.verdict.kind === 'goto');
    const { line, start, end } = first.range;
    assert.equal(
      listing.split('\n')[line]!.slice(start, end),
      '203.0.113.30 . tcp . 80 comment "shop/orphan-lb:http" : goto reject-chain',
    );
  });

  test('a table by itself does not tell that there is no other', () => {
    const [, ip6] = listing.split(/^(?=table ip6)/m);
    assert.equal(nftRuleset('nft-list-ruleset.txt', listing).complete, true);
    assert.equal(nftRuleset('pasted', ip6!).complete, false);
    assert.equal(nftRuleset('x', `$ nft list ruleset\n${ip6!}`).complete, true);
    assert.equal(nftRuleset('x', `# nft list table ip6 kube-proxy\n${ip6!}`).complete, false);
  });

  test('a base chain that is not understood is not called, and what that leaves open is said', () => {
    const base = (line: string) => {
      const { chains, gaps } = table(`table ip t {\n\tchain c {\n\t\t${line}\n\t\tdrop\n\t}\n}\n`);
      return [chains.get('c')?.base?.priority, gaps?.map(({ text, range }) => [text, range.line])];
    };
    assert.deepEqual(base('type filter hook input priority filter - 1; policy drop;'), [-1, []]);
    assert.deepEqual(base('type filter hook input priority later; policy drop;'), [
      undefined,
      [['chain c, whose hook or priority is not understood, changes nothing', 2]],
    ]);
  });

  test('what is cut before the first of its tables does not tell that there is no other', () => {
    const lines = listing.split('\n');
    const second = lines.findIndex((line) => line.startsWith('table ip6'));
    for (const from of [0, 1, 2, 3, 10]) {
      const cut = nftRuleset('nft-list-ruleset.txt', lines.slice(second - from).join('\n'));
      assert.equal(cut.complete, from === 0, `${from} lines before`);
    }
    const { findings, complete } = nftRuleset('nft-list-ruleset.txt', '}\ntable ip a {\n}\n');
    assert.deepEqual(
      [findings.map(({ code, range }) => [code, range.line]), complete],
      [[['table-incomplete', 0]], false],
    );
  });

  test('how many elements there are does not hide the size', () => {
    const set = 'table ip t {\n\tset s {\n\t\ttype ipv4_addr\n\t\tsize 65535\t# count 3\n\t}\n}\n';
    assert.equal(table(set).sets?.get('s')?.size, 65535);
  });

  test('without elements in any set, nobody knows what is in them', () => {
    const terse = 'table ip kube-proxy {\n\tset cluster-ips {\n\t\ttype ipv4_addr\n\t}\n}\n';
    assert.equal(table(terse).sets?.get('cluster-ips')?.complete, false);
    assert.equal(table(listing).sets?.get('service-nodeports')?.complete, true);
  });

  test('a cut end, lines left out, and a missing beginning are said', () => {
    const codes = (text: string) => nftRuleset('x', text).findings.map(({ code }) => code);
    assert.deepEqual(codes('table ip a {\n\tchain b {\n\t\taccept\n'), ['table-incomplete']);
    assert.deepEqual(codes('table ip a {\n\tchain b {\n....\n\t}\n}'), ['table-incomplete']);
    assert.deepEqual(codes('\t\taccept\n\t}\n\tchain b {\n\t\tdrop\n\t}\n}').sort(), [
      ...['table-incomplete', 'unknown-line'],
    ]);
  });

  test('line ends of Windows, prompts and warnings in between', () => {
    const text = `root@node-a:~# nft list ruleset\n# Warning: table ip nat is managed by iptables-nft, do not touch!\n${listing}`;
    const ruleset = nftRuleset('x', text.replaceAll('\n', '\r\n'));
    assert.deepEqual(ruleset.findings, []);
    assert.equal(ruleset.tables.length, 2);
    assert.equal(ruleset.tables[0]!.chains.size, table(listing).chains.size);
  });

  test('commands, as people mail them', () => {
    const { chains, sets } = table(
      [
        'add table ip kube',
        'add chain ip kube post { type nat hook postrouting priority srcnat; policy accept; }',
        'add rule ip kube post masquerade # handle 4',
        "nft insert rule ip kube post oifname 'eth0' accept",
        'add map ip kube m { type ipv4_addr . inet_service : verdict; }',
        'add element ip kube m { 10.0.0.1 . 80 : drop, 10.0.0.2 . 80 : accept }',
      ].join('\n'),
    );
    const post = chains.get('post');
    assert.equal(post?.base?.priority, 100);
    assert.deepEqual(
      [0, 1].map((i) => post?.rule(i).statements.map(({ kind }) => kind)),
      [['compare', 'ACCEPT'], ['MASQUERADE']],
    );
    assert.equal(sets?.get('m')?.kind, 'map');
    assert.equal([...(sets?.get('m')?.elements ?? [])].length, 2);
  });

  test('a rule over several lines is one', () => {
    const text =
      'table ip a {\n\tchain b {\n\t\ttcp dport {\n\t\t\t22,\n\t\t\t80\n\t\t} accept\n\t\tdrop\n\t}\n}';
    const chain = table(text).chains.get('b');
    assert.equal(chain?.length, 2);
    const [lookup] = chain.rule(0).statements;
    assert.ok(lookup?.kind === 'lookup' && lookup.set.kind === 'anonymous');
    assert.equal(lookup.set.elements.length, 2);
  });

  test('long chains answer by destination', () => {
    const rules = Array.from({ length: 100 }, (_, i) => `\t\tip daddr 10.0.0.${i} drop`);
    rules.push('\t\tmeta mark set 0x1 ip daddr 10.0.0.5 drop');
    const chain = table(`table ip a {\n\tchain b {\n${rules.join('\n')}\n\t}\n}`).chains.get('b');
    assert.deepEqual([...chain!.candidates(parseAddress('10.0.0.7')!)], [7, 100]);
  });

  test('objects and devices', () => {
    const { objects, chains } = table(
      'table netdev f {\n\tcounter c {\n\t\tpackets 5 bytes 300\n\t}\n\tchain in {\n\t\ttype filter hook ingress device "eth0" priority -500; policy drop;\n\t}\n}',
    );
    assert.deepEqual(objects?.[0]?.counters, { packets: 5, bytes: 300 });
    assert.deepEqual(chains.get('in')?.base, {
      ...{ hook: 'ingress', priority: -500, type: 'filter', policy: 'DROP', devices: ['eth0'] },
    });
  });
});
