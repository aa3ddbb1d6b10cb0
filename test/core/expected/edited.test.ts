import assert from 'node:assert/strict';
import { withEdited, type Edited } from '../../../src/core/expected/edited';
import type { ClusterObjects } from '../../../src/core/objects/types';
import { sortObjects } from '../../../src/core/objects/types';
import { readObject } from '../../../src/syntax/objects/readObject';

function objectsOf(...values: readonly object[]): ClusterObjects {
  return sortObjects(values.flatMap((value) => readObject(value) ?? []));
}

const metadata = { namespace: 'shop', name: 'cart' };
const service = (spec: object) => ({ kind: 'Service', apiVersion: 'v1', metadata, spec });
const pod = (name: string, ip: string, app: string) => ({
  kind: 'Pod',
  metadata: { namespace: 'shop', name, labels: { app } },
  spec: { nodeName: 'node-a', containers: [] },
  status: { phase: 'Running', podIPs: [{ ip }], conditions: [{ type: 'Ready', status: 'True' }] },
});
const edit = (value: object) => readObject(value) as Edited;

suite('objects as they would be', () => {
  test('a new Service gets addresses, a node port, and its Pods as endpoints', () => {
    const before = objectsOf(
      { kind: 'ServiceCIDR', metadata: { name: 'kubernetes' }, spec: { cidrs: ['10.96.0.0/16'] } },
      pod('a', '10.244.0.9', 'cart'),
      pod('b', '10.244.0.10', 'other'),
    );
    const ports = [{ port: 80, targetPort: 8080 }];
    const { objects, notes } = withEdited(before, [
      edit(service({ type: 'NodePort', selector: { app: 'cart' }, ports })),
    ]);
    const [only] = objects.services;
    assert.equal(only?.spec.clusterIP, '10.96.0.200');
    assert.equal(only.spec.ports[0]?.nodePort, 30000);
    const [slice] = objects.endpointSlices;
    assert.deepEqual(
      slice?.endpoints.map(({ addresses, ready }) => [addresses, ready]),
      [[['10.244.0.9'], true]],
    );
    assert.equal(slice.ports[0]?.port, 8080);
    assert.equal(notes.length, 3);
  });

  test('what the cluster has and the manifest leaves out stays', () => {
    const spec = { clusterIP: '10.96.4.4', clusterIPs: ['10.96.4.4'], type: 'NodePort' };
    const selector = { app: 'cart' };
    const before = objectsOf(
      service({ ...spec, selector, ports: [{ name: 'http', port: 80, nodePort: 31000 }] }),
      {
        kind: 'EndpointSlice',
        metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'cart' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['10.244.0.9'] }],
        ports: [{ name: 'http', port: 80 }],
      },
    );
    const edited = service({
      type: 'NodePort',
      selector,
      externalTrafficPolicy: 'Local',
      ports: [{ name: 'http', port: 80, targetPort: 8081 }],
    });
    const { objects, notes } = withEdited(before, [edit(edited)]);
    const [only] = objects.services;
    assert.equal(only?.spec.clusterIP, '10.96.4.4');
    assert.equal(only.spec.ports[0]?.nodePort, 31000);
    assert.equal(only.spec.externalTrafficPolicy, 'Local');
    assert.equal(objects.endpointSlices[0]?.ports[0]?.port, 8081);
    assert.deepEqual(notes, []);
  });

  const balanced = {
    clusterIP: '10.96.4.4',
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    healthCheckNodePort: 32000,
    ports: [{ name: 'http', port: 80, nodePort: 31000 }],
  };
  const ports = [{ name: 'http', port: 80 }];
  const other = {
    kind: 'Service',
    metadata: { namespace: 'shop', name: 'other' },
    spec: {
      clusterIP: '10.96.0.200',
      healthCheckNodePort: 30001,
      ports: [{ port: 80, nodePort: 30000 }],
    },
  };

  /** The node ports that an edited shop/cart gets, its port of the health check behind them. */
  function nodePorts(before: object | undefined, after: object): readonly unknown[] {
    const objects = objectsOf(...(before ? [service(before)] : []), other);
    const { services } = withEdited(objects, [edit(service(after))]).objects;
    const { spec } = services.find(({ metadata: { name } }) => name === 'cart')!;
    return [...spec.ports.map(({ nodePort }) => nodePort), spec.healthCheckNodePort];
  }

  for (const [title, before, after, found] of [
    ['a ClusterIP has none', undefined, { ports }, [undefined, undefined]],
    ['the lowest that no Service has', undefined, { type: 'NodePort', ports }, [30002, undefined]],
    [
      'one for both protocols of a new port, another for another',
      undefined,
      {
        type: 'NodePort',
        ports: [
          { name: 'udp', protocol: 'UDP', port: 53 },
          { name: 'tcp', port: 53 },
          { name: 'http', port: 80 },
        ],
      },
      [30002, 30002, 30003, undefined],
    ],
    [
      'of which one is asked for by number',
      undefined,
      {
        type: 'NodePort',
        ports: [
          { name: 'udp', protocol: 'UDP', port: 53 },
          { name: 'tcp', port: 53, nodePort: 32053 },
        ],
      },
      [32053, 32053, undefined],
    ],
    [
      'each its own where the Service is there already',
      { clusterIP: '10.96.4.4', ports: [{ port: 53 }] },
      {
        type: 'NodePort',
        ports: [
          { name: 'udp', protocol: 'UDP', port: 53 },
          { name: 'tcp', port: 53 },
        ],
      },
      [30002, 30003, undefined],
    ],
    [
      'kept by the name, and by nothing else',
      balanced,
      { type: 'NodePort', ports },
      [31000, undefined],
    ],
    [
      'kept though the protocol is another',
      balanced,
      { type: 'NodePort', ports: [{ name: 'http', protocol: 'UDP', port: 8080 }] },
      [31000, undefined],
    ],
    [
      'not kept for another name',
      balanced,
      { type: 'NodePort', ports: [{ name: 'https', port: 443 }] },
      [30002, undefined],
    ],
    [
      'not kept where the manifest gives it to another port',
      balanced,
      { type: 'NodePort', ports: [...ports, { name: 'https', port: 443, nodePort: 31000 }] },
      [30002, 31000, undefined],
    ],
    [
      'a load balancer that wants none gets none, and keeps what it has',
      balanced,
      {
        type: 'LoadBalancer',
        allocateLoadBalancerNodePorts: false,
        ports: [...ports, { name: 'https', port: 443 }],
      },
      [31000, undefined, undefined],
    ],
    [
      'a load balancer of policy Local gets one for health checks',
      { clusterIP: '10.96.4.4', ports },
      { type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports },
      [30002, 30003],
    ],
    ['and keeps it', balanced, { ...balanced, healthCheckNodePort: undefined }, [31000, 32000]],
    [
      'or has the one asked for',
      balanced,
      { ...balanced, healthCheckNodePort: 32001 },
      [31000, 32001],
    ],
    [
      'policy Local of another type needs none',
      balanced,
      { ...balanced, type: 'NodePort', healthCheckNodePort: undefined },
      [31000, undefined],
    ],
  ] as const) {
    test(`node ports: ${title}`, () => assert.deepEqual(nodePorts(before, after), found));
  }

  /** The ClusterIPs of an edited shop/cart, and what is noted; worked out within the test. */
  const clusterIps =
    (after: object, ...before: readonly object[]) =>
    () => {
      const { objects, notes } = withEdited(objectsOf(...before), [
        edit(service({ ports, ...after })),
      ]);
      const { spec } = objects.services.at(-1)!;
      return [spec.clusterIP, spec.clusterIPs, notes];
    };

  const given = (ip: string) => [
    ip,
    [ip],
    [`The cluster will give it a ClusterIP: ${ip} stands for it.`],
  ];
  const range = (...cidrs: readonly string[]) => ({
    kind: 'ServiceCIDR',
    metadata: { name: 'kubernetes' },
    spec: { cidrs },
  });
  const dual = ['10.96.4.4', 'fd00:96::4'];
  for (const [title, found, right] of [
    ['from the range', clusterIps({}, range('10.32.0.0/24')), given('10.32.0.200')],
    ['one that is free', clusterIps({}, range('10.96.0.0/16'), other), given('10.96.0.201')],
    ['of IPv6 where the range is', clusterIps({}, range('fd00:96::/112')), given('fd00:96::c8')],
    ['without a range, near those of other Services', clusterIps({}, other), given('10.96.1.144')],
    ['without either, where kubeadm has them', clusterIps({}), given('10.96.0.201')],
    ['the one asked for', clusterIps({ clusterIP: '10.96.9.9' }), ['10.96.9.9', ['10.96.9.9'], []]],
    ['the first of those asked for', clusterIps({ clusterIPs: dual }), ['10.96.4.4', dual, []]],
    [
      'those that it has, of both families',
      clusterIps({}, service({ clusterIP: '10.96.4.4', clusterIPs: dual, ports })),
      ['10.96.4.4', dual, []],
    ],
    [
      'anew for one that was ExternalName',
      clusterIps({}, service({ type: 'ExternalName', externalName: 'example.com', ports })),
      given('10.96.0.201'),
    ],
    ['none for one that is headless', clusterIps({ clusterIP: 'None' }), ['None', [], []]],
  ] as const) {
    test(`ClusterIPs: ${title}`, () => assert.deepEqual(found(), right));
  }

  const status = { loadBalancer: { ingress: [{ ip: '203.0.113.9' }] } };
  for (const [title, type, own, found] of [
    ['kept for a load balancer', 'LoadBalancer', {}, ['203.0.113.9']],
    ['gone with the type', 'NodePort', {}, []],
    [
      'as the manifest has it',
      'LoadBalancer',
      { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } },
      ['203.0.113.1'],
    ],
  ] as const) {
    test(`what a load balancer gave: ${title}`, () => {
      const before = objectsOf({ ...service(balanced), status });
      const after = edit({ ...service({ type, ports }), status: own });
      const [only] = withEdited(before, [after]).objects.services;
      assert.deepEqual(
        only?.status.loadBalancer.ingress.map(({ ip }) => ip),
        found,
      );
    });
  }
});

suite('EndpointSlices as they would be', () => {
  const selector = { app: 'cart' };
  const slice = (name: string, more: object = {}) => ({
    kind: 'EndpointSlice',
    metadata: { namespace: 'shop', name, labels: { 'kubernetes.io/service-name': 'cart' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.244.0.9'] }],
    ports: [
      { name: 'http', port: 8080, protocol: 'TCP' },
      { name: 'metrics', port: 9090, protocol: 'TCP' },
    ],
    ...more,
  });
  const held = { clusterIP: '10.96.4.4', ports: [{ name: 'http', port: 80 }] };

  function slices(before: object, after: object, ...more: readonly object[]) {
    const objects = objectsOf(service({ ...held, ...before }), slice('cart-1'), ...more);
    return withEdited(objects, [edit(service(after))]);
  }

  for (const [title, ports, found] of [
    ['the number that changed', [{ name: 'http', port: 80, targetPort: 81 }], ['http 81/TCP']],
    ['without targetPort the port itself', [{ name: 'http', port: 80 }], ['http 80/TCP']],
    ['a name keeps its number', [{ name: 'http', port: 80, targetPort: 'web' }], ['http 8080/TCP']],
    [
      'another protocol',
      [{ name: 'http', port: 80, targetPort: 8080, protocol: 'UDP' }],
      ['http 8080/UDP'],
    ],
    ['a new port', [{ name: 'new', port: 80, targetPort: 1234 }], ['new 1234/TCP']],
    ['a new port by a name has none', [{ name: 'new', port: 80, targetPort: 'web' }], []],
  ] as const) {
    test(`ports: ${title}`, () => {
      const { objects, notes } = slices({ selector }, { selector, ports });
      const told = objects.endpointSlices[0]!.ports.map(
        ({ name, port, protocol }) => `${name} ${port}/${protocol}`,
      );
      assert.deepEqual(told, found);
      assert.deepEqual(notes, []);
    });
  }

  test('without a selector they stay as somebody wrote them', () => {
    const ports = [{ name: 'http', port: 80, targetPort: 81 }];
    const { objects } = slices({}, { ports });
    assert.equal(objects.endpointSlices[0]?.ports[0]?.port, 8080);
    // Also where it had one.
    assert.equal(slices({ selector }, { ports }).objects.endpointSlices[0]?.ports[0]?.port, 8080);
  });

  test('those of other Services stay, of other namespaces, too', () => {
    const others = [
      slice('a', { metadata: { namespace: 'shop', name: 'a', labels: {} } }),
      slice('b', {
        metadata: {
          namespace: 'test',
          name: 'cart-1',
          labels: { 'kubernetes.io/service-name': 'cart' },
        },
      }),
    ];
    for (const after of [selector, { app: 'other' }]) {
      const ports = [{ name: 'http', port: 80, targetPort: 81 }];
      const { objects } = slices({ selector }, { selector: after, ports }, ...others);
      const untouched = objects.endpointSlices.filter(({ ports: [one] }) => one?.port === 8080);
      assert.deepEqual(
        untouched.map(({ metadata: { name, namespace } }) => `${namespace}/${name}`),
        ['shop/a', 'test/cart-1'],
      );
    }
  });

  test('a selector that changed takes the Pods that it selects now', () => {
    const ports = [{ name: 'http', port: 80, targetPort: 'web' }];
    const pods = [pod('a', '10.244.0.9', 'cart'), pod('b', '10.244.0.10', 'other')];
    const after = { selector: { app: 'other' }, ports };
    const { objects, notes } = slices({ selector }, after, ...pods);
    assert.deepEqual(
      objects.endpointSlices.map((one) => [
        one.metadata.name,
        one.addressType,
        one.endpoints.flatMap(({ addresses }) => addresses),
        one.ports,
      ]),
      [
        ['cart-preview-ipv4', 'IPv4', ['10.244.0.10'], []],
        ['cart-preview-ipv6', 'IPv6', [], []],
      ],
    );
    assert.deepEqual(notes, [
      'Its selector changed: its endpoints are the Pods selected now.',
      'Its endpoints are the Pods that its selector takes: 1.',
      'Ports that targetPort names have no endpoints here: the objects at hand do not tell their numbers.',
    ]);
    // In another order it is the same selector.
    const two = { app: 'cart', tier: 'web' };
    const same = slices({ selector: two }, { ...after, selector: { tier: 'web', app: 'cart' } });
    assert.deepEqual(same.notes, []);
  });

  /** Addresses and conditions of the endpoints that a Pod of a new Service is, by family. */
  const endpointsOf =
    (spec: object, more: object, meta: object = {}, status: object = {}) =>
    () => {
      const one = pod('a', '10.244.0.9', 'cart');
      const made = {
        ...one,
        ...more,
        metadata: { ...one.metadata, ...meta },
        status: { ...one.status, ...status },
      };
      const ports = [{ port: 80 }];
      const { objects } = withEdited(objectsOf(made), [
        edit(service({ selector, ports, ...spec })),
      ]);
      return objects.endpointSlices.flatMap(({ endpoints }) =>
        endpoints.map((each) => {
          const { addresses, ready, serving, terminating, nodeName } = each;
          const states = Object.entries({ ready, serving, terminating });
          return [...addresses, nodeName, ...states.flatMap(([state, is]) => (is ? [state] : []))];
        }),
      );
    };

  const unready = { conditions: [{ type: 'Ready', status: 'False' }] };
  const deleted = { deletionTimestamp: '2026-01-01T00:00:00Z' };
  for (const [title, found, right] of [
    ['ready', endpointsOf({}, {}), [['10.244.0.9', 'node-a', 'ready', 'serving']]],
    ['not ready', endpointsOf({}, {}, {}, unready), [['10.244.0.9', 'node-a']]],
    [
      'not ready, and to be published all the same',
      endpointsOf({ publishNotReadyAddresses: true }, {}, {}, unready),
      [['10.244.0.9', 'node-a', 'ready']],
    ],
    [
      'being deleted: serves, and is not ready',
      endpointsOf({}, {}, deleted),
      [['10.244.0.9', 'node-a', 'serving', 'terminating']],
    ],
    ['that ended', endpointsOf({}, {}, {}, { phase: 'Succeeded' }), []],
    ['that failed', endpointsOf({}, {}, {}, { phase: 'Failed' }), []],
    ['of another namespace', endpointsOf({}, {}, { namespace: 'test' }), []],
    ['that lacks a label', endpointsOf({ selector: { ...selector, tier: 'web' } }, {}), []],
    ['without an address yet', endpointsOf({}, {}, {}, { podIPs: [] }), []],
    [
      'on no node yet',
      endpointsOf({}, { spec: {} }),
      [['10.244.0.9', undefined, 'ready', 'serving']],
    ],
    [
      'of both families',
      endpointsOf({}, {}, {}, { podIPs: [{ ip: '10.244.0.9' }, { ip: 'fd00::9' }] }),
      [
        ['10.244.0.9', 'node-a', 'ready', 'serving'],
        ['fd00::9', 'node-a', 'ready', 'serving'],
      ],
    ],
  ] as const) {
    test(`of a Pod ${title}`, () => assert.deepEqual(found(), right));
  }

  test('one that is edited itself stands in the place of the old one', () => {
    const before = objectsOf(slice('cart-1'), slice('cart-2'));
    const after = edit(slice('cart-1', { endpoints: [{ addresses: ['10.244.0.77'] }] }));
    const { objects, notes } = withEdited(before, [after]);
    assert.deepEqual(
      objects.endpointSlices.map(({ metadata: { name }, endpoints }) => [
        name,
        endpoints[0]?.addresses[0],
      ]),
      [
        ['cart-2', '10.244.0.9'],
        ['cart-1', '10.244.0.77'],
      ],
    );
    assert.deepEqual(notes, []);
  });
});
