import assert from 'node:assert/strict';
import { expectedEndpoints } from '../../../../src/core/expected/possible';
import { portEndpoints, type PortEndpoint } from '../../../../src/core/objects/endpoints';
import type {
  EndpointSliceObject,
  NodeObject,
  ServiceObject,
} from '../../../../src/core/objects/types';
import { service } from '../../objects/madeService';

function endpoint(address: string, more: Partial<PortEndpoint> = {}): PortEndpoint {
  return {
    address,
    host: address,
    port: 80,
    zone: undefined,
    pod: undefined,
    ready: true,
    serving: true,
    terminating: false,
    nodeName: 'node-a',
    forZones: [],
    forNodes: [],
    ...more,
  };
}

const terminating = { ready: false, terminating: true };
const a = { name: 'node-a', zone: 'east' };

function expected(
  endpoints: readonly PortEndpoint[],
  spec: Partial<ServiceObject['spec']> = {},
  node: { name: string | undefined; zone: string | undefined } = a,
  mode: 'iptables' | 'ipvs' = 'iptables',
  release?: number,
) {
  const slice: EndpointSliceObject = {
    kind: 'EndpointSlice',
    metadata: { name: 'web-x', namespace: 'shop', labels: {} },
    addressType: 'IPv4',
    ports: [{ name: 'http', protocol: 'TCP', port: 80 }],
    endpoints: endpoints.map((one) => ({ ...one, addresses: [`10.244.0.${one.host}`] })),
  };
  const labels: Record<string, string> = node.zone
    ? { 'topology.kubernetes.io/zone': node.zone }
    : {};
  const metadata = { name: node.name!, namespace: '', labels };
  const object: NodeObject = { kind: 'Node', metadata, podCIDRs: [], addresses: [] };
  const { all, local, unknown } = expectedEndpoints(
    service(spec),
    [slice],
    { name: 'http', protocol: 'TCP', family: 4 },
    {
      node: node.name === undefined ? undefined : object,
      mode,
      ...(release !== undefined && { releases: { since: release, until: release } }),
    },
  );
  const list = (set?: ReadonlySet<string>) =>
    set && [...set].map((text) => /^10\.244\.0\.(\d+):80$/.exec(text)?.[1] ?? text).join(' ');
  return {
    required: list(all.required),
    allowed: list(all.allowed),
    ...(local ? { local: list(local.required) } : {}),
    ...(unknown === undefined ? {} : { unknown }),
  };
}

suite('which endpoints kube-proxy should program', () => {
  test('the ready ones; one that terminates is drained', () => {
    const list = [endpoint('1'), endpoint('2', terminating), endpoint('3', { ready: false })];
    assert.deepEqual(expected(list), { required: '1', allowed: '1' });
  });

  test('where none is ready, those that serve while they terminate may be there', () => {
    const gone = { ...terminating, serving: false };
    const list = [endpoint('1', terminating), endpoint('2', gone), endpoint('3', { ready: false })];
    assert.deepEqual(expected(list), { required: '', allowed: '1' });
  });

  test('policy Local', () => {
    const list = [endpoint('1'), endpoint('2', { nodeName: 'node-b' })];
    const ports = [{ name: 'http', protocol: 'TCP', port: 80, nodePort: 30080 }];
    const external = { type: 'NodePort', externalTrafficPolicy: 'Local', ports };
    const internal = { internalTrafficPolicy: 'Local' };
    const all = { required: '1 2', allowed: '1 2', local: '1' };
    const own = { required: '1', allowed: '1', local: '1' };
    assert.deepEqual(expected(list, external), all);
    assert.deepEqual(expected(list, internal), own);
    // A pod's packets to an external address go to any endpoint, but not in ipvs mode.
    assert.deepEqual(expected(list, { ...external, ...internal }), all);
    assert.deepEqual(expected(list, { ...external, ...internal }, a, 'ipvs'), own);
    // A ClusterIP Service does not heed it.
    assert.deepEqual(expected(list, { externalTrafficPolicy: 'Local' }), {
      required: '1 2',
      allowed: '1 2',
    });
  });

  test('policy Local on a node that is no Node', () => {
    const unnamed = { name: undefined, zone: undefined };
    const { unknown } = expected([endpoint('1')], { internalTrafficPolicy: 'Local' }, unnamed);
    assert.equal(unknown, 'no Node object is this node, so its own endpoints are not known');
  });

  test('hints for zones count where all have some, and one is for here', () => {
    const east = endpoint('1', { forZones: ['east'] });
    const west = endpoint('2', { forZones: ['west'] });
    assert.deepEqual(expected([east, west]), { required: '1', allowed: '1 2' });
    assert.equal(expected([east, west, endpoint('3')]).required, '1 2 3');
    const north = { name: 'node-n', zone: 'north' };
    assert.equal(expected([east, west], {}, north).required, '1 2');
    const noLabel = { name: 'node-n', zone: '' };
    assert.equal(expected([east, west], {}, noLabel).required, '1 2');
    const { unknown } = expected([east, west], {}, { name: undefined, zone: undefined });
    assert.match(unknown!, /hints for it are not known/);
  });

  test('hints for nodes come before those for zones', () => {
    const near = endpoint('1', { forNodes: ['node-a'], forZones: ['east'] });
    const far = endpoint('2', { forNodes: ['node-b'], forZones: ['east'] });
    assert.equal(expected([near, far]).required, '1');
    assert.equal(expected([near, far], {}, { name: 'node-c', zone: 'east' }).required, '1 2');
  });

  test('of a release that is known, what it does is told exactly', () => {
    const east = endpoint('1', { forZones: ['east'] });
    const west = endpoint('2', { forZones: ['west'] });
    const at = (release: number) => expected([east, west], {}, a, 'iptables', release);
    assert.deepEqual(at(30), { required: '1 2', allowed: '1 2' });
    assert.deepEqual(at(31), { required: '1', allowed: '1' });
    const last = [endpoint('1', terminating)];
    assert.equal(expected(last, {}, a, 'iptables', 25).allowed, '');
    assert.equal(expected(last, {}, a, 'iptables', 26).required, '1');
  });

  test('internal policy Local: no chain of its own before 1.24, nor for external entries of ipvs', () => {
    const list = [endpoint('1'), endpoint('2', { nodeName: 'node-b' })];
    const ports = [{ name: 'http', protocol: 'TCP', port: 80, nodePort: 30080 }];
    const spec = { type: 'NodePort', internalTrafficPolicy: 'Local', ports };
    const own = { required: '1', allowed: '1' };
    assert.deepEqual(expected(list, spec, a, 'iptables', 23), own);
    const both = { required: '1 2', allowed: '1 2' };
    assert.deepEqual(expected(list, spec, a, 'ipvs', 36), both);
    assert.deepEqual(expected(list, spec, a, 'iptables', 36), { ...both, local: '1' });
  });

  test('a node without own endpoints: ipvs mode leads to all since 1.24, also with policy Local', () => {
    const list = [endpoint('2', { nodeName: 'node-b' })];
    const ports = [{ name: 'http', protocol: 'TCP', port: 80, nodePort: 30080 }];
    const spec = { type: 'NodePort', ports, externalTrafficPolicy: 'Local' };
    assert.equal(expected(list, spec, a, 'ipvs', 23).local, '');
    assert.equal(expected(list, spec, a, 'ipvs', 24).local, '2');
    // Not of a Service that others than pods can't reach.
    assert.equal(expected(list, { internalTrafficPolicy: 'Local' }, a, 'ipvs', 24).required, '');
  });

  test('none for a Service that kube-proxy leaves alone', () => {
    assert.deepEqual(expected([endpoint('1')], { clusterIP: 'None' }), {
      required: '',
      allowed: '',
    });
  });
});

suite('the endpoints of EndpointSlices', () => {
  const slice = (more: Partial<EndpointSliceObject>): EndpointSliceObject => ({
    kind: 'EndpointSlice',
    metadata: { name: 'web-x', namespace: 'shop', labels: {} },
    addressType: 'IPv4',
    ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
    endpoints: [{ addresses: ['10.244.0.5', '10.244.0.6'], forZones: [], forNodes: [] }],
    ...more,
  });
  const http = { name: 'http', protocol: 'TCP' };
  const addresses = (slices: readonly EndpointSliceObject[], family: 4 | 6 = 4) =>
    portEndpoints(slices, http, family).map(({ address }) => address);

  test('the first address, the port of the same name and protocol', () => {
    const other = slice({
      ports: [
        { name: 'https', protocol: 'TCP', port: 8443 },
        { name: 'http', protocol: 'UDP', port: 53 },
      ],
    });
    assert.deepEqual(addresses([slice({}), other]), ['10.244.0.5:8080']);
  });

  test('of the family asked for', () => {
    const six = slice({
      addressType: 'IPv6',
      endpoints: [{ addresses: ['fd00:0::5'], forZones: [], forNodes: [] }],
    });
    assert.deepEqual(addresses([slice({}), six], 6), ['[fd00::5]:8080']);
  });

  test('in two slices: the ready one counts', () => {
    const one = (ready: boolean) =>
      slice({ endpoints: [{ addresses: ['10.244.0.5'], ready, forZones: [], forNodes: [] }] });
    for (const slices of [
      [one(true), one(false)],
      [one(false), one(true)],
    ]) {
      assert.deepEqual(
        portEndpoints(slices, http, 4).map(({ ready }) => ready),
        [true],
      );
    }
  });
});
