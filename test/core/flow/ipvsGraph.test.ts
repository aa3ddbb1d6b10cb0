import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { FlowGraph } from '../../../src/core/flow/graph';
import { serviceGraph } from '../../../src/core/flow/serviceGraph';
import { drawableServices } from '../../../src/core/flow/services';
import type { NodeState } from '../../../src/core/node';
import type { ServiceObject } from '../../../src/core/objects/types';
import { parseObjects } from '../../../src/syntax/objects/objects';
import { nodeOf, sampleNode } from './sampleNode';

const sample = 'kubernetes-1.36-ipvs';

suite('flow graph of a Service in ipvs mode', () => {
  let node: NodeState;
  let objects: readonly ServiceObject[];

  suiteSetup(async () => {
    ({ node } = await sampleNode(`${sample}/node-a`));
    const yaml = readFileSync(`samples/${sample}/objects/services.yaml`, 'utf8');
    objects = (await parseObjects(yaml, 'services.yaml', () => Promise.resolve())).value.services;
  });

  /** The node with other rules than its own. */
  async function withRules(text: string): Promise<NodeState> {
    const rules = await nodeOf(new Map([['iptables-save.txt', text]]));
    const others = node.rulesets.filter(({ family }) => family !== 4);
    return { ...node, rulesets: [rules.ruleset, ...others] };
  }

  function draw(id: string, on = node): FlowGraph {
    const work = drawableServices(on, undefined, objects);
    let step = work.next();
    while (!step.done) step = work.next();
    const found = step.value.find((one) => one.id === id);
    assert.ok(found, id);
    return serviceGraph(on, found).graph;
  }

  const kindsOf = (graph: FlowGraph, label: string) => {
    const { edges, node: start } = graph.entries.find((one) => one.label === label)!;
    const passed = [start];
    for (const at of passed) {
      for (const { id, from, to } of graph.edges) {
        if (from === at && edges.includes(id) && !passed.includes(to)) passed.push(to);
      }
    }
    return passed.map((id) => graph.nodes.find((one) => one.id === id)!.kind);
  };

  test('the virtual server chooses: half each, and the graph goes over it', () => {
    const graph = draw('shop/checkout:https/TCP');
    assert.match(graph.header, /, ipvs mode, node-a: 2 endpoints at 50 %; pods keep their source/);
    assert.deepEqual(kindsOf(graph, 'Pod on this node').slice(0, 7), [
      'entry',
      'hook',
      'chain',
      'set',
      'virtual-server',
      'endpoint',
      'endpoint',
    ]);
    assert.deepEqual(graph.warnings, []);
    const chosen = graph.edges.filter(({ to }) => to.startsWith('endpoint'));
    for (const { label } of chosen) assert.equal(label, '50 %');
  });

  test('where no packet comes to IPVS, the graph says that it does not show the choice', async () => {
    const text = [
      '*raw',
      ':PREROUTING ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      '-A PREROUTING -j DROP',
      '-A OUTPUT -j DROP',
      'COMMIT',
      '',
    ];
    const { warnings } = draw('default/whoami/TCP', await withRules(text.join('\n')));
    assert.deepEqual(
      warnings.filter((warning) => warning.includes('IPVS')),
      ['This Service is in ipvs mode, and no trace reached IPVS: what it does is not drawn here.'],
    );
    assert.deepEqual(draw('default/whoami/TCP').warnings, []);
  });

  test('the set that has the Service leads to the rule that asks it', () => {
    const graph = draw('shop/checkout:https/TCP');
    const sets = graph.nodes.filter(({ kind }) => kind === 'set');
    const rules = readFileSync(`samples/${sample}/node-a/iptables-save.txt`, 'utf8').split('\n');
    for (const { label, ranges } of sets) {
      assert.match(rules[ranges[0]!.line]!, new RegExp(` --match-set ${label} dst`));
    }
    assert.deepEqual(sets.map(({ label }) => label).sort(), [
      'KUBE-CLUSTER-IP',
      'KUBE-LOAD-BALANCER',
      'KUBE-NODE-PORT-TCP',
    ]);
  });

  test('an endpoint leads to the row of its real server', () => {
    const graph = draw('shop/checkout:https/TCP');
    const endpoint = graph.nodes.find(({ kind }) => kind === 'endpoint')!;
    const [range] = endpoint.ranges;
    const rows = readFileSync(`samples/${sample}/node-a/${range!.source}`, 'utf8').split('\n');
    assert.ok(rows[range!.line]!.includes(`-> ${endpoint.label}`), rows[range!.line]);
    assert.equal(endpoint.detail, 'Masq, weight 1');
  });

  test('a NodePort that IPVS has on every local address is asked once', () => {
    const labels = draw('shop/checkout:https/TCP').entries.map(({ label }) => label);
    assert.equal(labels.filter((label) => label.startsWith('Outside, NodePort')).length, 1);
    assert.equal(labels[0], 'Pod on this node');
  });

  test('behind IPVS no chain chooses once more: the packet leaves OUTPUT as it is', async () => {
    // A rule that marks in OUTPUT makes that chain one to draw; IPVS passes it a second time.
    const marked = readFileSync(`samples/${sample}/node-a/iptables-save.txt`, 'utf8').replace(
      /^\*filter$/m,
      '*mangle\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p tcp -j MARK --set-xmark 0x8/0x8\nCOMMIT\n*filter',
    );
    const graph = draw('shop/checkout:https/TCP', await withRules(marked));
    const passes = (kind: string) =>
      graph.edges.filter(({ from }) => from.startsWith(kind)).map(({ to }) => to);
    assert.ok(passes('This node').includes('mangle OUTPUT'));
    assert.ok(!passes('endpoint').includes('mangle OUTPUT'));
    assert.ok(passes('endpoint').includes('nat KUBE-POSTROUTING'));
  });

  test('rows of IPVS have no counters: their edges neither', () => {
    const graph = draw('shop/checkout:https/TCP');
    for (const { to, counters } of graph.edges) {
      if (/^(endpoint|virtual)/.test(to)) assert.equal(counters, undefined);
    }
  });

  test('sources outside the ranges are dropped by a rule', () => {
    const graph = draw('shop/checkout:https/TCP');
    assert.equal(kindsOf(graph, 'Refused, load balancer IP').at(-1), 'drop');
  });
});
