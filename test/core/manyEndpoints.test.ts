import assert from 'node:assert/strict';
import { clusterOf } from '../../bench/expected';
import { expectedRules } from '../../src/core/expected';
import { savedText } from '../../src/core/expected/text';
import { runChecks } from '../../src/core/findings/checkNode';
import { anotherDnat } from '../../src/core/findings/traffic/anotherDnat';
import { drawServiceGraph } from '../../src/core/flow/serviceGraph';
import { drawableServices, type DrawableService } from '../../src/core/flow/services';
import { hasEvenShares } from '../../src/core/kubeproxy/iptables/usualChains';
import { judgeMode } from '../../src/core/kubeproxy/mode/judge';
import { programmed } from '../../src/core/kubeproxy/programmed';
import type { NodeState } from '../../src/core/node';
import { readSettings } from '../../src/core/proxyconfig/settings';
import type { Chain } from '../../src/core/rules/ruleset';
import { suggestSources, suggestTargets } from '../../src/core/flow/suggestions';
import { finish } from '../../src/core/work';
import { rulesetsOfText } from '../../src/syntax/iptables/ruleset/ruleset';
import { withPauses } from '../pauses';
import { testParser } from '../syntax/parser';

const count = 1000;
/** Endpoints that are worked on in one piece, with some air. */
const most = 100;
const parser = await testParser();

const inputOf = (mode: 'iptables' | 'nftables') => ({
  ...clusterOf(1, count),
  settings: { ...readSettings(undefined), mode },
});
const textOf = () => savedText(finish(expectedRules(inputOf('iptables'), 4))!);

/** A node with one Service of 1,000 endpoints; `read` is told of each rule that is looked at. */
function iptablesNode(text: string, read: () => void = () => undefined): NodeState {
  const rulesets = rulesetsOfText('a', text, parser).map((ruleset) => {
    const nat = ruleset.tables.get('nat')!;
    const chains = new Map(
      Array.from(nat.chains, ([name, chain]) => [name, watched(chain, read)] as const),
    );
    return { ...ruleset, tables: new Map([...ruleset.tables, ['nat', { ...nat, chains }]]) };
  });
  return { name: 'a', rulesets, findings: [] };
}

function watched(chain: Chain, read: () => void): Chain {
  return {
    name: chain.name,
    table: chain.table,
    length: chain.length,
    rule: (i) => {
      read();
      return chain.rule(i);
    },
    savedText: (i) => {
      read();
      return chain.savedText!(i);
    },
    savedRange: (i) => chain.savedRange!(i),
    candidates: (to) => chain.candidates(to),
  };
}

function only(node: NodeState): DrawableService {
  const [service, ...others] = finish(drawableServices(node));
  assert.ok(service && others.length === 0);
  return service;
}

suite('one Service of 1,000 endpoints', () => {
  for (const [what, alter] of [
    ['as kube-proxy writes it', (text: string) => text],
    [
      'with rules that must be decoded',
      (text: string) => text.replaceAll(' -m statistic', ' -m tcp -m statistic'),
    ],
  ] as const) {
    test(`iptables, ${what}: endpoints are read in pieces`, () => {
      const text = alter(textOf());
      const { service } = only(iptablesNode(text));
      const { value: endpoints, pauses } = withPauses(service.readEndpoints());
      assert.ok(pauses >= count / most, `${pauses} pauses`);
      assert.equal(endpoints.length, count);
      assert.equal(withPauses(service.readEndpoints()).pauses, 0);
    });
  }

  test('ends of packets to choose from: no endpoint is read for the targets', () => {
    const text = textOf();
    const node = iptablesNode(text);
    const found = only(node);
    const service = { ...found.service, readEndpoints: () => assert.fail('read') };
    const targets = finish(suggestTargets(node, [{ ...found, service }]));
    assert.ok(targets.some(({ what }) => what === service.title));
    assert.ok(withPauses(suggestSources(node, [found])).pauses >= count / most);
  });

  test('shares are compared in pieces', () => {
    const nat = iptablesNode(textOf()).rulesets[0]!.tables.get('nat')!;
    const chain = [...nat.chains.values()].find(({ name }) => name.startsWith('KUBE-SVC-'))!;
    const { value, pauses } = withPauses(hasEvenShares(chain));
    assert.ok(value && pauses >= count / most, `${pauses} pauses`);
  });

  test('the graph looks at some rules at a time', () => {
    let between = 0;
    let longest = 0;
    const state = iptablesNode(textOf(), () => void between++);
    const work = drawServiceGraph(state, only(state));
    for (let i = 0; i < 2000; i++) {
      between = 0;
      if (work.next().done) break;
      longest = Math.max(longest, between);
    }
    assert.ok(longest > 0 && longest <= 4 * most, `${longest} rules in one piece`);
  });

  for (const mode of ['iptables', 'nftables'] as const) {
    for (const release of [15, 30, 36]) {
      if (mode === 'nftables' && release < 30) continue;
      test(`what kube-proxy ${release} should have written in ${mode} mode is made in pieces`, () => {
        const { value, pauses } = withPauses(expectedRules({ ...inputOf(mode), release }, 4));
        assert.ok(value && pauses >= count / most, `${pauses} pauses`);
      });
    }
  }
});

suite('a node of 5,000 chains of kube-proxy', () => {
  const names = Array.from({ length: 5000 }, (_, i) => {
    const letters = i
      .toString(26)
      .padStart(4, '0')
      .replace(/./g, (one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[parseInt(one, 26)]!);
    return `KUBE-SEP-ABCDEFGHIJKL${letters}`;
  });
  const declared = names.map((name) => `:${name} - [0:0]`).join('\n');
  const text = `*nat\n:PREROUTING ACCEPT [0:0]\n${declared}\nCOMMIT\n`;
  const node = (): NodeState => ({
    name: 'a',
    rulesets: rulesetsOfText('a', text, parser),
    findings: [],
  });

  test('the mode is judged in pieces', () => {
    const { value, pauses } = withPauses(judgeMode(node()));
    assert.equal(value.mode, 'iptables');
    assert.ok(pauses >= 5000 / most, `${pauses} pauses`);
  });

  test('rules of others are looked for in pieces', () => {
    const state = node();
    finish(programmed(state));
    const { pauses } = withPauses(runChecks(state, [anotherDnat]));
    assert.ok(pauses >= 5000 / most, `${pauses} pauses`);
  });
});
