import assert from 'node:assert/strict';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { nftRuleset } from '../../../../src/syntax/nft/ruleset/ruleset';
import { node, packet } from '../helper';

suite('matches of a source port that the kernel chose', () => {
  // To itself: what POSTROUTING chose is asked when the packet comes in by lo.
  const itself = packet('tcp 192.168.50.10:40000 > 192.168.50.10:80');
  const sets = [
    ['three', '1000-1002'],
    ['all', '1000-1009'],
    ['none', '80'],
  ]
    .map(([name, ports]) => `create ${name} bitmap:port range 0-65535\nadd ${name} ${ports}\n`)
    .join('');

  /** Each mark with its chance. */
  function chances(...rules: readonly string[]): Readonly<Record<string, number>> {
    const lines = rules.map(
      (rule, i) => `-A PREROUTING ${rule} -j MARK --set-xmark ${1 << i}/${1 << i}\n`,
    );
    const text = `*mangle\n:PREROUTING ACCEPT\n${lines.join('')}*nat\n:POSTROUTING ACCEPT\n-A POSTROUTING -p tcp -j SNAT --to-source 192.168.50.10:1000-1009 --random\n`;
    const found: Record<string, number> = {};
    const { path } = traceFlow(node({ rules: text, sets }), itself);
    for (const { verdict, probability = Number.NaN } of leaves(path)) {
      const mark = String(verdict.finalMark);
      found[mark] = Number(((found[mark] ?? 0) + probability).toFixed(6));
    }
    return found;
  }

  for (const [match, chance] of [
    ['-p tcp -m tcp --sport 1000:1004', 0.5],
    ['-p tcp -m tcp --sport 1000:1009', 1],
    ['-p tcp -m tcp --sport 80', 0],
    ['-p tcp -m tcp ! --sport 1000:1001', 0.8],
    ['-p tcp -m multiport --sports 1000,1005', 0.2],
    ['-p tcp -m multiport ! --sports 1000,1005', 0.8],
    ['-p tcp -m multiport --sports 1000:1003,1002:1004', 0.5],
    ['-p tcp -m multiport --sports 1000:1004,1005:1009', 1],
    ['-p tcp -m multiport --ports 80', 1],
    ['-p tcp -m multiport --ports 1000,443', 0.1],
    ['-p tcp -m set --match-set three src', 0.3],
    ['-p tcp -m set ! --match-set three src', 0.7],
    ['-p tcp -m set --match-set all src', 1],
    ['-p tcp -m set --match-set none src', 0],
    ['-p tcp -m set --match-set none dst', 1],
    ['-m conntrack --ctrepldstport 1000:1004', 0.5],
    ['-m conntrack ! --ctrepldstport 1000:1003', 0.6],
    ['-m conntrack --ctrepldstport 1000:1009', 1],
    ['-m conntrack --ctrepldstport 40000', 0],
  ] as const) {
    test(`${match}: ${chance}`, () => {
      assert.equal(chances(match)['1'] ?? 0, chance);
    });
  }

  test('what one rule has told of it, the next one knows', () => {
    const below = (port: number) => `-p tcp -m tcp --sport 1000:${port}`;
    assert.deepEqual(chances(below(1004), below(1001)), { 0: 0.5, 1: 0.3, 3: 0.2 });
    const some = '-p tcp -m multiport --sports 1000,1003,1009';
    assert.deepEqual(chances(some, below(1004)), { 0: 0.4, 1: 0.1, 2: 0.3, 3: 0.2 });
    assert.deepEqual(chances(below(1001), '-p tcp -m set --match-set three src'), {
      ...{ 0: 0.7, 2: 0.1, 3: 0.2 },
    });
  });

  suite('as nft asks for it', () => {
    /** The chance with which a rule of PREROUTING drops the packet that comes in by lo. */
    function dropped(rule: string): number {
      const listing = `table ip t {
\tchain in {
\t\ttype filter hook prerouting priority -140; policy accept;
\t\tiifname "lo" ${rule}
\t}
\tchain out {
\t\ttype nat hook postrouting priority 100; policy accept;
\t\toifname "lo" snat to 192.168.50.10:1000-1009 random
\t}
}
`;
      const state = { ...node(), nftables: nftRuleset('listing', listing) };
      const ways = leaves(traceFlow(state, itself).path);
      const found = ways.filter(({ verdict }) => verdict.kind === 'DROP');
      return Number(found.reduce((sum, way) => sum + way.probability!, 0).toFixed(6));
    }

    for (const [rule, chance] of [
      ['tcp sport 1000-1004 drop', 0.5],
      ['tcp sport != 1000-1002 drop', 0.7],
      ['tcp sport < 1003 drop', 0.3],
      ['tcp sport >= 1003 drop', 0.7],
      ['tcp sport { 1000, 1005, 1006 } drop', 0.3],
      ['tcp sport != { 1000, 1005 } drop', 0.8],
      ['tcp sport vmap { 1000 : drop, 1001-1004 : accept }', 0.1],
      // What a map has told of it, the next statement knows.
      ['tcp sport vmap { 1000-1004 : continue } tcp sport 1003-1009 drop', 0.2],
      ['tcp sport & 0x3 == 0 drop', 0.3],
      ['tcp sport . tcp dport { 1000 . 80, 1001 . 81 } drop', 0.1],
      ['tcp sport 1000-1004 tcp sport 1003-1009 drop', 0.2],
      // One number, in the packet and in the answers.
      ['tcp sport 1000-1004 ct reply proto-dst 1003-1009 drop', 0.2],
      ['tcp sport 80 drop', 0],
      ['tcp sport > 999 drop', 1],
      ['ct reply proto-dst 1000-1003 drop', 0.4],
      ['ct original proto-src 40000 drop', 1],
    ] as const) {
      test(`${rule}: ${chance}`, () => assert.equal(dropped(rule), chance));
    }
  });
});
