import assert from 'node:assert/strict';
import { captureAge } from '../../../../src/core/flow/words/age';

const now = new Date('2026-11-21T10:00:00Z');

suite('age of a capture', () => {
  const cases = [
    ['2026-11-21T09:59:48Z', '12 s ago'],
    ['2026-11-21T09:59:01Z', '59 s ago'],
    ['2026-11-21T09:59:00Z', '1 min ago'],
    ['2026-11-21T10:57:00+01:00', '3 min ago'],
    ['2026-11-21T09:00:00Z', '1 h ago'],
    ['2026-11-20T10:00:00Z', '1 day ago'],
    ['2026-11-21T07:30:00Z', '2 h ago'],
    ['2026-11-20T09:00:00Z', '1 day ago'],
    ['2026-11-18T09:00:00Z', '3 days ago'],
    ['2026-11-21T10:00:07Z', '0 s ago'],
    ['2026-11-21T09:59:48', "at 2026-11-21 09:59:48 by the node's clock"],
  ] as const;
  for (const [captured, text] of cases) {
    test(`${captured} is ${text}`, () => assert.equal(captureAge(captured, now), text));
  }
});
