import assert from 'node:assert/strict';
import { endpointAgreement } from '../../../../src/core/expected/agreement/endpoints';
import type { ProgrammedEndpoints } from '../../../../src/core/kubeproxy/endpointsIn';
import type {
  EndpointSliceEndpoint,
  EndpointSliceObject,
  NodeObject,
  ServiceObject,
} from '../../../../src/core/objects/types';
import { service } from '../../objects/madeService';

function endpoint(
  address: string,
  nodeName: string,
  more: Partial<EndpointSliceEndpoint> = {},
): EndpointSliceEndpoint {
  const states = { ready: true, serving: true, terminating: false };
  return { addresses: [address], nodeName, ...states, forZones: [], forNodes: [], ...more };
}

const own = endpoint('10.0.0.1', 'node-a');
const far = endpoint('10.0.0.2', 'node-b');

const releases = { since: 36, until: 36, told: true };

/** `own` and `far` for the addresses above; what else has a port keeps it. */
const short = (text: string) => text.replace('10.0.0.1:80', 'own').replace('10.0.0.2:80', 'far');
const long = (text: string) => text.replace('own', '10.0.0.1:80').replace('far', '10.0.0.2:80');

/** What a node is told that has `all` in its rules, and `local` in those of policy Local. */
function told(
  spec: Partial<ServiceObject['spec']>,
  { mode = 'iptables', all, local = [] }: Partial<ProgrammedEndpoints> & { all: readonly string[] },
  endpoints: readonly EndpointSliceEndpoint[] = [own, far],
) {
  const node = { metadata: { name: 'node-a', labels: {} } } as unknown as NodeObject;
  const slice: EndpointSliceObject = {
    kind: 'EndpointSlice',
    metadata: { name: 'web-x', namespace: 'shop', labels: {} },
    addressType: 'IPv4',
    endpoints,
    ports: [{ name: 'http', protocol: 'TCP', port: 80 }],
  };
  const has = { mode, all: all.map(long), local: local.map(long) };
  const { missing, stale } = endpointAgreement(
    {
      node: 'node-a',
      addresses: [],
      setup: { releases, zoneMissing: false, captured: undefined },
      endpoints: { value: has },
    },
    {
      service: service(spec),
      port: { name: 'http', protocol: 'TCP', family: 4 },
      slices: [slice],
      nodes: { node: () => node, nodeAt: () => undefined },
    },
  );
  const list = (fact: typeof missing) => ('value' in fact ? fact.value.map(short) : [fact.unknown]);
  return { missing: list(missing), stale: list(stale) };
}

const none = { missing: [], stale: [] };
const ports = [{ name: 'http', protocol: 'TCP', port: 80, nodePort: 30080 }];
const external = { type: 'NodePort', externalTrafficPolicy: 'Local', ports } as const;

suite('what a node has of a Service port against what it should have', () => {
  test('nothing to tell where it has just that', () => {
    assert.deepEqual(told({}, { all: ['own', 'far'] }), none);
  });

  test('policy Local: its own endpoint, which is missing there, though the others have it', () => {
    const has = { all: ['own', 'far'], local: [] };
    assert.deepEqual(told(external, has).missing, ['own (for policy Local)']);
    assert.deepEqual(told(external, { all: ['far'] }).missing, ['own']);
    assert.deepEqual(told(external, { ...has, local: ['own'] }), none);
  });

  test('policy Local: an endpoint of another node, which is stale there', () => {
    const has = { all: ['own', 'far'], local: ['own', 'far'] };
    assert.deepEqual(told(external, has).stale, ['far (of another node)']);
  });

  test('ipvs: a Service with its ClusterIP alone has one list, and no other to lack', () => {
    const inside = { internalTrafficPolicy: 'Local' } as const;
    assert.deepEqual(told(inside, { mode: 'ipvs', all: ['own'] }), none);
    // What is another list there may lack one.
    const both = { ...external, internalTrafficPolicy: 'Local' } as const;
    assert.deepEqual(told(both, { mode: 'ipvs', all: ['own'], local: ['far'] }).missing, [
      'own (for policy Local)',
    ]);
  });

  test('ipvs: without endpoints of its own, policy Local leads to those of the cluster', () => {
    const inside = { internalTrafficPolicy: 'Local' } as const;
    const borrowed = { all: ['far'], local: ['far'] };
    assert.deepEqual(told(external, { mode: 'ipvs', ...borrowed }, [far]).stale, []);
    assert.deepEqual(told(external, borrowed, [far]).stale, ['far (of another node)']);
    // With a ClusterIP alone kube-proxy does not count those of the cluster at all.
    for (const mode of ['ipvs', 'iptables'] as const) {
      assert.deepEqual(told(inside, { mode, all: ['far'] }, [far]).stale, [
        'far (of another node)',
      ]);
    }
    // With one of its own it borrows none.
    assert.deepEqual(told(inside, { mode: 'ipvs', all: ['own', 'far'] }).stale, [
      'far (of another node)',
    ]);
    // Nor one that is not ready.
    const gone = endpoint('10.0.0.2', 'node-b', { ready: false, serving: false });
    assert.deepEqual(told(inside, { mode: 'ipvs', all: ['far'] }, [gone]).stale, [
      'far (not ready)',
    ]);
  });

  test('why an endpoint is stale', () => {
    const draining = endpoint('10.0.0.3', 'node-a', { ready: false, terminating: true });
    const unready = endpoint('10.0.0.4', 'node-a', { ready: false });
    const has = { all: ['own', 'far', '10.0.0.3:80', '10.0.0.4:80', '10.0.0.5:80'] };
    assert.deepEqual(told({}, has, [own, far, draining, unready]).stale, [
      '10.0.0.3:80 (terminating)',
      '10.0.0.4:80 (not ready)',
      '10.0.0.5:80 (in no EndpointSlice)',
    ]);
  });
});
