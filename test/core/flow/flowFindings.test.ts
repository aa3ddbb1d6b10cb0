import assert from 'node:assert/strict';
import type { Finding, Severity } from '../../../src/core/finding';
import { flowFindings } from '../../../src/core/flow/flowFindings';
import { edge, node } from '../../webview/graphs';

function finding(severity: Severity, code: string, line: number, source = 'rules'): Finding {
  return { severity, code, message: code, range: { source, line, start: 0, end: 1 } };
}

function at(line: number) {
  return { ranges: [{ source: 'rules', line, start: 5, end: 9 }] };
}

suite('findings on a graph', () => {
  const graph = {
    nodes: [node('svc', 'chain', at(7)), node('sep', 'endpoint', at(9))],
    edges: [edge('svc', 'sep', at(9))],
  };

  test('those of the Service wherever they are, those of the node where packets meet them', () => {
    const own = [finding('information', 'own', 100)];
    const others = [
      finding('warning', 'met', 9),
      finding('error', 'elsewhere', 8),
      finding('error', 'other-dump', 9, 'ipset'),
      finding('error', 'met-first', 7),
    ];
    assert.deepEqual(
      flowFindings(graph, own, others).map(({ finding: { code }, nodes, edges }) => [
        code,
        nodes,
        edges,
      ]),
      [
        ['met-first', ['svc'], []],
        ['met', ['sep'], [graph.edges[0]!.id]],
        ['own', [], []],
      ],
    );
  });

  test('nothing wrong, nothing told', () => {
    assert.deepEqual(flowFindings(graph, [], [finding('error', 'elsewhere', 8)]), []);
  });
});
