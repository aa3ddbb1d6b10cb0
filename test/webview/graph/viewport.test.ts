import assert from 'node:assert/strict';
import { firstLook, fit, reveal, zoomAt } from '../../../webview/graph/viewport';

const panel = { width: 800, height: 600 };

suite('viewport', () => {
  test('fit shows all of a large graph, in the middle', () => {
    const view = fit({ width: 1600, height: 600 }, panel);
    assert.deepEqual(view, { scale: 0.5, x: 0, y: 150 });
  });

  test('a small graph is not blown up', () => {
    assert.equal(fit({ width: 100, height: 100 }, panel).scale, 1.25);
  });

  test('a first look at a huge graph shows its start, large enough to read', () => {
    const start = { x: 16, y: 40, width: 200, height: 300 };
    const look = firstLook({ width: 8000, height: 400 }, panel, start);
    assert.deepEqual(look, { scale: 0.8, x: 0, y: 140 });
  });

  test('a first look at what is too high shows who asks, from the top', () => {
    const huge = { width: 8000, height: 4000 };
    const seen = (y: number, height: number) => {
      const view = firstLook(huge, panel, { x: 16, y, width: 200, height });
      assert.equal(view.scale, 0.8);
      return [view.y + y * 0.8, view.y + (y + height) * 0.8];
    };
    assert.deepEqual(seen(2000, 100), [260, 340], 'in the middle');
    assert.deepEqual(seen(40, 100), [32, 112], 'not below the top of the graph');
    assert.deepEqual(seen(3800, 100), [440, 520], 'not above its end');
    assert.equal(seen(1000, 2000)[0], 16, 'more than there is room for');
  });

  test('what is higher than the panel, but narrower, stands in its middle', () => {
    const start = { x: 16, y: 40, width: 200, height: 100 };
    assert.equal(firstLook({ width: 500, height: 4000 }, panel, start).x, 200);
  });

  test('what must be seen and is higher than the panel is as large as the width allows', () => {
    const start = { x: 16, y: 40, width: 200, height: 100 };
    const look = (width: number, height: number) =>
      firstLook({ width, height: 20_000 }, panel, start, { x: 16, y: 300, width: 400, height });
    const opened = look(1000, 13_000);
    assert.equal(opened.scale, 0.8);
    assert.equal(opened.y + 300 * opened.scale, 16, 'from its top');
    assert.equal(look(500, 13_000).scale, 1, 'no larger than it is');
    assert.equal(look(4000, 13_000).scale, 0.6);
    assert.equal(look(1000, 200).scale, 0.6, 'what has room is seen with who asks');
  });

  test('a graph that is still readable as a whole is shown as a whole', () => {
    const graph = { width: 1300, height: 400 };
    const start = { x: 16, y: 40, width: 200, height: 300 };
    assert.deepEqual(firstLook(graph, panel, start), fit(graph, panel));
  });

  test('zooming keeps the point under the mouse', () => {
    const view = zoomAt({ scale: 1, x: 10, y: 20 }, 2, { x: 110, y: 220 });
    assert.deepEqual(view, { scale: 2, x: -90, y: -180 });
  });

  test('zoom has limits', () => {
    const view = { scale: 3.9, x: 0, y: 0 };
    assert.equal(zoomAt(view, 100, { x: 0, y: 0 }).scale, 4);
    assert.equal(zoomAt(view, 0.0001, { x: 0, y: 0 }).scale, 0.1);
  });

  test('reveal moves only as far as it must', () => {
    const view = { scale: 1, x: 0, y: 0 };
    const box = (x: number) => ({ x, y: 100, width: 100, height: 50 });
    assert.equal(reveal(view, box(200), panel), view);
    assert.deepEqual(reveal(view, box(750), panel), { scale: 1, x: -66, y: 0 });
    assert.deepEqual(reveal(view, box(-50), panel), { scale: 1, x: 66, y: 0 });
  });

  test('what is revealed is as far from the border as what is shown', () => {
    const view = { scale: 2, x: 0, y: 0 };
    const box = (y: number, height = 50) => ({ x: 100, y, width: 50, height });
    assert.equal(reveal(view, box(8), panel), view);
    assert.deepEqual(reveal(view, box(7), panel), { scale: 2, x: 0, y: 2 });
    assert.deepEqual(reveal(view, box(300), panel), { scale: 2, x: 0, y: -116 });
    // Higher than the panel: from its top.
    assert.deepEqual(reveal(view, box(100, 400), panel), { scale: 2, x: 0, y: -184 });
    assert.equal(fit({ width: 100_000, height: 10 }, panel).scale, 0.1);
  });
});
