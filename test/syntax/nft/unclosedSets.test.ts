import assert from 'node:assert/strict';
import { readRule } from '../../../src/syntax/nft/statements/rule';
import { tokensOf } from '../../../src/syntax/nft/text/tokens';
import { linesText } from '../../../src/syntax/nft/structure/statementText';

/** A rule of many lines, each of which opens a set; counts how often a place is asked for. */
function read(lines: number, end = '') {
  const texts = Array.from({ length: lines }, () => 'ip daddr { 1.1.1.1, ');
  texts.push(end);
  const counted = { ranges: 0 };
  const statement = linesText(
    'x',
    { count: texts.length, line: (i) => texts[i] ?? '' },
    0,
    texts.length,
  );
  const parts = readRule(
    {
      text: statement.text,
      range: (from, to) => {
        counted.ranges++;
        return statement.range(from, to);
      },
    },
    'ip',
  );
  return { ...parts, ranges: counted.ranges, tokens: tokensOf(statement.text).length };
}

suite('sets in a rule that no brace closes', () => {
  test('the work grows with the rule: what opens and can’t close is not read to the end each time', () => {
    const few = read(100);
    const many = read(200);
    assert.ok(few.statements.every(({ kind }) => kind === 'unknown'));
    assert.ok(few.ranges <= few.tokens, `${few.ranges} places of ${few.tokens} tokens`);
    assert.ok(many.ranges <= 2 * few.ranges + 2, `${few.ranges}, then ${many.ranges}`);
  });

  test('with a brace at the end it is one set', () => {
    const [only, ...others] = read(3, '}').statements;
    assert.equal(only?.kind, 'lookup');
    assert.deepEqual(others, []);
  });

  test('what is said of the last line has its place there', () => {
    const { statements } = read(3, '} drop');
    const last = statements.at(-1)!;
    assert.equal(last.range.line, 3);
    assert.equal(last.range.start, 2);
  });
});
