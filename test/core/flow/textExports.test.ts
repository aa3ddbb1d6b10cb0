import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { toJson, toMarkdown, toMermaid, toText } from '../../../src/core/flow/exports';
import { plainText } from '../../../src/core/plainText';
import { serviceGraph } from '../../../src/core/flow/serviceGraph';
import { drawableServices } from '../../../src/core/flow/services';
import { finish } from '../../../src/core/work';
import { hostile, loadBalancer } from '../../webview/graphs';
import { nodeOf, sampleNode } from './sampleNode';

/** One Service of each kind, with the file of what its text should be. */
const kinds: readonly (readonly [name: string, sample: string, service: string])[] = [
  ['cluster-ip', 'kubernetes-1.36-iptables', 'default/whoami/TCP'],
  ['node-port', 'kubernetes-1.36-iptables', 'default/web:http/TCP'],
  ['node-port-local', 'kubernetes-1.36-iptables', 'shop/edge-np:http/TCP'],
  ['load-balancer', 'kubernetes-1.36-iptables', 'shop/checkout:https/TCP'],
  ['external-ips', 'kubernetes-1.36-iptables', 'shop/partners:api/TCP'],
  ['no-endpoints', 'kubernetes-1.36-iptables', 'shop/orphan:http/TCP'],
  ['affinity', 'kubernetes-1.36-iptables', 'shop/sticky:http/TCP'],
  ['fifty-endpoints', 'kubernetes-1.36-iptables', 'shop/fanout:http/TCP'],
  ['ipvs', 'kubernetes-1.36-ipvs', '10.99.205.136:3000/tcp'],
  ['nftables', 'kubernetes-1.36-nftables', 'default/whoami/TCP'],
];

suite('a graph as text', () => {
  for (const [name, sample, id] of kinds) {
    test(`${name}: the tree of the walk, in under 40 lines`, async () => {
      const { node } = await sampleNode(`${sample}/node-a`);
      const source = sample.endsWith('nftables') ? 'nft-list-ruleset.txt' : 'iptables-save.txt';
      const found = finish(drawableServices(node, source)).find((one) => one.id === id)!;
      const { graph } = serviceGraph(node, found);
      for (const [extension, text] of [
        ['txt', toText(graph)],
        ['md', toMarkdown(graph)],
      ] as const) {
        const file = `test/fixtures/flow-text/${name}.${extension}`;
        if (process.env['UPDATE_FLOW_TEXT']) writeFileSync(file, text);
        assert.equal(text, readFileSync(file, 'utf8'), file);
      }
      const lines = toText(graph).trimEnd().split('\n');
      assert.ok(lines.length < 40, `${lines.length} lines`);
    });
  }

  test('what no dump shows stands at the verdict, and at the end of the walk', async () => {
    const dump = readFileSync('samples/kubernetes-1.36-iptables/node-a/iptables-save.txt', 'utf8');
    const nat = dump.slice(dump.indexOf('*nat'), dump.indexOf('COMMIT', dump.indexOf('*nat')) + 7);
    const alone = await nodeOf(new Map([['iptables-t-nat.rules.v4', nat]]));
    const [service] = finish(drawableServices(alone.node)).filter(
      ({ id }) => id === 'default/whoami/TCP',
    );
    const { graph } = serviceGraph(alone.node, service!);
    assert.match(toText(graph).split('\n')[0]!, /if .*filter.*which are missing/);
    const ends = graph.nodes.filter(({ kind }) => kind === 'exit');
    assert.ok(ends.length > 0 && ends.every(({ condition }) => /filter/.test(condition ?? '')));
  });

  test('whether an endpoint is the node makes no difference: no second way, one clause at it', async () => {
    const rules = readFileSync('samples/kubernetes-1.36-iptables/node-a/iptables-save.txt', 'utf8');
    const { node } = await nodeOf(new Map([['iptables-save.txt', rules]]));
    const [service] = finish(drawableServices(node, 'iptables-save.txt')).filter(
      ({ id }) => id === 'default/whoami/TCP',
    );
    const { graph } = serviceGraph(node, service!);
    const pod = graph.entries.find(({ label }) => label.startsWith('Pod'));
    const unknown = graph.edges.filter((one) => pod!.edges.includes(one.id) && one.unknown);
    assert.deepEqual(unknown, []);
    const endpoints = graph.nodes.filter(({ kind }) => kind === 'endpoint');
    const addresses = endpoints.map(({ label }) => label.split(':')[0]!);
    assert.ok(addresses.length > 1);
    assert.deepEqual(
      endpoints.map(({ regardless }) => regardless),
      addresses.map((one) => [`whether or not ${one} is an address of this node`]),
    );
    const text = toText(graph);
    for (const one of addresses) {
      assert.match(text, new RegExp(`${one}.*, whether or not ${one} is an address of this node`));
      assert.ok(pod!.steps.some((step) => step.text.startsWith(`whether or not ${one} is`)));
    }
  });

  test('nothing in a file does something: controls, escapes, turned and half signs', () => {
    const evil = 'a\u001b[31mb\u202ec\ud800d\u0000e\u2066f\r\ng';
    assert.equal(plainText(evil), 'a\ufffd[31mb\ufffdc\ufffdd\ufffde\ufffdf g');
    assert.equal(
      plainText('pod \u2192 \u4e2d\u6587 \ud83d\ude00'),
      'pod \u2192 \u4e2d\u6587 \ud83d\ude00',
    );
    const graph = loadBalancer();
    const nodes = graph.nodes.map((node) => ({ ...node, label: evil, detail: evil }));
    const bad = { ...graph, header: evil, warnings: [evil], nodes };
    for (const text of [toText(bad), toMarkdown(bad), toMermaid(bad)]) {
      assert.ok(
        !/[\u0000-\u0009\u000b-\u001f\u202e\u2066\ud800](?![\udc00-\udfff])/.test(text),
        text,
      );
    }
    assert.deepEqual(
      JSON.parse(toJson(bad)),
      JSON.parse(JSON.stringify(bad)),
      'JSON escapes by itself',
    );
  });

  test('Markdown: a hostile comment is no markup, and ends no fence', () => {
    const graph = hostile();
    const evil = '``` | [x](command:y) <img src=x>';
    const text = toMarkdown({
      ...graph,
      entries: graph.entries.map((one) => ({ ...one, label: evil })),
    });
    assert.equal(text.match(/^```/gm)?.length, 2);
    assert.ok(!/[^\\]\[x\]\(command/.test(text.slice(0, text.indexOf('```text'))));
    assert.ok(!/(?<!\\)<img/.test(text.slice(0, text.indexOf('```text'))), text);
  });
});
