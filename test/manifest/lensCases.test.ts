import assert from 'node:assert/strict';
import * as l10n from '@vscode/l10n';
import type { Cluster, NodeDumps } from '../../src/cluster/cluster';
import type { EndpointSliceObject, ServiceObject } from '../../src/core/objects/types';
import { lensText, portLensText } from '../../src/manifest/lens/lensText';
import { placeManifests, type PlacedManifest } from '../../src/manifest/lens/names';
import { proxyFacts } from '../../src/manifest/lens/proxyFacts';
import { finish } from '../../src/core/work';
import { readObject } from '../../src/syntax/objects/readObject';
import { readTexts } from '../dumps';
import { manifestOf, manifestsOf, objectsOf } from './helper';

const slice = (
  name: string,
  endpoints: object[],
  ports: object[] = [{ name: 'http', port: 8080 }],
) =>
  readObject({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    addressType: 'IPv4',
    metadata: { name, namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    endpoints,
    ports,
  }) as EndpointSliceObject;
const service = (spec: object) =>
  readObject({
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec,
  }) as ServiceObject;
const web = {
  type: 'ClusterIP',
  clusterIP: '10.96.0.9',
  clusterIPs: ['10.96.0.9', 'fd00::9'],
  selector: { app: 'web' },
  ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
};
const ready = (ip: string) => ({ addresses: [ip], conditions: { ready: true } });
const away = (ip: string) => ({ addresses: [ip], conditions: { ready: false } });

/** What a lens says of a manifest where the cluster has this Service and slice. */
function title(
  text: string,
  spec: object = web,
  endpoints: object[] = [ready('10.0.0.1'), ready('10.0.0.2')],
) {
  const slices = [slice('web-1', endpoints)];
  const facts = {
    service: service(spec),
    slices,
    ready: endpoints.filter((one) => JSON.stringify(one).includes('true')).length,
    all: endpoints.length,
    proxy: 'iptables',
    partial: undefined,
  };
  const asked = { cluster: 'kind', namespace: 'shop', answer: { state: 'found', facts } } as const;
  return lensText(l10n, manifestOf(text), asked).title.replace('$(type-hierarchy-sub) ', '');
}

const manifest = (spec: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: ${spec}\n`;
const ownSlice = (name: string, endpoints: string) =>
  `apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\naddressType: IPv4\nmetadata: {name: ${name}, namespace: shop, labels: {kubernetes.io/service-name: web}}\nports: [{name: http, port: 8080}]\nendpoints: ${endpoints}\n`;
const endpoints = (subsets: string) =>
  `apiVersion: v1\nkind: Endpoints\nmetadata: {name: web, namespace: shop}\nsubsets: ${subsets}\n`;
const own = '{selector: {app: web}, ports: [{name: http, port: 80}]}';

suite('the lens by what the cluster has', () => {
  const cases: [string, string, string][] = [
    [
      'both addresses, endpoints, mode',
      title(manifest(own)),
      'Trace service | 10.96.0.9, fd00::9 | 2/2 endpoints | iptables',
    ],
    [
      'one endpoint',
      title(manifest(own), web, [away('10.0.0.1')]),
      'Trace service | 10.96.0.9, fd00::9 | 0/1 endpoint | iptables',
    ],
    [
      'none',
      title(manifest(own), web, []),
      'Trace service | 10.96.0.9, fd00::9 | no endpoints | iptables',
    ],
    [
      'only one address where there is no list',
      title(manifest(own), { ...web, clusterIPs: undefined }),
      'Trace service | 10.96.0.9 | 2/2 endpoints | iptables',
    ],
    [
      'without a selector somebody else makes the endpoints',
      title(manifest('{ports: [{name: http, port: 80}]}'), { ...web, selector: undefined }),
      'Trace service | 10.96.0.9, fd00::9 | 2/2 endpoints | no selector | iptables',
    ],
    [
      'headless: its endpoints are in DNS',
      title(manifest(own), { ...web, clusterIP: 'None', clusterIPs: ['None'] }),
      'Headless: DNS only, no rules of kube-proxy | 2/2 endpoints',
    ],
    [
      'headless without endpoints',
      title(manifest(own), { ...web, clusterIP: 'None', clusterIPs: ['None'] }, []),
      'Headless: DNS only, no rules of kube-proxy',
    ],
    [
      'a slice as in the cluster',
      title(ownSlice('web-1', '[{addresses: [10.0.0.1]}, {addresses: [10.0.0.2]}]')),
      'Trace service web | 2/2 endpoints | iptables',
    ],
    [
      'as many ready, and one more that is not',
      title(
        ownSlice(
          'web-1',
          '[{addresses: [10.0.0.1]}, {addresses: [10.0.0.2]}, {addresses: [10.0.0.3], conditions: {ready: false}}]',
        ),
      ),
      'Trace service web | 2/3 endpoints | in the cluster: 2/2 endpoints | iptables',
    ],
    [
      'as many in all, one not ready',
      title(
        ownSlice(
          'web-1',
          '[{addresses: [10.0.0.1]}, {addresses: [10.0.0.2], conditions: {ready: false}}]',
        ),
      ),
      'Trace service web | 1/2 endpoints | in the cluster: 2/2 endpoints | iptables',
    ],
    [
      'a slice that the cluster has not',
      title(ownSlice('web-9', '[{addresses: [10.0.0.1]}]')),
      'Trace service web | 1/1 endpoint | slice not in the cluster: 2/2 endpoints | iptables',
    ],
    [
      'Endpoints: an address in two subsets is one',
      title(
        endpoints(
          '[{addresses: [{ip: 10.0.0.1}], ports: [{port: 1}]}, {addresses: [{ip: 10.0.0.1}, {ip: 10.0.0.2}], ports: [{port: 2}]}]',
        ),
      ),
      'Trace service web | 2/2 endpoints | iptables',
    ],
    [
      'Endpoints with some that are not ready',
      title(
        endpoints(
          '[{addresses: [{ip: 10.0.0.1}], notReadyAddresses: [{ip: 10.0.0.3}], ports: [{port: 1}]}]',
        ),
      ),
      'Trace service web | 1/2 endpoints | in the cluster: 2/2 endpoints | iptables',
    ],
  ];
  for (const [name, said, expected] of cases) test(name, () => assert.equal(said, expected));

  test('a difference where one side has none', () => {
    const text = manifest('{externalIPs: [192.0.2.1], ports: [{name: http, port: 80}]}');
    assert.match(title(text), /\| differs from the cluster: externalIPs 192\.0\.2\.1 → none$/);
    const other = manifest('{externalIPs: [], ports: [{name: http, port: 80}]}');
    assert.match(
      title(other, { ...web, externalIPs: ['192.0.2.1'] }),
      /externalIPs none → 192\.0\.2\.1$/,
    );
  });

  test('a port: the cluster’s of its name, else of its number; its node port', () => {
    const asked = (spec: object) =>
      ({
        cluster: 'kind',
        namespace: 'shop',
        answer: {
          state: 'found',
          facts: {
            service: service(spec),
            slices: [slice('web-1', [ready('10.0.0.1')])],
            ready: 1,
            all: 1,
            proxy: undefined,
            partial: undefined,
          },
        },
      }) as const;
    const of = (spec: string, there: object, index = 0) =>
      portLensText(l10n, manifestOf(manifest(spec)), index, asked(there));
    const two = {
      ...web,
      type: 'NodePort',
      ports: [
        { name: 'x', port: 1 },
        { name: 'http', port: 80, nodePort: 30080, protocol: 'TCP' },
      ],
    };
    assert.equal(
      of('{ports: [{name: http, port: 81}, {name: x, port: 1}]}', two)
        .title.split(' | ')
        .slice(1)
        .join(' | '),
      '1/1 endpoint | node port 30080',
    );
    assert.equal(
      of('{ports: [{port: 80}, {name: x, port: 1}]}', two).title.split(' | ').at(-1),
      'node port 30080',
    );
    // One name is one port whatever its protocol; without it both count.
    assert.equal(
      of('{ports: [{port: 80, protocol: UDP}, {name: x, port: 1}]}', two).title,
      '80/UDP is not in the cluster',
    );
    assert.deepEqual(of('{ports: [{port: 80}]}', two, 5), {
      title: '',
      tooltip: '',
      traces: false,
    });
  });
});

suite('what is read as a manifest', () => {
  const count = (text: string) => manifestsOf(text).length;
  const head = (namespace: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: ${namespace}}\nspec: {ports: [{port: 80}]}\n`;
  const cases: [string, string, number][] = [
    ['a namespace', head('shop'), 1],
    ['an empty one: the context’s', head('""'), 1],
    ['none written', head(''), 1],
    ['one that no cluster takes', head('Shop_1'), 0],
    ['a list instead', head('[a]'), 0],
    [
      'a Service whose ports are no list',
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: 80}\n',
      0,
    ],
    [
      'a Service without ports',
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: []}\n',
      0,
    ],
    [
      'headless without ports',
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {clusterIP: None, selector: {a: b}}\n',
      1,
    ],
    [
      'headless without a selector and ports',
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {clusterIP: None}\n',
      0,
    ],
    [
      'a patch within spec',
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {$patch: replace, ports: [{port: 80}]}\n',
      0,
    ],
  ];
  for (const [name, text, expected] of cases) test(name, () => assert.equal(count(text), expected));

  test('places move with a document that is broken for the moment, its ports too', () => {
    const text =
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ports:\n    - port: 80\n    - port: 81\n';
    const before = finish(placeManifests(objectsOf(text), []));
    const broken = `# a comment\n${text.replace('port: 81', 'port: "81')}`;
    const [after] = finish(placeManifests(objectsOf(broken), before));
    assert.deepEqual(
      after?.ports,
      before[0]!.ports.map((port) => port + '# a comment\n'.length),
    );
    assert.equal(after?.start, before[0]!.start + '# a comment\n'.length);
  });

  test('slices have no ports with lenses; of many objects there is a pause at each twentieth', () => {
    const one = ownSlice('web-1', '[{addresses: [10.0.0.1]}]');
    const text = Array.from({ length: 45 }, (_, i) => one.replace('web-1', `web-${i}`)).join(
      '---\n',
    );
    const work = placeManifests(objectsOf(text), []);
    let pauses = 0;
    let step: IteratorResult<undefined, PlacedManifest[]> = work.next();
    for (; !step.done; step = work.next()) pauses++;
    assert.equal(pauses, 3);
    assert.ok(step.value.every(({ ports }) => ports.length === 0));
    assert.equal(step.value.length, 45);
  });
});

suite('the mode that dumps at hand show', () => {
  const nodes = ['c', 'a', 'd', 'b'];
  const dumps = (node: string) => ({ node, dumps: [{ name: 'x' }] }) as unknown as NodeDumps;

  /** What is said where each node's ipvsadm -Ln has this scheduler; and which nodes were read. */
  async function told(cluster: Partial<Cluster>, scheduler: (node: string) => string) {
    const read: string[] = [];
    const states = async ({ node }: NodeDumps) => {
      read.push(node);
      const table = `IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\nTCP  10.96.0.9:80 ${scheduler(node)}\nTCP  10.96.0.9:81 lc\n`;
      return readTexts(
        new Map([
          ['ipvsadm-Ln.txt', table],
          ['proxyMode.txt', 'ipvs'],
        ]),
        node,
        { rulesets: () => [] },
      );
    };
    const said = await proxyFacts(cluster as Cluster, service(web), states as never);
    return { said, read };
  }

  test('of a live cluster: those that are held, the first three by name; each scheduler once', async () => {
    const held = new Map(nodes.map((node) => [node, dumps(node)]));
    const live = {
      offline: false,
      heldNodes: () => nodes,
      heldDumps: (node: string) => held.get(node),
    };
    assert.deepEqual(await told(live, () => 'rr'), { said: 'ipvs rr', read: ['a', 'b', 'c'] });
    const again = new Map(nodes.map((node) => [node, dumps(node)]));
    const other = { ...live, heldDumps: (node: string) => again.get(node) };
    assert.equal(
      (await told(other, (node) => (node === 'b' ? 'sh' : 'rr'))).said,
      'ipvs rr, ipvs sh',
    );
    // What was read of a capture is not read again.
    assert.deepEqual((await told(live, () => 'wrr')).read, []);
  });

  test('a node without dumps takes no place among the three; nothing at hand tells nothing', async () => {
    const empty = { node: 'a', dumps: [] } as unknown as NodeDumps;
    const of = { a: empty, b: dumps('b'), c: dumps('c'), d: dumps('d') } as Record<
      string,
      NodeDumps
    >;
    const live = { offline: false, heldNodes: () => nodes, heldDumps: (node: string) => of[node] };
    assert.deepEqual((await told(live, () => 'rr')).read, ['b', 'c', 'd']);
    const none = { offline: false, heldNodes: () => nodes, heldDumps: () => undefined };
    assert.deepEqual(await told(none, () => 'rr'), { said: undefined, read: [] });
  });
});
