import assert from 'node:assert/strict';
import { causeOf } from '../../../../src/core/flow/words/cause';
import type { NodeState } from '../../../../src/core/node';
import { indexObjects } from '../../../../src/core/objects/objectIndex';
import { sortObjects } from '../../../../src/core/objects/types';
import type { ServiceView } from '../../../../src/core/service';
import { parseIpAddress } from '../../../../src/syntax/ip/address';
import { readObject } from '../../../../src/syntax/objects/readObject';

const meta = { namespace: 'shop', name: 'web' };
const onA = { addresses: ['10.244.0.5'], nodeName: 'node-a', conditions: { ready: true } };
const onB = { ...onA, addresses: ['10.244.1.5'], nodeName: 'node-b' };
const interfaces = parseIpAddress(
  '1: eth0: <UP> mtu 1500\n    inet 192.0.2.1/24 scope global eth0\n',
  'a',
).value;

interface Given {
  readonly spec?: object;
  readonly endpoints?: readonly object[];
  readonly slices?: boolean;
  readonly node?: Partial<NodeState>;
  readonly port?: string;
  readonly protocol?: number;
}

function cause({
  spec,
  endpoints = [onB],
  slices = true,
  node,
  port = 'http',
  protocol = 6,
}: Given): unknown {
  const objects = [
    {
      kind: 'Service',
      metadata: meta,
      spec: {
        type: 'ClusterIP',
        clusterIP: '10.96.0.5',
        selector: { app: 'web' },
        ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
        ...spec,
      },
    },
    {
      kind: 'Node',
      metadata: { name: 'node-a' },
      status: { addresses: [{ type: 'InternalIP', address: '192.0.2.1' }] },
    },
    ...(slices
      ? [
          {
            kind: 'EndpointSlice',
            metadata: { ...meta, name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
            addressType: 'IPv4',
            ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
            endpoints,
          },
        ]
      : []),
  ];
  const sorted = sortObjects(objects.flatMap((value) => readObject(value) ?? []));
  const service = { servicePort: { ...meta, port }, protocol } as unknown as ServiceView;
  const state = { name: 'node-a', rulesets: [], findings: [], ...node };
  return causeOf(indexObjects(sorted), { service, family: 4 }, state);
}

const external = { kind: 'none-local', policy: 'externalTrafficPolicy' };
const internal = { kind: 'none-local', policy: 'internalTrafficPolicy' };
const local = { type: 'NodePort', externalTrafficPolicy: 'Local' };

suite('why a Service port has no endpoint on this node', () => {
  const cases: readonly (readonly [string, Given, unknown])[] = [
    ['none anywhere', { endpoints: [] }, { kind: 'selects-nothing' }],
    ['one on another node', {}, undefined],
    ['policy Local, one on another node', { spec: local }, external],
    ['policy Local, one here', { spec: local, endpoints: [onB, onA] }, undefined],
    [
      'policy Local, one here that is not ready',
      { spec: local, endpoints: [onB, { ...onA, conditions: { ready: false } }] },
      external,
    ],
    ['internal policy Local', { spec: { internalTrafficPolicy: 'Local' } }, internal],
    [
      'internal policy Local, one here',
      { spec: { internalTrafficPolicy: 'Local' }, endpoints: [onA] },
      undefined,
    ],
    ['no EndpointSlices at hand', { spec: local, slices: false }, undefined],
    ['a port that the Service has not', { spec: local, port: 'metrics' }, undefined],
    ['a protocol that it has not', { spec: local, protocol: 17 }, undefined],
    [
      'a dump by another name: the Node is told by its address',
      { spec: local, node: { name: 'dump', interfaces } },
      external,
    ],
    ['a dump of no Node that is known', { spec: local, node: { name: 'dump' } }, undefined],
  ];
  for (const [title, given, wanted] of cases) {
    test(title, () => assert.deepEqual(cause(given), wanted));
  }
});
