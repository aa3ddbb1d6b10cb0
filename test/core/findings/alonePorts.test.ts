import { aloneSuite, type Alone } from './alone';
import { edited, rules } from './cases/case';
import { clusterIpMark, routed, server, smallIpvs } from './cases/small';
import type { Files } from './checkText';

const jump = '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS\n';

const ports: readonly Alone[] = [
  {
    code: 'node-ports-not-asked',
    when: 'no rule of KUBE-SERVICES leads there',
    raise: [[rules, jump, '']],
    but: {
      'no rule leads to a Service: another mode is in force': [
        [rules, /^-A KUBE-SERVICES -d .*\n/m, ''],
      ],
      'KUBE-NODEPORTS has no rule': [[rules, /^-A KUBE-NODEPORTS .*\n/gm, '']],
      'KUBE-NODEPORTS is not there': [[rules, /^(?::|-A )KUBE-NODEPORTS .*\n/gm, '']],
      'a rule could not be read': [
        [rules, '-A KUBE-SERVICES -d', '-A KUBE-SERVICES --no-such-option 7 -j RETURN\n$&'],
      ],
      'the table is not whole': [[rules, /COMMIT\n$/, '']],
      'the chain is not declared': [[rules, ':KUBE-SERVICES - [0:0]\n', '']],
    },
  },
];

aloneSuite('node ports', routed, ports);

const local = '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT\n';
const [first, second] = ['10.96.0.1:443', '10.96.0.2:80'].map((at) =>
  server(at, '10.244.0.3:8080'),
);
const all = smallIpvs(`${first}${second}`, `-A KUBE-SERVICES ${clusterIpMark}\n${local}`);
const { [rules]: saved = '', 'ip-addr.txt': addresses = '', 'ipvsadm-Ln.txt': rows = '' } = all;
const ipvs = { [rules]: saved, 'ip-addr.txt': addresses, 'ipvsadm-Ln.txt': rows };
/** What `ip addr show kube-ipvs0` prints: of the other devices nothing is known. */
const device: Files = edited(ipvs, [['ip-addr.txt', /^[^]*?(?=^4: kube-ipvs0)/m, '']]);
const gone = ['ip-addr.txt', /^ {4}inet 10\.96\.0\.2.*\n/m, ''] as const;

aloneSuite('kube-ipvs0 alone', device, [
  {
    code: 'virtual-server-without-address',
    when: 'it does not hold one',
    raise: [gone],
    but: {
      'it may be one of the node: its port is a NodePort': [
        ['ipvsadm-Ln.txt', '10.96.0.2:80', '10.96.0.2:30080'],
      ],
      'it holds none of that family': [['ipvsadm-Ln.txt', '10.96.0.2:80', '[fd00::2]:80']],
      'the device is another': [['ip-addr.txt', '4: kube-ipvs0', '4: dummy0']],
    },
  },
]);
