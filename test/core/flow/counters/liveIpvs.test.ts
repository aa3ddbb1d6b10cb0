import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { FlowGraph } from '../../../../src/core/flow/graph';
import {
  connectionsOf,
  ipvsEdges,
  ipvsRates,
  ipvsTold,
  packetsOf,
} from '../../../../src/core/flow/counters/liveIpvs';
import { withLiveRates, withRateHeat } from '../../../../src/core/flow/counters/liveHeat';
import { serviceGraph } from '../../../../src/core/flow/serviceGraph';
import { drawableServices } from '../../../../src/core/flow/services';
import { finish } from '../../../../src/core/work';
import { parseIpvsStatistics } from '../../../../src/syntax/ipvs/statistics';
import { parseIpvsTable } from '../../../../src/syntax/ipvs/table';
import { sampleNode } from '../sampleNode';

const folder = 'kubernetes-1.36-ipvs/node-a';

/** `ipvsadm -Ln --stats --exact` as it prints a NodePort of the sample. */
const stats = (all: number, first: number, second: number) =>
  [
    'IP Virtual Server version 1.2.1 (size=4096)',
    'Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes',
    '  -> RemoteAddress:Port',
    `TCP  192.168.77.10:30089                10       ${all}       35     3037     2943`,
    `  -> 10.244.0.2:8080                     5       ${first}       23     1708     2076`,
    `  -> 10.244.1.2:8080                     5       ${second}       12     1329      867`,
    '',
  ].join('\n');

const reading = (taken: number, ...counts: [number, number, number]) => ({
  taken,
  packets: packetsOf(parseIpvsStatistics(stats(...counts), 'x').value.rows),
});

/** The NodePort's own edges: what leads to the virtual server, and to its real servers. */
async function nodePort(): Promise<{ graph: FlowGraph; edges: ReadonlyMap<string, string> }> {
  const { node } = await sampleNode(folder, (name) => !name.startsWith('proc'));
  const services = finish(drawableServices(node, 'x', undefined));
  const found = services.find(({ service }) => service.entries.some(({ port }) => port === 30089));
  assert.ok(found);
  const { graph } = serviceGraph(node, found);
  return { graph, edges: ipvsEdges(graph, node.ipvs) };
}

suite('what IPVS counts, every few seconds', () => {
  test('packets per second to each real server, however the table was saved', async () => {
    const { graph, edges } = await nodePort();
    const virtual = 'virtual server 192.168.77.10:30089 6';
    const [into, first, second] = [
      `set KUBE-NODE-PORT-TCP > ${virtual}`,
      `${virtual} > endpoint 10.244.0.2:8080`,
      `${virtual} > endpoint 10.244.1.2:8080`,
    ];
    const between = (later: [number, number, number]) =>
      ipvsRates(edges, [reading(1_000, 47, 27, 20), reading(5_000, ...later)]);
    const rates = between([67, 35, 32]);
    assert.deepEqual(rates, {
      [into]: { perSecond: 5 },
      [first]: { perSecond: 2 },
      [second]: { perSecond: 3 },
    });
    const drawn = withRateHeat(withLiveRates(graph, rates));
    assert.deepEqual(drawn.edges.find(({ id }) => id === second)?.heat, { level: 4, text: '3/s' });

    // kube-proxy took the real server out and in again: its counters begin anew.
    const anew = between([60, 1, 32]);
    assert.match(JSON.stringify(anew[first]), /counters were reset/);
    assert.deepEqual(anew[second], { perSecond: 3 });
    assert.match(ipvsTold(reading(1, 1, 1, 1)), /every packet/);
  });

  test('several ways to one virtual server: none of them is told alone', async () => {
    const { graph, edges } = await nodePort();
    const into = [...edges.keys()].find((id) => id.startsWith('set '))!;
    const twin = { ...graph.edges.find(({ id }) => id === into)!, id: 'another' };
    const { node } = await sampleNode(folder, (name) => !name.startsWith('proc'));
    const found = ipvsEdges({ ...graph, edges: [...graph.edges, twin] }, node.ipvs);
    assert.equal(found.size, 2);
    assert.equal(found.has(into), false);
  });

  test('without ipvsadm: the connections in the table of /proc, said to be those', async () => {
    const { graph, edges } = await nodePort();
    const table = readFileSync(
      new URL(`../../../../samples/${folder}/proc-net-ip_vs.txt`, import.meta.url),
      'utf8',
    );
    const at = (taken: number) => ({
      taken,
      connections: connectionsOf(parseIpvsTable(table, 'x', true).value),
    });
    const rates = ipvsRates(edges, [at(0), at(5_000)]);
    assert.deepEqual(Object.values(rates), [
      { connections: 6 },
      { connections: 3 },
      { connections: 3 },
    ]);
    const drawn = withRateHeat(withLiveRates(graph, rates));
    const texts = drawn.edges.flatMap(({ heat }) => heat?.text ?? []);
    assert.deepEqual(texts, ['connections: 6', 'connections: 3', 'connections: 3']);
    const counts = { connections: 0, inBytes: 0, outBytes: 0 };
    const perSecond = { ...counts, inPackets: 12, outPackets: 10 };
    assert.match(ipvsTold({ ...at(0), perSecond }), /has no ipvsadm.*12\/s from clients/);
  });
});
