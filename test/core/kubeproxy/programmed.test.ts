import assert from 'node:assert/strict';
import { programmed } from '../../../src/core/kubeproxy/programmed';
import type { NodeState } from '../../../src/core/node';
import { finish } from '../../../src/core/work';
import { parseIpvsSave } from '../../../src/syntax/ipvs/save';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { readDump } from './dump';

const hash = 'I33JXEESTS55QDJP';
const chains = readDump(
  `*nat\n-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-${hash}\nCOMMIT\n`,
);
const bySets = readDump(
  '*nat\n-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT\nCOMMIT\n',
);
const ipvs = parseIpvsSave('-A -t 10.96.0.2:80 -s rr\n', 'ipvs').value;
const nftables = nftRuleset(
  'nft',
  `table ip kube-proxy {
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 10.96.0.3 . tcp . 80 : goto service-ULMVA6XW-ns1/svc1/tcp/p80 }
	}
	chain nat-prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		ip daddr . meta l4proto . th dport vmap @service-ips
	}
}
`,
);

/** The modes of the Service ports that are in force, and of those that are left over. */
function modes(more: Partial<NodeState>): readonly [string, string] {
  const node: NodeState = { name: 'a', rulesets: [], findings: [], ...more };
  const { ports, otherPorts } = finish(programmed(node));
  const text = (some: typeof ports) => some.map(({ service }) => service.mode).join();
  return [text(ports), text(otherPorts)];
}

suite('what kube-proxy programmed', () => {
  test('is of the mode that it runs in; what others left is told apart', () => {
    assert.deepEqual(modes({ rulesets: [chains], ipvs }), ['iptables', 'ipvs']);
    assert.deepEqual(modes({ rulesets: [bySets], ipvs }), ['ipvs', '']);
    assert.deepEqual(modes({ nftables, ipvs }), ['nftables', 'ipvs']);
    const runs = { proxyMode: { name: 'nftables', source: 'x', says: 'runs' } } as const;
    assert.deepEqual(modes({ rulesets: [chains], ipvs, nftables, ...runs }), [
      'nftables',
      'ipvs,iptables',
    ]);
  });

  test('is of every mode where nobody knows which one it runs in', () => {
    assert.deepEqual(modes({ rulesets: [chains], nftables }), ['iptables,nftables', '']);
  });

  test('is nothing where no dump is at hand, or none of kube-proxy', () => {
    assert.deepEqual(modes({}), ['', '']);
    const others = {
      rulesets: [readDump('*filter\n-A INPUT -j ACCEPT\nCOMMIT\n')],
      nftables: nftRuleset('nft', 'table ip mine {\n}\n'),
    };
    assert.deepEqual(modes(others), ['', '']);
  });
});
