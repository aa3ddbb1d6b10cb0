import assert from 'node:assert/strict';
import { toJson, toText } from '../../../src/core/flow/exports';
import { packetGraph } from '../../../src/core/flow/packetGraph';
import { parsePacket } from '../../../src/core/packetText';
import { node } from '../trace/helper';

/** Jumps from chain to chain, and a DROP in the last. */
function nested(depth: number): string {
  const names = Array.from({ length: depth }, (_, i) => `C${i}`);
  const jumps = names.map((name, i) => `-A ${i === 0 ? 'FORWARD' : names[i - 1]!} -j ${name}`);
  const declared = names.map((name) => `:${name} - [0:0]`);
  return [
    '*filter',
    ':FORWARD ACCEPT [0:0]',
    ...declared,
    ...jumps,
    `-A C${depth - 1} -p tcp -j DROP`,
  ].join('\n');
}

suite('rules that are nested deeper than a stack', function () {
  this.timeout(240_000);

  test('100,000 chains are drawn by the first and the last; nothing recurses', () => {
    const request = parsePacket('10.244.1.7:40000 > 8.8.8.8:80/tcp in cni0');
    assert.ok(request);
    const { graph } = packetGraph(node({ rules: nested(100_000) }), request);
    const labels = graph.nodes.map(({ label }) => label);
    assert.ok(labels.includes('FORWARD') && labels.includes('C99999'), labels.slice(-3).join());
    assert.equal(graph.nodes.filter(({ kind }) => kind === 'drop').length, 1);
    assert.ok(labels.length < 300, `${labels.length} nodes`);
    assert.ok(labels.some((label) => /^99,8\d\d more chains$/.test(label)));
    assert.ok(graph.entries[0]!.steps.length < 6000);
    assert.match(graph.entries[0]!.steps.map(({ text }) => text).join('\n'), /steps not listed/);
    assert.match(toText(graph), /C99999/);
    assert.match(toJson(graph), /C99999/);
  });

  test('ten chains are drawn one by one', () => {
    const request = parsePacket('10.244.1.7:40000 > 8.8.8.8:80/tcp in cni0');
    assert.ok(request);
    const { graph } = packetGraph(node({ rules: nested(10) }), request);
    const chains = graph.nodes.filter(({ kind }) => kind === 'chain').map(({ label }) => label);
    assert.deepEqual(
      chains,
      Array.from({ length: 10 }, (_, i) => `C${i}`),
    );
  });
});
