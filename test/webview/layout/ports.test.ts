import assert from 'node:assert/strict';
import type { PlacedNode } from '../../../webview/layout/placed';
import { edgeWidth, labelSide, portOffsets, slotHeight } from '../../../webview/layout/ports';
import { edge, node } from '../graphs';

const at = (id: string, y: number, height = 20): PlacedNode => ({
  ...{ node: node(id, 'chain'), column: 0, x: 0, y, width: 50, height },
});

suite('where edges leave and reach a node', () => {
  test('as wide as their share, never too thin to be clicked', () => {
    assert.deepEqual(
      [1, 0.5, 0.01, 0].map((share) => edgeWidth(edge('a', 'b', { share }))),
      [14, 7, 1.5, 1.5],
    );
    assert.equal(edgeWidth(edge('a', 'b', { share: undefined })), 2.1);
  });

  test('as much room as the edge takes, or its label', () => {
    const thin = { share: 0.01 };
    assert.equal(slotHeight(edge('a', 'b', thin), true), 4.5);
    assert.equal(slotHeight(edge('a', 'b', { ...thin, label: '1 %' }), true), 17);
    assert.equal(slotHeight(edge('a', 'b', { ...thin, label: '1 %' }), false), 4.5);
    assert.equal(slotHeight(edge('a', 'b', { share: 1, label: '100 %' }), true), 17);
  });

  test('a label stands where fewer edges meet; where as many do, at the target', () => {
    const [ab, ac, dc] = [edge('a', 'b'), edge('a', 'c'), edge('d', 'c')];
    const side = labelSide([ab, ac, dc]);
    assert.deepEqual([side(ab), side(ac), side(dc)], ['target', 'target', 'source']);
    assert.equal(labelSide([])(ab), 'target');
  });

  test('edges of one side stand in the order of where they go, around its middle', () => {
    const [ab, ac] = [edge('a', 'b'), edge('a', 'c')];
    const nodes = new Map(
      [at('a', 90), at('b', 200), at('c', 0)].map((placed) => [placed.node.id, placed]),
    );
    const source = (passes: Parameters<typeof portOffsets>[2]) => {
      const ports = portOffsets([ab, ac], nodes, passes, () => 'target');
      assert.deepEqual([ports.get(ab.id)!.target, ports.get(ac.id)!.target], [210, 10]);
      return [ports.get(ab.id)!.source, ports.get(ac.id)!.source];
    };
    assert.deepEqual(source(new Map()), [108.5, 91.5]);
    // One that goes round above is the upper one there.
    assert.deepEqual(source(new Map([[ab.id, [{ left: 0, right: 1, y: -50 }]]])), [91.5, 108.5]);
  });
});
