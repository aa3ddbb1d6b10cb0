import { iptables, ipvs, nftables, rules, type Case } from './case';

export const nodePortCases: readonly Case[] = [
  {
    code: 'node-ports-not-asked',
    base: iptables,
    raise: [[rules, /^-A KUBE-SERVICES .*-j KUBE-NODEPORTS\n/m, '']],
    // nodePortAddresses
    near: [
      [
        rules,
        /^(-A KUBE-SERVICES .*)-m addrtype --dst-type LOCAL (-j KUBE-NODEPORTS\n)/m,
        '$1-d 192.168.77.10/32 $2',
      ],
    ],
    says: /leads to KUBE-NODEPORTS, which has rules/,
    severity: 'error',
  },
  {
    code: 'node-ports-not-asked',
    base: nftables,
    raise: [
      ['nft-list-ruleset.txt', /^\t\tip daddr @nodeport-ips .* vmap @service-nodeports\n/m, ''],
    ],
    near: [
      [
        'nft-list-ruleset.txt',
        'ip daddr @nodeport-ips',
        'fib daddr type local ip daddr != 127.0.0.0/8',
      ],
    ],
    says: /^Nothing that nat prerouting of table kube-proxy calls looks packets up in service-nodeports/,
  },
  {
    code: 'node-ports-not-asked',
    base: ipvs,
    raise: [[rules, /^-A KUBE-SERVICES .*-j KUBE-NODE-PORT\n/m, '']],
    // 1.9 and 1.10 had no chain for them.
    near: [
      [
        rules,
        /^-A KUBE-SERVICES .*-j KUBE-NODE-PORT\n/m,
        [
          'tcp KUBE-NODE-PORT-TCP dst',
          'udp KUBE-NODE-PORT-UDP dst',
          'sctp KUBE-NODE-PORT-SCTP-HASH dst,dst',
        ]
          .map((one) => one.split(' '))
          .map(
            ([p, set, at]) =>
              `-A KUBE-SERVICES -p ${p} -m set --match-set ${set} ${at} -j KUBE-MARK-MASQ\n`,
          )
          .join(''),
      ],
    ],
    says: /^No rule that nat KUBE-SERVICES leads to marks the NodePorts of KUBE-NODE-PORT-TCP/,
  },
  {
    // Of UDP alone, and of what policy Local leaves.
    code: 'node-ports-not-asked',
    base: ipvs,
    raise: [[rules, /^-A KUBE-NODE-PORT .*KUBE-NODE-PORT-UDP dst -j KUBE-MARK-MASQ\n/m, '']],
    near: [
      [rules, /^-A KUBE-NODE-PORT .*KUBE-NODE-PORT-UDP dst -j KUBE-MARK-MASQ\n/m, ''],
      ['ipset-save.txt', '', 'add KUBE-NODE-PORT-LOCAL-UDP 30777\n'],
    ],
    says: /^No rule that nat KUBE-SERVICES leads to marks the NodePorts of KUBE-NODE-PORT-UDP/,
  },
];
