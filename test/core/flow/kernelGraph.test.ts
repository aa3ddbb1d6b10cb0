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
});
