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
import { parseAddress } from '../../../../src/core/address';
import type { IpvsStatisticsRow } from '../../../../src/core/ipvs/state';
import type { SourceRange } from '../../../../src/core/source';
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

  test('an edge is told where one row of the table is all of it', async () => {
    const { graph } = await nodePort();
    const { node } = await sampleNode(folder, (name) => !name.startsWith('proc'));
    const [virtual, other] = node.ipvs!.virtualServers;
    const rule = { source: 'iptables-save.txt', line: 1, start: 0, end: 1 };
    const told = (...ranges: SourceRange[]) => {
      const edges = [{ ...graph.edges[0]!, id: 'it', ranges }];
      return ipvsEdges({ ...graph, edges }, node.ipvs).size;
    };
    assert.equal(told(virtual!.range), 1);
    assert.equal(told(virtual!.range, virtual!.range), 1);
    assert.equal(told(virtual!.realServers[0]!.range), 1);
    assert.equal(told(virtual!.range, other!.range), 0);
    // A rule takes other packets there, too, which IPVS counts as well.
    assert.equal(told(virtual!.range, rule), 0);
    assert.equal(told(rule), 0);
    assert.equal(told(), 0);
    assert.equal(ipvsEdges(graph, undefined).size, 0);
  });

  const server = (protocol: number, port: number) => ({
    protocol,
    virtual: { address: parseAddress('10.96.0.10')!, port },
  });
  const row = (of: ReturnType<typeof server>, inPackets: number) =>
    ({ ...of, inPackets }) as IpvsStatisticsRow;

  test('TCP and UDP of one address and port are two virtual servers', () => {
    const edges = new Map(
      [...packetsOf([row(server(17, 53), 1)]).keys()].map((key) => ['udp', key]),
    );
    const at = (taken: number, tcp: number, udp: number) => ({
      taken,
      packets: packetsOf([row(server(17, 53), udp), row(server(6, 53), tcp)]),
    });
    assert.deepEqual(ipvsRates(edges, [at(0, 5, 10), at(2_000, 500, 14)]), {
      udp: { perSecond: 2 },
    });
  });

  test('no number where it is not there any more, was not before, or no time passed', () => {
    const key = [...packetsOf([row(server(6, 53), 1)]).keys()][0]!;
    const at = (taken: number, packets?: number) => ({
      taken,
      packets: packetsOf(packets === undefined ? [] : [row(server(6, 53), packets)]),
    });
    const rate = (...between: Parameters<typeof ipvsRates>[1]) =>
      ipvsRates(new Map([['it', key]]), between)['it']!;
    assert.match(JSON.stringify(rate(at(0, 1), at(1_000))), /any more/);
    assert.match(JSON.stringify(rate(at(0), at(1_000, 1))), /was made or its counters were reset/);
    assert.match(JSON.stringify(rate({ taken: 0 }, at(1_000, 1))), /was made/);
    assert.match(JSON.stringify(rate(at(0, 2), at(1_000, 1))), /was made/);
    assert.match(JSON.stringify(rate(at(1_000, 1), at(1_000, 2))), /was made/);
    assert.deepEqual(rate(at(0, 2), at(1_000, 2)), { perSecond: 0 });
    const later = { taken: 1_000, connections: new Map<string, number>() };
    assert.match(JSON.stringify(rate(at(0, 1), later)), /any more/);
    assert.deepEqual(rate(at(0, 1), { ...later, connections: new Map([[key, 0]]) }), {
      connections: 0,
    });
    assert.doesNotMatch(ipvsTold(later), /Those are now/);
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
