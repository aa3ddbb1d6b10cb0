import assert from 'node:assert/strict';
import { endpoint, own, rulesetOf, slice, type Cluster } from './byHand';

type Mode = 'iptables' | 'ipvs' | 'nftables';

/** The rules of the chain whose name begins so, without hashes; undefined where it is not there. */
function chainOf(
  cluster: Cluster,
  [mode, release, table = 'nat', family = 4]: readonly [Mode, number, string?, (4 | 6)?],
  prefix: string,
): readonly string[] | undefined {
  const { chains } = rulesetOf(cluster, mode, release, family).tables.get(table)!;
  const found = [...chains.values()].find(({ name }) => name.startsWith(prefix));
  return found?.rules.map(({ text }) => text.replace(/(KUBE-[A-Z]+-)[A-Z2-7]{16}/g, '$1H'));
}

const nodePort = { name: 'http', port: 80, nodePort: 30080, protocol: 'TCP' };
const toTwo = {
  loadBalancer: { ingress: [{ ip: '203.0.113.8' }, { ip: '203.0.113.9' }] },
};
const here = [slice([endpoint('10.244.0.5', own)])];

suite('whole chains, rule by rule', () => {
  const aroundNode: Cluster = {
    spec: {
      type: 'LoadBalancer',
      ports: [nodePort],
      loadBalancerSourceRanges: ['198.51.100.0/24', '192.0.2.0/24'],
    },
    status: toTwo,
  };
  const note = '-m comment --comment "shop/web:http loadbalancer IP"';
  const ranges = (to: string) =>
    ['198.51.100.0/24', '192.0.2.0/24'].map((range) => `-s ${range} ${note} -j ${to}`);
  const mark = `${note} -j KUBE-MARK-MASQ`;
  const drop = `${note} -j KUBE-MARK-DROP`;
  const from = (address: string, to: string) => `-s ${address}/32 ${note} -j ${to}`;

  test('KUBE-FW- of 1.23: mark, sources, the address itself where a range holds the node, the end', () => {
    const block = (address: string) => [
      mark,
      ...ranges('KUBE-SVC-H'),
      from(address, 'KUBE-SVC-H'),
      drop,
    ];
    assert.deepEqual(chainOf(aroundNode, ['iptables', 23], 'KUBE-FW-'), [
      ...block('203.0.113.8'),
      ...block('203.0.113.9'),
    ]);
  });

  test('KUBE-FW- of 1.24: all of it for each address', () => {
    const block = (address: string) => [...ranges('KUBE-EXT-H'), from(address, 'KUBE-EXT-H'), drop];
    assert.deepEqual(chainOf(aroundNode, ['iptables', 24], 'KUBE-FW-'), [
      ...block('203.0.113.8'),
      ...block('203.0.113.9'),
    ]);
  });

  test('KUBE-FW- since 1.25: once, and since 1.27 with a last rule that does nothing', () => {
    const once = [
      ...ranges('KUBE-EXT-H'),
      from('203.0.113.8', 'KUBE-EXT-H'),
      from('203.0.113.9', 'KUBE-EXT-H'),
    ];
    const last =
      '-m comment --comment "other traffic to shop/web:http will be dropped by KUBE-PROXY-FIREWALL"';
    assert.deepEqual(chainOf(aroundNode, ['iptables', 26], 'KUBE-FW-'), once);
    assert.deepEqual(chainOf(aroundNode, ['iptables', 27], 'KUBE-FW-'), [...once, last]);
  });

  test('KUBE-XLB- of policy Local is there without endpoints, too; KUBE-SVC- is not', () => {
    const spec = { type: 'NodePort', externalTrafficPolicy: 'Local', ports: [nodePort] };
    for (const release of [10, 23]) {
      assert.deepEqual(chainOf({ spec, slices: [] }, ['iptables', release], 'KUBE-XLB-'), []);
      assert.equal(chainOf({ spec, slices: [] }, ['iptables', release], 'KUBE-SVC-'), undefined);
      const cluster = { spec: { ...spec, externalTrafficPolicy: 'Cluster' }, slices: here };
      assert.equal(chainOf(cluster, ['iptables', release], 'KUBE-XLB-'), undefined);
    }
  });
});
