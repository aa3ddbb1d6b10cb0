import assert from 'node:assert/strict';
import type { FlowGraph } from '../../../../src/core/flow/graph';
import { edgeCountText } from '../../../../src/core/flow/counters/countText';
import { serviceGraph } from '../../../../src/core/flow/serviceGraph';
import { nodeOf, sampleNode, type SampleNode } from '../sampleNode';

const folder = 'kubernetes-1.36-iptables/node-a';

/** A Service with one endpoint; `count` writes the counters before each rule. */
function dump(count: (rule: string) => string): string {
  const rules = [
    '-A PREROUTING -j KUBE-SERVICES',
    '-A OUTPUT -j KUBE-SERVICES',
    '-A KUBE-SERVICES -d 10.96.0.5/32 -p tcp -m comment --comment "default/whoami cluster IP" -m tcp --dport 3000 -j KUBE-SVC-OQCLJJ5GLLNFY3XB',
    '-A KUBE-SVC-OQCLJJ5GLLNFY3XB -m comment --comment "default/whoami -> 10.11.32.6:3000" -j KUBE-SEP-VN72UHNM6XOXLRPW',
    '-A KUBE-SEP-VN72UHNM6XOXLRPW -p tcp -m comment --comment "default/whoami" -m tcp -j DNAT --to-destination 10.11.32.6:3000',
  ];
  const chains = ['PREROUTING ACCEPT', 'OUTPUT ACCEPT', 'KUBE-SERVICES -'];
  chains.push('KUBE-SVC-OQCLJJ5GLLNFY3XB -', 'KUBE-SEP-VN72UHNM6XOXLRPW -');
  const declared = chains.map((chain) => `:${chain} [0:0]`);
  return ['*nat', ...declared, ...rules.map((rule) => count(rule) + rule), 'COMMIT', ''].join('\n');
}

async function drawn(text: string): Promise<FlowGraph> {
  const { node, found } = await nodeOf(new Map([['iptables-save.txt', text]]));
  return serviceGraph(node, found('default/whoami')).graph;
}

/** `KUBE-SERVICES > KUBE-SVC-X: 12 new connections` of each edge with counters. */
function counted({ edges, nodes }: FlowGraph): string[] {
  const label = (id: string) => nodes.find((node) => node.id === id)!.label;
  return edges.flatMap(({ from, to, counters }) =>
    counters ? [`${label(from)} > ${label(to)}: ${edgeCountText(counters)}`] : [],
  );
}

suite('counters of a graph', () => {
  let sample: SampleNode;

  suiteSetup(async () => {
    sample = await sampleNode(folder, (name) => name !== 'iptables-save.txt');
  });

  test('an edge has what the rules of the chain that it leaves counted', () => {
    const { graph } = serviceGraph(sample.node, sample.found('shop/edge-np:http'));
    assert.equal(graph.counters, 'counted');
    const texts = counted(graph);
    // [8:480] -A KUBE-SVC-4TGH2QBMZCNGQRFB ... -j KUBE-SEP-MTOZ2BIZ4Z3LESJP
    assert.ok(
      texts.includes('KUBE-SVC-4TGH2QBMZCNGQRFB > 10.244.1.16:8081: 8 new connections'),
      texts.join('\n'),
    );
    // [453:27090] -A PREROUTING ... -j KUBE-SERVICES
    assert.ok(texts.includes('PREROUTING > KUBE-SERVICES: 453 new connections in all'));
  });

  test('what comes from an endpoint or an entry has no rule of its own: no counters', () => {
    const { graph } = serviceGraph(sample.node, sample.found('shop/edge-np:http'));
    const kinds = new Map(graph.nodes.map(({ id, kind }) => [id, kind]));
    const bare = graph.edges.filter(({ from }) => /entry|endpoint/.test(kinds.get(from)!));
    assert.ok(bare.length > 3);
    for (const edge of bare) assert.equal(edge.counters, undefined, edge.id);
  });

  test('session affinity: both rules that lead to an endpoint, added', () => {
    const { graph } = serviceGraph(sample.node, sample.found('shop/sticky:http'));
    // [5:300] ... --rcheck ... -j KUBE-SEP-MYUSSXITEMSRJR3M, [1:60] ... random 0.5 -j the same
    const edge = graph.edges.find(({ to }) => to === 'endpoint 10.244.0.51:8150')!;
    assert.deepEqual(edge.counters, {
      packets: 6,
      bytes: 360,
      unit: 'connections',
      shared: false,
    });
  });

  test('rules of filter count packets', () => {
    const { graph } = serviceGraph(sample.node, sample.found('shop/checkout:https'));
    const drop = graph.nodes.find(({ kind }) => kind === 'drop')!;
    const edge = graph.edges.find(({ to }) => to === drop.id)!;
    assert.equal(edge.counters?.unit, 'packets');
    assert.equal(edge.counters?.shared, false);
  });

  test('without -c there are none, and that is no zero', async () => {
    const graph = await drawn(dump(() => ''));
    assert.equal(graph.counters, 'none');
    assert.deepEqual(counted(graph), []);
  });

  test('[0:0] everywhere tells nothing', async () => {
    const graph = await drawn(dump(() => '[0:0] '));
    assert.equal(graph.counters, 'zero');
    assert.deepEqual(counted(graph), []);
  });

  test('a zero beside counts is a zero', async () => {
    const graph = await drawn(
      dump((rule) => (/-A (PRER|OUTP)/.test(rule) ? '[9:540] ' : '[0:0] ')),
    );
    assert.equal(graph.counters, 'counted');
    assert.deepEqual(counted(graph), [
      'PREROUTING > KUBE-SERVICES: 9 new connections in all',
      'KUBE-SERVICES > KUBE-SVC-OQCLJJ5GLLNFY3XB: 0 new connections',
      'KUBE-SVC-OQCLJJ5GLLNFY3XB > 10.11.32.6:3000: 0 new connections',
      'OUTPUT > KUBE-SERVICES: 9 new connections in all',
    ]);
  });
});
