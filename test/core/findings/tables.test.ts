import assert from 'node:assert/strict';
import { destinationPorts } from '../../../src/core/findings/rules/destinationPorts';
import { isNext, isWhole } from '../../../src/core/findings/tables';
import { rulesetsOfText } from '../../../src/syntax/iptables/ruleset/ruleset';
import { testParser } from '../../syntax/parser';

const parser = await testParser();
const natOf = (text: string) => {
  const [ruleset] = rulesetsOfText('dump', text, parser);
  return [...ruleset!.tables.values()][0]!;
};

suite('whether a dump shows a whole chain', () => {
  const saved = '*nat\n:A - [0:0]\n:B - [0:0]\n-A A -j B\nCOMMIT\n';
  const printed =
    '-P PREROUTING ACCEPT\n-P INPUT ACCEPT\n-P OUTPUT ACCEPT\n-P POSTROUTING ACCEPT\n-N A\n-N B\n-N C\n-A A -j B\n-A B -j C\n';
  const whole = (text: string) => {
    const table = natOf(text);
    return ['A', 'B', 'C'].filter((name) => isWhole(table, name)).join('');
  };

  test('iptables-save: to its COMMIT, where it is declared', () => {
    assert.equal(whole(saved), 'AB');
    assert.equal(whole(saved.replace('COMMIT\n', '')), '');
    assert.equal(whole(saved.replace(':A - [0:0]\n', '')), 'B');
  });

  test('iptables -S has no end: those before the chain whose rules stand last', () => {
    assert.equal(whole(printed), 'A');
    assert.equal(whole(printed.replace('-A B -j C\n', '-A B -j C\n-A C -j ACCEPT\n')), 'AB');
    assert.equal(whole(printed.replace(/^-A .*\n/gm, '')), '');
  });

  test('iptables -S may end before the rules of the next chain', () => {
    const next = (text: string) =>
      ['A', 'B', 'C'].filter((name) => isNext(natOf(text), name)).join('');
    assert.equal(next(printed), 'C');
    assert.equal(next(printed.replace('-A B -j C\n', '')), 'B');
    assert.equal(next(`${printed}-A C -j ACCEPT\n`), '');
    assert.equal(next(printed.replace(/^-A .*\n/gm, '')), '');
  });
});

suite('single destination ports that a rule asks for', () => {
  for (const [rule, ports] of [
    ['-p tcp -m tcp --dport 80', '80/6'],
    ['-p udp -m udp --dport 53', '53/17'],
    ['-p sctp -m sctp --dport 3868', '3868/132'],
    ['-p tcp -m multiport --dports 80,443', '80/6 443/6'],
    ['-p udp -m multiport --dports 53,1000:2000', '53/17'],
    ['-p tcp -m tcp ! --dport 80', ''],
    ['-p tcp -m multiport ! --dports 80,443', ''],
    ['-p tcp -m tcp --sport 80', ''],
    ['-p tcp -m multiport --sports 80', ''],
    ['-p tcp', ''],
    ['-p icmp -m icmp --icmp-type 8', ''],
    ['-m mark --mark 0x1', ''],
  ] as const) {
    test(`${rule}: ${ports || 'none'}`, () => {
      const table = natOf(`*nat\n:A - [0:0]\n-A A ${rule} -j DROP\nCOMMIT\n`);
      assert.equal(destinationPorts(table.chains.get('A')!.rule(0)).join(' '), ports);
    });
  }
});
