import assert from 'node:assert/strict';
import type { Finding } from '../../../src/core/finding';
import { mostFindings } from '../../../src/syntax/node/mostFindings';

const finding = (code: string, line: number): Finding => ({
  severity: 'warning',
  code,
  message: `line ${line}`,
  range: { source: 'ipset-save.txt', line, start: 0, end: 1 },
});

suite('the findings of one file', () => {
  test('up to 200 of a code are all told', () => {
    const all = Array.from({ length: 200 }, (_, i) => finding('unknown-line', i));
    assert.deepEqual(mostFindings(all), all);
  });

  test('of more of one code the number, at the first that is left out; other codes are told', () => {
    const unknown = Array.from({ length: 46_000 }, (_, i) => finding('unknown-line', i));
    const other = finding('bad-header', 45_999);
    const told = mostFindings([...unknown, other]);
    assert.deepEqual(told.slice(0, 201), [...unknown.slice(0, 200), other]);
    const [last, ...more] = told.slice(201);
    assert.deepEqual(more, []);
    assert.match(last!.message, /^45800 more of the same/);
    assert.deepEqual(
      [last!.code, last!.severity, last!.range.line],
      ['unknown-line', 'warning', 200],
    );
  });
});
