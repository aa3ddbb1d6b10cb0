import { iptables, rules, type Case } from './case';

export const shareCases: readonly Case[] = [
  {
    code: 'uneven-shares',
    base: iptables,
    raise: [
      [
        rules,
        '--probability 0.33333333349 -j KUBE-SEP-U6DOR6RBN2GGPJH6',
        '--probability 0.50000000000 -j KUBE-SEP-U6DOR6RBN2GGPJH6',
      ],
    ],
    // As releases before 1.17 print a third.
    near: [
      [
        rules,
        '--probability 0.33333333349 -j KUBE-SEP-U6DOR6RBN2GGPJH6',
        '--probability 0.33332999982 -j KUBE-SEP-U6DOR6RBN2GGPJH6',
      ],
    ],
    says: /10\.244\.0\.3:3000 gets 50 % of the connections/,
  },
  {
    code: 'uneven-shares',
    base: iptables,
    raise: [[rules, /^-A KUBE-SVC-DC3OOLRZIWFKJHLB .*KUBE-SEP-RIHWTF2BN6GTMFTP\n/m, '']],
    // The rest of the table is not at hand.
    near: [[rules, /^-A KUBE-SVC-DC3OOLRZIWFKJHLB .*KUBE-SEP-RIHWTF2BN6GTMFTP\n[^]*/m, '']],
    says: /default\/whoami: no rule takes 33\.3 % of the connections/,
  },
];
