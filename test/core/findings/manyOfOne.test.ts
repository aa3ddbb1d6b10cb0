import assert from 'node:assert/strict';
import { runChecks } from '../../../src/core/findings/checkNode';
import { drained } from '../../../src/core/findings/ipvs/virtualServers';
import { withPauses } from '../../pauses';
import { node, three } from '../trace/ipvs/node';

suite('thousands of findings of one check', () => {
  test('are told up to 200, the rest as a number, and others get their turn meanwhile', async () => {
    const state = await node(three('rr'));
    const [virtual] = state.ipvs!.virtualServers;
    const [serving] = virtual!.realServers;
    const idle = Array.from({ length: 10_000 }, () => ({ ...serving!, weight: 0 }));
    const virtualServers = [{ ...virtual!, realServers: [serving!, ...idle] }];
    const ipvs = { ...state.ipvs!, virtualServers };
    const { value, pauses } = withPauses(runChecks({ ...state, ipvs }, [drained]));
    assert.equal(value.length, 201);
    assert.match(value.at(-1)!.message, /^9800 more of the same: /);
    assert.ok(pauses >= 9800 / 64, `${pauses} pauses`);
  });
});
