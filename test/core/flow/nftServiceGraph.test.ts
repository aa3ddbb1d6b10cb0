import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { programmedService } from '../../../src/core/flow/overview/programmed';
import { serviceGraph } from '../../../src/core/flow/serviceGraph';
import { drawableServices, type DrawableService } from '../../../src/core/flow/services';
import { suggestSources, suggestTargets } from '../../../src/core/flow/suggestions';
import type { NodeState } from '../../../src/core/node';
import { finish } from '../../../src/core/work';
import { nodeOf, sampleNode } from './sampleNode';

const folder = 'kubernetes-1.36-nftables/node-a';
const lines = readFileSync(`samples/${folder}/nft-list-ruleset.txt`, 'utf8').split('\n');

suite('flow graph of a Service in nftables mode', () => {
  let node: NodeState;
  let services: DrawableService[];

  suiteSetup(async () => {
    ({ node } = await sampleNode(folder));
    services = finish(drawableServices(node, 'nft-list-ruleset.txt'));
  });

  const draw = (id: string) =>
    serviceGraph(
      node,
      services.find((one) => one.id === id)!,
    ).graph;

  test('the Services of the listing are there to choose, each id once', () => {
    const ids = services.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.includes('default/whoami/TCP') && ids.includes('kube-system/kube-dns:dns/UDP'));
    assert.ok(ids.includes('shop/dual:http/TCP') && ids.includes('shop/dual:http/TCP IPv6'));
  });

  test('three endpoints at a third each; rules lead to their lines', () => {
    const { nodes, header, entries } = draw('default/whoami/TCP');
    assert.match(
      header,
      /default\/whoami, nftables mode, node-a: 3 endpoints at 33\.3 %; pods keep/,
    );
    const endpoints = nodes.filter(({ kind }) => kind === 'endpoint');
    assert.equal(endpoints.length, 3);
    for (const { ranges, label } of endpoints) {
      const [address] = label.split(':');
      assert.ok(lines[ranges[0]!.line]!.includes(address!), label);
    }
    const labels = entries.map(({ label }) => label);
    assert.ok(labels.includes('Pod on this node') && labels.includes('This node'), labels.join());
  });

  test('load balancer: who is outside the source ranges is dropped, who is inside served', () => {
    const { entries } = draw('shop/checkout:https/TCP');
    const endOf = (start: string) =>
      entries.find(({ label }) => label.startsWith(start))?.steps.at(-1)?.text;
    assert.match(endOf('Refused') ?? '', /^DROP/);
    assert.match(endOf('Allowed') ?? '', /^ACCEPT/);
  });

  test('no endpoints: rejected', () => {
    const { header } = draw('shop/orphan:http/TCP');
    assert.match(header, /no endpoints; pods are refused/);
  });

  test('ends of packets to choose from', () => {
    const sources = finish(suggestSources(node, services)).map(({ what }) => what);
    assert.ok(sources.includes('this node') && sources.includes('a pod on this node'));
    const targets = finish(suggestTargets(node, services));
    assert.ok(targets.some(({ text }) => text === '10.99.205.136:3000/tcp'));
  });

  test('what is programmed, as the overview of all nodes has it', () => {
    const of = (id: string) => finish(programmedService(node, { id, family: 4 }));
    const { endpoints } = of('shop/lb-no-np:http/TCP');
    assert.ok('value' in endpoints);
    assert.deepEqual(endpoints.value?.all, ['10.244.0.57:8120', '10.244.1.52:8120']);
    assert.deepEqual(of('shop/nobody:http/TCP').endpoints, { value: undefined });
  });

  test('of a listing of the IPv4 table alone nothing is said of IPv6', async () => {
    const ip = `${lines.slice(0, lines.indexOf('}') + 1).join('\n')}\n`;
    const { node: half } = await nodeOf(
      new Map([
        ['nft-list-table-ip.txt', ip],
        ['proxyMode.txt', 'nftables'],
      ]),
    );
    const of = (family: 4 | 6) =>
      finish(programmedService(half, { id: 'shop/nobody:http/TCP', family })).endpoints;
    assert.deepEqual(of(4), { value: undefined });
    assert.ok('unknown' in of(6));
  });
});
