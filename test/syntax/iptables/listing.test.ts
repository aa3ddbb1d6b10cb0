import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Match } from '../../../src/core/rules/match';
import type { Rule, Table } from '../../../src/core/rules/ruleset';
import { rulesetsOfText } from '../../../src/syntax/iptables/ruleset/ruleset';
import type { LineParser } from '../../../src/syntax/treeSitter';
import { testParser } from '../parser';

const fixtures = 'test/fixtures/dumps';
const samples = 'samples/kubernetes-1.36-iptables/node-a';

suite('lowering iptables -L', () => {
  let parser: LineParser;
  suiteSetup(async () => (parser = await testParser()));

  function table(text: string, name: string): Table {
    for (const { tables } of rulesetsOfText('dump', text, parser)) {
      const table = tables.get(name);
      if (table) return table;
    }
    throw new assert.AssertionError({ message: `no table ${name}` });
  }

  function row(text: string): Rule {
    const [ruleset] = rulesetsOfText('dump', `Chain X (0 references)\n${text}\n`, parser);
    const [table] = ruleset!.tables.values();
    return table!.chains.get('X')!.rule(0);
  }

  /** What a rule asks and does; without places, and without the options as each form writes them. */
  function meaning({ matches, target }: Rule): unknown {
    const shown = matches.filter((match) => !isNotListed(match));
    return JSON.parse(
      JSON.stringify({ matches: shown, target }, (key, value: unknown) => {
        if (['range', 'nameRange', 'text', 'unmodelled'].includes(key)) return undefined;
        return key === 'name' ? String(value).toLowerCase() : value;
      }),
    );
  }

  function isNotListed(match: Match): boolean {
    return match.kind === 'unmodelled' && match.name === 'in/out interfaces';
  }

  /** Every rule that the listing shows means what the same rule means in the other form. */
  function compare(listing: Table, other: Table): number {
    let count = 0;
    for (const [name, chain] of listing.chains) {
      const same = other.chains.get(name);
      assert.ok(same, name);
      assert.equal(chain.length, same.length, name);
      assert.equal(chain.base?.policy, same.base?.policy, name);
      for (let i = 0; i < chain.length; i++, count++) {
        assert.deepEqual(meaning(chain.rule(i)), meaning(same.rule(i)), `${name} ${i + 1}`);
        assert.deepEqual(chain.rule(i).findings, []);
      }
    }
    return count;
  }

  const read = (file: string) => readFileSync(file, 'utf8');

  for (const [listing, save, name, count] of [
    ['iptables/iptables-nat-L-nv.txt', 'iptables/iptables-nat-save.txt', 'nat', 565],
    ['iptables/iptables-nat-L-n.txt', 'iptables/iptables-nat-save.txt', 'nat', 565],
    ['iptables/iptables-nat-L-n.txt', 'iptables/iptables-nat-S-v.txt', 'nat', 565],
    ['iptables/iptables-filter-L-nv.txt', `../../../${samples}/iptables-save.txt`, 'filter', 36],
    ['ipvs/iptables-nat-L-nv.txt', 'ipvs/iptables-save.txt', 'nat', 23],
    ['ipvs/iptables-filter-L-nv.txt', 'ipvs/iptables-save.txt', 'filter', 21],
    ['real-node/iptables-nat-L-nv.txt', 'real-node/iptables-save.txt', 'nat', 96],
  ] as const) {
    test(`${listing} means what ${save} means`, () => {
      const [left, right] = [listing, save].map((file) => table(read(`${fixtures}/${file}`), name));
      assert.equal(compare(left!, right!), count);
    });
  }

  for (const name of ['mangle', 'nat', 'raw', 'filter']) {
    test(`every extension in ${name}, with -n -v and without`, () => {
      const folder = `${fixtures}/every-extension`;
      const rules = read(`${folder}/${name}-S.txt`).replace('-N X', ':X - [0:0]');
      const saved = table(`*${name}\n${rules}COMMIT\n`, name);
      const prompt = `# iptables -t ${name} -L X\n`;
      for (const form of ['L-nv', 'L']) {
        let text = prompt + read(`${folder}/${name}-${form}.txt`);
        // Names that the node's own files give, and words that stand for a value and mask.
        text = text
          .replace('GID match tty', 'GID match 5')
          .replace('! Minimize-Delay', '!0x10/0x3f');
        assert.equal(compare(table(text, name), saved), saved.chains.get('X')!.length);
      }
    });
  }

  test('without -v the devices are unknown', () => {
    const [match] = row('ACCEPT     6    --  0.0.0.0/0            10.96.0.1').matches.filter(
      isNotListed,
    );
    assert.match(String(match?.kind === 'unmodelled' && match.text), /not in this listing/);
    const verbose = row(
      '    0     0 ACCEPT     6    --  eth+   !lo    0.0.0.0/0            10.96.0.1',
    );
    assert.deepEqual(
      verbose.matches.map(({ kind }) => kind),
      ['destination', 'in-interface', 'out-interface', 'protocol'],
    );
  });

  test('a name for an address is unknown, not read as another', () => {
    const { matches } = row(
      'ACCEPT     tcp  --  localhost            anywhere             tcp dpt:https',
    );
    const [source] = matches;
    assert.equal(source?.kind, 'unmodelled');
    assert.deepEqual(
      matches.flatMap((match) => (match.kind === 'tcp' ? [match.dport] : [])),
      [{ value: { from: 443, to: 443 }, negated: false }],
    );
  });

  test('goto, fragments, exact counters, rounded counters', () => {
    const rule = row(
      '    5   300 FOO2       0    !f  *      *       0.0.0.0/0            0.0.0.0/0           [goto] ',
    );
    assert.equal(rule.target?.kind, 'goto');
    assert.deepEqual(rule.counters, { packets: 5, bytes: 300 });
    assert.deepEqual(
      rule.matches.map((match) => [match.kind, 'negated' in match && match.negated]),
      [['fragment', true]],
    );
    assert.equal(row('  46K   12M X  0  --  *  *  0.0.0.0/0  0.0.0.0/0').counters, undefined);
  });

  test('what an unknown extension prints is one unmodelled match', () => {
    const { matches, target } = row(
      'DROP  6  --  0.0.0.0/0  0.0.0.0/0  tcp dpt:80 STRING match  "foo" ALGO name bm',
    );
    const last = matches.at(-1);
    assert.ok(last?.kind === 'unmodelled');
    assert.equal(last.text, 'STRING match  "foo" ALGO name bm');
    assert.equal(target?.kind, 'DROP');
  });

  test('tos, dscp and the chunks of sctp as they are printed, negated or not', () => {
    const read = (text: string) => {
      const { matches } = row(`ACCEPT  132  --  0.0.0.0/0  0.0.0.0/0  ${text}`);
      return matches.flatMap((match): readonly unknown[] => {
        if (match.kind === 'tos' || match.kind === 'dscp')
          return [[match.value, match.mask, match.negated]];
        if (match.kind === 'sctp') return [[match.dport?.value.from, match.unmodelled]];
        return match.kind === 'unmodelled' && !isNotListed(match) ? [[match.text]] : [];
      });
    };
    assert.deepEqual(read('tos match0x10/0x3f'), [[0x10, 0x3f, false]]);
    assert.deepEqual(read('tos match!0x10/0x3f'), [[0x10, 0x3f, true]]);
    assert.deepEqual(read('tos match0x10'), [[0x10, 0xff, false]]);
    assert.deepEqual(read('DSCP match 0x0a'), [[0x28, 0xfc, false]]);
    assert.deepEqual(read('DSCP match !0x0a'), [[0x28, 0xfc, true]]);
    assert.deepEqual(read('sctp dpt:80 any INIT'), [[80, 'any INIT']]);
    assert.deepEqual(read('sctp dpt:80'), [[80, undefined]]);
  });

  test('behind an unknown extension the options of a target are unknown, too', () => {
    const { target } = row('DNAT  6  --  0.0.0.0/0  0.0.0.0/0  FOO bar to:10.0.0.1:80');
    assert.equal(target?.kind, 'unmodelled-target');
    const masquerade = row('MASQUERADE  6  --  0.0.0.0/0  0.0.0.0/0  FOO random-fully');
    assert.equal(masquerade.target?.kind, 'unmodelled-target');
  });
});
