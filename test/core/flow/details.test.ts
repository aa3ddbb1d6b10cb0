import assert from 'node:assert/strict';
import { describeRanges, mostRules } from '../../../src/core/flow/details';
import type { DrawnGraph } from '../../../src/core/flow/mergedGraph';
import { serviceGraph } from '../../../src/core/flow/serviceGraph';
import { sampleNode, type SampleNode } from './sampleNode';

suite('what a hover tells of a node or an edge', () => {
  let sample: SampleNode;

  suiteSetup(async () => {
    const counted = (name: string) => name !== 'iptables-save.txt';
    sample = await sampleNode('kubernetes-1.36-iptables/node-a', counted);
  });

  const draw = (title: string) => serviceGraph(sample.node, sample.found(title));
  const told = ({ graph, rules }: DrawnGraph, id: string) => {
    const item = [...graph.nodes, ...graph.edges].find((one) => one.id === id);
    assert.ok(item, id);
    return describeRanges(item.ranges, rules, ({ line }) => `line ${line}`);
  };

  test('the rule, its sentence with the name of the chain, and what it counted', () => {
    const drawn = draw('shop/edge-np:http');
    const edge = drawn.graph.edges.find(({ to }) => to === 'nat KUBE-SVC-4TGH2QBMZCNGQRFB')!;
    const { rules, more } = told(drawn, edge.id);
    const [rule] = rules;
    assert.equal(more, 0);
    assert.match(rule!.place, /^nat KUBE-SERVICES rule \d+$/);
    assert.equal(rule!.text, `line ${edge.ranges[0]!.line}`);
    assert.match(
      rule!.sentence!,
      /^A packet that .* jumps to chain KUBE-SVC-4TGH2QBMZCNGQRFB \(shop\/edge-np:http\)\.$/,
    );
    assert.match(
      rule!.counters!,
      /^Counted [\d,]+ packets?, [\d,]+ bytes?, the first packet of each connection alone\.$/,
    );
  });

  test('rules outside nat count every packet', () => {
    const drawn = draw('shop/checkout:https');
    const drop = drawn.graph.nodes.find(({ kind }) => kind === 'drop')!;
    assert.match(
      told(drawn, drop.id).rules[0]!.counters!,
      /^Counted [\d,]+ packets?, .* bytes?\.$/,
    );
  });

  test('of many rules the first few, and how many more', () => {
    const drawn = draw('shop/fanout:http');
    const chain = drawn.graph.nodes.find(({ label }) => label.startsWith('KUBE-SVC-'))!;
    // 50 that choose an endpoint, and the one that marks what comes from outside.
    assert.equal(chain.ranges.length, 51);
    const { rules, more } = told(drawn, chain.id);
    assert.equal(rules.length, mostRules);
    assert.equal(more, 51 - mostRules);
  });

  test('a row that is no rule is named by its line', () => {
    const range = { source: 'file:///a/node-a/ip_vs.txt?x', line: 6, start: 0, end: 9 };
    assert.deepEqual(
      describeRanges([range, range], draw('shop/fanout:http').rules, () => 'row'),
      {
        rules: [{ place: 'line 7 of ip_vs.txt', text: 'row' }],
        more: 0,
      },
    );
  });
});
