import assert from 'node:assert/strict';
import { eachLeaf, leaves } from '../../../src/core/trace/leaves';
import type { Branch, Path, Step } from '../../../src/core/trace/trace';

const step = (text: string): Step => ({ kind: 'given', text }) as unknown as Step;
const ends = (...steps: Step[]): Path => ({
  steps,
  end: { kind: 'ACCEPT' } as unknown as Path['end'],
});
const forks = (steps: readonly Step[], ...branches: Branch[]): Path => ({
  steps,
  end: { branches },
});
const chance = (probability: number, then: Path): Branch => ({
  condition: `${probability}`,
  probability,
  then,
});
const asks = (unknown: string, then: Path): Branch => ({ condition: unknown, unknown, then });

suite('the ways through a trace', () => {
  test('chance multiplies; what state decides is named, with its place, and leaves no number', () => {
    const third = forks([step('b')], chance(0.5, ends(step('c'))), chance(0.5, ends()));
    const path = forks([step('a')], asks('a set', third), chance(0.25, third));
    const told = leaves(path).map((leaf) => ({
      steps: leaf.steps.length,
      names: leaf.branches.map(({ condition }) => condition),
      at: leaf.branchAt,
      beforeFork: leaf.beforeFork,
      probability: leaf.probability,
    }));
    assert.deepEqual(told, [
      { steps: 3, names: ['a set'], at: [1], beforeFork: 1, probability: undefined },
      { steps: 2, names: ['a set'], at: [1], beforeFork: 1, probability: undefined },
      { steps: 3, names: [], at: [], beforeFork: 1, probability: 0.125 },
      { steps: 2, names: [], at: [], beforeFork: 1, probability: 0.125 },
    ]);
  });

  test('a way without a fork: all its steps come before one', () => {
    const [only] = leaves(ends(step('a'), step('b')));
    assert.equal(only!.beforeFork, 2);
    assert.equal(only!.probability, 1);
  });

  test('the endpoints of one Service share what is the same: nothing is copied for each', () => {
    let path = ends();
    for (let left = 0; left < 3; left++) path = forks([], chance(0.5, ends()), chance(0.5, path));
    const [first, ...others] = [...eachLeaf(forks([step('a')], chance(1, path)))];
    for (const other of others) {
      assert.equal(other.steps, first!.steps);
      assert.equal(other.branches, first!.branches);
    }
  });
});
