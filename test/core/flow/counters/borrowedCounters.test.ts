import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isSameTime, withCountersOf } from '../../../../src/core/flow/counters/borrowedCounters';
import { chainsOf } from '../../../../src/core/flow/counters/edgeRates';
import { serviceGraph } from '../../../../src/core/flow/serviceGraph';
import { finish } from '../../../../src/core/work';
import { readRuleCounters, ruleText } from '../../../../src/syntax/iptables/ruleset/ruleCounters';
import { textLines } from '../../../../src/syntax/textLines';
import { sampleNode } from '../sampleNode';

suite('counters of another dump of the same node and time', () => {
  test('edges have what iptables-save -c says of their rules', async () => {
    const folder = 'samples/kubernetes-1.36-iptables/node-a';
    const { node, found } = await sampleNode('kubernetes-1.36-iptables/node-a');
    const { graph, rules } = serviceGraph(node, found('default/whoami'));
    assert.equal(graph.counters, 'none');
    const plain = textLines(readFileSync(`${folder}/iptables-save.txt`, 'utf8'));
    const text = readFileSync(`${folder}/iptables-save-c.txt`, 'utf8');
    const counted = finish(readRuleCounters(textLines(text), chainsOf(rules)));
    const drawn = withCountersOf(graph, rules, {
      name: 'iptables-save-c.txt',
      counted,
      ruleText: ({ line }) => ruleText(plain.line(line)),
    });
    assert.equal(drawn.counters, 'counted');
    const [, packets, bytes] =
      /^\[(\d+):(\d+)\] -A KUBE-SERVICES .*default\/whoami cluster IP/m.exec(text)!;
    const edge = drawn.edges.find(({ id }) =>
      id.startsWith('nat KUBE-SERVICES > nat KUBE-SVC-DC3OOLRZIWFKJHLB'),
    );
    assert.deepEqual(edge?.counters, {
      packets: Number(packets),
      bytes: Number(bytes),
      unit: 'connections',
      shared: false,
    });
  });

  test('of one time: within two minutes by the node\u2019s clock; unknown is no time', () => {
    assert.ok(isSameTime('2026-11-21T13:42:24', '2026-11-21T13:43:59'));
    assert.ok(!isSameTime('2026-11-21T13:42:24', '2026-11-21T13:45:24'));
    assert.ok(isSameTime('2026-11-21T13:42:24', '2026-11-21T13:44:24'));
    assert.ok(isSameTime('2026-11-21T13:44:24', '2026-11-21T13:42:24'));
    assert.ok(!isSameTime('2026-11-21T13:44:25', '2026-11-21T13:42:24'));
    assert.ok(!isSameTime(undefined, '2026-11-21T13:42:24'));
    assert.ok(!isSameTime('2026-11-21T13:42:24', undefined));
  });
});
