import assert from 'node:assert/strict';
import { effectOf } from '../../../src/core/expected/fare/effect';
import type { Fare } from '../../../src/core/expected/fare/fare';
import { fareMarkdown, groupFares } from '../../../src/core/expected/fare/page';
import { finish } from '../../../src/core/work';
import { readNodeFolder } from '../../../src/inspect/nodeFiles';
import { readObjectsFolder } from '../../../src/inspect/objectsFolder';
import { readinessOf, readinessPage } from '../../../src/syntax/expected/readiness';
import { testParser } from '../../syntax/parser';

const sample = 'samples/kubernetes-1.36-iptables';

/** A Service of each type: packets of all would take long. */
async function objectsOfSome() {
  const objects = await readObjectsFolder(`${sample}/objects`);
  const services = objects.services.filter(({ metadata }) =>
    ['kubernetes', 'web', 'checkout', 'cart'].includes(metadata.name),
  );
  assert.equal(services.length, 4);
  return { ...objects, services };
}

async function readiness(change: (config: string) => string = (text) => text) {
  const { state } = await readNodeFolder(`${sample}/node-a`);
  const objects = await objectsOfSome();
  const { parseYaml } = await import('../../../src/syntax/yaml/parse');
  const { readFileSync } = await import('node:fs');
  const text = change(readFileSync(`${sample}/node-a/kube-proxy.config.yaml`, 'utf8'));
  const node = { ...state, proxyConfig: parseYaml(text).root(0) };
  return finish(readinessOf(node, objects, await testParser()));
}

suite('ready for nftables, computed', () => {
  test('the packets of a sample that fare differently, each with both rules', async () => {
    const found = await readiness();
    assert.ok(typeof found !== 'string');
    const groups = groupFares(found.comparison.differences);
    const told = (kind: string) => {
      const { left, right } = groups.find((one) => one.kind === kind)!;
      return [left.replace(/ \(.*/, ''), right.replace(/ \(.*/, '')];
    };
    assert.deepEqual(told('a Pod to the ClusterIP, wrong port'), [
      'passes untranslated',
      'refused',
    ]);
    assert.deepEqual(told('a ping of a Pod to the ClusterIP'), ['passes untranslated', 'refused']);
    assert.deepEqual(told('the node to the NodePort on localhost'), [
      'an endpoint answers',
      'the node itself answers, mostly with "connection refused"',
    ]);
    // The right port of a ClusterIP never fares differently.
    assert.ok(!groups.some(({ kind }) => kind === 'a Pod to the ClusterIP'));
    const page = fareMarkdown(readinessPage(found)).join('\n');
    assert.match(page, /-j DNAT --to-destination|nfacct|KUBE-SEP/);
    assert.match(page, /Reject traffic to invalid ports of ClusterIPs/);
    // What works no longer comes first, in the summary and in the list.
    assert.match(
      page,
      /\n- \*\*No longer answered by an endpoint\*\* \(\d+ packets\): outside to the NodePort/,
    );
    const headings = [...page.matchAll(/^## (.*)/gm)].map(([, heading]) => heading);
    assert.deepEqual(headings, [
      'No longer answered by an endpoint',
      'Not always answered by an endpoint any more',
      'Answered by no endpoint before or after, but differently',
    ]);
  });

  test('a difference is judged by the ways that lead to an endpoint', () => {
    const endpoint: Fare = { verdict: 'ACCEPT', hears: 'endpoint', probability: 0.5 };
    const silence: Fare = { verdict: 'DROP', hears: 'silence', probability: 0.5 };
    const effect = (left: readonly Fare[], right: readonly Fare[]) =>
      effectOf({ left: { fares: left }, right: { fares: right } });
    assert.equal(effect([endpoint, endpoint], [silence]), 'lost');
    assert.equal(effect([endpoint, silence], [silence]), 'lost');
    assert.equal(effect([endpoint], [endpoint, silence]), 'partly');
    assert.equal(effect([silence, endpoint], [endpoint]), 'gained');
    assert.equal(effect([silence], [endpoint, silence]), 'gained');
    assert.equal(effect([endpoint], [{ ...endpoint, source: '10.0.0.1' }]), 'elsewhere');
    assert.equal(effect([silence], [{ ...silence, hears: 'reject' }]), 'unserved');
  });

  test('nodePortAddresses of all addresses: other addresses of the node are the same again', async () => {
    const found = await readiness((text) =>
      text.replace(/nodePortAddresses:.*/, 'nodePortAddresses: ["0.0.0.0/0", "::/0"]'),
    );
    assert.ok(typeof found !== 'string');
    const kinds = new Set(found.comparison.differences.map(({ kind }) => kind));
    assert.ok(!kinds.has('outside to the NodePort on another address of the node'));
    assert.ok(kinds.has('the node to the NodePort on localhost'));
  });

  test('ipvs mode is worked out, too: no dump of IPVS is needed, and kube-ipvs0 goes', async () => {
    const folder = 'samples/kubernetes-1.36-ipvs';
    const { state } = await readNodeFolder(`${folder}/node-a`);
    const all = await readObjectsFolder(`${folder}/objects`);
    const services = all.services.filter(({ metadata }) => metadata.name === 'kubernetes');
    const { ipvs: _, sets: __, ...node } = state;
    const parser = await testParser();
    const found = finish(readinessOf(node, { ...all, services }, parser));
    assert.ok(typeof found !== 'string');
    assert.equal(found.mode, 'ipvs');
    const kinds = found.comparison.differences.map(({ kind }) => kind);
    // The kernel has no ClusterIP of its own in nftables mode: a ping is refused as in ipvs mode of 1.36.
    assert.deepEqual(kinds, ['127.0.0.1 to the ClusterIP']);
    assert.match(readinessPage(found).notes[0]!, /1\.36 writes in ipvs mode and 1\.36 in nftables/);
  });

  test('without the configuration it is said what is lacking', async () => {
    const { state } = await readNodeFolder(`${sample}/node-a`);
    const { proxyConfig: _, ...node } = state;
    const objects = await readObjectsFolder(`${sample}/objects`);
    assert.equal(finish(readinessOf(node, objects, await testParser())), 'configuration');
  });
});
