import assert from 'node:assert/strict';
import { finish, mapInPieces } from '../../src/core/work';

suite('work in pieces', () => {
  test('each item once, in order, and others are let in after every 64', () => {
    const met: number[] = [];
    const work = mapInPieces(Array(200).keys(), (item) => {
      met.push(item);
      return -item;
    });
    const pauses: number[] = [];
    let step = work.next();
    for (; !step.done; step = work.next()) pauses.push(met.length);
    assert.deepEqual(pauses, [64, 128, 192]);
    assert.deepEqual(
      step.value,
      met.map((item) => -item),
    );
    assert.deepEqual(met, [...Array(200).keys()]);
  });

  test('of nothing there is nothing', () => {
    assert.deepEqual(finish(mapInPieces([], () => assert.fail())), []);
  });
});
