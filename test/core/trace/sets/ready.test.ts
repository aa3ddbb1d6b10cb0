import assert from 'node:assert/strict';
import { finish } from '../../../../src/core/work';
import type { Expression } from '../../../../src/core/rules/expression';
import type { Pattern } from '../../../../src/core/rules/value';
import { unready } from '../../../../src/core/trace/sets/ready';
import { node, oneChain } from '../helper';

/** `10.0.0.0`, `10.0.0.1`, ...: so many that they are made ready with pauses. */
const many = Array.from({ length: 5001 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);

const of = (value: string) => many.map((address) => `${address} : ${value}`).join(', ');
const declared = `\tset big {\n\t\ttype ipv4_addr\n\t\telements = { ${many.join(', ')} }\n\t}
\tset small {\n\t\ttype ipv4_addr\n\t\telements = { ${many.slice(1).join(', ')} }\n\t}
\tmap marks {\n\t\ttype ipv4_addr : mark\n\t\telements = { ${of('0x1')} }\n\t}
\tmap hosts {\n\t\ttype ipv4_addr : ipv4_addr\n\t\telements = { ${of('10.9.9.9')} }\n\t}
\tmap verdicts {\n\t\ttype ipv4_addr : verdict\n\t\telements = { ${of('drop')} }\n\t}
\tmap quotas {\n\t\ttype ipv4_addr : quota\n\t\telements = { ${of('"q"')} }\n\t}
`;
const rules = [
  ['ip saddr @big drop', true],
  ['ip saddr @small drop', false],
  ['ip saddr @gone drop', false],
  ['ip saddr vmap @verdicts', true],
  ['meta mark set ip saddr map @marks', true],
  ['meta mark set meta mark | ip saddr map @marks', true],
  ['meta mark set ip saddr map @marks & 0xff', true],
  ['quota name ip saddr map @quotas drop', true],
  ['dnat to ip saddr map @hosts', true],
  ['snat to ip saddr map @hosts', true],
  ['redirect to ip saddr map @marks', true],
  ['masquerade to ip saddr map @marks', true],
  ['ip saddr 10.0.0.1 drop', false],
] as const;

suite('which sets a rule waits for until they are made ready', () => {
  const { tables } = oneChain(rules.map(([rule]) => rule).join('; '), { declared });
  const chain = tables[0]!.chains.get('c')!;
  for (const [i, [rule, waits]] of rules.entries()) {
    test(`${rule}: ${waits ? 'a big one' : 'none'}`, () => {
      assert.equal(unready(chain.rule(i), tables[0]!, node()) !== undefined, waits);
    });
  }

  test('a map in what is compared or looked up, as nft -j has it, alone or in a part of the key', () => {
    const [assign] = chain.rule(4).statements;
    assert.ok(assign?.kind === 'assign');
    const { range, value: map } = assign;
    const right: Pattern = { kind: 'numbers', from: 1, to: 1 };
    const parts: Expression = { kind: 'concat', parts: [map, map], range };
    const small = { kind: 'named', name: 'small', range } as const;
    const further: Expression = { kind: 'map', key: map, map: small, range };
    for (const left of [map, parts, further]) {
      for (const statement of [
        { kind: 'compare', left, operator: '==', right, range },
        { kind: 'lookup', key: left, set: small, negated: false, range },
      ] as const) {
        const rule = { ...chain.rule(0), statements: [statement] };
        assert.notEqual(unready(rule, tables[0]!, node()), undefined);
      }
    }
  });

  for (const [count, waits] of [
    [5000, false],
    [5001, true],
  ] as const) {
    test(`a set of ipset with ${count} entries, once`, () => {
      const entries = many.slice(0, count).map((address) => `add s ${address}\n`);
      const sets = `create s hash:ip family inet hashsize 64 maxelem 9999\n${entries.join('')}`;
      const rule = '*filter\n:FORWARD ACCEPT\n-A FORWARD -m set --match-set s src -j DROP\n';
      const state = node({ rules: rule, sets });
      const table = state.rulesets[0]!.tables.get('filter')!;
      const asked = table.chains.get('FORWARD')!.rule(0);
      const work = unready(asked, table, state);
      assert.equal(work !== undefined, waits);
      if (work) finish(work);
      assert.equal(unready(asked, table, state), undefined);
    });
  }
});
