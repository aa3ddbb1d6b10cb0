import assert from 'node:assert/strict';
import { and, not, or, unknown, type Truth } from '../../src/core/truth';

const why = unknown('no ipset dump');

suite('truth', () => {
  test('false decides and, true decides or', () => {
    const all: readonly Truth[] = [true, false, why];
    for (const other of all) {
      assert.equal(and(false, other), false);
      assert.equal(and(other, false), false);
      assert.equal(or(true, other), true);
      assert.equal(or(other, true), true);
    }
    assert.equal(and(true, true), true);
    assert.equal(or(false, false), false);
  });

  test('unknown keeps its reasons', () => {
    assert.deepEqual(and(true, why), why);
    assert.deepEqual(or(false, why), why);
    assert.deepEqual(not(why), why);
    assert.deepEqual(and(why, unknown('no routes')), unknown('no ipset dump; no routes'));
    assert.deepEqual(and(why, why), why);
  });
});
