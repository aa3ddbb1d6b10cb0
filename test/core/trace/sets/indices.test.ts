import assert from 'node:assert/strict';
import { finish } from '../../../../src/core/work';
import { IntervalList } from '../../../../src/core/trace/sets/intervals';
import { PlaceIndex } from '../../../../src/core/trace/sets/placeIndex';

suite('where keys stand', () => {
  /** The places whose key is that; others may have its hash. */
  const placesOf = (index: PlaceIndex, keys: readonly string[], key: string) =>
    [...index.at(key)].filter((place) => keys[place] === key);

  for (const count of [0, 1, 63, 64, 65, 128, 129, 1000]) {
    test(`${count} keys, each at its place`, () => {
      const keys = Array.from({ length: count }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
      const index = new PlaceIndex();
      for (const [place, key] of keys.entries()) index.add(key, place);
      finish(index.close());
      for (const [place, key] of keys.entries()) {
        assert.deepEqual(placesOf(index, keys, key), [place]);
      }
      assert.deepEqual(placesOf(index, keys, '10.1.0.0'), []);
    });
  }

  test('a key that stands twice, in the order in which it was added', () => {
    const keys = ['a', 'b', 'a', 'c', 'a'];
    const index = new PlaceIndex();
    for (const [place, key] of keys.entries()) index.add(key, place);
    finish(index.close());
    assert.deepEqual(placesOf(index, keys, 'a'), [0, 2, 4]);
  });

  test('neighbours do not crowd', () => {
    const index = new PlaceIndex();
    for (let key = 0; key < 4096; key++) index.add(key, key);
    finish(index.close());
    const [found] = [...index.at(77)];
    assert.equal(found, 77);
    const others = Array.from({ length: 4096 }, (_, key) => [...index.at(key)].length - 1);
    assert.ok(others.every((more) => more <= 1));
  });
});

suite('elements of intervals', () => {
  const listOf = (...intervals: readonly (readonly [number, number])[]) => {
    const all = new IntervalList<string>();
    for (const [from, to] of intervals) all.add([{ from, to }], `${from}-${to}`);
    finish(all.close());
    return all;
  };
  const finds = (all: IntervalList<string>, ...values: readonly number[]) =>
    values.map((value) => all.find([value]) ?? 'none');

  test('both ends belong to an interval, whatever the order they are listed in', () => {
    for (const all of [
      listOf([10, 19], [20, 29], [40, 49]),
      listOf([40, 49], [10, 19], [20, 29]),
      listOf([40, 49], [20, 29], [10, 19]),
      listOf([20, 29], [40, 49], [10, 19]),
    ]) {
      assert.deepEqual(finds(all, 9, 10, 19, 20, 29, 30, 39, 40, 49, 50), [
        ...['none', '10-19', '10-19', '20-29', '20-29'],
        ...['none', 'none', '40-49', '40-49', 'none'],
      ]);
    }
  });

  test('one within another: that with the last beginning', () => {
    const all = listOf([0, 100], [10, 50], [20, 30], [60, 60]);
    assert.deepEqual(finds(all, 5, 15, 25, 35, 55, 60, 61, 100, 101), [
      '0-100',
      '10-50',
      '20-30',
      '10-50',
      '0-100',
      '60-60',
      '0-100',
      '0-100',
      'none',
    ]);
  });

  test('of a concatenation each part lies in its own interval', () => {
    const all = new IntervalList<string>();
    const box = (a: number, b: number) => [
      { from: a, to: a + 9 },
      { from: b, to: b + 9 },
    ];
    all.add(box(10, 100), 'first');
    all.add(box(10, 200), 'second');
    finish(all.close());
    assert.equal(all.find([15, 105]), 'first');
    assert.equal(all.find([15, 209]), 'second');
    assert.equal(all.find([15, 150]), undefined);
    assert.equal(all.find([25, 105]), undefined);
    assert.equal(all.find([]), undefined);
  });
});
