import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { changedAt, managedAt } from '../../../src/syntax/objects/changed';
import { yamlPieces } from '../../../src/syntax/objects/documents';
import { number, text, textRecord, texts, truth } from '../../../src/syntax/objects/fields';
import { parseObjects } from '../../../src/syntax/objects/objects';
import { readObject } from '../../../src/syntax/objects/readObject';

/** An object of YAML as it is read, without what is left open. */
function read(yaml: string, listKind?: string): Record<string, unknown> | undefined {
  const object = readObject(load(yaml), listKind, load);
  return object && (JSON.parse(JSON.stringify(object)) as Record<string, unknown>);
}

const metadata = { name: 'a', namespace: '', labels: {} };

suite('one object of the API', () => {
  test('a Service with nothing but its name has the defaults of the API', () => {
    assert.deepEqual(read('kind: Service\nmetadata: {name: a}\n'), {
      kind: 'Service',
      metadata,
      spec: {
        ...{ type: 'ClusterIP', clusterIPs: [], ports: [], selector: {}, externalIPs: [] },
        ...{ loadBalancerSourceRanges: [], publishNotReadyAddresses: false },
      },
      status: { loadBalancer: { ingress: [] } },
    });
  });

  test('a Service with all that kube-proxy looks at', () => {
    const spec = `
  type: LoadBalancer
  clusterIP: 10.96.0.1
  clusterIPs: [10.96.0.1, "fd00::1"]
  ports:
  - {port: 80}
  - {name: dns, protocol: UDP, port: "53", targetPort: "5353", nodePort: 30053}
  - {name: web, port: 443, targetPort: https}
  - {name: none}
  selector: {app: web, tier: 1}
  externalIPs: [198.51.100.1]
  externalName: example.org
  sessionAffinity: ClientIP
  sessionAffinityConfig: {clientIP: {timeoutSeconds: 600}}
  externalTrafficPolicy: Local
  internalTrafficPolicy: Local
  trafficDistribution: PreferClose
  loadBalancerSourceRanges: [10.0.0.0/8]
  healthCheckNodePort: 32000
  publishNotReadyAddresses: true
status: {loadBalancer: {ingress: [{ip: 203.0.113.1, ipMode: Proxy}, {hostname: lb.example.org}]}}
`;
    const object = read(`kind: Service\nmetadata: {name: a}\nspec:${spec}`);
    assert.deepEqual(object?.['spec'], {
      type: 'LoadBalancer',
      clusterIP: '10.96.0.1',
      clusterIPs: ['10.96.0.1', 'fd00::1'],
      ports: [
        { name: '', protocol: 'TCP', port: 80 },
        { name: 'dns', protocol: 'UDP', port: 53, targetPort: 5353, nodePort: 30053 },
        { name: 'web', protocol: 'TCP', port: 443, targetPort: 'https' },
      ],
      selector: { app: 'web', tier: '1' },
      externalIPs: ['198.51.100.1'],
      externalName: 'example.org',
      sessionAffinity: 'ClientIP',
      sessionAffinityTimeout: 600,
      externalTrafficPolicy: 'Local',
      internalTrafficPolicy: 'Local',
      trafficDistribution: 'PreferClose',
      loadBalancerSourceRanges: ['10.0.0.0/8'],
      healthCheckNodePort: 32000,
      publishNotReadyAddresses: true,
    });
    assert.deepEqual(object['status'], {
      loadBalancer: {
        ingress: [{ ip: '203.0.113.1', ipMode: 'Proxy' }, { hostname: 'lb.example.org' }],
      },
    });
  });

  test('the annotation of topology by its older name goes first', () => {
    const mode = (annotations: string) =>
      read(`kind: Service\nmetadata: {name: a, annotations: {${annotations}}}\n`)?.['topologyMode'];
    const hints = 'service.kubernetes.io/topology-aware-hints: auto';
    const newer = 'service.kubernetes.io/topology-mode: Auto';
    assert.equal(mode(newer), 'Auto');
    assert.equal(mode(`${newer}, ${hints}`), 'auto');
    assert.equal(mode('x: y'), undefined);
  });

  test('an EndpointSlice of v1, and of v1beta1 with its topology', () => {
    assert.deepEqual(
      read(`
kind: EndpointSlice
metadata: {name: a, namespace: shop, labels: {kubernetes.io/service-name: web}, uid: u}
addressType: IPv6
ports: [{}, {name: web, protocol: SCTP, port: 80}]
endpoints:
- addresses: ["fd00::2"]
  conditions: {ready: false, serving: true, terminating: true}
  nodeName: node-a
  zone: zone-a
  targetRef: {kind: Pod, namespace: shop, name: web-1}
  hints: {forZones: [{name: zone-a}, {}], forNodes: [{name: node-a}]}
  deprecatedTopology: {kubernetes.io/hostname: other, topology.kubernetes.io/zone: other}
- addresses: ["fd00::3"]
  targetRef: {kind: Pod}
  topology: {kubernetes.io/hostname: node-b, topology.kubernetes.io/zone: zone-b}
`),
      {
        kind: 'EndpointSlice',
        metadata: {
          ...{ name: 'a', namespace: 'shop', uid: 'u' },
          labels: { 'kubernetes.io/service-name': 'web' },
        },
        addressType: 'IPv6',
        ports: [
          { name: '', protocol: 'TCP' },
          { name: 'web', protocol: 'SCTP', port: 80 },
        ],
        endpoints: [
          {
            ...{ addresses: ['fd00::2'], ready: false, serving: true, terminating: true },
            ...{ nodeName: 'node-a', zone: 'zone-a', forZones: ['zone-a'], forNodes: ['node-a'] },
            targetRef: { kind: 'Pod', namespace: 'shop', name: 'web-1' },
          },
          {
            ...{ addresses: ['fd00::3'], nodeName: 'node-b', zone: 'zone-b' },
            ...{ forZones: [], forNodes: [] },
          },
        ],
      },
    );
    assert.equal(read('kind: EndpointSlice\nmetadata: {name: a}\n')?.['addressType'], 'IPv4');
  });

  test('Endpoints: an address without an IP is none', () => {
    assert.deepEqual(
      read(`
kind: Endpoints
metadata: {name: a}
subsets:
- addresses: [{ip: 10.0.0.1, nodeName: node-a, targetRef: {kind: Pod, name: p}}, {}]
  notReadyAddresses: [{ip: 10.0.0.2}]
  ports: [{port: 80}]
`)?.['subsets'],
      [
        {
          addresses: [
            {
              ip: '10.0.0.1',
              nodeName: 'node-a',
              targetRef: { kind: 'Pod', namespace: '', name: 'p' },
            },
          ],
          notReadyAddresses: [{ ip: '10.0.0.2' }],
          ports: [{ name: '', protocol: 'TCP', port: 80 }],
        },
      ],
    );
  });

  test('a Node: its networks, addresses, versions and whether it is ready', () => {
    assert.deepEqual(
      read(`
kind: Node
metadata: {name: a}
spec: {podCIDR: 10.244.0.0/24}
status:
  addresses: [{type: InternalIP, address: 10.0.0.1}, {type: Hostname}, {address: x}]
  nodeInfo: {kubeletVersion: v1.30.1, kernelVersion: 6.1.0, osImage: Debian}
  conditions: [{type: DiskPressure, status: "True"}, {type: Ready, status: "False"}]
`),
      {
        ...{ kind: 'Node', metadata, podCIDRs: ['10.244.0.0/24'], ready: false },
        addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
        ...{ kubeletVersion: 'v1.30.1', kernelVersion: '6.1.0', osImage: 'Debian' },
      },
    );
    const cidrs = read(
      'kind: Node\nmetadata: {name: a}\nspec: {podCIDR: 10.1.0.0/24, podCIDRs: [10.0.0.0/24]}\nstatus: {conditions: [{type: Ready, status: "True"}]}\n',
    );
    assert.deepEqual([cidrs?.['podCIDRs'], cidrs?.['ready']], [['10.0.0.0/24'], true]);
    assert.deepEqual(read('kind: Node\nmetadata: {name: a}\n'), {
      ...{ kind: 'Node', metadata, podCIDRs: [], addresses: [] },
    });
  });

  test('a Pod: its containers, addresses, and whether it is the host’s', () => {
    assert.deepEqual(
      read(`
kind: Pod
metadata: {name: a, creationTimestamp: "2026-11-20T10:00:00Z", deletionTimestamp: "2026-11-21T10:00:00Z"}
spec:
  nodeName: node-a
  hostNetwork: true
  containers: [{name: c, image: i, command: [kube-proxy], args: [--v=2]}, {}]
status: {phase: Running, podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}, {}], podIP: 10.9.9.9, hostIP: 10.0.0.9}
`),
      {
        kind: 'Pod',
        metadata: {
          ...metadata,
          creationTimestamp: '2026-11-20T10:00:00Z',
          deletionTimestamp: '2026-11-21T10:00:00Z',
        },
        ...{ nodeName: 'node-a', hostNetwork: true, phase: 'Running', hostIP: '10.0.0.9' },
        containers: [
          { name: 'c', image: 'i', command: ['kube-proxy'], args: ['--v=2'] },
          { name: '', image: '', command: [], args: [] },
        ],
        podIPs: ['10.0.0.1', 'fd00::1'],
      },
    );
    const bare = read('kind: Pod\nmetadata: {name: a}\nstatus: {podIP: 10.9.9.9}\n');
    assert.deepEqual([bare?.['podIPs'], bare?.['hostNetwork']], [['10.9.9.9'], false]);
  });

  test('the kind: its own, that of its list, else what it looks like', () => {
    const kind = (yaml: string, list?: string) =>
      read(`metadata: {name: a}\n${yaml}`, list)?.['kind'];
    assert.equal(kind('kind: Pod\nspec: {clusterIP: None}', 'ServiceList'), 'Pod');
    assert.equal(kind('spec: {}', 'ServiceList'), 'Service');
    assert.equal(kind('spec: {}', 'List'), undefined);
    assert.equal(kind('spec: {clusterIP: None}', 'List'), 'Service');
    assert.equal(kind('spec: {clusterIPs: []}'), 'Service');
    assert.equal(kind('addressType: IPv4'), 'EndpointSlice');
    assert.equal(kind('subsets: []'), 'Endpoints');
    assert.equal(kind('spec: {podCIDR: 10.0.0.0/24}'), 'Node');
    assert.equal(kind('spec: {podCIDRs: []}'), 'Node');
    assert.equal(kind('spec: {cidrs: [10.96.0.0/12]}'), 'ServiceCIDR');
    assert.equal(kind('spec: {}'), undefined);
    assert.equal(kind('kind: Secret'), undefined);
    for (const name of ['""', '{}'])
      assert.equal(read(`kind: Pod\nmetadata: {name: ${name}}\n`), undefined);
    assert.deepEqual(
      read('kind: ServiceCIDR\nmetadata: {name: a}\nspec: {cidrs: [10.96.0.0/12]}\n'),
      {
        ...{ kind: 'ServiceCIDR', metadata, cidrs: ['10.96.0.0/12'] },
      },
    );
  });

  test('kube-proxy’s own configuration and command, and nobody else’s', () => {
    const config = (name: string, value: string) =>
      read(
        `kind: ConfigMap\nmetadata: {name: ${name}}\ndata: {other: x, config.conf: '${value}'}\n`,
      )?.['kind'];
    const own = '{kind: KubeProxyConfiguration, mode: ipvs}';
    assert.equal(config('kube-proxy', own), 'ProxyConfig');
    assert.equal(config('kube-proxy-config', own), 'ProxyConfig');
    assert.equal(config('kube-proxy-windows', own), undefined);
    assert.equal(config('my-kube-proxy', own), undefined);
    assert.equal(config('kube-proxy', '{kind: Other, of: KubeProxyConfiguration}'), undefined);
    assert.equal(config('kube-proxy', '{kind: KubeProxyConfiguration'), undefined);
    assert.equal(config('kube-proxy', `${own} # ${'x'.repeat(64 << 10)}`), undefined);
    assert.equal(
      readObject(load(`kind: ConfigMap\nmetadata: {name: kube-proxy}\ndata: {a: '${own}'}\n`)),
      undefined,
    );

    const command = (name: string, containers: string) =>
      read(
        `kind: DaemonSet\nmetadata: {name: ${name}}\nspec: {template: {spec: {containers: ${containers}}}}\n`,
      )?.['words'];
    const containers = '[{command: [kube-proxy, --v=2], args: [--x]}, {command: [other]}]';
    assert.deepEqual(command('kube-proxy', containers), ['kube-proxy', '--v=2', '--x', 'other']);
    assert.equal(command('calico-node', containers), undefined);
    assert.equal(command('kube-proxy', '[{}]'), undefined);
  });
});

suite('values that may be anything', () => {
  test('are taken as their type, or not at all', () => {
    assert.deepEqual(['a', 1, new Date(0), true, null, {}].map(text), [
      ...['a', '1', '1970-01-01T00:00:00.000Z', undefined, undefined, undefined],
    ]);
    assert.deepEqual([1, '12', '1.5', '', 'x', NaN, Infinity, true].map(number), [
      ...[1, 12, undefined, undefined, undefined, undefined, undefined, undefined],
    ]);
    assert.deepEqual([true, false, 'true', 1].map(truth), [true, false, undefined, undefined]);
    assert.deepEqual(texts(['a', 1, {}, null]), ['a', '1']);
    assert.deepEqual(texts('a'), []);
    assert.deepEqual(textRecord({ a: 'b', c: 1, d: {}, e: null }), { a: 'b', c: '1' });
    assert.deepEqual([textRecord(['a']), textRecord(null), textRecord('a')], [{}, {}, {}]);
  });

  test('the newest change; labels and annotations alone are none, nor is what is no time', () => {
    const field = (time: string, ...owned: string[]) => ({
      time,
      fieldsV1: Object.fromEntries(owned.map((key) => [key, {}])),
    });
    const [early, late] = ['2026-11-20T10:00:00Z', '2026-11-21T09:00:00+02:00'];
    assert.equal(managedAt([field(late, 'f:endpoints'), field(early, 'f:ports')]), late);
    assert.equal(managedAt([field(early, 'f:ports'), field(late, 'f:metadata')]), early);
    assert.equal(managedAt([field(late, 'f:metadata', 'f:endpoints')]), late);
    assert.equal(managedAt([{ time: late }]), late);
    assert.equal(managedAt([field('soon', 'f:endpoints'), field(early, 'f:ports')]), early);
    assert.equal(managedAt('x'), undefined);
    const annotations = { 'endpoints.kubernetes.io/last-change-trigger-time': early };
    assert.equal(changedAt({ annotations }), early);
    assert.equal(changedAt({ annotations, managedFields: [field(late, 'f:ports')] }), late);
    assert.equal(changedAt({}), undefined);
  });
});

suite('pieces of a YAML text', () => {
  const pieces = (...lines: string[]) =>
    [...yamlPieces(lines.join('\n'))].map((piece) => [piece.role, piece.line, piece.text]);

  test('documents at --- and ...; those of comments and blanks are none', () => {
    assert.deepEqual(
      pieces('# c', '', '---', 'a: 1', '--- # x', ' # c', '...', 'b: 2', '----: 3', '---'),
      [
        ['document', 3, 'a: 1'],
        ['document', 7, 'b: 2\n----: 3'],
      ],
    );
  });

  test('items of a list, each with its line; the list around them comes last', () => {
    assert.deepEqual(
      pieces(
        'kind: List',
        'items:',
        '- a: 1',
        '',
        '  b: 2',
        '- c: 3',
        'metadata: {}',
        '---',
        'd: 4',
      ),
      [
        ['item', 2, 'a: 1\n\nb: 2'],
        ['item', 5, 'c: 3'],
        ['list', 0, 'kind: List\nmetadata: {}'],
        ['document', 8, 'd: 4'],
      ],
    );
    assert.deepEqual(pieces('items:', '  - a: 1', '  - b:', '    - c', '  other: 2'), [
      ['item', 1, 'a: 1'],
      ['item', 2, 'b:\n- c'],
      ['list', 0, '  other: 2'],
    ]);
  });

  test('a list in one line, or one that is empty, is a document', () => {
    assert.deepEqual(pieces('items: []', 'kind: List'), [['document', 0, 'items: []\nkind: List']]);
    assert.deepEqual(pieces('kind: List', 'items:'), [['document', 0, 'kind: List\nitems:']]);
    // Another document's items are not this one's.
    assert.deepEqual(pieces('a: 1', '---', 'items:', '- b: 2'), [
      ['document', 0, 'a: 1'],
      ['item', 3, 'b: 2'],
      ['list', 2, ''],
    ]);
  });
});

suite('objects of a text', () => {
  test('lists in lists are none; JSON and YAML may hold several objects', async () => {
    const names = async (text: string) => {
      const { value, findings } = await parseObjects(text, 'dump');
      assert.deepEqual(findings, []);
      return value.pods.map(({ metadata: { name }, range }) => `${name} ${range?.line ?? '-'}`);
    };
    const pod = (name: string) => ({ kind: 'Pod', metadata: { name } });
    assert.deepEqual(await names(JSON.stringify([pod('a'), [pod('b')], pod('c')])), ['a -', 'c -']);
    assert.deepEqual(await names(`\n ${JSON.stringify(pod('a'))}`), ['a -']);
    const yaml = '- {kind: Pod, metadata: {name: a}}\n- {kind: Pod, metadata: {name: b}}\n';
    assert.deepEqual(await names(yaml), ['a 0', 'b 0']);
  });

  test('gives way in a long file, by what it holds: many documents, or a list of large items', async () => {
    const large = `- addresses: [10.0.0.1]\n  nodeName: a\n`.repeat(500);
    const item = `- kind: EndpointSlice\n  metadata: {name: p}\n  endpoints:\n${large.replace(/^/gm, '  ')}\n`;
    for (const [text, count] of [
      ['kind: Pod\nmetadata: {name: p}\n---\n'.repeat(3000), 3000],
      [`items:\n${item.repeat(20)}kind: List\n`, 20],
    ] as const) {
      let pauses = 0;
      const { value, findings } = await parseObjects(text, 'dump', () =>
        Promise.resolve(void pauses++),
      );
      assert.deepEqual(findings, []);
      assert.equal(value.pods.length + value.endpointSlices.length, count);
      const expected = Math.floor(text.length / 70_000);
      assert.ok(pauses >= expected, `${pauses} pauses in ${text.length} characters`);
    }
  });

  test('gives way in a long list of JSON', async () => {
    const items = Array.from({ length: 1000 }, (_, i) => ({ metadata: { name: `p${i}` } }));
    for (const read of [
      { kind: 'PodList', items },
      items.map((item) => ({ kind: 'Pod', ...item })),
    ]) {
      let pauses = 0;
      const pause = () => Promise.resolve(void pauses++);
      const { value } = await parseObjects(JSON.stringify(read), 'dump', pause);
      assert.equal(value.pods.length, 1000);
      assert.ok(pauses >= 10, `${pauses} pauses`);
    }
  });

  test('a broken document is named at its line, those around it are read', async () => {
    const { value, findings } = await parseObjects(
      'kind: Pod\nmetadata: {name: a}\n---\nkind: Pod\nmetadata: {name: b\n---\nkind: Pod\nmetadata: {name: c}\n',
      'dump',
    );
    assert.deepEqual(
      value.pods.map((pod) => `${pod.metadata.name} ${pod.range!.line}`),
      ['a 0', 'c 6'],
    );
    assert.equal(findings.length, 1);
    const [{ code, severity, range, message }] = findings as [(typeof findings)[0]];
    assert.deepEqual([code, severity, range.source], ['bad-object', 'error', 'dump']);
    assert.ok(range.line >= 3 && range.line <= 5, `line ${range.line}`);
    assert.match(message, /left out: \w/);
  });
});
