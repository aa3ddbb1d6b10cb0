import assert from 'node:assert/strict';
import { known } from '../../../../src/core/fact';
import { readLine } from '../../../../src/core/flow/overview/line';
import type { OverviewRow } from '../../../../src/core/flow/overview/row';
import { unknown } from '../../../../src/core/truth';

const healthy: OverviewRow = {
  mode: known('iptables'),
  programmed: known(3),
  expected: known(3),
  missing: known([]),
  stale: known([]),
  ends: known([]),
  captured: '2026-11-21T10:00:00Z',
};
const line = (more: Partial<OverviewRow>, findings?: number) =>
  readLine('node-a', { ...healthy, ...more }, findings);
const cell = (
  column: keyof NonNullable<ReturnType<typeof line>['cells']>,
  more: Partial<OverviewRow> = {},
  findings?: number,
) => {
  const { text, tone, sort } = line(more, findings).cells![column];
  return [text, tone, sort];
};

suite('a node as the table of all nodes shows it', () => {
  test('findings: not counted yet, none, some', () => {
    assert.deepEqual(cell('findings'), ['not counted', 'unknown', -1]);
    assert.deepEqual(cell('findings', {}, 0), ['none', undefined, 0]);
    assert.deepEqual(cell('findings', {}, 3), ['3', 'bad', 3]);
  });

  test('endpoints: of how many, where that is known; in no rule', () => {
    assert.deepEqual(cell('endpoints'), ['3 of 3', undefined, 3]);
    assert.deepEqual(cell('endpoints', { expected: unknown('no objects') }), ['3', undefined, 3]);
    const absent = known('absent' as const);
    assert.deepEqual(cell('endpoints', { programmed: absent }), ['not programmed', 'bad', 0]);
    assert.deepEqual(cell('endpoints', { programmed: absent, expected: known(0) }), [
      'not programmed',
      undefined,
      0,
    ]);
    assert.deepEqual(cell('endpoints', { programmed: unknown('no dump') }), [
      'unknown: no dump',
      'unknown',
      -1,
    ]);
  });

  test('lists: the first twenty, and how many others', () => {
    const names = (count: number) => known(Array.from({ length: count }, (_, i) => `e${i}`));
    assert.deepEqual(cell('missing'), ['none', undefined, 0]);
    assert.deepEqual(cell('missing', { missing: names(1) }), ['e0', 'bad', 1]);
    assert.match(String(cell('stale', { stale: names(20) })[0]), /e18, e19$/);
    assert.match(String(cell('stale', { stale: names(21) })[0]), /e19 and 1 other$/);
    assert.deepEqual(cell('stale', { stale: names(23) }).slice(1), ['bad', 23]);
    assert.match(String(cell('stale', { stale: names(23) })[0]), /e19 and 3 others$/);
    const ends = known(['NodePort: dropped', 'ClusterIP: refused']);
    assert.deepEqual(cell('ends', { ends }), ['NodePort: dropped; ClusterIP: refused', 'bad', 2]);
  });

  test('the time, of the world or of the node’s own clock', () => {
    const at = (captured: string | undefined) => cell('captured', { captured })[0];
    assert.equal(at('2026-11-21T10:00:00Z'), '2026-11-21 10:00:00 UTC');
    assert.equal(at('2026-11-21T10:00:00.123Z'), '2026-11-21 10:00:00 UTC');
    assert.equal(at('2026-11-21T10:00:00'), "2026-11-21 10:00:00 by the node's clock");
    assert.deepEqual(cell('captured', { captured: undefined }), ['unknown', 'unknown', '']);
  });

  test('what is wrong follows the node’s name; of what is unknown, why', () => {
    assert.equal(line({}).fault, '');
    assert.equal(line({ programmed: known('absent') }).fault, 'does not program it');
    assert.equal(line({ programmed: known('absent'), expected: known(0) }).fault, '');
    const both = { missing: known(['a', 'b', 'c']), stale: known(['d']) };
    assert.equal(line(both).fault, 'misses a, b and 1 other and has stale d');
    const open = line({ stale: unknown('no slices') });
    assert.deepEqual([open.fault, open.unknown], [undefined, 'no slices']);
    assert.equal(line({ partial: 'cancelled' }).partial, 'cancelled');
    assert.deepEqual([line({}).partial, line({}).programmed], [undefined, 3]);
    assert.equal(line({ programmed: known('absent') }).programmed, undefined);
  });
});
