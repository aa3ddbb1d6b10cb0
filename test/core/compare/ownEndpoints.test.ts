import assert from 'node:assert/strict';
import { hasOwnEndpoints, type PolicyObjects } from '../../../src/core/compare/ownEndpoints';
import type { ProgrammedPort } from '../../../src/core/kubeproxy/programmed';

interface Given {
  readonly chains?: readonly string[];
  readonly title?: string;
  readonly spec?: Readonly<Record<string, string>>;
  readonly topologyMode?: string;
  readonly fromTable?: true;
  readonly forZones?: readonly string[];
  readonly forNodes?: readonly string[];
}

function own({ chains = [], title = 'shop/web:http', ...given }: Given, known = true) {
  const asked: string[] = [];
  const service = { servicePort: undefined, title, chains } as unknown as ProgrammedPort['service'];
  const { spec = {}, topologyMode, fromTable, forZones = [], forNodes = [] } = given;
  const objects = {
    service: (namespace: string, name: string) => {
      asked.push(`${namespace}/${name}`);
      return name === 'web' ? { spec, topologyMode, fromTable } : undefined;
    },
    slicesOf: () => [
      { ports: [], endpoints: [{ addresses: ['10.0.0.1'], conditions: {}, forZones, forNodes }] },
    ],
  } as unknown as PolicyObjects;
  return { answer: hasOwnEndpoints({ service }, known ? objects : undefined), asked };
}

suite('whether each node has endpoints of its own by right', () => {
  for (const [what, given, expected] of [
    [
      'internalTrafficPolicy Local by its chain, in iptables mode',
      { chains: ['KUBE-SVL-AAAA'] },
      true,
    ],
    ['and in nftables mode', { chains: ['local-AAAA-shop/web/tcp/http'] }, true],
    [
      'externalTrafficPolicy Local: the ClusterIP has all',
      { chains: ['KUBE-SVC-AAAA', 'KUBE-SVL-AAAA'] },
      false,
    ],
    [
      'a chain that only looks alike',
      { chains: ['service-AAAA-shop/KUBE-SVL-/tcp/local-'] },
      false,
    ],
    ['policy Cluster', { spec: { internalTrafficPolicy: 'Cluster' } }, false],
    ['policy Local by the object', { spec: { internalTrafficPolicy: 'Local' } }, true],
    ['trafficDistribution', { spec: { trafficDistribution: 'PreferClose' } }, true],
    ['the annotation topology-mode', { topologyMode: 'Auto' }, true],
    ['the annotation switched off', { topologyMode: 'Disabled' }, false],
    ['hints for zones', { forZones: ['a'] }, true],
    ['hints for nodes', { forNodes: ['a'] }, true],
    ['a table of kubectl get tells no policy', { fromTable: true }, undefined],
    ['an object that is not there', { title: 'shop/other:http' }, undefined],
    ['a port without a name', { title: '10.96.0.1:443/tcp' }, undefined],
    ['a chain that no name is known of', { title: 'KUBE-SVC-AAAA' }, undefined],
  ] as readonly (readonly [string, Given, boolean | undefined])[]) {
    test(`${what}: ${expected}`, () => {
      assert.equal(own(given).answer, expected);
    });
  }

  test('by its Service’s name; without objects nothing tells', () => {
    assert.deepEqual(own({}).asked, ['shop/web']);
    assert.deepEqual(own({ title: 'KUBE-SVC-AAAA' }).asked, []);
    assert.equal(own({}, false).answer, undefined);
    assert.equal(own({ chains: ['KUBE-SVL-AAAA'] }, false).answer, true);
  });
});
