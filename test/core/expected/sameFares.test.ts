import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { inputOfNode } from '../../../src/core/expected/nodeInput';
import { finish } from '../../../src/core/work';
import { readNodeFolder } from '../../../src/inspect/nodeFiles';
import { readObjectsFolder } from '../../../src/inspect/objectsFolder';
import type { NftRuleset } from '../../../src/core/rules/ruleset';
import { compareSetups } from '../../../src/syntax/expected/compareSetups';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
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

/** The listing with the sets of session affinity as kube-proxy makes them: who came since is no rule. */
function withoutClients(folder: string): NftRuleset {
  const source = `${folder}/nft-list-ruleset.txt`;
  const text = readFileSync(source, 'utf8');
  const empty = text.replace(/(\tset affinity-[^}]*?)\t\telements = \{[^}]*\}\n/g, '$1');
  assert.notEqual(empty, text);
  return nftRuleset(source, empty);
}

suite('packets fare the same by expected rules and by those that kube-proxy wrote', () => {
  for (const name of ['1.20-iptables', '1.36-iptables', '1.36-ipvs', '1.36-nftables']) {
    test(`node-a of samples/kubernetes-${name}`, async () => {
      const folder = `samples/kubernetes-${name}`;
      const read = await readNodeFolder(`${folder}/node-a`);
      const nftables = read.state.nftables && withoutClients(`${folder}/node-a`);
      // As kube-proxy sets it, where no dump tells.
      const route = [['net.ipv4.conf.all.route_localnet', '1']] as const;
      const sysctls = new Map([...route, ...(read.state.sysctls ?? [])]);
      const state = { ...read.state, ...(nftables && { nftables }), sysctls };
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
