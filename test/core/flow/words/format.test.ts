import assert from 'node:assert/strict';
import { count } from '../../../../src/core/flow/words/format';
import { hex } from '../../../../src/core/hex';
import { percent } from '../../../../src/core/percent';

suite('format', () => {
  const shares: readonly (readonly [number, string])[] = [
    [1 / 3, '33.3 %'],
    [0.5, '50 %'],
    [1, '100 %'],
    [0, '0 %'],
    [2 / 3, '66.7 %'],
    [0.001, '0.1 %'],
    [0.0004, '0.04 %'],
    [1 / 5000, '0.02 %'],
    [0.999999, '100 %'],
  ];
  for (const [share, text] of shares) {
    test(`${share} is ${text}`, () => assert.equal(percent(share), text));
  }

  test('bits and counts', () => {
    assert.equal(hex(0x4000), '0x4000');
    assert.equal(hex(-1), '0xffffffff');
    assert.equal(count(1, 'endpoint'), '1 endpoint');
    assert.equal(count(0, 'endpoint'), '0 endpoints');
  });
});
