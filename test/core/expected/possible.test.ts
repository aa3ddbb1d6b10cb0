import assert from 'node:assert/strict';
import {
  endpointAgreement,
  heldSetupOf,
  portObjects,
  type HeldEndpoints,
  type PortObjects,
} from '../../../src/core/expected/agreement/endpoints';
import {
  expectedEndpoints,
  type PossibleReleases,
  type PossibleSetup,
} from '../../../src/core/expected/possible';
import type {
  EndpointSliceEndpoint,
  EndpointSliceObject,
  NodeObject,
  ServiceObject,
} from '../../../src/core/objects/types';
import type { NodeState } from '../../../src/core/node';
import { indexObjects } from '../../../src/core/objects/objectIndex';
import { finish } from '../../../src/core/work';
import { service } from '../objects/madeService';
import { inputOf } from './byHand';

function endpoint(
  address: string,
  nodeName: string,
  more: Partial<EndpointSliceEndpoint> = {},
): EndpointSliceEndpoint {
  const states = { ready: true, serving: true, terminating: false };
  return { addresses: [address], nodeName, ...states, forZones: [], forNodes: [], ...more };
}

const slice = (...endpoints: readonly EndpointSliceEndpoint[]): EndpointSliceObject => ({
  kind: 'EndpointSlice',
  metadata: { name: 'web-x', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: 'IPv4',
  endpoints,
  ports: [{ name: 'http', protocol: 'TCP', port: 80 }],
});
const nodeA: NodeObject = {
  kind: 'Node',
  metadata: { name: 'node-a', namespace: '', labels: { 'topology.kubernetes.io/zone': 'east' } },
  podCIDRs: [],
  addresses: [{ type: 'InternalIP', address: '192.0.2.1' }],
};
const port = { name: 'http', protocol: 'TCP', family: 4 } as const;
const here = endpoint('10.0.0.1', 'node-a');
const far = endpoint('10.0.0.2', 'node-b');
const leaving = endpoint('10.0.0.3', 'node-b', { ready: false, terminating: true });
const nodePort = [{ name: 'http', protocol: 'TCP', port: 80, nodePort: 30080 }];
const inside = { internalTrafficPolicy: 'Local' } as const;
const outside = { type: 'NodePort', externalTrafficPolicy: 'Local', ports: nodePort } as const;
const at = (since: number, until = since): PossibleReleases => ({ since, until });

/**
 * `required / allowed; of policy Local, where it has a list of its own`, by the last number of the
 * address; worked out within the test.
 */
const expected =
  (
    spec: Partial<ServiceObject['spec']>,
    endpoints: readonly EndpointSliceEndpoint[],
    setup: Partial<PossibleSetup> = {},
    more: Partial<ServiceObject> = {},
  ) =>
  (): string => {
    const made = { ...service(spec), ...more };
    const found = expectedEndpoints(made, [slice(...endpoints)], port, {
      node: nodeA,
      mode: 'iptables',
      ...setup,
    });
    const texts = (set: ReadonlySet<string>) =>
      [...set].map((text) => text.replace(/10\.0\.0\.(\d):80/, '$1')).join('');
    const list = ({ required, allowed }: typeof found.all) =>
      `${texts(required)}/${texts(allowed)}`;
    return [
      list(found.all),
      ...(found.local ? [list(found.local)] : []),
      ...(found.unknown === undefined ? [] : [found.unknown]),
    ].join('; ');
  };

suite(
  'the endpoints that a Service port’s rules should hold, by every release that it may be',
  () => {
    const zone = (address: string, ...forZones: readonly string[]) =>
      endpoint(address, 'node-b', { forZones });
    const hinted = [zone('10.0.0.1', 'east'), zone('10.0.0.2', 'west')];
    const local = { releases: at(36) };
    for (const [title, found, right] of [
      ['all that are ready', expected({}, [here, far, leaving]), '12/12'],
      [
        'of policy Local those of the node as well',
        expected(outside, [here, far], local),
        '12/12; 1/1',
      ],
      [
        'of internal policy Local those of the node alone',
        expected(inside, [here, far], local),
        '1/1; 1/1',
      ],
      ['of both', expected({ ...outside, ...inside }, [here, far], local), '12/12; 1/1'],
      [
        'external policy Local of a ClusterIP alone is none',
        expected({ externalTrafficPolicy: 'Local' }, [here, far], local),
        '12/12',
      ],
      ['those that terminate since 1.26', expected({}, [leaving], { releases: at(25) }), '/'],
      ['which a later one asks for', expected({}, [leaving], { releases: at(26) }), '3/3'],
      ['and either of what may be both', expected({}, [leaving], { releases: at(24, 28) }), '/3'],
      ['hints since 1.31', expected({}, hinted, { releases: at(30) }), '12/12'],
      ['hints of the zone', expected({}, hinted, { releases: at(31) }), '1/1'],
      ['which some may take', expected({}, hinted, { releases: at(29, 36) }), '1/12'],
      [
        'unless the zone was not known to kube-proxy',
        expected({}, hinted, { releases: at(36), zoneMissing: true }),
        '12/12',
      ],
      [
        'internal policy Local since 1.22',
        expected(inside, [here, far], { releases: at(21) }),
        '12/12',
      ],
      [
        'without a list of its own until 1.23',
        expected(inside, [here, far], { releases: at(22) }),
        '1/1',
      ],
      ['KUBE-XLB- until 1.23', expected(outside, [here, far], { releases: at(20) }), '12/12; 1/1'],
      [
        'of both until 1.23',
        expected({ ...outside, ...inside }, [here, far], { releases: at(23) }),
        '1/1; 1/1',
      ],
      [
        'where one of the releases has no such list',
        expected(inside, [here, far], { releases: at(22, 24) }),
        '1/1',
      ],
      [
        'ipvs: one list of a ClusterIP',
        expected(inside, [here, far], { ...local, mode: 'ipvs' }),
        '1/1',
      ],
      [
        'ipvs: the external entries’',
        expected(outside, [here, far], { ...local, mode: 'ipvs' }),
        '12/12; 1/1',
      ],
      [
        'ipvs: policy Cluster',
        expected({ type: 'NodePort', ports: nodePort }, [here, far], { ...local, mode: 'ipvs' }),
        '12/12',
      ],
      [
        'ipvs: borrowed since 1.24',
        expected(outside, [far], { releases: at(24), mode: 'ipvs' }),
        '2/2; 2/2',
      ],
      ['ipvs: none before', expected(outside, [far], { releases: at(23), mode: 'ipvs' }), '2/2; /'],
      ['of a headless Service none', expected({ clusterIP: 'None' }, [here]), '/'],
      [
        'of one for another proxy none',
        expected(
          {},
          [here],
          {},
          {
            metadata: {
              name: 'web',
              namespace: 'shop',
              labels: { 'service.kubernetes.io/service-proxy-name': 'x' },
            },
          },
        ),
        '/',
      ],
      [
        'of a port that it has not',
        expected({ ports: [{ name: 'grpc', protocol: 'TCP', port: 80 }] }, [here]),
        '/',
      ],
      [
        'of the port’s other protocol',
        expected({ ports: [{ name: 'http', protocol: 'UDP', port: 80 }] }, [here]),
        '/',
      ],
    ] as const) {
      test(title, () => assert.equal(found(), right));
    }

    const noNode = { node: undefined, releases: at(36) };
    const reason = 'no Node object is this node, so';
    for (const [title, found, right] of [
      ['policy Cluster asks for no node', expected({}, [here, far], noNode), '12/12'],
      [
        'its own endpoints',
        expected(outside, [here, far], noNode),
        `12/12; /; ${reason} its own endpoints are not known`,
      ],
      [
        'hints for its zone',
        expected({}, hinted, noNode),
        `12/12; ${reason} hints for it are not known`,
      ],
      ['hints that one lacks count for nobody', expected({}, [hinted[0]!, far], noNode), '12/12'],
      ['hints before they count', expected({}, hinted, { ...noNode, releases: at(30) }), '12/12'],
      [
        'hints for nodes before they count',
        expected({}, [endpoint('10.0.0.1', 'a', { forNodes: ['a'] })], {
          ...noNode,
          releases: at(33),
        }),
        '1/1',
      ],
      [
        'hints for nodes',
        expected({}, [endpoint('10.0.0.1', 'a', { forNodes: ['a'] })], noNode),
        `1/1; ${reason} hints for it are not known`,
      ],
      ['without endpoints no hint', expected({}, [], noNode), '/'],
      [
        'of one that is not ready no hint is needed',
        expected({}, [...hinted, leaving], noNode),
        `12/12; ${reason} hints for it are not known`,
      ],
    ] as const) {
      test(`no Node is this one: ${title}`, () => assert.equal(found(), right));
    }
  },
);

suite('a Service port against the objects beside it', () => {
  const objects = indexObjects(inputOf({}, 'iptables').objects);
  const asked = { id: 'shop/web:http/TCP', family: 4 } as const;

  test('what objects are at hand, and why none are', () => {
    const found = portObjects(objects, asked);
    assert.equal(found.service?.metadata.name, 'web');
    assert.deepEqual(found.port, { name: 'http', protocol: 'TCP', family: 4 });
    assert.equal(found.slices?.length, 1);
    assert.equal(found.lacking, undefined);
    for (const [of, id, lacking] of [
      [undefined, asked.id, 'no EndpointSlices beside the dumps'],
      [
        indexObjects({ ...objects, endpointSlices: [], endpoints: [] }),
        asked.id,
        'no EndpointSlices beside the dumps',
      ],
      [objects, '10.96.0.5:80/TCP', "the Service's name is not in the dumps"],
      [objects, 'shop/other:http/TCP', 'no Service shop/other beside the dumps'],
    ] as const) {
      const none = portObjects(of, { id, family: 4 });
      assert.deepEqual([none.service, none.slices, none.lacking], [undefined, undefined, lacking]);
    }
    assert.equal(portObjects(undefined, asked).nodes.node('node-a'), undefined);
    assert.equal(portObjects(undefined, asked).nodes.nodeAt('192.0.2.1'), undefined);
    const other = {
      ...objects.endpointSlices[0]!,
      metadata: {
        ...objects.endpointSlices[0]!.metadata,
        name: 'mesh',
        labels: {
          'kubernetes.io/service-name': 'web',
          'service.kubernetes.io/service-proxy-name': 'mesh',
        },
      },
    };
    const both = indexObjects({ ...objects, endpointSlices: [...objects.endpointSlices, other] });
    assert.equal(portObjects(both, asked).slices?.length, 1);
  });

  test('what the node’s dumps tell beside its rules', () => {
    const state: NodeState = {
      name: 'folder',
      rulesets: [],
      findings: [],
      captured: '2026-01-01T00:00:00Z',
    };
    const of = (more: Partial<NodeState>, addresses: readonly string[] = []) => {
      const nodes = objects.nodes.map((node) => ({ ...node, kubeletVersion: 'v1.30.1' }));
      return finish(
        heldSetupOf({ ...state, ...more }, indexObjects({ ...objects, nodes }), addresses),
      );
    };
    assert.deepEqual(of({}), { releases: undefined, zoneMissing: false, captured: state.captured });
    assert.equal(of({ proxyLog: { zoneMissing: true } }).zoneMissing, true);
    assert.equal(of({ proxyLog: {} }).zoneMissing, false);
    // Its Node is known by the name, or by one of the addresses.
    assert.equal(of({ name: 'node-a' }).releases?.since, 30);
    assert.equal(of({}, ['198.51.100.1', '192.0.2.1']).releases?.since, 30);
    assert.equal(finish(heldSetupOf(state, undefined)).releases, undefined);
  });

  const zoned = (address: string, zoneName: string) =>
    endpoint(address, 'node-b', { forZones: [zoneName] });

  function agreement(
    held: Partial<HeldEndpoints>,
    more: Partial<PortObjects>,
    all: readonly string[] = ['10.0.0.1:80'],
  ) {
    const found = endpointAgreement(
      {
        node: 'node-a',
        addresses: [],
        setup: { releases: { ...at(36), told: true }, zoneMissing: false, captured: undefined },
        endpoints: { value: { mode: 'iptables', all, local: [] } },
        ...held,
      },
      {
        service: service(),
        port,
        slices: [slice(here)],
        nodes: {
          node: (name) => (name === 'node-a' ? nodeA : undefined),
          nodeAt: (address) => (address === '192.0.2.1' ? nodeA : undefined),
        },
        ...more,
      },
    );
    const text = (fact: { value: unknown } | { unknown: string }) =>
      'value' in fact
        ? Array.isArray(fact.value)
          ? fact.value.join()
          : String(fact.value)
        : `? ${fact.unknown}`;
    return [found.expected, found.missing, found.stale].map((fact) =>
      text(fact as { value: unknown } | { unknown: string }),
    );
  }

  test('how many it should have, what it lacks, what should go', () => {
    assert.deepEqual(agreement({}, {}), ['1', '', '']);
    assert.deepEqual(agreement({}, { slices: [slice(here, far)] }), ['2', '10.0.0.2:80', '']);
    assert.deepEqual(agreement({}, { slices: [slice(far)] }), [
      '1',
      '10.0.0.2:80',
      '10.0.0.1:80 (in no EndpointSlice)',
    ]);
    const none = { endpoints: { value: undefined } };
    assert.deepEqual(agreement(none, {}), ['1', '10.0.0.1:80', '']);
  });

  test('hints leave an endpoint to others; policy Local leaves it to its own node', () => {
    const hinted = [slice(zoned('10.0.0.1', 'west'), zoned('10.0.0.2', 'east'))];
    assert.deepEqual(agreement({}, { slices: hinted }, ['10.0.0.1:80', '10.0.0.2:80']), [
      '1',
      '',
      '10.0.0.1:80 (left to others by topology hints)',
    ]);
    const local = service({ internalTrafficPolicy: 'Local' });
    assert.deepEqual(
      agreement({}, { service: local, slices: [slice(here, zoned('10.0.0.2', 'west'))] }, [
        '10.0.0.1:80',
        '10.0.0.2:80',
      ]).at(-1),
      '10.0.0.2:80 (of another node)',
    );
  });

  test('not known: no objects, a Service that changed since, or whose own endpoints no Node tells', () => {
    const slices = '? no EndpointSlices beside the dumps';
    assert.deepEqual(agreement({}, { slices: undefined }), [slices, slices, slices]);
    const lacking = { service: undefined, lacking: 'no Service shop/web beside the dumps' };
    assert.equal(agreement({}, lacking)[0], '? no Service shop/web beside the dumps');
    const rules = '? rules';
    assert.deepEqual(agreement({ endpoints: { unknown: 'rules' } }, {}), ['1', rules, rules]);
    const changed = {
      ...service(),
      metadata: { ...service().metadata, changed: '2026-01-02T00:00:00Z' },
    };
    const setup = { releases: undefined, zoneMissing: false, captured: '2026-01-01T00:00:00Z' };
    const newer = '? its objects are newer than the dump';
    assert.deepEqual(agreement({ setup }, { service: changed, slices: [slice(far)] }), [
      '1',
      newer,
      newer,
    ]);
    // Where nothing differs, that is so.
    assert.deepEqual(agreement({ setup }, { service: changed }), ['1', '', '']);
    const local = service({ internalTrafficPolicy: 'Local' });
    const elsewhere = agreement({ node: 'folder' }, { service: local, slices: [slice(here)] }, [
      '10.0.0.1:80',
      '10.0.0.9:80',
    ]);
    const own = '? no Node object is this node, so its own endpoints are not known';
    assert.deepEqual(elsewhere, [own, own, '10.0.0.9:80 (in no EndpointSlice)']);
    // An address of the node tells its Node as well.
    assert.deepEqual(agreement({ node: 'folder', addresses: ['192.0.2.1'] }, { service: local }), [
      '1',
      '10.0.0.1:80 (for policy Local)',
      '',
    ]);
  });
});
