import assert from 'node:assert/strict';
import { endpointsIn } from '../../../src/core/kubeproxy/endpointsIn';
import { programmed } from '../../../src/core/kubeproxy/programmed';
import type { NodeState } from '../../../src/core/node';
import { finish } from '../../../src/core/work';
import { parseIpsetSave } from '../../../src/syntax/ipset/save';
import { parseIpvsSave } from '../../../src/syntax/ipvs/save';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { readDump } from './dump';

/** Of the one Service port that a node has: all its endpoints, and those of traffic policy Local. */
function endpoints(more: Partial<NodeState>, family: 4 | 6 = 4) {
  const node: NodeState = { name: 'a', rulesets: [], findings: [], ...more };
  const { ports } = finish(programmed(node));
  return ports.map(({ service, ruleset, table }) => {
    const found = finish(endpointsIn(node, { service, family, ruleset, table }));
    return [found.mode, found.all.join(), found.local.join()];
  });
}

const hash = 'I33JXEESTS55QDJP';
const [one, two, three] = ['A', 'B', 'C'].map((letter) => `KUBE-SEP-${letter.repeat(16)}`);

const saved = (...rules: readonly string[]) =>
  readDump(`*nat\n${rules.map((rule) => `-A ${rule}\n`).join('')}COMMIT\n`);
const sep = (chain: string | undefined, to: string) =>
  `${chain} -p tcp -m tcp -j DNAT --to-destination ${to}`;
const service = `KUBE-SERVICES -d 10.96.0.5/32 -p tcp -m tcp --dport 80 -j KUBE-SVC-${hash}`;

suite('the endpoints of a Service port, and those of traffic policy Local', () => {
  test('iptables mode: in KUBE-SVL-, in KUBE-XLB- of old releases, and none without either', () => {
    const rules = [
      service,
      sep(one, '10.244.0.1:80'),
      sep(two, '10.244.0.2:80'),
      sep(three, '10.244.0.3:80'),
      `KUBE-SVC-${hash} -m statistic --mode random --probability 0.5 -j ${one}`,
      `KUBE-SVC-${hash} -j ${two}`,
    ];
    const both = '10.244.0.1:80,10.244.0.2:80';
    assert.deepEqual(endpoints({ rulesets: [saved(...rules)] }), [['iptables', both, '']]);
    for (const prefix of ['KUBE-SVL-', 'KUBE-XLB-']) {
      const local = saved(...rules, `${prefix}${hash} -j ${two}`);
      assert.deepEqual(endpoints({ rulesets: [local] }), [['iptables', both, '10.244.0.2:80']]);
    }
    // What traffic from outside goes on to is no chain of its own endpoints.
    const external = saved(...rules, `KUBE-EXT-${hash} -j ${three}`);
    assert.equal(endpoints({ rulesets: [external] })[0]!.at(-1), '');
  });

  const nft = (...chains: readonly string[]) =>
    nftRuleset(
      'nft',
      `table ip kube-proxy {
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 10.96.0.7 . tcp . 80 : goto service-ULMVA6XW-ns1/svc1/tcp/p80 }
	}
	chain nat-prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		ip daddr . meta l4proto . th dport vmap @service-ips
	}
	chain service-ULMVA6XW-ns1/svc1/tcp/p80 {
		meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.0.0.1 . 80, 1 : 10.0.0.2 . 80 }
	}
${chains.join('')}}
`,
    );
  const chain = (kind: string, to: string) =>
    `\tchain ${kind}-ULMVA6XW-ns1/svc1/tcp/p80 {\n\t\tmeta l4proto tcp dnat to ${to}:80\n\t}\n`;

  test('nftables mode: in its chain `local-`, and none without it', () => {
    const both = '10.0.0.1:80,10.0.0.2:80';
    assert.deepEqual(endpoints({ nftables: nft() }), [['nftables', both, '']]);
    const local = nft(chain('local', '10.0.0.2'));
    assert.deepEqual(endpoints({ nftables: local }), [['nftables', both, '10.0.0.2:80']]);
    const external = nft(chain('external', '10.0.0.2'));
    assert.deepEqual(endpoints({ nftables: external }), [['nftables', both, '']]);
  });

  const server = (at: string, ...reals: readonly string[]) =>
    `-A -t ${at} -s rr\n${reals.map((real) => `-a -t ${at} -r ${real}\n`).join('')}`;
  const sets = parseIpsetSave(
    [
      'create KUBE-CLUSTER-IP hash:ip,port',
      'add KUBE-CLUSTER-IP 10.96.0.1,tcp:80',
      'create KUBE-EXTERNAL-IP-LOCAL hash:ip,port',
      'add KUBE-EXTERNAL-IP-LOCAL 203.0.113.1,tcp:80',
      '',
    ].join('\n'),
    'sets',
  ).value;
  const virtual = (text: string, family: 4 | 6 = 4) =>
    endpoints({ ipvs: parseIpvsSave(text, 'ipvs').value, sets }, family);

  test('ipvs mode: of virtual servers, local ones of those that are reached from outside', () => {
    const cluster = server('10.96.0.1:80', '10.244.0.2:80 -m -w 1', '10.244.1.2:80 -m -w 2');
    assert.deepEqual(virtual(cluster), [['ipvs', '10.244.0.2:80,10.244.1.2:80', '']]);
    const external = server('203.0.113.1:80', '10.244.0.2:80 -m -w 1');
    assert.deepEqual(virtual(external), [['ipvs', '10.244.0.2:80', '10.244.0.2:80']]);
    // Of an address of which nobody knows what it is, nobody knows whether it is local.
    const unknown = server('192.0.2.1:80', '10.244.0.2:80 -m -w 1');
    assert.deepEqual(virtual(unknown), [['ipvs', '10.244.0.2:80', '']]);
  });

  test('ipvs mode: a real server of weight 0 serves nobody new, one of another family is not asked', () => {
    const draining = server('10.96.0.1:80', '10.244.0.2:80 -m -w 0', '10.244.1.2:80 -m -w 1');
    assert.deepEqual(virtual(draining), [['ipvs', '10.244.1.2:80', '']]);
    assert.deepEqual(virtual(draining, 6), [['ipvs', '', '']]);
  });

  test('rows that ipvs mode left behind are none of the rules', () => {
    const rules = [service, sep(one, '10.244.0.1:80'), `KUBE-SVC-${hash} -j ${one}`];
    const { value } = parseIpvsSave(server('10.96.0.5:80', '10.244.9.9:80 -m -w 1'), 'ipvs');
    assert.deepEqual(endpoints({ rulesets: [saved(...rules)], ipvs: value }), [
      ['iptables', '10.244.0.1:80', ''],
    ]);
  });
});
