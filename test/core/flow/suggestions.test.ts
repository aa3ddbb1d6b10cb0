import assert from 'node:assert/strict';
import { drawableServices } from '../../../src/core/flow/services';
import { suggestSources, suggestTargets } from '../../../src/core/flow/suggestions';
import type { PodObject } from '../../../src/core/objects/types';
import { finish } from '../../../src/core/work';
import { edited, rules } from '../findings/cases/case';
import { routed } from '../findings/cases/small';
import type { Files } from '../findings/checkText';
import { nodeOf } from './sampleNode';

async function read(files: Files) {
  const { node } = await nodeOf(new Map(Object.entries(files)));
  return { node, services: finish(drawableServices(node)) };
}

const told = (some: readonly { readonly text: string; readonly what: string }[]) =>
  some.map(({ text, what }) => `${text}: ${what}`);

suite('the ends of a packet to choose from', () => {
  test('where it goes: each place of a Service once, by what it is', async () => {
    const more = [
      '-d 203.0.113.1/32 -p tcp -m comment --comment "default/whoami external IP" -m tcp --dport 3000',
      '-d 203.0.113.2/32 -p tcp -m comment --comment "default/whoami loadbalancer IP" -m tcp --dport 3000',
    ].map((rule) => `-A KUBE-SERVICES ${rule} -j KUBE-SVC-DC3OOLRZIWFKJHLB\n`);
    const files = edited(routed, [[rules, /^-A KUBE-SERVICES /m, `${more.join('')}$&`]]);
    const { node, services } = await read(files);
    assert.deepEqual(told(finish(suggestTargets(node, services))).sort(), [
      '10.99.205.136:3000/tcp: default/whoami',
      '192.168.77.10:30089/tcp: default/whoami, NodePort',
      '203.0.113.1:3000/tcp: default/whoami, external IP',
      '203.0.113.2:3000/tcp: default/whoami, load balancer IP',
    ]);
  });

  test('a NodePort of a node whose address no dump tells has no place', async () => {
    const { node, services } = await read({ [rules]: routed[rules]! });
    assert.deepEqual(told(finish(suggestTargets(node, services))), [
      '10.99.205.136:3000/tcp: default/whoami',
    ]);
    const sources = told(finish(suggestSources(node, services)));
    assert.ok(!sources.some((text) => text.endsWith(': this node')), sources.join());
  });

  test('where it comes from: Pods that have an address of their own, then this node’s surroundings', async () => {
    const pod = (name: string, podIPs: readonly string[], more: Partial<PodObject> = {}) =>
      ({ metadata: { namespace: 'shop', name }, podIPs, hostNetwork: false, ...more }) as PodObject;
    const pods = [
      pod('web', ['10.244.0.9'], { nodeName: 'node-a' }),
      pod('dual', ['10.244.0.10', 'fd00::10']),
      pod('agent', ['192.168.77.10'], { hostNetwork: true }),
    ];
    const { node, services } = await read(routed);
    const found = told(finish(suggestSources(node, services, pods)));
    assert.deepEqual(found.slice(0, 3), [
      '10.244.0.9: pod shop/web on node-a',
      '10.244.0.10: pod shop/dual',
      'fd00::10: pod shop/dual',
    ]);
    assert.ok(found.includes('192.168.77.10: this node'), found.join('; '));
    assert.ok(found.some((text) => text.endsWith(': a pod on this node')));
    assert.ok(!found.some((text) => text.includes('agent')));
  });
});
