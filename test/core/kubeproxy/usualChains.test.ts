import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { formatAddress } from '../../../src/core/address';
import { affinityOf, endpointsOf } from '../../../src/core/kubeproxy/iptables/endpoints';
import {
  hasEvenShares,
  marksItsEndpoint,
  usualChoices,
  usualTarget,
} from '../../../src/core/kubeproxy/iptables/usualChains';
import type { Chain, Table } from '../../../src/core/rules/ruleset';
import { finish } from '../../../src/core/work';
import { rulesetsOfText } from '../../../src/syntax/iptables/ruleset/ruleset';
import { testParser } from '../../syntax/parser';

const parser = await testParser();
const sep = 'KUBE-SEP-AAAAAAAAAAAAAAA2';
const svc = 'KUBE-SVC-AAAAAAAAAAAAAAAA';

function chainOf(name: string, ...rules: readonly string[]): Chain {
  const lines = rules.map((rule) => `-A ${name} ${rule}`);
  const [ruleset] = rulesetsOfText(
    'rules',
    `*nat\n:${name} - [0:0]\n${lines.join('\n')}\nCOMMIT\n`,
    parser,
  );
  return ruleset!.tables.get('nat')!.chains.get(name)!;
}

/** The table whose rules are all decoded, as those of a dump that is none of iptables-save. */
function withoutTexts(table: Table): Table {
  const decoded = (chain: Chain) => ({
    table: chain.table,
    name: chain.name,
    length: chain.length,
    rule: (i: number) => chain.rule(i),
    candidates: (to: Parameters<Chain['candidates']>[0]) => chain.candidates(to),
  });
  const chains = new Map([...table.chains].map(([name, chain]) => [name, decoded(chain)]));
  return { ...table, chains };
}

function sameEndpoints(table: Table): number {
  const decoded = withoutTexts(table);
  let count = 0;
  for (const [name, chain] of table.chains) {
    if (!name.startsWith('KUBE-')) continue;
    const endpoints = endpointsOf(table, name);
    assert.deepEqual(endpoints, endpointsOf(decoded, name), name);
    assert.equal(affinityOf(chain), affinityOf(decoded.chains.get(name)!), name);
    count += endpoints.length;
  }
  return count;
}

suite('endpoints from texts are those of the decoded rules', () => {
  for (const name of ['kubernetes-1.20-iptables', 'kubernetes-1.36-iptables']) {
    for (const file of ['iptables-save-c.txt', 'ip6tables-save.txt']) {
      test(`${name}: ${file}`, () => {
        const text = readFileSync(`samples/${name}/node-a/${file}`, 'utf8');
        for (const { tables } of rulesetsOfText(file, text, parser)) {
          assert.ok(sameEndpoints(tables.get('nat')!) > 0);
        }
      });
    }
  }

  const own = 'KUBE-SEP-AAAAAAAAAAAAAAA';
  for (const [why, first, target] of [
    ['a comment that looks like affinity', '-m comment --comment "x -m recent --rcheck y"', ':80'],
    ['a comment that looks like a jump', `-m comment --comment "x -j ${own}3"`, ':80'],
    ['a comment that looks like a target', '', ':80 -m comment --comment " -j DNAT"'],
    ['a quote that is not closed', '', ':80 -m comment --comment "x'],
    ['a device more', '-i eth0', ':80'],
    ['several ports', '', ':80-90'],
    ['no port', '', ''],
    ['a flag of DNAT', '', ':80 --random'],
    ['a port that is none', '', ':99999'],
    ['two addresses', '', '-10.244.0.9:80'],
    ['affinity', '-m recent --rcheck --seconds 10800 --reap --name X --rsource', ':80'],
  ] as const) {
    test(why, () => {
      const rules = [
        `-A ${svc} ${first && `${first} `}-m statistic --mode random --probability 0.33333333349 -j ${own}2`,
        `-A ${svc} -m statistic --mode random --probability 0.50000000000 -j ${own}3`,
        `-A ${svc} -j ${own}4`,
        `-A ${own}2 -p tcp -m tcp -j DNAT --to-destination 10.244.0.2${target}`,
        `-A ${own}3 -p tcp -m tcp -j DNAT --to-destination 10.244.0.3:80`,
      ];
      const declared = [svc, `${own}2`, `${own}3`].map((name) => `:${name} - [0:0]`);
      const text = ['*nat', ...declared, ...rules, 'COMMIT', ''].join('\n');
      const [ruleset] = rulesetsOfText('rules', text, parser);
      const nat = ruleset!.tables.get('nat')!;
      // Else rules that are decoded would be compared with themselves.
      assert.equal(finish(usualChoices(nat.chains.get(svc)!)) !== undefined, first !== '-i eth0');
      sameEndpoints(nat);
    });
  }
});

suite('chains that their texts prove to be as kube-proxy writes them', () => {
  const dnat = '-p tcp -m tcp -j DNAT --to-destination 10.244.1.5:8080';
  const commented =
    '-p tcp -m comment --comment "a/b:c" -m tcp -j DNAT --to-destination 10.244.1.5:8080';

  test('an endpoint that is marked itself', () => {
    assert.ok(marksItsEndpoint(chainOf(sep, '-s 10.244.1.5/32 -j KUBE-MARK-MASQ', dnat)));
    const mark = '-s 10.244.1.5/32 -m comment --comment "a/b:c" -j KUBE-MARK-MASQ';
    assert.ok(marksItsEndpoint(chainOf(sep, mark, commented)));
    const unquoted = '-s 10.244.1.5/32 -m comment --comment a/b:c -j KUBE-MARK-MASQ';
    assert.ok(marksItsEndpoint(chainOf(sep, unquoted, dnat)));
    const six = '-p tcp -m tcp -j DNAT --to-destination [fd00::5]:8080';
    assert.ok(marksItsEndpoint(chainOf(sep, '-s fd00::5/128 -j KUBE-MARK-MASQ', six)));
  });

  for (const [why, ...rules] of [
    ['another source', '-s 10.244.1.6/32 -j KUBE-MARK-MASQ', dnat],
    ['a network that is no host', '-s 10.244.1.0/24 -j KUBE-MARK-MASQ', dnat],
    ['a condition more', '-s 10.244.1.5/32 -i eth0 -j KUBE-MARK-MASQ', dnat],
    ['the contrary', '! -s 10.244.1.5/32 -j KUBE-MARK-MASQ', dnat],
    ['no mark', dnat],
    ['a mark by another chain', '-s 10.244.1.5/32 -j KUBE-MARK-MASQ-2', dnat],
    ['no DNAT behind it', '-s 10.244.1.5/32 -j KUBE-MARK-MASQ', '-j RETURN'],
    [
      'a comment with quotes',
      '-s 10.244.1.5/32 -m comment --comment "a\\"b" -j KUBE-MARK-MASQ',
      dnat,
    ],
  ] as const) {
    test(`not proved: ${why}`, () => assert.ok(!marksItsEndpoint(chainOf(sep, ...rules))));
  }

  const to = (n: number) => `-j KUBE-SEP-AAAAAAAAAAAAAAA${n + 2}`;
  const by = (chance: string, n: number) =>
    `-m comment --comment "a/b:c -> 10.0.0.1" -m statistic --mode random --probability ${chance} ${to(n)}`;

  test('even shares: one, three, with the mark and with affinity', () => {
    assert.ok(finish(hasEvenShares(chainOf(svc, to(0)))));
    const three = [by('0.33333333349', 0), by('0.50000000000', 1), to(2)];
    assert.ok(finish(hasEvenShares(chainOf(svc, ...three))));
    const mark = '! -s 10.244.0.0/16 -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ';
    const recent = `-m recent --rcheck --seconds 10800 --reap --name X --mask 255.255.255.255 --rsource ${to(0)}`;
    assert.ok(finish(hasEvenShares(chainOf(svc, mark, recent, ...three))));
  });

  test('the rules that choose, each with its place and chance', () => {
    const mark = '-d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ';
    const recent = `-m recent --rcheck --seconds 10800 --reap --name X --rsource ${to(0)}`;
    const rules = [mark, recent, by('0.25000000000', 0), to(1)];
    assert.deepEqual(finish(usualChoices(chainOf(svc, ...rules))), [
      { index: 2, to: 'KUBE-SEP-AAAAAAAAAAAAAAA2', chance: 0.25 },
      { index: 3, to: 'KUBE-SEP-AAAAAAAAAAAAAAA3', chance: 1 },
    ]);
    assert.deepEqual(finish(usualChoices(chainOf(svc))), []);
    const sure = finish(usualChoices(chainOf(svc, by('1.00000000000', 0))));
    assert.equal(sure?.[0]?.chance, 1);
  });

  for (const [why, ...rules] of [
    ['a mark behind a choice', by('0.50000000000', 0), '-p tcp -j KUBE-MARK-MASQ', to(1)],
    [
      'known clients behind a choice',
      by('0.50000000000', 0),
      `-m recent --rcheck --name X --rsource ${to(0)}`,
      to(1),
    ],
    ['a chance above one', by('1.50000000000', 0), to(1)],
    ['a condition behind the chance', by('0.5 -m mark --mark 0x1', 0), to(1)],
    ['a condition before it', by('0.5', 0).replace('-m stat', '-m mark --mark 0x1 -m stat'), to(1)],
    ['a chain of another kind', '-j KUBE-SEP-AAAA', to(1)],
    ['a goto', to(0).replace('-j', '-g'), to(1)],
  ] as const) {
    test(`not as kube-proxy writes it: ${why}`, () => {
      assert.equal(finish(usualChoices(chainOf(svc, ...rules))), undefined);
    });
  }

  test('shares that differ by less than a hundredth are even, by more not', () => {
    assert.ok(finish(hasEvenShares(chainOf(svc, by('0.50400000000', 0), to(1)))));
    assert.ok(!finish(hasEvenShares(chainOf(svc, by('0.50600000000', 0), to(1)))));
    assert.ok(!finish(hasEvenShares(chainOf(svc, by('0.49400000000', 0), to(1)))));
  });

  test('where an endpoint’s chain leads', () => {
    const target = (...rules: readonly string[]) => {
      const found = usualTarget(chainOf(sep, ...rules));
      return found && `${formatAddress(found.address)} ${found.port}`;
    };
    const dnatTo = (where: string) => `-p tcp -m tcp -j DNAT --to-destination ${where}`;
    assert.equal(target(dnatTo('10.244.1.5:65535')), '10.244.1.5 65535');
    assert.equal(target(dnatTo('10.244.1.5:65536')), undefined);
    assert.equal(target(dnatTo('[fd00::5]:53')), 'fd00::5 53');
    assert.equal(target(dnatTo('fd00::5')), undefined);
    assert.equal(target('-j RETURN'), undefined);
    assert.equal(target(dnatTo('10.244.1.5:80'), '-j RETURN'), undefined);
    assert.equal(target(), undefined);
  });

  for (const [why, ...rules] of [
    ['a rule was lost', by('0.33333333349', 0), to(2)],
    ['a chance that was changed', by('0.10000000000', 0), to(1)],
    ['one endpoint twice', by('0.50000000000', 0), to(0)],
    ['a rule with another condition', `-s 10.0.0.1/32 ${to(0)}`, to(1)],
    ['a rule by hand', by('0.50000000000', 0), '-j RETURN', to(1)],
    ['the last one lost', by('0.50000000000', 0)],
  ] as const) {
    test(`not proved even: ${why}`, () =>
      assert.ok(!finish(hasEvenShares(chainOf(svc, ...rules)))));
  }
});
