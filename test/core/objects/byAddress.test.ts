import assert from 'node:assert/strict';
import { countReady, listedEndpoints, portEndpoints } from '../../../src/core/objects/endpoints';
import { comparable, indexObjects, tellServices } from '../../../src/core/objects/objectIndex';
import { slicesByService, takenSlices, tellEndpoints } from '../../../src/core/objects/slices';
import {
  addressesOfService,
  proxiedAddressesOfService,
  sortObjects,
  type EndpointsObject,
  type EndpointSliceEndpoint,
  type EndpointSliceObject,
  type LoadBalancerIngress,
  type NodeObject,
  type PodObject,
  type ServiceObject,
} from '../../../src/core/objects/types';
import { service } from './madeService';

function slice(
  addressType: string,
  endpoints: readonly Partial<EndpointSliceEndpoint>[],
  port: number | undefined = 8080,
): EndpointSliceObject {
  return {
    kind: 'EndpointSlice',
    metadata: {
      name: `web-${addressType}`,
      namespace: 'shop',
      labels: { 'kubernetes.io/service-name': 'web' },
    },
    addressType,
    ports: [{ name: 'http', protocol: 'TCP', ...(port === undefined ? {} : { port }) }],
    endpoints: endpoints.map((endpoint) => ({
      addresses: [],
      forZones: [],
      forNodes: [],
      ...endpoint,
    })),
  };
}

const web = (name: string) => ({ kind: 'Pod', namespace: 'shop', name });
const http = { name: 'http', protocol: 'TCP' };

suite('objects by address', () => {
  const balanced = (ingress: readonly LoadBalancerIngress[]) => ({
    ...service({ clusterIPs: ['10.96.0.5', 'fd00:0:0::5'], externalIPs: ['192.0.2.7'] }),
    status: { loadBalancer: { ingress } },
  });
  const shop = balanced([{ ip: '198.51.100.1' }, { ip: '198.51.100.2', ipMode: 'Proxy' }]);
  const other = { ...service({ clusterIPs: ['None'], externalIPs: ['192.0.2.7'] }) };
  const pod = { kind: 'Pod', podIPs: ['10.244.1.5', 'fd00:244::5'] } as unknown as PodObject;
  const index = indexObjects({
    services: [shop, other],
    endpointSlices: [],
    endpoints: [],
    nodes: [],
    pods: [pod],
  });

  test('a Service is found at each of its addresses, however it is spelt', () => {
    for (const address of ['10.96.0.5', 'fd00::5', 'fd00:0::0:5', '198.51.100.1'])
      assert.deepEqual(index.servicesAt(address), [shop], address);
    assert.deepEqual(index.servicesAt('10.96.0.6'), []);
  });

  test('also at one that only the load balancer serves (ipMode Proxy, KEP-1860)', () => {
    assert.deepEqual(index.servicesAt('198.51.100.2'), [shop]);
  });

  test('kube-proxy serves a load balancer by its addresses, not by its names or as a proxy', () => {
    const ingress = [
      { hostname: 'lb.example' },
      { ip: '198.51.100.1', ipMode: 'VIP' },
      { ip: '198.51.100.2', ipMode: 'Proxy' },
      { hostname: 'proxy.example', ipMode: 'Proxy' },
    ];
    const own = ['10.96.0.5', 'fd00:0:0::5', '192.0.2.7', '198.51.100.1'];
    assert.deepEqual(addressesOfService(balanced(ingress)), own);
    assert.deepEqual(proxiedAddressesOfService(balanced(ingress)), ['198.51.100.2']);
    assert.deepEqual(addressesOfService(service({ clusterIPs: ['None'] })), []);
  });

  test('two Services may share an external IP; a headless one has no address', () => {
    assert.deepEqual(index.servicesAt('192.0.2.7'), [shop, other]);
    assert.deepEqual(index.servicesAt('None'), []);
    assert.deepEqual(index.servicesAt(''), []);
  });

  test('a Service and a node are found by name, a node by each of its addresses', () => {
    const node = {
      kind: 'Node',
      metadata: { name: 'node-a' },
      addresses: [
        { type: 'InternalIP', address: '192.0.2.10' },
        { type: 'ExternalIP', address: '2001:db8:0::10' },
        { type: 'Hostname', address: 'node-a' },
      ],
    } as unknown as NodeObject;
    const db = { ...other, metadata: { name: 'db', namespace: 'data', labels: {} } };
    const found = indexObjects({ ...sortObjects([]), services: [shop, db], nodes: [node] });
    assert.equal(found.service('shop', 'web'), shop);
    assert.equal(found.service('data', 'db'), db);
    assert.equal(found.service('data', 'web'), undefined);
    assert.equal(found.node('node-a'), node);
    assert.equal(found.node('node-b'), undefined);
    for (const address of ['192.0.2.10', '2001:db8::10']) assert.equal(found.nodeAt(address), node);
    assert.equal(found.nodeAt('192.0.2.11'), undefined);
  });

  test('rules are compared with Services that are told in full, or with none', () => {
    const told = (...services: ServiceObject[]) =>
      comparable(indexObjects({ ...sortObjects([]), services, pods: [pod] }));
    const row = { ...other, fromTable: true as const };
    assert.deepEqual(told(shop, other).services, [shop, other]);
    assert.deepEqual(told(row).services, []);
    // One that is told by half would make the rules of the others accuse.
    assert.deepEqual(told(shop, row).services, []);
    assert.deepEqual(told(row, shop).service('shop', 'web'), undefined);
    assert.deepEqual(told(row).pods, [pod]);
    const empty = indexObjects(sortObjects([]));
    assert.equal(comparable(empty), empty);
    assert.equal(tellServices(empty), false);
  });

  test('an object of a release without clusterIPs has its clusterIP (dual-stack is of 1.20)', () => {
    assert.deepEqual(addressesOfService(service({ clusterIPs: [], clusterIP: '10.96.0.9' })), [
      '10.96.0.9',
    ]);
    assert.deepEqual(addressesOfService(service({ clusterIPs: [] })), []);
    const both = service({ clusterIPs: ['10.96.0.5'], clusterIP: '10.96.0.5' });
    assert.deepEqual(addressesOfService(both), ['10.96.0.5']);
  });

  test('a Pod of both families is found by either address', () => {
    assert.deepEqual(index.podsAt('10.244.1.5'), [pod]);
    assert.deepEqual(index.podsAt('fd00:244:0::5'), [pod]);
    assert.deepEqual(index.podsAt('10.244.1.6'), []);
  });
});

// pkg/proxy/endpointslicecache.go, discovery/v1/types.go.
suite('the endpoints of a Service port', () => {
  const addresses = (slices: readonly EndpointSliceObject[], family: 4 | 6 = 4) =>
    portEndpoints(slices, http, family).map(({ address, ready }) => `${address} ${ready}`);

  test('are of the family asked for, by the type of the slice', () => {
    const both = [
      slice('IPv4', [{ addresses: ['10.244.1.5'] }]),
      slice('IPv6', [{ addresses: ['fd00:244:0::5'] }]),
      slice('FQDN', [{ addresses: ['web.example'] }]),
    ];
    assert.deepEqual(addresses(both), ['10.244.1.5:8080 true']);
    assert.deepEqual(addresses(both, 6), ['[fd00:244::5]:8080 true']);
  });

  test('an address of the other family in a slice is none of its endpoints', () => {
    const mixed = slice('IPv4', [{ addresses: ['fd00::5'] }, { addresses: ['10.244.1.5'] }]);
    assert.deepEqual(addresses([mixed]), ['10.244.1.5:8080 true']);
  });

  test('a slice of names has none, also where a name looks like an address', () => {
    assert.deepEqual(addresses([slice('FQDN', [{ addresses: ['10.244.1.5'] }])]), []);
  });

  test('what is no address is none, and those beside it are', () => {
    const odd = slice('IPv4', [{ addresses: ['a.b'] }, {}, { addresses: ['10.244.1.5'] }]);
    assert.deepEqual(addresses([odd]), ['10.244.1.5:8080 true']);
  });

  test('are those of its name and protocol', () => {
    const named = (name: string, protocol: string) => ({
      ...slice('IPv4', [{ addresses: ['10.244.1.5'] }]),
      ports: [{ name, protocol, port: 8080 }],
    });
    assert.deepEqual(addresses([named('https', 'TCP'), named('http', 'UDP')]), []);
    assert.deepEqual(addresses([named('http', 'TCP')]), ['10.244.1.5:8080 true']);
  });

  test('conditions that are not set are true, but for terminating', () => {
    const states = (endpoint: Partial<EndpointSliceEndpoint>) =>
      portEndpoints([slice('IPv4', [{ addresses: ['10.244.1.5'], ...endpoint }])], http, 4).map(
        ({ ready, serving, terminating }) => [ready, serving, terminating],
      );
    assert.deepEqual(states({}), [[true, true, false]]);
    const leaving = { ready: false, serving: false, terminating: true };
    assert.deepEqual(states(leaving), [[false, false, true]]);
  });

  test('a port without a number, which means all, is programmed by nobody', () => {
    const all = { ...slice('IPv4', [{ addresses: ['10.244.1.5'] }]), ports: [http] };
    assert.deepEqual(addresses([all]), []);
  });

  test('of two slices with one address, the ready one counts, in either order', () => {
    const ready = slice('IPv4', [{ addresses: ['10.244.1.5'], ready: true }]);
    const not = slice('IPv4', [{ addresses: ['10.244.1.5'], ready: false }]);
    assert.deepEqual(addresses([ready, not]), ['10.244.1.5:8080 true']);
    assert.deepEqual(addresses([not, ready]), ['10.244.1.5:8080 true']);
    assert.deepEqual(addresses([not, not]), ['10.244.1.5:8080 false']);
  });
});

// endpointslicecache.go, addEndpoints: of several slices with one address, a local endpoint wins.
suite('one address in two slices, asked for on a node', () => {
  const at = (nodeName: string | undefined, ready: boolean) =>
    slice('IPv4', [{ addresses: ['10.244.1.5'], ready, ...(nodeName && { nodeName }) }]);
  const taken = (on: string | undefined, ...slices: EndpointSliceObject[]) =>
    portEndpoints(slices, http, 4, on).map(({ nodeName, ready }) => [nodeName, ready]);
  const [own, other] = [at('node-a', false), at('node-b', true)];

  test('the one on the node counts, ready or not, in either order', () => {
    assert.deepEqual(taken('node-a', own, other), [['node-a', false]]);
    assert.deepEqual(taken('node-a', other, own), [['node-a', false]]);
  });

  test('on another node, and asked for on none, the ready one', () => {
    for (const on of ['node-c', undefined]) {
      assert.deepEqual(taken(on, own, other), [['node-b', true]], on);
      assert.deepEqual(taken(on, other, own), [['node-b', true]], on);
    }
  });

  test('of two on the node the ready one, in either order', () => {
    assert.deepEqual(taken('node-a', own, at('node-a', true)), [['node-a', true]]);
    assert.deepEqual(taken('node-a', at('node-a', true), own), [['node-a', true]]);
  });

  test('one of no node is on none', () => {
    assert.deepEqual(taken(undefined, at(undefined, false), other), [['node-b', true]]);
    assert.deepEqual(taken(undefined, other, at(undefined, false)), [['node-b', true]]);
  });
});

suite('slices by Service', () => {
  test('are those that name one (kubernetes.io/service-name), of its namespace', () => {
    const web = slice('IPv4', [{ addresses: ['10.244.1.5'] }]);
    const nobody = { ...web, metadata: { ...web.metadata, labels: {} } };
    const elsewhere = { ...web, metadata: { ...web.metadata, namespace: 'test' } };
    assert.deepEqual(
      [...slicesByService([web, nobody, elsewhere, web])],
      [
        ['shop/web', [web, web]],
        ['test/web', [elsewhere]],
      ],
    );
  });

  test('Endpoints are a slice of each family, also where nothing of one is there', () => {
    const only = (subset: Partial<EndpointsObject['subsets'][number]>) =>
      takenSlices({
        endpointSlices: [],
        endpoints: [
          {
            kind: 'Endpoints',
            metadata: { name: 'web', namespace: 'shop', labels: {} },
            subsets: [{ addresses: [], notReadyAddresses: [], ports: [], ...subset }],
          },
        ],
      });
    const [four, six] = only({ addresses: [{ ip: '10.244.1.9', nodeName: 'node-a' }] });
    assert.deepEqual(
      [four, six].map((one) => [one!.addressType, one!.endpoints.length]),
      [
        ['IPv4', 1],
        ['IPv6', 0],
      ],
    );
    const { forZones, forNodes } = four!.endpoints[0]!;
    assert.deepEqual([forZones, forNodes], [[], []]);
  });
});

suite('ready of all endpoints', () => {
  const count = (...slices: EndpointSliceObject[]) => countReady(listedEndpoints(slices));

  test('counts a Pod of both families once, ready where each of its addresses is', () => {
    const four = slice('IPv4', [
      { addresses: ['10.244.1.5'], targetRef: web('a') },
      { addresses: ['10.244.1.6'], targetRef: web('b') },
    ]);
    const six = (ready: boolean) =>
      slice('IPv6', [
        { addresses: ['fd00::5'], targetRef: web('a'), ready },
        { addresses: ['fd00::6'], targetRef: web('b') },
      ]);
    assert.deepEqual(count(four, six(true)), { ready: 2, all: 2 });
    assert.deepEqual(count(four, six(false)), { ready: 1, all: 2 });
  });

  test('in whichever order its families come', () => {
    const of = (family: string, address: string, ready: boolean) =>
      slice(family, [{ addresses: [address], targetRef: web('a'), ready }]);
    const six = of('IPv6', 'fd00::5', false);
    assert.deepEqual(count(six, of('IPv4', '10.244.1.5', true)), { ready: 0, all: 1 });
  });

  test('counts addresses without a Pod one by one', () => {
    const hand = slice('IPv4', [{ addresses: ['192.0.2.1'] }, { addresses: ['192.0.2.2'] }]);
    assert.deepEqual(count(hand), { ready: 2, all: 2 });
  });
});

// EndpointSlices are read since 1.19 (feature gate EndpointSliceProxying).
suite('Endpoints or EndpointSlices', () => {
  const slices = [slice('IPv4', [{ addresses: ['10.244.1.5'] }])];
  const old: EndpointsObject = {
    kind: 'Endpoints',
    metadata: { name: 'web', namespace: 'shop', labels: {} },
    subsets: [
      { addresses: [{ ip: '10.244.1.9' }], notReadyAddresses: [], ports: [{ ...http, port: 80 }] },
    ],
  };
  const taken = (endpoints: readonly EndpointsObject[], release?: number) =>
    takenSlices({ endpointSlices: slices, endpoints }, release)
      .flatMap((one) => one.endpoints)
      .flatMap((endpoint) => endpoint.addresses);

  test('a release before 1.19 reads Endpoints, 1.19 and any unknown one slices', () => {
    assert.deepEqual(taken([old], 18), ['10.244.1.9']);
    assert.deepEqual(taken([old], 19), ['10.244.1.5']);
    assert.deepEqual(taken([old]), ['10.244.1.5']);
  });

  test('of a release before 1.19 the slices do where no Endpoints are at hand', () => {
    assert.deepEqual(taken([], 18), ['10.244.1.5']);
  });

  test('either tells of endpoints; without both, and without ranges of Services, nothing is known', () => {
    assert.equal(tellEndpoints({ endpointSlices: slices, endpoints: [] }), true);
    assert.equal(tellEndpoints({ endpointSlices: [], endpoints: [old] }), true);
    const none = sortObjects([]);
    assert.equal(tellEndpoints(none), false);
    assert.equal(none.serviceCidrs, undefined);
    assert.ok(!('proxyConfigs' in none) && !('proxyCommands' in none));
    const ranges = {
      kind: 'ServiceCIDR',
      metadata: { name: 'kubernetes', namespace: '', labels: {} },
      cidrs: ['10.96.0.0/12'],
    } as const;
    assert.deepEqual(sortObjects([ranges]).serviceCidrs, [ranges]);
  });
});
