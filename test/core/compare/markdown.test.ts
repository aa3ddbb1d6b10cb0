import assert from 'node:assert/strict';
import type { Comparison, Difference } from '../../../src/core/compare/difference';
import type { Fare } from '../../../src/core/compare/fares';
import { comparisonMarkdown } from '../../../src/core/compare/markdown';

const range = (line: number) => ({ source: 'f', line, start: 0, end: 1 });
const links = {
  left: 'a',
  right: 'b_c',
  place: ({ line }: { readonly line: number }, side: string) => `<${side} ${line}>`,
};
const none: Comparison = { differences: [], fares: [], notCompared: [] };
const page = (some: Partial<Comparison>) => comparisonMarkdown({ ...none, ...some }, links);
const one = (severity: Difference['severity'], message: string): Difference => ({
  severity,
  message,
});

suite('a comparison as a page', () => {
  test('no difference: a heading and one sentence', () => {
    assert.equal(page({}), '# a compared with b\\_c\n\n**No difference in what both show.**\n');
  });

  test('each kind of difference under its heading, the first as the verdict', () => {
    const differences: Difference[] = [
      { ...one('error', 'M1.'), detail: 'D1.', left: range(1), right: range(2) },
      { ...one('information', 'M2.'), right: range(3) },
      { ...one('information', 'M3.'), left: range(4) },
    ];
    assert.equal(
      page({ differences }),
      [
        '# a compared with b\\_c',
        '',
        '**M1.**',
        '',
        '## Breaks traffic',
        '',
        '- M1. D1. a: <left 1>; b\\_c: <right 2>',
        '',
        '## Differs',
        '',
        '- M2. b\\_c: <right 3>',
        '- M3. a: <left 4>',
        '',
      ].join('\n'),
    );
  });

  test('fifty of a kind, then how many more', () => {
    const many = (count: number) =>
      page({ differences: Array.from({ length: count }, (_, i) => one('warning', `M${i}.`)) });
    assert.match(many(50), /^- M49\. $(?!\n- )/m);
    assert.doesNotMatch(many(50), / more$/m);
    assert.match(many(53), /^- M49\. \n- and 3 more$/m);
  });

  test('who fares differently, with how many Services more', () => {
    const fare: Fare = { who: 'a pod', to: 'x', more: 0, left: 'ends', right: 'is dropped' };
    const fares = [fare, { ...fare, more: 1 }, { ...fare, more: 2 }];
    assert.deepEqual(page({ fares }).split('\n').slice(4, -1), [
      '## Who fares differently',
      '',
      '- a pod to x: on a it ends; on b\\_c it is dropped.',
      '- a pod to x, and 1 Service more: on a it ends; on b\\_c it is dropped.',
      '- a pod to x, and 2 Services more: on a it ends; on b\\_c it is dropped.',
    ]);
  });

  test('what was not compared, at the end', () => {
    assert.deepEqual(
      page({ notCompared: ['N1.', 'N2.'] })
        .split('\n')
        .slice(4),
      ['## Not compared', '', '- N1.', '- N2.', ''],
    );
  });
});
