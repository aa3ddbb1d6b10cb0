import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { compareNodes } from '../../../src/core/compare/compare';
import { oddOnes, traitsOf } from '../../../src/core/compare/majority';
import { comparisonMarkdown } from '../../../src/core/compare/markdown';
import { programmed } from '../../../src/core/kubeproxy/programmed';
import { finish } from '../../../src/core/work';
import { objectsOf, textsIn } from '../../dumps';
import { nodeOf, sampleNode } from '../flow/sampleNode';

async function variant(name: string, only: (file: string) => boolean = () => true) {
  const folder = `test/fixtures/proxyconfig/${name}/node-a`;
  const files = readdirSync(folder).filter(only);
  const texts = files.map((file): [string, string] => [
    file,
    readFileSync(`${folder}/${file}`, 'utf8'),
  ]);
  return (await nodeOf(new Map(texts), name)).node;
}

const rules = readFileSync('samples/kubernetes-1.36-iptables/node-a/iptables-save.txt', 'utf8');

async function withRules(text: string, name: string) {
  return (await nodeOf(new Map([['iptables-save.txt', text]]), name)).node;
}

suite('two nodes by meaning', () => {
  test('ipvs-no-cluster-cidr against ipvs-mode: the missing rule first, and who fares differently', async () => {
    const { differences } = finish(
      compareNodes(await variant('ipvs-no-cluster-cidr'), await variant('ipvs-mode')),
    );
    assert.match(
      differences[0]!.message,
      /^ipvs-no-cluster-cidr lacks the rule that masquerades traffic to ClusterIPs from outside the pod network/,
    );
    assert.match(differences[0]!.detail!, /own connections come back on both/);
    assert.ok(differences.every(({ message }) => message.length < 200));
    assert.ok(differences[0]!.left && differences[0]!.right);
  });

  test('the same from excerpts of the nat tables alone', async () => {
    const only = (file: string) => file === 'iptables-save.txt';
    const { differences, notCompared } = finish(
      compareNodes(await variant('ipvs-mode', only), await variant('ipvs-no-cluster-cidr', only)),
    );
    assert.match(differences[0]!.message, /^ipvs-no-cluster-cidr lacks the rule/);
    assert.match(
      notCompared.join('\n'),
      /^Services: the dumps of ipvs-mode and ipvs-no-cluster-cidr show none/,
    );
  });

  test('no rule at all, as kube-proxy 1.9: the worst', async () => {
    const healthy = readFileSync('samples/kubernetes-1.36-ipvs/node-a/iptables-save.txt', 'utf8');
    const broken = healthy.replace(/^.*KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ\n/m, '');
    const { differences } = finish(
      compareNodes(await withRules(broken, 'node-a'), await withRules(healthy, 'node-b')),
    );
    assert.equal(differences[0]?.severity, 'error');
    assert.match(differences[0].message, /^node-a lacks the rule .*do not come back/);
  });

  /** Both nodes of a healthy cluster with topology hints and Services of internalTrafficPolicy Local. */
  async function healthyNodes() {
    const [a, b] = [
      await sampleNode('kubernetes-1.36-iptables/node-a'),
      await sampleNode('kubernetes-1.36-iptables/node-b'),
    ];
    return [a.node, b.node] as const;
  }

  test('two healthy nodes of one cluster: order, counters, local endpoints and hints are no difference', async () => {
    const objects = await objectsOf(textsIn('samples/kubernetes-1.36-iptables/objects'));
    const { differences, notCompared } = finish(compareNodes(...(await healthyNodes()), objects));
    assert.deepEqual(differences, []);
    assert.match(notCompared[0]!, /^Endpoints of .*shop\/near-zone:http.*: each node has its own/);
  });

  test('without objects hints may be why: that is said of them, and nothing else is told', async () => {
    const { differences, fares } = finish(compareNodes(...(await healthyNodes())));
    assert.equal(differences.length, 3);
    for (const { message, detail } of differences) {
      assert.match(message, /^shop\/near/);
      assert.match(detail!, /^That is right where .* is not at hand\.$/);
    }
    // What a node sends to its own node port leaves with its own address, which is where it came from.
    assert.deepEqual(fares, []);
  });

  test('ipvs mode: only the Service tells that each node has its own endpoints', async () => {
    const texts = textsIn('samples/kubernetes-1.36-ipvs/node-a');
    const changed = new Map(texts).set(
      'ipvsadm-Ln.txt',
      texts
        .get('ipvsadm-Ln.txt')!
        // shop/agent, of internalTrafficPolicy Local, and default/whoami, which is of none.
        .replace(/(10\.99\.174\.51:80 rr\n.*-> )10\.244\.0\.7/, '$110.244.1.6')
        .replace(/(10\.99\.205\.136:3000 rr\n.*-> )10\.244\.0\.3/, '$110.244.0.99'),
    );
    const nodes = [(await nodeOf(texts, 'a')).node, (await nodeOf(changed, 'b')).node] as const;
    const objects = await objectsOf(textsIn('samples/kubernetes-1.36-ipvs/objects'));
    const { differences, notCompared } = finish(compareNodes(...nodes, objects));
    assert.deepEqual(
      differences.map(({ message, detail }) => [message, detail]),
      [
        [
          'default/whoami at 10.99.205.136:3000/tcp: only a leads to 10.244.0.3:3000, only b leads to 10.244.0.99:3000.',
          undefined,
        ],
      ],
    );
    assert.match(notCompared[0]!, /^Endpoints of shop\/agent:http: each node has its own/);
    const unnamed = finish(compareNodes(...nodes)).differences;
    assert.equal(unnamed.length, 2);
    for (const { detail } of unnamed) assert.match(detail!, /is not at hand\.$/);
  });

  test('the same Services of iptables and of ipvs mode', async () => {
    const { node } = await sampleNode('kubernetes-1.36-iptables/node-a');
    const ipvs = (await sampleNode('kubernetes-1.36-ipvs/node-a')).node;
    const { differences } = finish(compareNodes(node, ipvs));
    assert.match(
      differences.map(({ message }) => message).join('\n'),
      /is in iptables mode, .* in ipvs mode/,
    );
  });

  test('a Service, an endpoint and an affinity that one lacks', async () => {
    const changed = rules
      .replace(/^-A KUBE-SERVICES -d 10\.96\.0\.1\/32 .*\n/m, '')
      .replace(/^-A KUBE-SVC-DC3OOLRZIWFKJHLB .*KUBE-SEP-RIHWTF2BN6GTMFTP\n/m, '')
      .replace(/--rcheck --seconds \d+/g, '--rcheck --seconds 77');
    const { differences } = finish(
      compareNodes(await withRules(changed, 'node-a'), await withRules(rules, 'node-b')),
    );
    const texts = differences.map(({ message }) => message).join('\n');
    assert.match(
      texts,
      /node-a has no rule for 10\.96\.0\.1:443\/tcp \(default\/kubernetes:https\)/,
    );
    assert.match(
      texts,
      /default\/whoami at 10\.99\.205\.136:3000\/tcp: only node-b leads to 10\.244\.1\.3:3000/,
    );
    assert.match(texts, /node-a keeps a client at its endpoint for 77 s/);
  });

  test('a node with itself: nothing', async () => {
    const node = await withRules(rules, 'node-a');
    assert.deepEqual(finish(compareNodes(node, node)).differences, []);
  });
});

suite('what a comparison tells beside', () => {
  /** A healthy node, and the same without the rules that masquerade traffic to ClusterIPs. */
  async function withAndWithout() {
    const folder = 'samples/kubernetes-1.36-iptables/node-a';
    const files = readdirSync(folder).map((file): [string, string] => [
      file,
      readFileSync(`${folder}/${file}`, 'utf8'),
    ]);
    const without = files.map(([file, text]): [string, string] => [
      file,
      text.replace(/^.*! -s 10\.244\.0\.0\/16.*\n/gm, ''),
    ]);
    const healthy = (await nodeOf(new Map(files), 'healthy')).node;
    return [(await nodeOf(new Map(without), 'broken')).node, healthy] as const;
  }

  test('who fares differently, by the tracer', async () => {
    const [broken, healthy] = await withAndWithout();
    const { fares } = finish(compareNodes(broken, healthy));
    const texts = fares.map(({ who, left, right }) => `${who}: ${left} / ${right}`);
    assert.ok(
      texts.includes(
        "a client outside: gets through, and is seen with its own address / gets through, and is seen with the node's address",
      ),
      texts.join('\n'),
    );
    assert.ok(!texts.some((text) => text.startsWith('a pod')), texts.join('\n'));
    assert.deepEqual(finish(compareNodes(healthy, healthy)).fares, []);
  });

  test('as a page: by consequence, each line with both places', async () => {
    const comparison = finish(compareNodes(...(await withAndWithout())));
    const text = comparisonMarkdown(comparison, {
      left: 'a',
      right: 'b',
      place: ({ line }, side) => `<${side} ${line + 1}>`,
    });
    assert.match(text, /^# a compared with b\n\n\*\*broken lacks the rule/);
    assert.match(
      text,
      /^## Changes what packets meet\n\n- broken lacks .* a: <left \d+>; b: <right \d+>$/m,
    );
    assert.match(text, /^## Who fares differently\n\n- a client outside to /m);
  });

  test('no node is odd for the endpoints that hints or policy Local give it', async () => {
    const objects = await objectsOf(textsIn('samples/kubernetes-1.36-iptables/objects'));
    const [a, b] = await Promise.all(
      ['node-a', 'node-b'].map((name) => sampleNode(`kubernetes-1.36-iptables/${name}`)),
    );
    const odd = (own?: typeof objects) => {
      const nodes = [a!.node, { ...a!.node, name: 'node-c' }, b!.node];
      const traits = nodes.map((node) =>
        finish(traitsOf(node.name, finish(programmed(node)), own)),
      );
      return finish(oddOnes(traits)).map(({ message }) => message);
    };
    assert.deepEqual(odd(objects), []);
    assert.match(odd().join('\n'), /^shop\/near/);
  });

  test('the odd one out, over all Services: what most nodes have decides', async () => {
    const whole = await withRules(rules, 'node-a');
    const lacking = rules
      .split('\n')
      .filter((line) => !(line.startsWith('-A KUBE-SERVICES') && line.includes('default/whoami')))
      .join('\n');
    const odd = await withRules(lacking, 'node-c');
    const traits = [whole, { ...whole, name: 'node-b' }, odd].map((node) =>
      finish(traitsOf(node.name, finish(programmed(node)))),
    );
    const found = finish(oddOnes(traits));
    assert.ok(found.length > 0);
    assert.ok(found.every(({ nodes }) => nodes.join() === 'node-c'));
    assert.match(
      found.map(({ message }) => message).join('\n'),
      /^default\/whoami\S* at \S+: node-c has no rule, 2 others have /m,
    );
    const whoami = found.filter(({ about }) => about.includes('default/whoami'));
    assert.ok(whoami.length > 0);
    assert.ok(whoami.every(({ message }) => /^default\/whoami[: ]/.test(message)));
    assert.deepEqual(whoami[0]!.about, ['default/whoami', 'default/whoami']);
    // Two of two do not agree on anything.
    assert.deepEqual(finish(oddOnes(traits.slice(1))), []);
  });
});
