import assert from 'node:assert/strict';
import { openSnapshot } from '../../src/cluster/snapshot/snapshot';
import { nodeStates } from '../../src/workspace/clusters/nodeStates';
import { testParser } from '../syntax/parser';

suite('states of nodes', () => {
  test('are read once; for who keeps none what is known is given, and nothing is kept', async () => {
    const cluster = openSnapshot('samples/kubernetes-1.36-iptables');
    const [node] = (await cluster.list('nodes')).items;
    const dumps = await cluster.dumps(node!.metadata.name);
    const states = nodeStates(testParser);

    const passing = await states(dumps, { keep: false });
    const kept = await states(dumps);
    assert.ok(passing.rulesets.length > 0);
    assert.notEqual(kept, passing);
    assert.equal(await states(dumps), kept);
    assert.equal(await states(dumps, { keep: false }), kept);
  });
});
