import assert from 'node:assert/strict';
import type { NodeState } from '../../../src/core/node';
import { perNode } from '../../../src/core/trace/perNode';

suite('what is worked out of a node', () => {
  test('is worked out once for each node and its words, nothing at all too', () => {
    const asked: string[] = [];
    const find = perNode(({ name }, family: number, hook: string): string | undefined => {
      asked.push(`${name} ${family} ${hook}`);
      return family === 4 ? hook : undefined;
    });
    const [first, second] = ['a', 'b'].map(
      (name) => ({ name, rulesets: [] }) as unknown as NodeState,
    );
    for (let i = 0; i < 2; i++) {
      assert.equal(find(first!, 4, 'input'), 'input');
      assert.equal(find(first!, 4, 'output'), 'output');
      assert.equal(find(first!, 6, 'output'), undefined);
      assert.equal(find(second!, 4, 'input'), 'input');
    }
    assert.deepEqual(asked, ['a 4 input', 'a 4 output', 'a 6 output', 'b 4 input']);
  });
});
