import assert from 'node:assert/strict';
import { valueOf } from '../../../../src/core/fact';
import { checkNode } from '../../../../src/core/findings/checkNode';
import { isProxied } from '../../../../src/core/kubeproxy/proxied';
import { formatServicePortName } from '../../../../src/core/kubeproxy/names';
import { readLine } from '../../../../src/core/flow/overview/line';
import { overviewSummary } from '../../../../src/core/flow/overview/summary';
import { finish } from '../../../../src/core/work';
import { indexObjects } from '../../../../src/core/objects/objectIndex';
import { serviceOfSlice, type IndexedObjects } from '../../../../src/core/objects/types';
import { objectsOf, readTexts, textsIn } from '../../../dumps';
import { dumpsOf, lineOf, rowIn, rowOf } from './sample';

const whoami = 'default/whoami/TCP';
const nodeB = 'kubernetes-1.36-iptables/node-b';

suite('a node in the overview of a Service port', () => {
  let objects: IndexedObjects;

  suiteSetup(async () => {
    objects = await objectsOf(textsIn('samples/kubernetes-1.36-iptables/objects'));
  });

  test('all as it should be', async () => {
    assert.deepEqual(await rowOf(dumpsOf(nodeB), whoami, { objects }), {
      mode: { value: 'iptables (nft)' },
      programmed: { value: 3 },
      expected: { value: 3 },
      missing: { value: [] },
      stale: { value: [] },
      ends: { value: [] },
      captured: '2026-11-21T13:42:26',
    });
  });

  for (const folder of [
    'kubernetes-1.36-iptables/node-a',
    'kubernetes-1.36-iptables/node-b',
    'kubernetes-1.36-ipvs/node-a',
    'kubernetes-1.20-iptables/node-a',
  ]) {
    test(`${folder}: kube-proxy programmed each Service port as expected`, async () => {
      const [cluster = '', node = ''] = folder.split('/');
      const state = await readTexts(dumpsOf(folder), node);
      const all = await objectsOf(textsIn(`samples/${cluster}/objects`));
      let asked = 0;
      for (const { metadata, spec } of all.services.filter(isProxied)) {
        for (const { name: port, protocol } of spec.ports) {
          const title = formatServicePortName({ ...metadata, port });
          for (const family of [4, 6] as const) {
            const isOf = (address: string) => address.includes(':') === (family === 6);
            if (!spec.clusterIPs.some(isOf)) continue;
            const id = `${title}/${protocol}`;
            const row = rowIn(state, id, all, family);
            const { missing, stale, programmed } = row;
            assert.deepEqual([missing, stale], [{ value: [] }, { value: [] }], `${id} ${family}`);
            assert.notDeepEqual(programmed, { value: 'absent' }, id);
            asked++;
          }
        }
      }
      assert.ok(asked > 30, String(asked));
    }).timeout(60_000);
  }

  test('an endpoint that the rules lack, and one that no EndpointSlice has', async () => {
    const texts = dumpsOf(nodeB, {
      from: '--to-destination 10.244.1.3:3000',
      to: '--to-destination 10.244.1.9:3000',
    });
    const row = await rowOf(texts, whoami, { objects });
    assert.deepEqual(row.missing, { value: ['10.244.1.3:3000'] });
    assert.deepEqual(row.stale, { value: ['10.244.1.9:3000 (in no EndpointSlice)'] });
    assert.deepEqual(row.programmed, { value: 3 });
    const { fault } = await lineOf(texts, whoami, { objects });
    const stale = 'has stale 10.244.1.9:3000 (in no EndpointSlice)';
    assert.equal(fault, `misses 10.244.1.3:3000 and ${stale}`);
  });

  const masquerade = '-A KUBE-SVC-DC3OOLRZIWFKJHLB ! -s 10.244.0.0/16 -d 10.99.205.136/32';

  test('a rule that is not as kube-proxy writes it is told as in the findings, and no endpoint accused', async () => {
    const texts = dumpsOf(nodeB, { from: masquerade, to: masquerade.replace('244', '245') });
    const row = await rowOf(texts, whoami, { objects });
    const rule = { value: ['1 rule in KUBE-SVC-DC3OOLRZIWFKJHLB'] };
    assert.deepEqual([row.missing, row.stale], [rule, rule]);
    const { fault } = await lineOf(texts, whoami, { objects });
    assert.match(fault!, /^misses 1 rule in KUBE-SVC-/);
    const state = await readTexts(texts, 'node-b');
    const codes = finish(checkNode(state, { objects }))
      .filter(({ service }) => service === 'default/whoami')
      .map(({ code }) => code);
    assert.deepEqual(codes, ['service-rules-differ']);
    // Without kube-proxy's configuration nobody knows what the rule should be.
    texts.delete('kube-proxy.config.yaml');
    assert.deepEqual((await rowOf(texts, whoami, { objects })).missing, { value: [] });
  });

  test('objects that changed after the dump was taken: neither missing nor stale is known', async () => {
    const at = (changed: string) => {
      const endpointSlices = objects.endpointSlices.map((slice) => {
        const { metadata } = slice;
        if (serviceOfSlice(slice) !== 'whoami') return slice;
        return { ...slice, metadata: { ...metadata, changed }, endpoints: [] };
      });
      const sorted = { ...objects, endpointSlices };
      return indexObjects(sorted);
    };
    const later = await rowOf(dumpsOf(nodeB), whoami, { objects: at('2026-11-21T13:42:27Z') });
    const unknown = 'its objects are newer than the dump';
    assert.deepEqual([later.missing, later.stale], [{ unknown }, { unknown }]);
    const earlier = await rowOf(dumpsOf(nodeB), whoami, { objects: at('2026-11-21T13:42:20Z') });
    const endpoints = valueOf(earlier.stale)?.filter((text) =>
      text.endsWith('in no EndpointSlice)'),
    );
    assert.equal(endpoints?.length, 3);
  });

  test('without EndpointSlices neither missing nor stale is known', async () => {
    const row = await rowOf(dumpsOf(nodeB), whoami);
    const unknown = 'no EndpointSlices beside the dumps';
    assert.deepEqual(row.missing, { unknown });
    assert.deepEqual(row.stale, { unknown });
    assert.deepEqual(row.programmed, { value: 3 });
  });

  test('a Service port that no rule of the node is about', async () => {
    const texts = dumpsOf(nodeB, {
      from: '-j KUBE-SVC-DC3OOLRZIWFKJHLB',
      to: '-j KUBE-NODEPORTS',
    });
    const row = await rowOf(texts, whoami, { objects });
    assert.deepEqual(row.programmed, { value: 'absent' });
    assert.deepEqual(row.missing, {
      value: ['10.244.0.3:3000', '10.244.1.3:3000', '10.244.0.4:3000'],
    });
    assert.equal((await lineOf(texts, whoami, { objects })).fault, 'does not program it');
  });

  test('a capture that ended early accuses nobody: what it lacks is unknown, and the row says so', async () => {
    const texts = dumpsOf(nodeB, {
      from: '-j KUBE-SVC-DC3OOLRZIWFKJHLB',
      to: '-j KUBE-NODEPORTS',
    });
    const partial = 'Cancelled: the commands after this were not run.';
    const row = rowIn({ ...(await readTexts(texts, 'node-b')), partial }, whoami, objects);
    const why = `the node was not captured whole: ${partial.slice(0, -1)}`;
    assert.deepEqual(row.programmed, { unknown: why });
    const line = readLine('node-b', row);
    assert.equal(line.fault, undefined);
    assert.equal(line.unknown, why);
    assert.equal(line.partial, partial);
    assert.match(overviewSummary([line]), /1 not captured whole/);
  });

  test('in ipvs mode a dump of rules without one of IPVS tells of no virtual server', async () => {
    const texts = dumpsOf('kubernetes-1.36-ipvs/node-a');
    for (const name of ['ipvsadm-Ln.txt', 'proc-net-ip_vs.txt']) assert.ok(texts.delete(name));
    const all = await objectsOf(textsIn('samples/kubernetes-1.36-ipvs/objects'));
    const row = rowIn(await readTexts(texts, 'node-a'), whoami, all);
    assert.deepEqual(row.mode, { value: 'ipvs' });
    assert.deepEqual(row.programmed, { unknown: 'No dump of the virtual servers is at hand' });
    assert.equal(readLine('node-a', row).fault, undefined);
  });

  test('what a capture has before it ends is compared all the same', async () => {
    const partial = 'Cancelled: the commands after this were not run.';
    const row = rowIn({ ...(await readTexts(dumpsOf(nodeB), 'node-b')), partial }, whoami, objects);
    assert.deepEqual([row.programmed, row.missing], [{ value: 3 }, { value: [] }]);
  });

  test('policy Local: each node has its own in KUBE-SVL-, and drops without any', async () => {
    const id = 'shop/edge:http/TCP';
    const a = await rowOf(dumpsOf('kubernetes-1.36-iptables/node-a'), id, {
      objects,
      node: 'node-a',
    });
    assert.deepEqual([a.missing, a.stale, a.ends], [{ value: [] }, { value: [] }, { value: [] }]);
    const b = await rowOf(dumpsOf(nodeB), id, { objects });
    assert.deepEqual([b.missing, b.stale], [{ value: [] }, { value: [] }]);
    assert.deepEqual(b.ends, {
      value: ['Outside, NodePort; Outside, load balancer IP: dropped, no local endpoints'],
    });
  });

  test('policy Local: an endpoint of another node in KUBE-SVL- is stale', async () => {
    const texts = dumpsOf('kubernetes-1.36-iptables/node-a');
    const row = await rowOf(texts, 'shop/edge:http/TCP', { objects, node: 'node-b' });
    assert.deepEqual(row.stale, {
      value: [
        '10.244.0.17:8080 (of another node)',
        '10.244.0.18:8080 (of another node)',
        // Without an endpoint here nothing leads from there to KUBE-SVL-.
        '1 rule in KUBE-EXT-6DIQQWZY5FTPVDUK',
      ],
    });
  });

  test('no endpoints: nothing is missing, all are refused', async () => {
    const row = await rowOf(dumpsOf(nodeB), 'shop/orphan:http/TCP', { objects });
    assert.deepEqual(row.programmed, { value: 0 });
    assert.deepEqual(row.ends, { value: ['All: rejected, no endpoints'] });
  });

  test('a Service of another proxy is rightly not programmed', async () => {
    const line = await lineOf(dumpsOf(nodeB), 'shop/mesh-only:http/TCP', { objects });
    assert.equal(line.fault, '');
    assert.deepEqual(line.cells?.endpoints, { text: 'not programmed', sort: 0 });
  });

  test('nftables mode is told, and its rules are not guessed', async () => {
    const texts = dumpsOf(nodeB);
    texts.set('proxyMode.txt', 'nftables');
    const row = await rowOf(texts, whoami, { objects });
    assert.deepEqual(row.mode, { value: 'nftables' });
    const unknown = 'rules of nftables mode are not read';
    assert.deepEqual(row.programmed, { unknown });
    assert.deepEqual(row.missing, { unknown });
  });

  test('a dump that is cut does not say that an endpoint is missing', async () => {
    const texts = dumpsOf(nodeB);
    for (const name of ['iptables-save.txt', 'iptables-save-c.txt']) {
      const text = texts.get(name)!;
      texts.set(name, text.slice(0, text.indexOf('-j KUBE-SEP-AJHR67BPPEH4YV3Z')));
    }
    const row = await rowOf(texts, whoami, { objects });
    assert.deepEqual(row.missing, { unknown: 'the dump ends within the table nat' });
  });

  test('a node without a dump of rules', async () => {
    const texts = new Map([['ip-addr.txt', dumpsOf(nodeB).get('ip-addr.txt')!]]);
    const row = await rowOf(texts, whoami, { objects });
    assert.deepEqual(row.mode, { unknown: 'neither kube-proxy nor its rules tell' });
    assert.deepEqual(row.programmed, { unknown: 'No dump of the IPv4 rules is at hand' });
  });

  test('the Node is found by its addresses where the folder has another name', async () => {
    const row = await rowOf(dumpsOf(nodeB), 'shop/agent-b:http/TCP', {
      objects,
      node: 'capture-17',
    });
    assert.deepEqual([row.missing, row.stale], [{ value: [] }, { value: [] }]);
  });

  test('policy Local, and no Node object is this node', async () => {
    const texts = dumpsOf(nodeB);
    texts.delete('ip-addr.txt');
    const row = await rowOf(texts, 'shop/agent-b:http/TCP', { objects, node: 'capture-17' });
    assert.deepEqual(row.missing, {
      unknown: 'no Node object is this node, so its own endpoints are not known',
    });
  });
});
