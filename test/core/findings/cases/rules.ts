import { iptables, ipvs, nftables, rules, type Case, type Edit } from './case';

const flush = /^-A KUBE-SERVICES .*\n/gm;
/** A DNAT rule that an agent of containers left behind. */
const oldDnat = [
  ':NETAVARK-HOSTPORT-DNAT - [0:0]',
  '-A PREROUTING -m addrtype --dst-type LOCAL -j NETAVARK-HOSTPORT-DNAT',
  '-A NETAVARK-HOSTPORT-DNAT -p tcp -m tcp --dport 30089 -j DNAT --to-destination 10.88.0.2:80',
  '',
].join('\n');

/** A host port of portmap's nftables backend. */
const hostPort = (port: number) => `table ip cni_hostport {
	chain hostports {
		tcp dport ${port} dnat to 10.244.0.77:80
	}
	chain prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		fib daddr type local jump hostports
	}
}
`;

const { 'objects.yaml': _, ...withoutObjects } = iptables;

/** What the AWS VPC CNI writes for NodePorts. */
const awsMarks: Edit = [
  rules,
  /^\*mangle\n(?::.*\n)*/m,
  [
    '$&-A PREROUTING -i eth0 -m comment --comment "AWS, primary ENI" -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80',
    '-A PREROUTING -i eni+ -m comment --comment "AWS, primary ENI" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
    '',
  ].join('\n'),
];

const ipRule = (own: string) =>
  `0:\tfrom all lookup local\n${own}32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n`;

export const ruleCases: readonly Case[] = [
  {
    code: 'translated-by-other-rules',
    base: iptables,
    raise: [[rules, /^-A PREROUTING .*KUBE-SERVICES\n/m, `${oldDnat}$&`]],
    near: [[rules, /^-A PREROUTING .*KUBE-SERVICES\n/m, `$&${oldDnat}`]],
    says: /^nat NETAVARK-HOSTPORT-DNAT sends what goes to default\/web:http at \S+:30089 to 10\.88\.0\.2:80: it does not come/,
  },
  {
    code: 'translated-by-other-rules',
    base: nftables,
    raise: [['nft-list-ruleset.txt', '', hostPort(30089)]],
    near: [['nft-list-ruleset.txt', '', hostPort(30088)]],
    says: /^cni_hostport hostports sends what goes to default\/web:http at \S+:30089 to 10\.244\.0\.77:80/,
  },
  {
    code: 'rules-in-both-backends',
    base: { 'iptables-nft-save.txt': iptables[rules]! },
    raise: [['iptables-legacy-save.txt', '', iptables[rules]!.replaceAll(' (nf_tables)', '')]],
    near: [
      [
        'iptables-legacy-save.txt',
        '',
        '*nat\n:PREROUTING ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\nCOMMIT\n',
      ],
    ],
    says: /keeps up only one/,
  },
  {
    code: 'mode-not-in-force',
    base: iptables,
    raise: [['kube-proxy.config.yaml', '', 'mode: ipvs\n']],
    near: [['kube-proxy.config.yaml', '', 'mode: iptables\n']],
    says: /^kube-proxy\.config\.yaml says ipvs mode, but the rules in force are of iptables mode/,
    severity: 'warning',
  },
  {
    // iptables-save shows no rule of nftables mode: they may be there beside those of iptables.
    code: 'mode-not-in-force',
    base: iptables,
    raise: [['kube-proxy.config.yaml', '', 'mode: nftables\n']],
    near: [['kube-proxy.config.yaml', '', 'mode: ipvs\n']],
    says: /whether those of nftables mode are as well is not known/,
    nearSays: /^kube-proxy\.config\.yaml says ipvs mode, but/,
    severity: 'information',
  },
  {
    code: 'leftovers-of-another-mode',
    base: iptables,
    raise: [['ipvsadm-Ln.txt', '', ipvs['ipvsadm-Ln.txt']!]],
    near: [
      [
        'ipvsadm-Ln.txt',
        '',
        'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n',
      ],
    ],
    says: /virtual servers are left over from ipvs mode/,
  },
  {
    code: 'services-not-reached',
    base: iptables,
    raise: [[rules, /^-A PREROUTING .*KUBE-SERVICES\n/m, '']],
    // Over a chain of another program it is reached as well.
    near: [
      [
        rules,
        /^-A PREROUTING .*KUBE-SERVICES\n/m,
        '-A PREROUTING -j cali-PREROUTING\n-A cali-PREROUTING -j KUBE-SERVICES\n',
      ],
    ],
    says: /PREROUTING leads to KUBE-SERVICES/,
  },
  {
    code: 'services-empty',
    base: iptables,
    raise: [
      [rules, flush, ''],
      ['kube-proxy.config.yaml', '', 'mode: iptables\n'],
    ],
    near: [
      [rules, flush, ''],
      ['kube-proxy.config.yaml', '', 'mode: nftables\n'],
    ],
    says: /not even for the Service default\/kubernetes/,
  },
  {
    code: 'mark-without-masquerade',
    base: iptables,
    raise: [[rules, /^-A KUBE-POSTROUTING .*MASQUERADE.*\n/m, '']],
    near: [
      [
        rules,
        /^-A KUBE-POSTROUTING .*MASQUERADE.*\n/m,
        '-A KUBE-POSTROUTING -j SNAT --to-source 192.168.77.10\n',
      ],
    ],
    says: /has no MASQUERADE/,
  },
  {
    code: 'mark-without-masquerade',
    base: iptables,
    raise: [
      [
        rules,
        '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000',
        '-A KUBE-POSTROUTING -m mark ! --mark 0x100000/0x100000',
      ],
    ],
    near: [
      [
        rules,
        'COMMIT\n# Completed on Sat Nov 21 13:42:24 2026\n# Generated by iptables-save v1.8.9 (nf_tables) on Sat Nov 21 13:42:24 2026\n*filter',
        'COMMIT\n*filter',
      ],
    ],
    says: /asks for the mark 0x100000, and KUBE-MARK-MASQ sets 0x4000/,
  },
  {
    code: 'mark-without-masquerade',
    base: iptables,
    raise: [[rules, /^-A KUBE-MARK-MASQ .*\n/m, '']],
    near: [[rules, /^-A KUBE-MARK-MASQ .*\n/m, '-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000\n']],
    says: /KUBE-MARK-MASQ sets no mark/,
  },
  {
    code: 'kubelet-firewall-drops-all',
    base: iptables,
    raise: [
      [
        rules,
        /^-A KUBE-FIREWALL .*\n/m,
        '-A KUBE-FIREWALL -m comment --comment "kubernetes firewall for dropping marked packets" -j DROP\n',
      ],
    ],
    near: [
      [
        rules,
        /^-A KUBE-FIREWALL .*\n/m,
        '-A KUBE-FIREWALL -m comment --comment "kubernetes firewall for dropping marked packets" -m mark --mark 0x8000/0x8000 -j DROP\n',
      ],
    ],
    says: /it lost its --mark/,
  },
  {
    code: 'service-rule-without-port',
    base: iptables,
    raise: [
      [
        rules,
        '"default/whoami cluster IP" -m tcp --dport 3000 -j KUBE-SVC',
        '"default/whoami cluster IP" -m tcp -j KUBE-SVC',
      ],
    ],
    near: [
      [
        rules,
        '"default/whoami cluster IP" -m tcp --dport 3000 -j KUBE-SVC',
        '"default/whoami cluster IP" -m multiport --dports 3000 -j KUBE-SVC',
      ],
    ],
    says: /never writes this rule without --dport/,
  },
  {
    code: 'hairpin-not-masqueraded',
    base: iptables,
    raise: [[rules, /^-A KUBE-SEP-U6DOR6RBN2GGPJH6 -s .*\n/m, '']],
    near: [
      [
        rules,
        /^-A KUBE-SEP-U6DOR6RBN2GGPJH6 -s .*\n/m,
        '-A KUBE-SEP-U6DOR6RBN2GGPJH6 -s 10.244.0.3/32 -j MARK --set-xmark 0x4000/0x4000\n',
      ],
    ],
    says: /does not mark what 10\.244\.0\.3 itself sends/,
  },
  {
    code: 'duplicate-jump',
    base: iptables,
    raise: [[rules, /^(-A PREROUTING .*KUBE-SERVICES\n)/m, '$1$1']],
    near: [
      [rules, /^(-A PREROUTING .*KUBE-SERVICES\n)/m, '$1-A PREROUTING -i eth0 -j KUBE-SERVICES\n'],
    ],
    says: /the same as rule 1 of nat PREROUTING/,
  },
  {
    code: 'masquerade-bit-set-by-others',
    base: iptables,
    raise: [
      [
        rules,
        /^-A POSTROUTING/m,
        '-A PREROUTING -i tun0 -j MARK --set-xmark 0xc000/0xff00\n-A POSTROUTING',
      ],
    ],
    near: [
      [
        rules,
        /^-A POSTROUTING/m,
        '-A PREROUTING -i tun0 -j MARK --set-xmark 0x8000/0xff00\n-A POSTROUTING',
      ],
    ],
    says: /sets bit 14/,
  },
  {
    code: 'localhost-open-to-neighbours',
    base: iptables,
    raise: [
      ['sysctl.txt', '', 'net.ipv4.conf.all.route_localnet = 1\n'],
      [rules, /^-A KUBE-FIREWALL .*\n/m, ''],
    ],
    near: [['sysctl.txt', '', 'net.ipv4.conf.all.route_localnet = 1\n']],
    says: /CVE-2020-8558/,
  },
  {
    code: 'local-range-is-wrong',
    base: iptables,
    raise: [[rules, /! -s 10\.244\.0\.0\/16/g, '! -s 10.96.0.0/12']],
    near: [[rules, /! -s 10\.244\.0\.0\/16/g, '! -s 10.244.0.0/15']],
    says: /holds the ClusterIP/,
  },
  {
    code: 'local-range-is-wrong',
    base: iptables,
    raise: [[rules, /! -s 10\.244\.0\.0\/16/g, '! -s 172.20.0.0/16']],
    near: [[rules, /! -s 10\.244\.0\.0\/16/g, '! -s 10.244.0.0/24']],
    says: /those of node-a are in 10\.244\.0\.0\/24/,
  },
  {
    code: 'outside-not-masqueraded',
    base: iptables,
    raise: [[rules, /^-A KUBE-SV[CL]-\S+ ! -s 10\.244\.0\.0\/16 .*\n/gm, '']],
    near: [[rules, /^-A KUBE-SVC-DC3OOLRZIWFKJHLB ! -s 10\.244\.0\.0\/16 .*\n/m, '']],
    says: /no cluster CIDR is set/,
  },
  {
    code: 'host-port-hides-node-port',
    base: iptables,
    raise: [
      [
        rules,
        /^(-A PREROUTING .*KUBE-SERVICES)\n/m,
        '-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT\n$1\n-A CNI-HOSTPORT-DNAT -p tcp -m multiport --dports 30089 -j CNI-DN-0123456789abcdef\n',
      ],
    ],
    near: [
      [
        rules,
        /^(-A PREROUTING .*KUBE-SERVICES)\n/m,
        '$1\n-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT\n-A CNI-HOSTPORT-DNAT -p tcp -m multiport --dports 30089 -j CNI-DN-0123456789abcdef\n',
      ],
    ],
    says: /A host port 30089\/tcp stands before the NodePort of default\/web:http/,
  },
  {
    code: 'masquerade-all',
    base: iptables,
    raise: [[rules, / ! -s 10\.244\.0\.0\/16 /g, ' ']],
    near: [[rules, / ! -s 10\.244\.0\.0\/16 /g, ' ! -s 10.245.0.0/16 ']],
    says: /masqueradeAll is set/,
  },
  {
    code: 'ipvs-mode-ends',
    base: iptables,
    raise: [
      [rules, /[^]+/, ipvs[rules]!],
      ['ipset-save.txt', '', ipvs['ipset-save.txt']!],
      ['ipvsadm-Ln.txt', '', ipvs['ipvsadm-Ln.txt']!],
    ],
    // Left over: the rules are those of iptables mode.
    near: [
      ['ipset-save.txt', '', ipvs['ipset-save.txt']!],
      ['ipvsadm-Ln.txt', '', ipvs['ipvsadm-Ln.txt']!],
    ],
    says: /./,
  },
  {
    code: 'mark-not-cleared',
    base: iptables,
    raise: [[rules, /^-A KUBE-POSTROUTING -j MARK .*\n/m, '']],
    near: [
      [
        rules,
        /^-A KUBE-POSTROUTING -j MARK .*\n/m,
        '-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000\n',
      ],
    ],
    says: /0x4000 is not taken away before MASQUERADE/,
  },
  {
    code: 'masquerade-of-two-releases',
    base: iptables,
    raise: [
      [
        rules,
        '-A KUBE-POSTROUTING -m mark ! ',
        '-A KUBE-POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE\n-A KUBE-POSTROUTING -m mark ! ',
      ],
    ],
    near: [
      [
        rules,
        '-A KUBE-POSTROUTING -m mark ! ',
        '-A KUBE-POSTROUTING -m mark --mark 0x4000/0x4000 -j LOG\n-A KUBE-POSTROUTING -m mark ! ',
      ],
    ],
    says: /by the rule of an old release and by that of a newer one/,
  },
  {
    code: 'no-local-endpoint',
    base: iptables,
    raise: [
      [
        rules,
        '-A KUBE-EXTERNAL-SERVICES ',
        '-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "default/whoami:http has no local endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 30089 -j DROP\n-A KUBE-EXTERNAL-SERVICES ',
      ],
    ],
    near: [
      [
        rules,
        '-A KUBE-EXTERNAL-SERVICES ',
        '-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "default/whoami:http has no endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 30089 -j REJECT\n-A KUBE-EXTERNAL-SERVICES ',
      ],
    ],
    says: /default\/whoami:http has policy Local and no endpoint on this node/,
  },
  {
    code: 'no-local-endpoint',
    base: iptables,
    raise: [
      [
        rules,
        '-A KUBE-EXTERNAL-SERVICES ',
        '-A KUBE-SERVICES -d 10.99.205.136/32 -p tcp -m comment --comment "default/whoami has no local endpoints" -m tcp --dport 3000 -j DROP\n-A KUBE-EXTERNAL-SERVICES ',
      ],
    ],
    near: [
      [
        rules,
        '-A KUBE-EXTERNAL-SERVICES ',
        '-A KUBE-SERVICES -d 10.99.205.136/32 -p tcp -m comment --comment "default/whoami has no endpoints" -m tcp --dport 3000 -j REJECT\n-A KUBE-EXTERNAL-SERVICES ',
      ],
    ],
    says: /default\/whoami has internalTrafficPolicy Local .* what the node and its pods send to its ClusterIP is dropped/,
  },
  {
    code: 'rule-never-matches',
    base: iptables,
    raise: [
      [
        rules,
        '-A INPUT -j KUBE-FIREWALL',
        '-A INPUT -s 10.0.0.0/8 -p tcp -j ACCEPT\n-A INPUT -s 10.1.0.0/16 -p tcp -m tcp --dport 22 -j DROP\n-A INPUT -j KUBE-FIREWALL',
      ],
    ],
    // The other way round the first is an exception, and by a mark the packet may change between.
    near: [
      [
        rules,
        '-A INPUT -j KUBE-FIREWALL',
        '-A INPUT -s 10.1.0.0/16 -p tcp -m tcp --dport 22 -j DROP\n-A INPUT -s 10.0.0.0/8 -p tcp -j ACCEPT\n-A INPUT -m mark --mark 0x1 -j ACCEPT\n-A INPUT -m mark --mark 0x1 -j DROP\n-A INPUT -j KUBE-FIREWALL',
      ],
    ],
    says: /No packet gets to this rule: rule \d+ of filter INPUT takes all/,
  },
  {
    code: 'chain-unreferenced',
    base: iptables,
    raise: [
      [
        rules,
        ':KUBE-FIREWALL - [0:0]\n',
        ':KUBE-FIREWALL - [0:0]\n:IN_public - [0:0]\n-A IN_public -p tcp -m tcp --dport 22 -j ACCEPT\n',
      ],
    ],
    near: [
      [
        rules,
        ':KUBE-FIREWALL - [0:0]\n',
        ':KUBE-FIREWALL - [0:0]\n:IN_public - [0:0]\n-A INPUT -i eth0 -g IN_public\n-A IN_public -p tcp -m tcp --dport 22 -j ACCEPT\n',
      ],
    ],
    says: /No rule of filter leads to IN_public/,
  },
  {
    code: 'chain-loop',
    base: iptables,
    raise: [
      [
        rules,
        ':KUBE-FIREWALL - [0:0]\n',
        ':KUBE-FIREWALL - [0:0]\n:a - [0:0]\n:b - [0:0]\n:c - [0:0]\n-A a -j b\n-A b -p tcp -g c\n-A c -j a\n',
      ],
    ],
    near: [
      [
        rules,
        ':KUBE-FIREWALL - [0:0]\n',
        ':KUBE-FIREWALL - [0:0]\n:a - [0:0]\n:b - [0:0]\n:c - [0:0]\n-A a -j b\n-A a -j c\n-A b -p tcp -g c\n',
      ],
    ],
    says: /Chains of filter lead back to themselves: a -> b -> c -> a\./,
  },
  {
    code: 'local-endpoint-elsewhere',
    base: withoutObjects,
    raise: [
      [
        rules,
        '-j DNAT --to-destination 10.244.0.18:8080',
        '-j DNAT --to-destination 10.244.1.18:8080',
      ],
    ],
    near: [
      [
        rules,
        '-j DNAT --to-destination 10.244.0.18:8080',
        '-j DNAT --to-destination 10.244.0.99:8080',
      ],
    ],
    says: /^shop\/edge:http has policy Local, and 10\.244\.1\.18 is behind 192\.168\.77\.11, on another node/,
  },
  {
    code: 'invalid-packets-pass',
    base: iptables,
    raise: [[rules, /^-A KUBE-FORWARD .*INVALID.*\n/m, '']],
    near: [[rules, '--ctstate INVALID', '--ctstate INVALID,UNTRACKED']],
    says: /does not drop what conntrack calls INVALID/,
  },
  {
    code: 'aws-answers-leave-elsewhere',
    base: iptables,
    raise: [awsMarks, ['ip-rule.txt', '', ipRule('')]],
    near: [awsMarks, ['ip-rule.txt', '', ipRule('1024:\tfrom all fwmark 0x80/0x80 lookup main\n')]],
    says: /get the mark 0x80 back, and no routing rule asks for it/,
  },
  {
    code: 'aws-answers-leave-elsewhere',
    base: iptables,
    raise: [
      [rules, '*nat\n', '*nat\n:AWS-SNAT-CHAIN-0 - [0:0]\n'],
      ['ip-rule.txt', '', ipRule('1024:\tfrom all fwmark 0x80/0x80 lookup main\n')],
    ],
    // The mark may be another program's.
    near: [['ip-rule.txt', '', ipRule('1024:\tfrom all fwmark 0x80/0x80 lookup main\n')]],
    says: /no rule of mangle PREROUTING gives it back/,
  },
  {
    code: 'firewalld-clears-rules',
    base: iptables,
    raise: [[rules, '*filter\n', '*filter\n:INPUT_ZONES - [0:0]\n']],
    near: [[rules, '*filter\n', '*filter\n:INPUT_MINE - [0:0]\n']],
    says: /when it starts or reloads it clears them/,
  },
];
