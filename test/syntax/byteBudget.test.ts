import assert from 'node:assert/strict';
import { ByteBudget } from '../../src/syntax/byteBudget';

suite('the bytes of a node’s files together', () => {
  test('are taken up to the last one; a file that is too large leaves room for smaller ones', () => {
    const megabyte = 1 << 20;
    const budget = new ByteBudget(3 * megabyte);
    budget.take(2 * megabyte);
    assert.throws(() => budget.take(megabyte + 1), /come to more than 3 MB/);
    budget.take(megabyte - 1);
    budget.take(1);
    budget.take(0);
    assert.throws(() => budget.take(1), /3 MB/);
  });
});
