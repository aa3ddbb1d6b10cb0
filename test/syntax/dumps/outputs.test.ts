import assert from 'node:assert/strict';
import { outputsOf } from '../../../src/syntax/dumps/outputs';
import { kindOfLine } from '../../../src/syntax/dumps/recognize';

/** How many expressions are tried while something is done. */
function expressionsTried(action: () => void): number {
  const { test: own } = RegExp.prototype;
  let tried = 0;
  RegExp.prototype.test = function (text) {
    tried++;
    return own.call(this, text);
  };
  try {
    action();
  } finally {
    RegExp.prototype.test = own;
  }
  return tried;
}

suite('what it costs to find the outputs of a text', () => {
  test('a line of no kind is known as that without asking each kind', () => {
    const tried = expressionsTried(() => assert.equal(kindOfLine('a1', []), undefined));
    assert.ok(tried > 0 && tried <= 15, `${tried} expressions`);
  });

  test('short lines of no kind cost a handful of expressions each', () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `a${i % 10}`);
    const tried = expressionsTried(() => outputsOf(lines.join('\n')));
    assert.ok(tried > 0 && tried < 30 * lines.length, `${tried / lines.length} expressions a line`);
  });
});
