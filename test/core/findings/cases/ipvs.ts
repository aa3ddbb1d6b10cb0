import { ipvs, rules, type Case } from './case';

export const ipvsCases: readonly Case[] = [
  {
    code: 'cluster-ip-not-masqueraded',
    base: ipvs,
    raise: [[rules, /^-A KUBE-SERVICES ! -s .*KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ\n/m, '']],
    near: [
      [
        rules,
        /-A KUBE-SERVICES ! -s \S+ (.*KUBE-CLUSTER-IP) dst,dst -j KUBE-MARK-MASQ/,
        '-A KUBE-SERVICES $1 src,dst -j KUBE-MARK-MASQ',
      ],
    ],
    says: /no answer from ClusterIPs: no rule masquerades/,
  },
  {
    code: 'node-address-on-kube-ipvs0',
    base: ipvs,
    raise: [
      [
        'ip-addr.txt',
        '    inet 10.106.189.242/32 scope global kube-ipvs0',
        '    inet 192.168.77.11/32 scope global kube-ipvs0\n    inet 10.106.189.242/32 scope global kube-ipvs0',
      ],
    ],
    near: [
      [
        'ip-addr.txt',
        '    inet 10.106.189.242/32 scope global kube-ipvs0',
        '    inet 192.168.77.12/32 scope global kube-ipvs0\n    inet 10.106.189.242/32 scope global kube-ipvs0',
      ],
    ],
    says: /an address of node node-b/,
  },
  {
    code: 'external-ip-is-node-address',
    base: ipvs,
    raise: [['objects.yaml', /(\n {4}clusterIPs:\n)/, '\n    externalIPs:\n    - 192.168.77.11$1']],
    near: [['objects.yaml', /(\n {4}clusterIPs:\n)/, '\n    externalIPs:\n    - 192.168.77.12$1']],
    says: /asks for 192\.168\.77\.11, an address of node node-b/,
  },
  {
    code: 'node-port-of-any-address',
    base: ipvs,
    raise: [
      [
        rules,
        '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT',
        '-A KUBE-SERVICES -m set --match-set KUBE-NODE-PORT-TCP dst -j KUBE-NODE-PORT',
      ],
    ],
    near: [
      [
        rules,
        '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT',
        '-A KUBE-SERVICES -d 192.168.77.10/32 -j KUBE-NODE-PORT',
      ],
    ],
    says: /does not ask for --dst-type LOCAL/,
  },
  {
    code: 'virtual-server-without-address',
    base: ipvs,
    raise: [
      ['ip-addr.txt', /    inet 10\.106\.189\.242\/32 .*\n.*\n/, ''],
      ['ip-route.txt', /^local 10\.106\.189\.242 .*\n/m, ''],
    ],
    // `ip addr show dev eth0` says nothing of kube-ipvs0.
    near: [['ip-addr.txt', /^\d+: kube-ipvs0:[^]*?(?=^\d+: |$(?![^]))/m, '']],
    says: /No device of the node holds 10\.106\.189\.242 \([a-z-]+\/[a-z-]+:[a-z]+\):/,
  },
  {
    code: 'virtual-server-without-address',
    base: ipvs,
    raise: [
      ['ip-addr.txt', /    inet 10\.106\.189\.242\/32 .*\n.*\n/, ''],
      ['ip-route.txt', /^local 10\.106\.189\.242 .*\n/m, ''],
    ],
    // Its route is local: IPVS sees the packets, as the trace says.
    near: [['ip-addr.txt', /    inet 10\.106\.189\.242\/32 .*\n.*\n/, '']],
    says: /No device of the node holds 10\.106\.189\.242/,
  },
  {
    code: 'address-without-virtual-server',
    base: ipvs,
    raise: [
      [
        'ip-addr.txt',
        '    inet 10.106.189.242/32',
        '    inet 10.96.77.77/32 scope global kube-ipvs0\n    inet 10.106.189.242/32',
      ],
    ],
    near: [
      [
        'ip-addr.txt',
        '    inet 10.106.189.242/32',
        '    inet6 fe80::1/64 scope link\n    inet 10.106.189.242/32',
      ],
    ],
    says: /kube-ipvs0 holds 10\.96\.77\.77/,
  },
  {
    code: 'set-entry-without-virtual-server',
    base: ipvs,
    raise: [
      [
        'ipset-save.txt',
        'add KUBE-CLUSTER-IP 10.98.75.80,tcp:8081',
        'add KUBE-CLUSTER-IP 10.98.75.80,tcp:8081\nadd KUBE-CLUSTER-IP 10.98.75.80,tcp:4711',
      ],
    ],
    near: [
      [
        'ipset-save.txt',
        'add KUBE-CLUSTER-IP 10.98.75.80,tcp:8081',
        'add KUBE-CLUSTER-IP 10.98.75.80,tcp:8081\ncreate MINE hash:ip,port family inet\nadd MINE 10.98.75.80,tcp:4711',
      ],
    ],
    says: /holds 10\.98\.75\.80,tcp:4711/,
  },
  {
    code: 'virtual-server-in-no-set',
    base: ipvs,
    raise: [['ipset-save.txt', 'add KUBE-CLUSTER-IP 10.98.75.80,tcp:8081\n', '']],
    near: [['ipset-save.txt', /^(create|add) KUBE-.*\n/gm, '']],
    says: /No set of kube-proxy holds 10\.98\.75\.80:8081\/tcp/,
  },
  {
    code: 'virtual-server-in-no-set',
    base: ipvs,
    raise: [['ipset-save.txt', 'add KUBE-CLUSTER-IP 10.98.75.80,tcp:8081\n', '']],
    // What kube-ipvs0 has lost is in its set all the same.
    near: [['ip-addr.txt', /^ +inet 10\.98\.75\.80\/32 .*\n/m, '']],
    says: /No set of kube-proxy holds 10\.98\.75\.80:8081\/tcp/,
  },
  {
    code: 'virtual-server-drained',
    base: ipvs,
    raise: [['ipvsadm-Ln.txt', /(TCP {2}192\.168\.77\.10:31081 rr\n.*Masq {4})1/, '$10']],
    near: [['ipvsadm-Ln.txt', /(TCP {2}192\.168\.77\.10:30089 rr\n.*Masq {4})1/, '$10']],
    says: /all of weight 0/,
  },
  {
    code: 'real-server-drained',
    base: ipvs,
    raise: [['ipvsadm-Ln.txt', /(TCP {2}192\.168\.77\.10:30089 rr\n.*Masq {4})1/, '$10']],
    near: [['ipvsadm-Ln.txt', /(TCP {2}192\.168\.77\.10:30089 rr\n.*Masq {4})1/, '$12']],
    says: /10\.244\.0\.2:8080 of 192\.168\.77\.10:30089\/tcp has weight 0/,
  },
  {
    code: 'dropped-by-other-rules',
    base: ipvs,
    raise: [[rules, ':INPUT ACCEPT', ':INPUT DROP']],
    near: [[rules, ':FORWARD ACCEPT', ':FORWARD DROP']],
    says: /does not reach .*which is not of kube-proxy/,
  },
  {
    code: 'host-ports-on-service-addresses',
    base: ipvs,
    raise: [[rules, /^-A INPUT .*-j KUBE-IPVS-FILTER\n/m, '']],
    near: [
      [rules, /^-A INPUT .*-j KUBE-IPVS-FILTER\n/m, ''],
      [rules, ':INPUT ACCEPT', ':INPUT DROP'],
    ],
    says: /ssh and the kubelet answer on every ClusterIP/,
  },
  {
    code: 'loop-back-not-masqueraded',
    base: ipvs,
    raise: [[rules, /^-A KUBE-POSTROUTING .*KUBE-LOOP-BACK dst,dst,src -j MASQUERADE\n/m, '']],
    // Without the set nobody knows whether it is to be asked.
    near: [
      [rules, /^-A KUBE-POSTROUTING .*KUBE-LOOP-BACK dst,dst,src -j MASQUERADE\n/m, ''],
      ['ipset-save.txt', /^(create|add) KUBE-LOOP-BACK .*\n/gm, ''],
    ],
    says: /No rule of KUBE-POSTROUTING asks KUBE-LOOP-BACK/,
  },
  {
    code: 'virtual-server-without-real-server',
    base: ipvs,
    raise: [['ipvsadm-Ln.txt', /(TCP {2}10\.96\.0\.1:443 rr\n) {2}->.*\n/, '$1']],
    near: [['ipvsadm-Ln.txt', /(TCP {2}10\.96\.0\.1:443 rr\n.*Masq {4})1/, '$10']],
    says: /default\/kubernetes:https has no real server at 10\.96\.0\.1:443\/tcp: /,
  },
];
