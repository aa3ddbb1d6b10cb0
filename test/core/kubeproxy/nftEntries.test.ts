import assert from 'node:assert/strict';
import { searchTable } from '../../../src/core/kubeproxy/nftables/services';
import type { ServiceObject } from '../../../src/core/objects/types';
import { finish } from '../../../src/core/work';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';

const own = 'ULMVA6XW-ns1/svc1/tcp/p80';
const chains = ['service', 'local', 'external'].map((kind) => `${kind}-${own}`).concat('mine');
/** kube-proxy's ClusterIPs, as it lists them since 1.29. */
const clusterIps =
  'set cluster-ips {\n\t\ttype ipv4_addr\n\t\telements = { 10.96.0.7, 10.96.1.0/24 }\n\t}\n';
const objects = [
  {
    spec: { externalIPs: ['203.0.113.2'] },
    status: { loadBalancer: { ingress: [{ ip: '203.0.113.3' }, { hostname: 'x' }] } },
  },
] as unknown as readonly ServiceObject[];

/** The Services that a table finds, with the elements of its map `service-ips`. */
function services(element: string, sets = '', given: readonly ServiceObject[] = []) {
  const text = `table ip kube-proxy {
	${sets}
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { ${element} }
	}
	chain nat-prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		ip daddr . meta l4proto . th dport vmap @service-ips
	}
${chains.map((name) => `chain ${name} {\n\t\tmeta l4proto tcp dnat to 10.180.0.1:80\n\t}\n`).join('')}}
`;
  return finish(searchTable(nftRuleset('nft.txt', text).tables[0]!, given));
}

suite('what an address of a map of nftables mode is to its Service', () => {
  for (const [what, address, chain, sets, kind] of [
    ['in the set of ClusterIPs', '10.96.0.7', `external-${own}`, clusterIps, 'cluster-ip'],
    ['not in it, whatever its chain', '10.96.0.8', `service-${own}`, clusterIps, 'external'],
    ['a network of that set is no address of it', '10.96.1.0', 'mine', clusterIps, 'external'],
    ['without the set, by its chain', '10.96.0.7', `service-${own}`, '', 'cluster-ip'],
    ['the chain of internalTrafficPolicy Local', '10.96.0.7', `local-${own}`, '', 'cluster-ip'],
    ['the chain for what comes from outside', '203.0.113.1', `external-${own}`, '', 'external'],
    ['a chain of others', '203.0.113.1', 'mine', '', 'external'],
    ['an external IP of an object', '203.0.113.2', `external-${own}`, '', 'external-ip'],
    ['a load balancer’s', '203.0.113.3', `external-${own}`, '', 'load-balancer-ip'],
  ] as const) {
    test(what, () => {
      const found = services(`${address} . tcp . 80 : goto ${chain}`, sets, objects);
      assert.deepEqual(
        found.flatMap(({ entries }) => entries.map((entry) => entry.kind)),
        [kind],
      );
    });
  }

  test('what is jumped to is no chain that tells a ClusterIP: kube-proxy goes to its own', () => {
    const [found] = services(`10.96.0.7 . tcp . 80 : jump service-${own}`);
    assert.equal(found?.entries[0]?.kind, 'external');
  });

  test('the Service’s name is of the chain’s; a chain of others names none', () => {
    const named = (to: string) =>
      services(`10.96.0.7 . tcp . 80 : goto ${to}`).map(({ title, servicePort }) => ({
        title,
        servicePort,
      }));
    const servicePort = { namespace: 'ns1', name: 'svc1', port: 'p80' };
    assert.deepEqual(named(`service-${own}`), [{ title: 'ns1/svc1:p80', servicePort }]);
    assert.deepEqual(named('mine'), [{ title: 'mine', servicePort: undefined }]);
  });

  test('an element that leads nowhere, or names several ports, is no Service’s', () => {
    for (const element of [
      `10.96.0.7 . tcp . 80 : accept`,
      `10.96.0.7 . tcp . 80-90 : goto service-${own}`,
      `10.96.0.0/24 . tcp . 80 : goto service-${own}`,
    ]) {
      assert.deepEqual(services(element), [], element);
    }
  });
});
