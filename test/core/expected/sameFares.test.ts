import assert from 'node:assert/strict';
import { inputOfNode } from '../../../src/core/expected/nodeInput';
import { finish } from '../../../src/core/work';
import { readNodeFolder } from '../../../src/inspect/nodeFiles';
import { readObjectsFolder } from '../../../src/inspect/objectsFolder';
import { compareSetups } from '../../../src/syntax/expected/compareSetups';
import { testParser } from '../../syntax/parser';

/** One of each type and policy: packets to all Services of a sample take long. */
const some = new Set([
  'kubernetes',
  'web',
  'checkout',
  'edge-np',
  'orphan-np',
  'sticky',
  'partners',
]);

suite('packets fare the same by expected rules and by those that kube-proxy wrote', () => {
  for (const name of ['1.20-iptables', '1.36-iptables', '1.36-ipvs']) {
    test(`node-a of samples/kubernetes-${name}`, async () => {
      const folder = `samples/kubernetes-${name}`;
      const read = await readNodeFolder(`${folder}/node-a`);
      // As kube-proxy sets it, where no dump tells.
      const route = [['net.ipv4.conf.all.route_localnet', '1']] as const;
      const state = { ...read.state, sysctls: new Map([...route, ...(read.state.sysctls ?? [])]) };
      const objects = await readObjectsFolder(`${folder}/objects`);
      const of = finish(inputOfNode(state, objects));
      assert.ok(typeof of !== 'string');
      const services = objects.services.filter(({ metadata }) => some.has(metadata.name));
      assert.ok(services.length >= 5);
      // Packets to these; the rules are those of all, as in the dump.
      const packets = { ...of.input, objects: { ...objects, services } };
      const parser = await testParser();
      const comparison = finish(compareSetups(state, undefined, of.input, parser, packets));
      assert.ok(comparison.packets > 40);
      assert.deepEqual(
        comparison.differences.map(({ kind, service }) => `${service}: ${kind}`),
        [],
      );
    });
  }
});
