import { iptables, ipvs, rules, type Case } from './case';

export const passedOverCases: readonly Case[] = [
  {
    code: 'service-rules-passed-over',
    base: iptables,
    raise: [
      [
        rules,
        /^-A KUBE-SERVICES .*-j KUBE-SVC-/m,
        '-A KUBE-SERVICES -d 10.96.0.0/12 -j RETURN\n$&',
      ],
    ],
    // Behind the Services' rules, and for some packets of each only.
    near: [
      [
        rules,
        /^-A KUBE-SERVICES .*-j KUBE-NODEPORTS\n/m,
        '-A KUBE-SERVICES -d 10.96.0.0/12 -j RETURN\n$&',
      ],
      [
        rules,
        /^-A KUBE-SERVICES .*-j KUBE-SVC-/m,
        '-A KUBE-SERVICES -s 10.244.0.9/32 -d 10.96.0.0/12 -j RETURN\n$&',
      ],
    ],
    says: /^Rule 1 of nat KUBE-SERVICES \(RETURN\) takes all that \d+ rules .* what goes to shop\/.* and \d+ more\.$/,
    severity: 'warning',
  },
  {
    code: 'service-rules-passed-over',
    base: iptables,
    raise: [[rules, /^-A PREROUTING .*-j KUBE-SERVICES\n/m, '-A PREROUTING -p tcp -j ACCEPT\n$&']],
    near: [
      [
        rules,
        /^-A PREROUTING .*-j KUBE-SERVICES\n/m,
        '-A PREROUTING -p tcp -j LOG\n-A PREROUTING -i tun0 -j ACCEPT\n$&-A PREROUTING -p tcp -j ACCEPT\n',
      ],
    ],
    says: /^Rule 1 of nat PREROUTING \(ACCEPT\) takes all/,
  },
  {
    code: 'service-rules-passed-over',
    base: ipvs,
    raise: [[rules, /^-A KUBE-SERVICES /m, '-A KUBE-SERVICES -j RETURN\n$&']],
    near: [[rules, /^-A KUBE-SERVICES /m, '-A KUBE-SERVICES -s 127.0.0.0/8 -j RETURN\n$&']],
    says: /takes all that \d+ rules of KUBE-SERVICES ask for, which never see what goes to Services\.$/,
  },
];
