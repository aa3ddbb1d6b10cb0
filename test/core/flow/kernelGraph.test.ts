import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { drawKernelGraph } from '../../../src/core/flow/kernelGraph';
import type { NodeState } from '../../../src/core/node';
import { groupPackets } from '../../../src/core/packetTrace/group';
import { layPacket } from '../../../src/core/packetTrace/lay';
import { leaves } from '../../../src/core/trace/leaves';
import { traceFlow } from '../../../src/core/trace/tracer';
import { finish } from '../../../src/core/work';
import { parsePacketTrace } from '../../../src/syntax/packetTrace/read';
import { legacyLog, packet } from '../packetTrace/legacyLog';
import { layOn, logLine } from '../packetTrace/smallNode';
import { sampleNode } from './sampleNode';

const folder = 'kubernetes-1.36-iptables/node-a';
const save = readFileSync(`samples/${folder}/iptables-save.txt`, 'utf8');

/** The graph of the first packet of a text. */
function graphOf(node: NodeState, text: string) {
  const rows = save.split('\n');
  const [traced] = groupPackets(parsePacketTrace(text, 'trace').value);
  const laid = layPacket(node, traced!, ({ line }) => rows[line]);
  return finish(drawKernelGraph(node, laid)).graph;
}

suite("the kernel's own steps as a flow graph", () => {
  test('of a packet that went as by the dump: the chains, the endpoint and what left, like a trace', async () => {
    const { node } = await sampleNode(folder, (name) => !name.startsWith('ip6'));
    const [way] = leaves(traceFlow(node, packet).path);
    const graph = graphOf(node, legacyLog(node, packet));
    const { final } = way!.verdict;
    const ids = graph.nodes.map(({ id }) => id);
    assert.ok(ids.includes('nat KUBE-SERVICES'), ids.join('\n'));
    const [endpoint] = graph.nodes.filter(({ kind }) => kind === 'endpoint');
    assert.ok(endpoint?.label.endsWith(`:${final!.destinationPort}`), endpoint?.label);
    assert.deepEqual(
      graph.nodes.filter(({ differs }) => differs !== undefined),
      [],
    );
    assert.match(graph.header, /every step as by the dump$/);
    assert.equal(graph.entries[0]?.outcomes[0]?.kind, 'delivered');
    const texts = graph.entries[0]!.steps.map(({ text }) => text);
    assert.ok(
      texts.some((text) => /^nat KUBE-SERVICES rule \d+/.test(text)),
      texts.join('\n'),
    );
    assert.ok(texts.some((text) => /^Rule \d+ did not match: /.test(text)));
    // Each step of a rule says in which chain it is.
    for (const { text, table, chain } of graph.entries[0]!.steps) {
      const at = /^(\S+) (\S+) rule \d+/.exec(text);
      if (at) assert.deepEqual([table, chain], at.slice(1), text);
      if (text.startsWith('Rule ')) assert.ok(table !== undefined && chain !== undefined, text);
    }
    assert.deepEqual(graph.assumptions, []);
    // Each edge is between nodes that are drawn, and what a step names is drawn, too.
    for (const { from, to } of graph.edges) assert.ok(ids.includes(from) && ids.includes(to));
    for (const { node: id } of graph.entries[0]!.steps)
      assert.ok(id === undefined || ids.includes(id));
  });

  test('where the dump would send it elsewhere, chain, step and warning say so', async () => {
    const { node } = await sampleNode(folder, (name) => !name.startsWith('ip6'));
    const log = legacyLog(node, packet);
    // Another rule of the same chain: the kernel's Service was in another place then.
    const other = log.replace(
      /nat:KUBE-SERVICES:rule:(\d+)/,
      (_, rule: string) => `nat:KUBE-SERVICES:rule:${Number(rule) === 1 ? 2 : Number(rule) - 1}`,
    );
    const graph = graphOf(node, other);
    const marked = graph.nodes.filter(({ differs }) => differs !== undefined);
    assert.deepEqual(
      marked.map(({ id }) => id),
      ['nat KUBE-SERVICES'],
    );
    assert.match(marked[0]!.differs!, /another time, another backend or another node/);
    assert.match(graph.header, /1 step differs from the dump$/);
    assert.match(graph.warnings[0]!, /^nat KUBE-SERVICES rule \d+: the kernel /);
    assert.ok(graph.entries[0]!.steps.some(({ text }) => text.startsWith('! the kernel ')));
  });

  test('a trace that ends in the middle says so', async () => {
    const { node } = await sampleNode(folder, (name) => !name.startsWith('ip6'));
    const lines = legacyLog(node, packet).split('\n');
    const cut = graphOf(node, lines.slice(0, 3).join('\n'));
    assert.equal(cut.entries[0]?.outcomes[0]?.kind, 'unknown');
    assert.match(cut.nodes.at(-1)?.detail ?? '', /the trace ends in prerouting/);
  });

  const small = [
    '*filter',
    ':FORWARD DROP [0:0]',
    ':WEB - [0:0]',
    ...[81, 82, 83, 84, 85, 86, 87].map((port) => `-A FORWARD -p tcp --dport ${port} -j ACCEPT`),
    '-A FORWARD -p tcp --dport 80 -j WEB',
  ];
  const told = (...lines: string[]) => {
    const [laid] = layOn(small, ...lines);
    const own = { name: 'node-a', rulesets: [], findings: [] };
    return finish(drawKernelGraph(own, laid!)).graph;
  };
  const steps = (...lines: string[]) => told(...lines).entries[0]!.steps;
  const pod = { to: '10.244.1.5', devices: 'IN=eth0 OUT=cni0' };

  test('five of the rules that did not match, then how many more; then the one that did', () => {
    const list = steps(logLine('filter:FORWARD:rule:8', { ...pod, more: ' MARK=0x4000' }));
    assert.deepEqual(
      list.map(({ text, depth }) => [depth, text.replace(/: .*/, '')]),
      [
        ...[1, 2, 3, 4, 5].map((number) => [1, `Rule ${number} did not match`]),
        [1, '2 more rules did not match'],
        [0, 'filter FORWARD rule 8'],
      ],
    );
    assert.deepEqual([list.at(-1)!.rule, list.at(-1)!.markBefore], [8, 0x4000]);
    assert.equal(steps(logLine('filter:FORWARD:rule:6', { ...pod, port: 86 })).length, 6);
  });

  test('ends of chains and rules that the dump lacks are named as the kernel does', () => {
    const list = steps(
      logLine('filter:WEB:return:1', pod),
      logLine('filter:WEB:rule:4', pod),
      logLine('filter:GONE:rule:7', pod),
      logLine('filter:FORWARD:policy:9', pod),
    );
    const places = list.filter(({ depth, text }) => depth === 0 && !text.startsWith('!'));
    assert.deepEqual(
      places.map(({ text }) => text.replace(/ \(unknown: .*/, ' (unknown)')),
      [
        'filter WEB, the end',
        'filter WEB rule 4 (unknown)',
        'filter GONE rule 7 (unknown)',
        'filter FORWARD, policy',
      ],
    );
  });

  test('the packet as it is first seen is who asks; without a head its lines are', () => {
    const graph = told(logLine('filter:FORWARD:rule:8', pod));
    const [sender] = graph.nodes;
    assert.deepEqual(
      [sender!.label, sender!.detail],
      ['In by eth0', '192.0.2.7:40000 \u2192 10.244.1.5:80'],
    );
    assert.match(
      graph.header,
      /^192\.0\.2\.7:40000 \u2192 10\.244\.1\.5:80, node-a: as the kernel's trace tells, /,
    );
    const own = told(logLine('filter:FORWARD:rule:8', { ...pod, devices: 'IN= OUT=cni0' }));
    assert.equal(own.nodes[0]!.label, 'This node');
    const bare = told('trace id 4f1c2a90 ip filter FORWARD policy drop');
    assert.equal(bare.nodes[0]!.detail, 'a packet of 1 lines, none with its addresses');
  });

  test('what else the heads show is a warning', () => {
    const { warnings } = told(
      logLine('filter:FORWARD:rule:8', pod),
      logLine('filter:WEB:return:1', { ...pod, from: '10.244.1.1' }),
    );
    assert.deepEqual(warnings, ['Seen: source 192.0.2.7:40000 became 10.244.1.1:40000 (SNAT).']);
  });
});
