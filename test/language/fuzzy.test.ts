import assert from 'node:assert/strict';
import { fuzzyMatches } from '../../src/language/fuzzy';

suite('symbols by some of their letters', () => {
  test('in their order, in any case', () => {
    for (const [query, text, matches] of [
      ['', 'KUBE-SERVICES', true],
      ['ksvc', 'KUBE-SERVICES', true],
      ['KUBE', 'kube-services', true],
      ['ss', 'KUBE-SERVICES', true],
      ['sss', 'KUBE-SERVICES', false],
      ['ek', 'KUBE', false],
      ['kubex', 'KUBE', false],
    ] as const) {
      assert.equal(fuzzyMatches(query, text), matches, query);
    }
  });
});
