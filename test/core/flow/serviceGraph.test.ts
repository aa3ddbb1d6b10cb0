import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { toText } from '../../../src/core/flow/exports';
import type { FlowGraph } from '../../../src/core/flow/graph';
import { roleOf } from '../../../src/core/flow/calledChains';
import { serviceGraph } from '../../../src/core/flow/serviceGraph';
import { nodeOf, sampleNode } from './sampleNode';
import type { SampleNode } from './sampleNode';

const iptables136 = 'kubernetes-1.36-iptables/node-a';

const lines = readFileSync(`samples/${iptables136}/iptables-save.txt`, 'utf8').split('\n');

/** The line of the sample dump, from 0. */
function lineOf(line: number): string {
  return lines[line]!;
}

function draw({ node, found }: SampleNode, title: string): FlowGraph {
  return serviceGraph(node, found(title)).graph;
}

function entry(graph: FlowGraph, label: string) {
  const found = graph.entries.find((one) => one.label === label);
  assert.ok(found, `${label} in ${graph.entries.map((one) => one.label).join(', ')}`);
  return found;
}

/** The labels of the nodes that an entry's packets pass, nearest first. */
function pathOf(graph: FlowGraph, label: string): string[] {
  const { edges, node } = entry(graph, label);
  const labels = new Map(graph.nodes.map((one) => [one.id, one.label]));
  const passed = [node];
  for (const at of passed) {
    for (const { id, from, to } of graph.edges) {
      if (from === at && edges.includes(id) && !passed.includes(to)) passed.push(to);
    }
  }
  return passed.map((id) => labels.get(id)!);
}

/** `10.244.0.11:8443 50 %`, of all edges to endpoints. */
function endpointsOf(graph: FlowGraph): string[] {
  const endpoints = graph.nodes.filter(({ kind }) => kind === 'endpoint');
  return endpoints.map(({ id, label }) => {
    const edge = graph.edges.find(({ to }) => to === id)!;
    return `${label} ${edge.label}`;
  });
}

suite('flow graph of a Service', () => {
  let node: SampleNode;

  suiteSetup(async () => {
    node = await sampleNode(iptables136);
  });

  test('three endpoints: a third each, not the rules of 0.33, 0.5 and 1', () => {
    const graph = draw(node, 'default/whoami');
    assert.ok(!graph.assumptions.some((text) => / stands for /.test(text)));
    const endpoints = endpointsOf(graph);
    assert.equal(endpoints.length, 3);
    for (const endpoint of endpoints) assert.match(endpoint, /:3000 33\.3 %$/);
    assert.match(
      graph.header,
      /^10\.\S+:3000\/TCP default\/whoami, iptables mode, node-a: 3 endpoints at 33\.3 %; pods keep their source/,
    );
  });

  test('an endpoint leads to its DNAT rule first, its edge to the rule that chooses it', () => {
    const graph = draw(node, 'default/whoami');
    const endpoint = graph.nodes.find(({ kind }) => kind === 'endpoint')!;
    assert.match(lineOf(endpoint.ranges[0]!.line), /^-A KUBE-SEP-.* -j DNAT --to-destination /);
    const edge = graph.edges.find(({ to }) => to === endpoint.id)!;
    assert.match(lineOf(edge.ranges[0]!.line), /^-A KUBE-SVC-.* -j KUBE-SEP-/);
  });

  test('load balancer: allowed sources are masqueraded, refused ones dropped by a rule', () => {
    const graph = draw(node, 'shop/checkout:https');
    assert.deepEqual(pathOf(graph, 'Refused, load balancer IP'), [
      'Refused, load balancer IP',
      'PREROUTING',
      'KUBE-SERVICES',
      'KUBE-FW-S6GYCJULEJ2HSKT7',
      'FORWARD',
      'KUBE-PROXY-FIREWALL',
      'DROP',
    ]);
    const drop = graph.nodes.find(({ kind }) => kind === 'drop')!;
    assert.equal(drop.detail, 'filter KUBE-PROXY-FIREWALL rule 1');
    assert.match(lineOf(drop.ranges[0]!.line), /^-A KUBE-PROXY-FIREWALL .* -j DROP$/);
    assert.equal(
      entry(graph, 'Allowed, load balancer IP').source,
      'source rewritten to 10.244.0.1 or 192.168.77.10 by KUBE-POSTROUTING rule 3: ' +
        'mark 0x4000, set by KUBE-EXT-S6GYCJULEJ2HSKT7 rule 1',
    );
  });

  test('sources are what the pods of the recording saw (traffic.txt)', () => {
    // node-a -> 10.99.205.136:3000 x20: bbspw 10.244.0.1, gt45f 192.168.77.10, plkx4 10.244.0.1
    const graph = draw(node, 'default/whoami');
    assert.equal(entry(graph, 'Pod on this node').source, 'source kept');
    const labels = pathOf(graph, 'This node');
    assert.ok(labels.includes('Source \u2192 10.244.0.1'));
    assert.ok(labels.includes('Source kept'), 'to the other node its own address stays');
  });

  test('marks: set where kube-proxy marks, tested and cleared in KUBE-POSTROUTING', () => {
    const graph = draw(node, 'shop/checkout:https');
    const marks = (label: string) =>
      graph.nodes
        .find((one) => one.label === label)!
        .marks.map(({ action, bits }) => `${action} 0x${bits.toString(16)}`);
    assert.deepEqual(marks('KUBE-EXT-S6GYCJULEJ2HSKT7'), ['set 0x4000']);
    assert.deepEqual(marks('KUBE-POSTROUTING').sort(), ['clear 0x4000', 'test 0x4000']);
    assert.deepEqual(marks('PREROUTING'), []);
  });

  test('who fails stands first, who is kept out by intent last; each node once, those who ask in that order', () => {
    for (const title of ['shop/checkout:https', 'shop/edge-np:http', 'default/whoami']) {
      const { entries, nodes, warnings } = draw(node, title);
      const ids = nodes.map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length, title);
      assert.deepEqual(
        ids.slice(0, entries.length),
        entries.map((one) => one.node),
      );
      assert.deepEqual(warnings, [], title);
    }
    const kinds = (title: string) =>
      draw(node, title).entries.map(({ label, outcomes }) => [label, outcomes[0]!.kind]);
    const local = kinds('shop/edge-np:http');
    const firstFine = local.findIndex(([, kind]) => kind === 'delivered');
    assert.ok(local.slice(firstFine).every(([, kind]) => kind === 'delivered'));
    const [label, kind] = kinds('shop/checkout:https').at(-1)!;
    assert.match(label!, /^Refused/);
    assert.equal(kind, 'silence');
  });

  test('no endpoints: rejected, and the header says so', () => {
    const graph = draw(node, 'shop/orphan:http');
    assert.match(graph.header, /: no endpoints; pods are refused$/);
    const reject = graph.nodes.find(({ kind }) => kind === 'reject')!;
    assert.equal(reject.label, 'REJECT icmp-port-unreachable');
    assert.match(lineOf(reject.ranges[0]!.line), /has no endpoints/);
    assert.equal(entry(graph, 'Pod on this node').source, undefined);
  });

  test('NodePort with Local policy and no endpoint here: outside is dropped, pods are served', () => {
    const graph = draw(node, 'shop/edge-np:http');
    const drop = graph.nodes.find(({ kind }) => kind === 'drop')!;
    assert.match(lineOf(drop.ranges[0]!.line), /has no local endpoints/);
    assert.equal(pathOf(graph, 'Outside, NodePort').at(-1), 'DROP');
    assert.ok(entry(graph, 'Pod on this node').source);
  });

  test('a ping to the ClusterIP meets no rule of the Service', () => {
    const { node: state } = node;
    const found = node.found('default/whoami');
    const silent = serviceGraph(state, found).graph;
    assert.ok(!silent.entries.some(({ label }) => label.startsWith('Ping')), 'only when asked for');
    const { graph } = serviceGraph(state, found, { ping: true });
    assert.deepEqual(graph.verdict, silent.verdict, 'says nothing of whether the Service works');
    assert.deepEqual(pathOf(graph, 'Ping to the ClusterIP'), [
      'Ping to the ClusterIP',
      'PREROUTING',
      'Leaves by eth0',
    ]);
  });

  test('session affinity: what a list remembers is unknown, with its reason', () => {
    const graph = draw(node, 'shop/sticky:http');
    const unknown = graph.edges.filter((edge) => edge.unknown !== undefined);
    assert.equal(unknown.length, 2);
    for (const { to, unknown: reason, label } of unknown) {
      assert.match(to, /^endpoint /);
      assert.match(reason!, /in the recent list KUBE-SEP-/);
      assert.equal(label, '50 % of new');
    }
    assert.match(graph.header, /each client stays for \d+ s/);
  });

  test('50 endpoints: 2 % each, their shares make the whole', () => {
    const graph = draw(node, 'shop/fanout:http');
    const endpoints = graph.nodes.filter(({ kind }) => kind === 'endpoint');
    assert.equal(endpoints.length, 50);
    const { edges, shares } = entry(graph, 'Pod on this node');
    const into = graph.edges.filter(
      ({ id, to }) => edges.includes(id) && to.startsWith('endpoint'),
    );
    const total = into.reduce((sum, { id }) => sum + shares[id]!, 0);
    assert.ok(Math.abs(total - 1) < 1e-6, String(total));
    for (const { id } of into) assert.ok(Math.abs(shares[id]! - 0.02) < 1e-6);
  });

  test('an entry alone makes a connected way from it to an end', () => {
    for (const title of ['default/whoami', 'shop/checkout:https', 'shop/edge:http']) {
      const graph = draw(node, title);
      const ends = new Set(['exit', 'stray', 'drop', 'reject', 'unknown']);
      for (const { node: start, edges, label } of graph.entries) {
        const own = graph.edges.filter(({ id }) => edges.includes(id));
        const reached = new Set([start]);
        for (let i = 0; i < own.length; i++) {
          for (const { from, to } of own) if (reached.has(from)) reached.add(to);
        }
        for (const { from, to } of own) {
          assert.ok(reached.has(from) && reached.has(to), `${label}: ${from} > ${to}`);
          const kind = graph.nodes.find(({ id }) => id === to)!.kind;
          assert.ok(
            ends.has(kind) || own.some((edge) => edge.from === to),
            `${label} stops at ${to}`,
          );
        }
      }
    }
  });

  test('every step of every entry names a node of the graph', () => {
    const graph = draw(node, 'shop/checkout:https');
    const ids = new Set(graph.nodes.map(({ id }) => id));
    for (const { steps } of graph.entries) {
      for (const step of steps) assert.ok(!step.node || ids.has(step.node), step.node);
    }
  });

  test('the list names each endpoint once, as its node does', () => {
    const { node: state, found } = node;
    const endpoint = (address: string) => ({ detail: `pod of ${address}` });
    const { graph } = serviceGraph(state, found('default/whoami'), { endpoint });
    const { steps } = entry(graph, 'Pod on this node');
    const about = steps.flatMap((step) => step.about ?? []);
    const endpoints = graph.nodes.filter(({ kind }) => kind === 'endpoint');
    assert.deepEqual(about.sort(), endpoints.map(({ label }) => `pod of ${label}`).sort());
    assert.match(toText(graph), /10\.244\.0\.3:3000, 33\.3 % \(pod of 10\.244\.0\.3:3000\)/);
  });

  test('without ip addr and ip route: what they decide is unknown, never guessed', async () => {
    const alone = await sampleNode(iptables136, (name) => name === 'iptables-save.txt');
    const graph = draw(alone, 'shop/checkout:https');
    assert.ok(graph.edges.some((edge) => edge.unknown !== undefined));
    assert.equal(graph.nodes.filter(({ kind }) => kind === 'endpoint').length, 2);
    assert.match(entry(graph, 'Outside, NodePort').steps[0]!.text, /stands for the node's address/);
    const made = graph.assumptions.filter((text) => / stands for /.test(text));
    assert.deepEqual(made, [
      'the route to the pods of this node is not known: cni0 stands for its device',
      "`ip addr` is missing: 192.0.2.2 stands for the node's address",
      'the default route is not known: eth0 stands for its device',
    ]);
  });

  test('a hostile comment changes nothing', async () => {
    const dump = `*nat
:PREROUTING ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-SVC-OQCLJJ5GLLNFY3XB - [0:0]
:KUBE-SEP-VN72UHNM6XOXLRPW - [0:0]
-A PREROUTING -m comment --comment "<img src=x onerror=alert(1)>](command:x)" -j KUBE-SERVICES
-A KUBE-SERVICES -d 10.96.0.5/32 -p tcp -m comment --comment "default/whoami: <b>cluster IP" -m tcp --dport 3000 -j KUBE-SVC-OQCLJJ5GLLNFY3XB
-A KUBE-SVC-OQCLJJ5GLLNFY3XB -j KUBE-SEP-VN72UHNM6XOXLRPW
-A KUBE-SEP-VN72UHNM6XOXLRPW -p tcp -m tcp -j DNAT --to-destination 10.11.32.6:3000
COMMIT
`;
    const graph = draw(await nodeOf(new Map([['iptables-save.txt', dump]])), 'default/whoami');
    assert.ok(endpointsOf(graph).length === 1);
  });

  test('chains of the Service tell what they are for, others do not', () => {
    const graph = draw(node, 'shop/edge-np:http');
    // Of its policy Local no endpoint is here, so that nothing leads to KUBE-SVL-.
    const roles = graph.nodes.flatMap(({ label, role }) =>
      role ? [`${label.slice(0, 9)} ${role.kind} ${role.service}`] : [],
    );
    assert.deepEqual(
      new Set(roles),
      new Set(['KUBE-SVC- service shop/edge-np:http', 'KUBE-EXT- external shop/edge-np:http']),
    );
    const others = graph.nodes.filter(
      ({ kind, label }) => kind === 'chain' && !/-(SVC|EXT|SVL)-/.test(label),
    );
    assert.ok(others.length > 0);
    assert.ok(others.every(({ role }) => role === undefined));
  });

  test('what a chain of a Service is for, by its name (pkg/proxy/iptables/proxier.go)', () => {
    const service = 'shop/web:http';
    for (const [prefix, kind] of [
      ['KUBE-SVC-', 'service'],
      ['KUBE-SVL-', 'local'],
      ['KUBE-XLB-', 'local'],
      ['KUBE-EXT-', 'external'],
      ['KUBE-FW-', 'firewall'],
      ['KUBE-SEP-', undefined],
    ] as const) {
      const role = roleOf(`${prefix}OQCLJJ5GLLNFY3XB`, service);
      assert.deepEqual(role, kind && { kind, service }, prefix);
    }
    assert.equal(roleOf('KUBE-SERVICES', service), undefined);
  });
});
