import assert from 'node:assert/strict';
import {
  createRuleBook,
  findRule,
  isNft,
  mainSource,
  tableOf,
  type RulesOfNode,
} from '../../../src/core/flow/ruleBook';
import type { RuleStep } from '../../../src/core/trace/trace';
import { rulesetsOfText } from '../../../src/syntax/iptables/ruleset/ruleset';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { parser } from '../trace/helper';

const rules = (source: string, port: number, ...more: string[]) => {
  const lines = ['*nat', ':WEB - [0:0]', `-A WEB -p tcp --dport ${port} -j ACCEPT`, ...more];
  return rulesetsOfText(source, `${lines.join('\n')}\nCOMMIT\n`, parser)[0]!;
};
const listing = (family: string) =>
  `table ${family} web {\n\tchain c {\n\t\ttcp dport 80 accept\n\t}\n}\n`;

const legacy = rules('legacy', 1, '-A WEB -j RETURN');
const nft = rules('nft', 2);
const state: RulesOfNode = {
  rulesets: [legacy, nft],
  nftables: nftRuleset('list', `${listing('ip')}${listing('ip6')}`),
};

function step(source: string, line: number, more: Partial<RuleStep> = {}): RuleStep {
  return {
    kind: 'rule',
    hook: 'prerouting',
    type: 'nat',
    table: 'nat',
    chain: 'WEB',
    rule: 1,
    mark: 0,
    effect: '',
    range: { source, line, start: 0, end: 1 },
    ...more,
  };
}

const inNft = (line: number, family: 'ip' | 'ip6' | 'inet') =>
  step('list', line, { table: 'web', chain: 'c', family });

suite('the rule of a step', () => {
  test('is of the dump that the step is of', () => {
    const portOf = (source: string) =>
      findRule(state, step(source, 2))?.rule.matches.flatMap((match) =>
        match.kind === 'tcp' ? [match.dport?.value.from] : [],
      );
    assert.deepEqual([portOf('legacy'), portOf('nft'), portOf('other')], [[1], [2], undefined]);
  });

  test('is of its table, chain and number, and stands on its line', () => {
    assert.equal(findRule(state, step('legacy', 3, { rule: 2 }))?.rule.number, 2);
    for (const more of [{ rule: 3 }, { rule: 2 }, { chain: 'GONE' }, { table: 'filter' }])
      assert.equal(findRule(state, step('legacy', 2, more)), undefined, JSON.stringify(more));
  });

  test('of nft is of the family of its table', () => {
    assert.equal(findRule(state, inNft(2, 'ip'))?.table.family, 'ip');
    assert.equal(findRule(state, inNft(7, 'ip6'))?.table.family, 'ip6');
    assert.equal(findRule(state, inNft(7, 'ip')), undefined);
    assert.equal(findRule(state, inNft(2, 'inet')), undefined);
    assert.equal(findRule({ rulesets: [] }, inNft(2, 'ip')), undefined);
  });

  test('its table by name; of nft with the family', () => {
    const placed = findRule(state, step('legacy', 2))!;
    const ofNft = findRule(state, inNft(7, 'ip6'))!;
    assert.deepEqual([tableOf(placed), tableOf(ofNft)], ['nat', 'ip6 web']);
    assert.deepEqual([isNft(placed), isNft(ofNft)], [false, true]);
  });
});

suite('the rules that the packets of a graph met', () => {
  const { book, add } = createRuleBook(state);
  const both = [step('legacy', 2), step('legacy', 3, { rule: 2 }), step('nft', 2)];

  test('are there once, by their places, as they come', () => {
    assert.deepEqual([...book.all()], []);
    add([both[0]!, both[0]!, { ...both[0]!, kind: 'return' } as never]);
    assert.equal([...book.all()].length, 1);
    assert.equal(book.at(both[1]!.range), undefined);
  });

  test('what comes later is there, too, and what is no rule is not', () => {
    const later = createRuleBook(state);
    later.add([both[0]!]);
    assert.equal(later.book.at(both[0]!.range)?.rule.number, 1);
    later.add([both[2]!, step('legacy', 77)]);
    assert.equal(later.book.at(both[2]!.range)?.rule.number, 1);
    assert.equal(later.book.at({ source: 'legacy', line: 77, start: 0, end: 1 }), undefined);
    assert.equal([...later.book.all()].length, 2);
  });

  test('are most of one dump of iptables: that is the one whose captures are compared', () => {
    const of = (...steps: readonly RuleStep[]) => {
      const own = createRuleBook(state);
      own.add(steps);
      return mainSource(own.book);
    };
    assert.equal(of(...both), 'legacy');
    assert.equal(of(both[2]!, inNft(2, 'ip'), inNft(7, 'ip6')), 'nft');
    assert.equal(of(inNft(2, 'ip')), undefined);
    assert.equal(of(), undefined);
  });
});
