import assert from 'node:assert/strict';
import { keepLatest } from '../../src/workspace/keepLatest';

suite('the latest of a map', () => {
  test('what was not asked for longest goes', () => {
    const map = new Map<string, number>();
    const keep = (key: string, value: number) => [keepLatest(map, key, value, 2), [...map.keys()]];
    assert.deepEqual(keep('a', 1), [[], ['a']]);
    assert.deepEqual(keep('b', 2), [[], ['a', 'b']]);
    assert.deepEqual(keep('a', 1), [[], ['b', 'a']]);
    assert.deepEqual(keep('c', 3), [[2], ['a', 'c']]);
    assert.deepEqual(keepLatest(map, 'd', 4, 1), [1, 3]);
  });
});
