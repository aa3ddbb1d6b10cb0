import assert from 'node:assert/strict';
import fc from 'fast-check';
import { indexLines } from '../../../../src/syntax/iptables/lines/lineIndex';
import { ruleOrder } from '../../../../src/syntax/iptables/ruleset/ruleOrder';
import { groupDumps } from '../../../../src/syntax/iptables/structure/dumps';
import { findSections } from '../../../../src/syntax/iptables/structure/sections';
import { textLines } from '../../../../src/syntax/textLines';

/** The lines of a chain's rules, one a line of the text, in the order of the chain. */
function orderOf(rules: readonly string[]): number[] {
  const lines = textLines(rules.join('\n'));
  const written = Uint32Array.from(rules, (_, line) => line);
  return [...ruleOrder(written, indexLines(lines), lines)];
}

suite('the order of rules that were inserted', () => {
  test('-I stands first, with a number at its place, behind the end last', () => {
    assert.deepEqual(
      orderOf(['-A X -j A', '-I X -j B', '-I X 2 -j C', '-I X 9 -j D', '-A X -j E']),
      [1, 2, 0, 3, 4],
    );
  });

  test('as insertions one by one into an array', () => {
    const numbers = fc.array(fc.option(fc.integer({ min: 1, max: 3000 })), {
      minLength: 1500,
      maxLength: 2500,
    });
    fc.assert(
      fc.property(numbers, (places) => {
        const expected: number[] = [];
        for (const [line, place] of places.entries()) {
          expected.splice(place === null ? expected.length : place - 1, 0, line);
        }
        const rules = places.map((place) => (place === null ? '-A X -j Y' : `-I X ${place} -j Y`));
        assert.deepEqual(orderOf(rules), expected);
      }),
      { numRuns: 10 },
    );
  });
});

suite('tables that begin again and again', () => {
  test('ten thousand lines *nat are ten thousand dumps, each looked for among those near it', () => {
    const lines = textLines('*nat\n'.repeat(10_000));
    const index = indexLines(lines);
    const sections = findSections(index);
    let looked = 0;
    // Each look at a dump asks for the section's form or the dump's prompt.
    const counted = sections.map((section) => ({
      ...section,
      get form() {
        looked++;
        return section.form;
      },
    }));
    assert.equal(groupDumps(index, lines, counted).length, 10_000);
    assert.ok(looked < 100 * 10_000, `${looked} looks`);
  });
});
