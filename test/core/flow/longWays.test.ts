import assert from 'node:assert/strict';
import { withoutMiddle, withoutMiddleSteps } from '../../../src/core/flow/longWays';
import type { Visit } from '../../../src/core/flow/visit';

const visits = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    at: i,
    enteredBy: [],
    node: { id: `c${i}`, kind: 'chain', label: `C${i}`, marks: [], ranges: [] },
  })) as readonly Visit[];

const steps = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ text: `${i}`, depth: 1 }));

suite('ways that are too long to be drawn', () => {
  test('up to two hundred places are drawn one by one, and one more, which takes no more room', () => {
    for (const count of [0, 3, 200, 201]) {
      const all = visits(count);
      assert.equal(withoutMiddle(all), all, `${count}`);
    }
  });

  test('of more the first hundred and the last, with how many are between', () => {
    const drawn = withoutMiddle(visits(1202)).map(({ node }) => node);
    assert.equal(drawn.length, 201);
    assert.deepEqual(
      [drawn[99], drawn[100], drawn[101], drawn.at(-1)].map((one) => one!.label),
      ['C99', '1,002 more chains', 'C1102', 'C1201'],
    );
    assert.equal(drawn[100]!.id, 'between c100 and c1102');
    assert.match(drawn[100]!.reason!, /^This way leads through 1,202 places; /);
    assert.equal(withoutMiddle(visits(1202))[100]!.at, 100);
  });

  test('of the list beside it five thousand lines', () => {
    for (const count of [0, 5000, 5001]) {
      const all = steps(count);
      assert.equal(withoutMiddleSteps(all), all, `${count}`);
    }
    const listed = withoutMiddleSteps(steps(6000));
    assert.equal(listed.length, 5001);
    assert.deepEqual(
      listed.slice(2499, 2502).map(({ text }) => text),
      ['2499', '1,000 steps not listed: "inspect trace" prints them all', '3500'],
    );
    assert.equal(listed[2500]!.depth, 1);
  });
});
