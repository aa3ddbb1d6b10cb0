import assert from 'node:assert/strict';
import { once, onceAsked, workOfLast, workOnce, workOnceOfTwo } from '../../src/core/once';
import { finish } from '../../src/core/work';

suite('what is worked out once', () => {
  test('of an object, also where nothing comes of it', () => {
    const asked: object[] = [];
    const nothing = once((of: object) => void asked.push(of));
    const [one, other] = [{}, {}];
    for (const of of [one, other, one]) assert.equal(nothing(of), undefined);
    assert.deepEqual(asked, [one, other]);
    assert.equal(asked[0], one);
  });

  test('as work: the second who asks need not wait', () => {
    let count = 0;
    const length = workOnce(function* (of: readonly string[]) {
      yield;
      count++;
      return of.length || undefined;
    });
    const [empty, some] = [[], ['a', 'b']];
    assert.deepEqual([finish(length(some)), finish(length(empty))], [2, undefined]);
    assert.deepEqual(length(some).next(), { done: true, value: 2 });
    assert.deepEqual(length(empty).next(), { done: true, value: undefined });
    assert.equal(count, 2);
  });

  test('of the text that came last, whichever string holds it', () => {
    let count = 0;
    const words = workOfLast(function* (text: string) {
      yield;
      count++;
      return text.split(' ');
    });
    const first = finish(words('a b'));
    assert.equal(finish(words(['a', 'b'].join(' '))), first);
    assert.deepEqual(finish(words('c')), ['c']);
    assert.deepEqual([finish(words('a b')), count], [['a', 'b'], 3]);
  });

  test('of two objects, for each pair', () => {
    let count = 0;
    const pair = workOnceOfTwo(function* (first: object, second: object) {
      yield;
      count++;
      return [first, second];
    });
    const [a, b] = [{ a: 1 }, { b: 1 }];
    assert.deepEqual(finish(pair(a, b)), [a, b]);
    assert.deepEqual(finish(pair(b, a)), [b, a]);
    assert.equal(finish(pair(a, b)), finish(pair(a, b)));
    assert.equal(count, 2);
  });

  test('by itself, and not before somebody asks', () => {
    let count = 0;
    const made = onceAsked(function* () {
      yield;
      return { count: ++count };
    });
    assert.equal(count, 0);
    assert.equal(finish(made()), finish(made()));
    assert.equal(count, 1);
  });
});
