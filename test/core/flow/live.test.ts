import assert from 'node:assert/strict';
import { finish } from '../../../src/core/work';
import { chainsOf } from '../../../src/core/flow/edgeRates';
import { countedTables, liveRates } from '../../../src/core/flow/live';
import { withLiveRates, withRateHeat } from '../../../src/core/flow/liveHeat';
import { serviceGraph } from '../../../src/core/flow/serviceGraph';
import { readRuleCounters, ruleText } from '../../../src/syntax/iptables/ruleset/ruleCounters';
import { textLines } from '../../../src/syntax/textLines';
import { nodeOf } from './sampleNode';

const dump = [
  '*nat',
  ':PREROUTING ACCEPT [0:0]',
  ':OUTPUT ACCEPT [0:0]',
  ':KUBE-SERVICES - [0:0]',
  ':KUBE-SVC-NPX46M4PTMTKRN6Y - [0:0]',
  ':KUBE-SEP-AAAAAAAAAAAAAAAA - [0:0]',
  '-A PREROUTING -j KUBE-SERVICES',
  '-A OUTPUT -j KUBE-SERVICES',
  '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y',
  '-A KUBE-SVC-NPX46M4PTMTKRN6Y -m comment --comment "default/kubernetes:https" -j KUBE-SEP-AAAAAAAAAAAAAAAA',
  '-A KUBE-SEP-AAAAAAAAAAAAAAAA -p tcp -m comment --comment "default/kubernetes:https" -m tcp -j DNAT --to-destination 192.168.77.10:6443',
  'COMMIT',
  '',
].join('\n');

suite('rates of counters that are read every few seconds', () => {
  test('each edge by the rules that count just what passes there, however the dump was saved', async () => {
    const { node, found: serviceOf } = await nodeOf(new Map([['iptables-save.txt', dump]]));
    const { graph, rules } = serviceGraph(node, serviceOf('default/kubernetes:https'));
    assert.equal(graph.counters, 'none');
    assert.deepEqual([...countedTables(graph, rules)], ['nat']);

    const at = (captured: string, packets: number) => {
      const text = dump.replace(/^-A /gm, `[${packets}:${packets * 60}] -A `);
      const { chains } = finish(readRuleCounters(textLines(text), chainsOf(rules)));
      return { captured, chains };
    };
    const lines = textLines(dump);
    const rates = (earlier: number, later: number, end = '2026-11-21T10:00:04.500') =>
      liveRates(graph, rules, [at('2026-11-21T10:00:00.000', earlier), at(end, later)], (range) =>
        ruleText(lines.line(range.line)),
      );
    const found = rates(100, 109);
    const jump = 'nat KUBE-SERVICES -> nat KUBE-SVC-NPX46M4PTMTKRN6Y';
    const edge = graph.edges.find(({ from, to }) => `${from} -> ${to}` === jump);
    assert.ok(edge, graph.edges.map(({ id }) => id).join('\n'));
    assert.deepEqual(found[edge.id], { perSecond: 2 });
    assert.match(JSON.stringify(rates(9, 3)[edge.id]), /reset/);
    assert.match(JSON.stringify(rates(1, 2, '2026-11-21T10:00:00.000')[edge.id]), /same second/);

    const drawn = withRateHeat(withLiveRates(graph, found));
    assert.deepEqual(drawn.edges.find(({ id }) => id === edge.id)?.heat, { level: 4, text: '2/s' });
    const silent = withRateHeat(withLiveRates(graph, rates(5, 5)));
    assert.deepEqual(silent.edges.find(({ id }) => id === edge.id)?.heat, {
      level: 0,
      text: '0/s',
    });
    assert.ok(drawn.edges.every((one) => one.heat === undefined || one.id in found));
  });
});
