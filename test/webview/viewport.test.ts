import assert from 'node:assert/strict';
import { firstLook, fit, reveal, zoomAt } from '../../webview/viewport';

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
    assert.deepEqual(firstLook({ width: 8000, height: 400 }, panel), { scale: 0.7, x: 0, y: 160 });
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
});
