import assert from 'node:assert/strict';
import { mapSources } from '../../../src/core/flow/mapSources';
import { loadBalancer } from '../../webview/graphs';

suite('sources of a graph', () => {
  test('all places get the new name, and nothing else changes', () => {
    const graph = loadBalancer();
    const mapped = mapSources(graph, (source) => `${source}?capture`);
    const text = (value: unknown) => JSON.stringify(value);
    assert.ok(text(graph).includes('"node-a.iptables"'));
    assert.ok(!text(mapped).includes('"node-a.iptables"'));
    assert.equal(text(mapped).replaceAll('.iptables?capture', '.iptables'), text(graph));
  });

  test('where every name stays, the graph stays', () => {
    const graph = loadBalancer();
    assert.equal(
      mapSources(graph, (source) => source),
      graph,
    );
  });
});
