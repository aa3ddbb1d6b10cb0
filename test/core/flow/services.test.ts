import assert from 'node:assert/strict';
import { drawableServices } from '../../../src/core/flow/services';
import type { NodeState } from '../../../src/core/node';
import { sampleNode } from './sampleNode';

function idsOf(node: NodeState, source?: string): string[] {
  const work = drawableServices(node, source);
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value.map(({ id }) => id);
}

suite('Services to draw', () => {
  test('of one dump: its own, each id once', async () => {
    const { node } = await sampleNode('kubernetes-1.36-iptables/node-a');
    const ids = idsOf(node, 'iptables-save.txt');
    assert.ok(ids.includes('default/whoami/TCP'));
    assert.ok(ids.includes('kube-system/kube-dns:dns/UDP'));
    assert.equal(new Set(ids).size, ids.length);
    const ipv6 = idsOf(node, 'ip6tables-save.txt');
    assert.ok(ipv6.length > 0 && ipv6.length < ids.length);
  });

  test('of a file without rules: those of the node, both families', async () => {
    const { node } = await sampleNode('kubernetes-1.36-iptables/node-a');
    const ids = idsOf(node, 'ip-addr.txt');
    assert.ok(ids.includes('shop/dual:http/TCP') && ids.includes('shop/dual:http/TCP IPv6'));
  });

  test('ipvs mode: virtual servers by their address', async () => {
    const { node } = await sampleNode('kubernetes-1.36-ipvs/node-a');
    const ids = idsOf(node);
    assert.ok(
      ids.some((id) => /^10\.\S+:443\/tcp$/.test(id)),
      ids.slice(0, 5).join(' '),
    );
  });
});
