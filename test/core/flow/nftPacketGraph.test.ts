import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describeRanges } from '../../../src/core/flow/details';
import { packetGraph } from '../../../src/core/flow/packetGraph';
import { parsePacket } from '../../../src/core/packetText';
import { sampleNode } from './sampleNode';
import type { NodeState } from '../../../src/core/node';

const folder = 'kubernetes-1.36-nftables/node-a';
const lines = readFileSync(`samples/${folder}/nft-list-ruleset.txt`, 'utf8').split('\n');

suite('packetGraph of a node in nftables mode', () => {
  let node: NodeState;

  suiteSetup(async () => {
    ({ node } = await sampleNode(folder));
  });

  function drawn(text: string) {
    return packetGraph(node, parsePacket(text)!);
  }

  const labelsOf = ({ graph }: ReturnType<typeof drawn>, wanted: string) =>
    graph.nodes.filter(({ kind }) => kind === wanted).map(({ label }) => label);

  test('a pod to a ClusterIP: the map is the fork, each endpoint with its share', () => {
    const packet = drawn('10.244.0.9 > 10.105.195.3:80/tcp');
    assert.match(packet.graph.header, /delivered$/);
    assert.deepEqual(labelsOf(packet, 'endpoint'), ['10.244.0.57:8120', '10.244.1.52:8120']);
    const service = 'service-ETWEO5YX-shop/lb-no-np/tcp/http';
    assert.deepEqual(labelsOf(packet, 'chain'), ['services', service]);
    const fork = packet.graph.edges.filter(({ from }) => from === `kube-proxy ${service}`);
    assert.deepEqual(
      fork.map(({ label }) => label),
      ['50 %', '50 %'],
    );
  });

  test('each rule leads to its line, and a hover tells the line and what it does', () => {
    const { graph, rules } = drawn('10.244.0.9 > 10.105.195.3:80/tcp');
    const steps = graph.entries[0]!.steps.filter(({ rule }) => rule !== undefined);
    assert.ok(steps.length > 5 && steps.every(({ range }) => range));
    const dnat = steps.find(({ text }) => text === 'DNAT to 10.244.0.57:8120')!;
    assert.match(lines[dnat.range!.line]!, /numgen random mod 2 map .*10\.244\.0\.57 \. 8120/);
    const { rules: told } = describeRanges([dnat.range!], rules, ({ line }) => lines[line]);
    assert.match(told[0]!.place, /^kube-proxy service-ETWEO5YX-\S+ rule 1$/);
    assert.match(told[0]!.text!, /dnat ip to/);
    assert.match(told[0]!.sentence!, /Changes the destination to .* random number/);
  });

  test('from outside by a NodePort: marked, translated, masqueraded', () => {
    const packet = drawn('203.0.113.200 > 192.168.77.10:30777/udp in eth0');
    const external = packet.graph.nodes.find(({ label }) => label.startsWith('external-'))!;
    assert.deepEqual(external.marks, [{ action: 'set', bits: 0x4000 }]);
    assert.ok(labelsOf(packet, 'exit').every((label) => /^Source \u2192 /.test(label)));
    assert.ok(labelsOf(packet, 'endpoint').length > 0);
  });

  test('no endpoints: the chain that rejects is drawn, with its rule', () => {
    const { graph } = drawn('10.244.0.9 > 10.102.58.38:80/tcp');
    assert.match(graph.header, /rejected/);
    const reject = graph.nodes.find(({ kind }) => kind === 'reject')!;
    assert.match(lines[reject.ranges[0]!.line]!, /^\s+reject$/);
    assert.ok(graph.nodes.some(({ label }) => label === 'service-endpoints-check'));
  });

  test('session affinity: the chain of an endpoint is drawn as the endpoint', () => {
    const packet = drawn('10.244.0.9 > 10.99.123.249:9000/tcp');
    const endpoints = labelsOf(packet, 'endpoint').sort();
    assert.deepEqual(endpoints, ['10.244.0.10:9000', '10.244.0.9:9000', '10.244.1.9:9000']);
    assert.ok(!labelsOf(packet, 'chain').some((label) => label.startsWith('endpoint-')));
  });
});
