import assert from 'node:assert/strict';
import { placeCard, type Box } from '../../../webview/graph/cardPlace';

const window = { width: 800, height: 600 };
const card = { width: 300, height: 150 };

/** The part of the window that the card takes. */
function placed(anchor: Box, size = card): Box {
  const { left, top, maxHeight } = placeCard(anchor, size, window);
  return { x: left, y: top, width: size.width, height: Math.min(size.height, maxHeight) };
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

suite('place of the hover card', () => {
  test('below what is hovered, above where there is no room', () => {
    assert.equal(placed({ x: 100, y: 100, width: 120, height: 40 }).y, 146);
    assert.equal(placed({ x: 100, y: 500, width: 120, height: 40 }).y, 344);
  });

  test('beside what leaves no room above and below', () => {
    const { x, y } = placed({ x: 100, y: 90, width: 120, height: 420 });
    assert.deepEqual([x, y], [226, 90]);
    assert.equal(placed({ x: 400, y: 90, width: 380, height: 420 }).x, 94);
  });

  test('never over what is hovered, never out of the window', () => {
    for (let x = 0; x <= 700; x += 50) {
      for (let y = 0; y <= 560; y += 40) {
        for (const height of [30, 200, 400]) {
          const anchor = { x, y, width: 90, height: Math.min(height, 600 - y) };
          for (const size of [card, { width: 500, height: 900 }]) {
            const box = placed(anchor, size);
            assert.ok(!overlap(box, anchor), JSON.stringify({ anchor, box }));
            assert.ok(box.x >= 8 && box.x + box.width <= 792, JSON.stringify(box));
            assert.ok(box.y >= 8 - 22 && box.y + box.height <= 600, JSON.stringify(box));
          }
        }
      }
    }
  });

  test('a card that fits nowhere whole stands where most of its height does', () => {
    const tall = (y: number, height: number) =>
      placeCard({ x: 300, y, width: 400, height }, { width: 500, height: 900 }, window);
    assert.deepEqual(tall(100, 100), { left: 292, top: 206, maxHeight: 386 });
    assert.deepEqual(tall(400, 100), { left: 292, top: 8, maxHeight: 386 });
    // As much below as above.
    assert.equal(tall(250, 100).top, 356);
    const exact = placeCard(
      { x: 0, y: 100, width: 10, height: 100 },
      { width: 9, height: 386 },
      window,
    );
    assert.deepEqual(exact, { left: 8, top: 206, maxHeight: 386 });
  });
});
