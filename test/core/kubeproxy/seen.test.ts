import assert from 'node:assert/strict';
import { formatNetwork } from '../../../src/core/address';
import { localTrafficSeen } from '../../../src/core/kubeproxy/localTraffic';
import { nodePortsSeen } from '../../../src/core/kubeproxy/nodePortAddresses';
import type { NodeState } from '../../../src/core/node';
import { readDump } from './dump';

const svc = 'KUBE-SVC-DC3OOLRZIWFKJHLB';

function node(rules: readonly string[], family: 4 | 6 = 4): NodeState {
  const lines = rules.map((rule) => `-A ${rule}\n`).join('');
  const text = `*nat\n:KUBE-SERVICES - [0:0]\n:${svc} - [0:0]\n${lines}COMMIT\n`;
  return { name: 'a', rulesets: [{ ...readDump(text), family }], findings: [] };
}

function traffic(...rules: readonly string[]): string {
  return localTrafficSeen(node(rules), 'iptables')
    .map(({ traffic: seen, range }) => {
      const what =
        seen.kind === 'network'
          ? formatNetwork(seen.network)
          : seen.kind === 'device'
            ? seen.name + (seen.prefix ? '+' : '')
            : seen.kind;
      return `${what} line ${range.line - 2}`;
    })
    .join();
}

const ofSet = (from: string, directions: string, to = 'KUBE-MARK-MASQ', set = 'KUBE-CLUSTER-IP') =>
  `KUBE-SERVICES ${from}-m set --match-set ${set} ${directions} -j ${to}`;
const clusterIp = (to: string, from = '', chain = 'KUBE-SERVICES') =>
  `${chain} ${from}-d 10.96.0.5/32 -p tcp -m comment --comment "shop/web cluster IP" -m tcp --dport 80 -j ${to}`;

suite('which traffic the rules take for that of Pods', () => {
  for (const [title, rules, seen] of [
    ['ipvs mode, a network', [ofSet('! -s 10.244.0.0/16 ', 'dst,dst')], '10.244.0.0/16 line 1'],
    ['ipvs mode, a device', [ofSet('! -i cni0 ', 'dst,dst')], 'cni0 line 1'],
    ['ipvs mode, devices', [ofSet('! -i veth+ ', 'dst,dst')], 'veth+ line 1'],
    ['ipvs mode, masqueradeAll', [ofSet('', 'dst,dst')], 'all line 1'],
    ['ipvs mode, nothing tells them', [ofSet('', 'src,dst')], 'none line 1'],
    [
      'ipvs mode, behind rules of other sets and other targets',
      [
        ofSet('! -s 10.1.0.0/16 ', 'dst,dst', 'KUBE-MARK-MASQ', 'KUBE-EXTERNAL-IP'),
        ofSet('! -s 10.2.0.0/16 ', 'dst,dst', 'ACCEPT'),
        ofSet('! -s 10.244.0.0/16 ', 'dst,dst'),
      ],
      '10.244.0.0/16 line 3',
    ],
    [
      'ipvs mode, behind rules of others whose sets have such a name',
      [
        ofSet('! -s 10.1.0.0/16 ', 'dst,dst', 'KUBE-MARK-MASQ', 'MY-KUBE-CLUSTER-IP'),
        ofSet('! -s 10.2.0.0/16 ', 'dst,dst', 'KUBE-MARK-MASQ', 'KUBE-CLUSTER-IP-2'),
        ofSet('! -s 10.244.0.0/16 ', 'dst,dst', 'KUBE-MARK-MASQ', 'KUBE-6-CLUSTER-IP'),
      ],
      '10.244.0.0/16 line 3',
    ],
    [
      'iptables mode until 1.21, in KUBE-SERVICES',
      [clusterIp('KUBE-MARK-MASQ', '! -s 10.244.0.0/16 '), clusterIp(svc)],
      '10.244.0.0/16 line 1',
    ],
    [
      'iptables mode until 1.21, behind the mark of an external IP, which all packets get',
      [
        'KUBE-SERVICES -d 203.0.113.7/32 -p tcp -m comment --comment "shop/web external IP" -m tcp --dport 80 -j KUBE-MARK-MASQ',
        clusterIp('KUBE-MARK-MASQ', '! -s 10.244.0.0/16 '),
        clusterIp(svc),
      ],
      '10.244.0.0/16 line 2',
    ],
    [
      'iptables mode since 1.22, the first rule of the Service',
      [clusterIp(svc), clusterIp('KUBE-MARK-MASQ', '! -s 10.244.0.0/16 ', svc)],
      '10.244.0.0/16 line 2',
    ],
    ['masqueradeAll', [clusterIp(svc), clusterIp('KUBE-MARK-MASQ', '', svc)], 'all line 2'],
    ['nothing tells them', [clusterIp(svc), `${svc} -j KUBE-SEP-AAAAAAAAAAAAAAAA`], 'none line 1'],
    [
      'a rule of an external IP is none of a ClusterIP',
      [`KUBE-SERVICES -d 10.0.0.1/32 -p tcp -m comment --comment "shop/web external IP" -j ${svc}`],
      '',
    ],
    ['no Service', ['KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS'], ''],
  ] as const) {
    test(`${title}: ${seen}`, () => assert.equal(traffic(...rules), seen));
  }

  test('each family by itself', () => {
    const rules = [ofSet('! -s fd00:10::/64 ', 'dst,dst', 'KUBE-MARK-MASQ', 'KUBE-6-CLUSTER-IP')];
    assert.deepEqual(
      localTrafficSeen(node(rules, 6), 'ipvs').map(({ family }) => family),
      [6],
    );
  });
});

suite('on which addresses the rules answer node ports', () => {
  const ports = (rules: readonly string[], family: 4 | 6 = 4) => {
    const seen = nodePortsSeen(node(rules, family), 'iptables', family);
    return seen && [seen.addresses, seen.butLoopback];
  };
  const jump = (from: string) => `KUBE-SERVICES ${from}-j KUBE-NODEPORTS`;
  const local = '-m addrtype --dst-type LOCAL ';

  test('all of the node', () => {
    assert.deepEqual(ports([jump(local)]), ['all', false]);
  });

  test('all but the loopback addresses', () => {
    assert.deepEqual(ports([jump(`! -d 127.0.0.0/8 ${local}`)]), ['all', true]);
    assert.deepEqual(ports([jump(`! -d ::1/128 ${local}`)], 6), ['all', true]);
    assert.deepEqual(ports([jump(`! -d 10.0.0.0/8 ${local}`)]), ['all', false]);
  });

  test('some, in the order of the rules', () => {
    const some = ['192.168.77.10', '10.0.0.10'].map((each) => jump(`-d ${each}/32 `));
    assert.deepEqual(ports(some), [['192.168.77.10', '10.0.0.10'], false]);
    // They are the last rules; one before another is of somebody else.
    const other = jump('-d 10.9.9.9/32 ');
    assert.deepEqual(ports([other, clusterIp(svc), ...some]), [
      ['192.168.77.10', '10.0.0.10'],
      false,
    ]);
  });

  test('not known without such a rule at the end, or of another family', () => {
    assert.equal(ports([jump(local), clusterIp(svc)]), undefined);
    assert.equal(nodePortsSeen(node([jump(local)]), 'iptables', 6), undefined);
  });
});
