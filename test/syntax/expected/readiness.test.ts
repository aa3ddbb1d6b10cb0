import assert from 'node:assert/strict';
import type { NodeState } from '../../../src/core/node';
import { finish } from '../../../src/core/work';
import { readinessOf, readinessPage } from '../../../src/syntax/expected/readiness';
import { madeNode, type MadeNode } from '../../core/expected/agreement/madeNode';
import type { Mode } from '../../core/expected/byHand';
import { testParser } from '../parser';

const of = async ({ state, objects }: MadeNode, more: Partial<NodeState> = {}) =>
  finish(readinessOf({ ...state, ...more }, objects, await testParser()));

suite('how ready a node is for nftables mode', () => {
  test('an older kube-proxy is taken to be upgraded first', async () => {
    const node = await madeNode({}, 'iptables');
    for (const [version, right] of [
      ['v1.30.4', 36],
      ['v1.31.0', 31],
      ['v1.34.1', 34],
      ['v1.36.2', 36],
    ] as const) {
      const found = await of(node, { proxyLog: { version } });
      assert.ok(typeof found !== 'string');
      assert.deepEqual(found.releases, [Number(version.slice(3, 5)), right], version);
      const page = readinessPage(found);
      assert.equal(page.title, 'Ready for nftables? node-a');
      assert.deepEqual([page.left, page.right], ['iptables mode', 'nftables mode']);
      assert.ok(page.notes[0]!.includes(`1.${right} in nftables mode`), page.notes[0]);
    }
  });

  test('what lacks is told, and who is there already', async () => {
    for (const mode of ['iptables', 'ipvs', 'nftables'] as readonly Mode[]) {
      const found = await of(await madeNode({}, mode));
      assert.equal(typeof found === 'string' ? found : found.mode, mode);
    }
    const node = await madeNode({}, 'iptables');
    assert.equal(await of(node, { proxyConfig: undefined! }), 'configuration');
    assert.equal(await of(node, { name: 'other' }), 'node');
    assert.equal(finish(readinessOf(node.state, undefined, await testParser())), 'services');
  });
});
