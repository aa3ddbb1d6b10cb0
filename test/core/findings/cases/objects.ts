import { iptables, nftables, rules, type Case } from './case';

const listing = 'nft-list-ruleset.txt';

export const objectCases: readonly Case[] = [
  {
    code: 'service-not-programmed',
    base: iptables,
    raise: [[rules, /^-A KUBE-SERVICES -d 10\.99\.205\.136\/32 .*\n/m, '']],
    near: [
      [rules, /^-A KUBE-SERVICES -d 10\.99\.205\.136\/32 .*\n/m, ''],
      [rules, /COMMIT\n(?![^]*COMMIT)/, ''],
    ],
    says: /no rule for Service default\/whoami/,
  },
  {
    code: 'rules-without-service',
    base: iptables,
    raise: [['objects.yaml', /(\n {4}name: )whoami(\n {4}namespace: default\n)/g, '$1whoareyou$2']],
    near: [
      [
        'objects.yaml',
        '',
        '\n---\napiVersion: v1\nkind: Service\nmetadata: {name: headless, namespace: default}\nspec: {clusterIP: None, ports: [{port: 80}]}\n',
      ],
    ],
    says: /rules for default\/whoami, and no such Service/,
  },
  {
    code: 'endpoint-missing',
    base: iptables,
    raise: [[rules, /^-A KUBE-SVC-DC3OOLRZIWFKJHLB .*KUBE-SEP-RIHWTF2BN6GTMFTP\n/m, '']],
    near: [
      [rules, /^-A KUBE-SVC-DC3OOLRZIWFKJHLB .*KUBE-SEP-RIHWTF2BN6GTMFTP\n/m, ''],
      [rules, /COMMIT\n(?![^]*COMMIT)/, ''],
    ],
    says: /default\/whoami lacks 10\.244\.1\.3:3000/,
  },
  {
    code: 'endpoint-stale',
    base: iptables,
    raise: [[rules, /--to-destination 10\.244\.1\.3:3000/, '--to-destination 10.244.1.99:3000']],
    near: [[rules, /"default\/whoami -> 10\.244\.1\.3:3000"/, '"default/whoami"']],
    says: /leads to 10\.244\.1\.99:3000 \(in no EndpointSlice\)/,
  },
  {
    code: 'affinity-differs',
    base: iptables,
    raise: [[rules, /--rcheck --seconds \d+/g, '--rcheck --seconds 77']],
    near: [[rules, / --mask 255\.255\.255\.255/g, '']],
    says: /for 77 s, the Service asks for/,
  },
  {
    code: 'source-ranges-differ',
    base: iptables,
    raise: [
      [
        rules,
        '-A KUBE-FW-S6GYCJULEJ2HSKT7 -s 203.0.113.128/25',
        '-A KUBE-FW-S6GYCJULEJ2HSKT7 -s 203.0.113.0/24',
      ],
    ],
    // A range that holds the node gets the address of the load balancer itself as well.
    near: [
      [
        rules,
        /^(-A KUBE-FW-S6GYCJULEJ2HSKT7 -s) 203\.0\.113\.128\/25(.*\n)/m,
        '$1 203.0.113.128/25$2$1 203.0.113.10/32$2',
      ],
    ],
    says: /lets 198\.51\.100\.0\/24 and 203\.0\.113\.0\/24 through/,
  },
  {
    code: 'dropped-by-other-rules',
    base: iptables,
    raise: [
      [
        rules,
        /^-A FORWARD -m comment --comment "kubernetes forwarding rules".*\n/m,
        '-A FORWARD -p tcp -m tcp --dport 8080 -j DROP\n',
      ],
    ],
    near: [
      [
        rules,
        /^-A FORWARD -m comment --comment "kubernetes forwarding rules".*\n/m,
        '-A FORWARD -p tcp -m tcp --dport 8080 -m time --timestart 01:00:00 -j DROP\n',
      ],
    ],
    says: /which is not of kube-proxy/,
  },
  {
    code: 'node-port-on-localhost-in-use',
    base: iptables,
    raise: [
      [
        rules,
        '-A KUBE-NODEPORTS -d 127.0.0.0/8 -p tcp -m comment --comment "default/web:http"',
        '[3:180] -A KUBE-NODEPORTS -d 127.0.0.0/8 -p tcp -m comment --comment "default/web:http"',
      ],
    ],
    near: [
      [
        rules,
        '-A KUBE-NODEPORTS -p tcp -m comment --comment "default/web:http"',
        '[3:180] -A KUBE-NODEPORTS -p tcp -m comment --comment "default/web:http"',
      ],
    ],
    says: /NodePort 30089 was reached on 127\.0\.0\.1 \(3 connections\)/,
  },
  {
    code: 'relies-on-kube-proxy-rules',
    base: iptables,
    raise: [
      [
        rules,
        /^-A POSTROUTING/m,
        '-A PREROUTING -j MINE\n-A MINE -j KUBE-MARK-MASQ\n-A POSTROUTING',
      ],
    ],
    near: [
      [
        rules,
        /^-A POSTROUTING/m,
        '-A PREROUTING -j MINE\n-A MINE -j MARK --set-xmark 0x1/0x1\n-A POSTROUTING',
      ],
    ],
    says: /MINE leads to KUBE-MARK-MASQ/,
  },
  {
    code: 'node-ports-on-all-addresses',
    base: iptables,
    raise: [
      [
        'ip-addr.txt',
        '    inet 192.168.77.10/24',
        '    inet 198.51.100.7/24 scope global eth0\n    inet 192.168.77.10/24',
      ],
    ],
    near: [
      [
        rules,
        '-m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
        '-d 192.168.77.10/32 -j KUBE-NODEPORTS',
      ],
    ],
    says: /takes them on the node's primary address alone/,
  },
  {
    code: 'host-port-stale',
    base: iptables,
    raise: [
      [
        rules,
        '-A KUBE-MARK-MASQ ',
        '-A CNI-DN-0123456789abcdef01234 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.244.0.250:80\n-A KUBE-MARK-MASQ ',
      ],
    ],
    near: [
      [
        rules,
        '-A KUBE-MARK-MASQ ',
        '-A CNI-DN-0123456789abcdef01234 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.244.0.2:80\n-A KUBE-MARK-MASQ ',
      ],
    ],
    says: /leads to 10\.244\.0\.250:80, and no Pod has that address/,
  },
  {
    code: 'endpoint-missing',
    base: nftables,
    raise: [
      [
        listing,
        'mod 3 map { 0 : 10.244.0.3 . 3000, 1 : 10.244.0.4 . 3000, 2 : 10.244.1.3 . 3000 }',
        'mod 2 map { 0 : 10.244.0.3 . 3000, 1 : 10.244.0.4 . 3000 }',
      ],
    ],
    near: [
      [
        listing,
        '{ 0 : 10.244.0.3 . 3000, 1 : 10.244.0.4 . 3000, 2 : 10.244.1.3 . 3000 }',
        '{ 0 : 10.244.1.3 . 3000, 1 : 10.244.0.4 . 3000, 2 : 10.244.0.3 . 3000 }',
      ],
    ],
    says: /default\/whoami lacks 10\.244\.1\.3:3000/,
  },
  {
    code: 'endpoint-stale',
    base: nftables,
    raise: [[listing, '2 : 10.244.1.3 . 3000 }', '2 : 10.244.1.99 . 3000 }']],
    near: [[listing, '2 : 10.244.1.3 . 3000 }', '2 : 10.244.1.3 . 3000 } comment "mine"']],
    says: /leads to 10\.244\.1\.99:3000/,
  },
  {
    code: 'service-not-programmed',
    base: nftables,
    raise: [[listing, /^\s+10\.99\.205\.136 \. tcp \. 3000 : goto service-.*\n/m, '']],
    // Of a listing that is cut off nobody knows what it lacks.
    near: [
      [listing, /^\s+10\.99\.205\.136 \. tcp \. 3000 : goto service-.*\n/m, ''],
      [listing, /\tchain service-LX3JQ64U-[^]*$/, ''],
    ],
    says: /rule for Service default\/whoami/,
  },
];
