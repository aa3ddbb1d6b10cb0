import assert from 'node:assert/strict';
import { toJson, toMermaid, toText } from '../../../src/core/flow/exports';
import { hostile, loadBalancer, manyEndpoints } from '../../webview/graphs';

suite('exports', () => {
  test('text: verdict and header, each entry with its outcome and its walk, what becomes of the source', () => {
    const text = toText(loadBalancer());
    assert.match(text, /^Works for pods, the node and outside clients; times out from /);
    assert.match(text, /\n10\.96\.0\.44:443\/TCP shop\/checkout:https, iptables mode/);
    assert.match(
      text,
      /\nPod on this node \(10\.244\.1\.9 → 10\.96\.0\.44:443\): delivered 3 × 33\.3 %\n/,
    );
    assert.match(text, /\n {2}nat PREROUTING → KUBE-SERVICES rule 4 → KUBE-SVC-S6GYCJULEJ2HSKT7\n/);
    assert.match(text, /\n {4}10\.244\.1\.5:8080, 33\.3 % \(checkout-7d4b9-x, node-a\)\n/);
    assert.match(text, /\n {2}=> source kept\n/);
    assert.ok(!text.includes('Assumed'));
    const assumptions = ['cni0 stands for it'];
    assert.match(
      toText({ ...loadBalancer(), assumptions }),
      /\nAssumed:\n {2}cni0 stands for it\n$/,
    );
  });

  test('JSON: gives back the graph', () => {
    const graph = loadBalancer();
    assert.deepEqual(JSON.parse(toJson(graph)), JSON.parse(JSON.stringify(graph)));
  });

  test('Mermaid: every node and edge, shares as labels, unknown dotted, drops classed', () => {
    const graph = loadBalancer();
    const lines = toMermaid(graph).split('\n');
    assert.equal(lines.filter((line) => /^ {2}n\d+ -->/.test(line)).length, graph.edges.length);
    assert.ok(lines.some((line) => /^ {2}n\d+ -->\|"33\.3 %"\| n\d+$/.test(line)));
    assert.ok(
      lines.some((line) => /^ {2}n\d+\{\{"DROP<br>KUBE-PROXY-FIREWALL rule 1"\}\}$/.test(line)),
    );
    assert.ok(toMermaid(hostile()).includes('-.->'));
  });

  test('Mermaid: a hostile comment stays text', () => {
    const text = toMermaid(hostile());
    const body = text.slice(text.indexOf('flowchart'));
    assert.ok(!/<(?!br>)/.test(body), body);
    assert.ok(!body.includes('](command'));
  });

  test('Mermaid: 1,000 endpoints are one group', () => {
    assert.ok(toMermaid(manyEndpoints(1000)).split('\n').length < 20);
  });
});
