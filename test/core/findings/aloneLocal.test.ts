import { aloneSuite } from './alone';
import { edited, rules, type Edit } from './cases/case';
import { routed } from './cases/small';
import type { Files } from './checkText';

const own = 'DC3OOLRZIWFKJHLB';
const [first, second] = ['KUBE-SEP-U6DOR6RBN2GGPJH6', 'KUBE-SEP-AJHR67BPPEH4YV3Z'];

/** The small node, whose Service has externalTrafficPolicy Local (1.24 and later). */
const healthy: Files = edited(routed, [
  ['ip-route.txt', '', '10.244.1.0/24 via 192.168.77.11 dev eth0\n'],
  [rules, ':KUBE-SVC', `:KUBE-EXT-${own} - [0:0]\n:KUBE-SVL-${own} - [0:0]\n$&`],
  [rules, `30089 -j KUBE-SVC-${own}`, `30089 -j KUBE-EXT-${own}`],
  [
    rules,
    `-A KUBE-SVC-${own} !`,
    `-A KUBE-EXT-${own} -s 10.244.0.0/16 -j KUBE-SVC-${own}
-A KUBE-EXT-${own} -j KUBE-SVL-${own}
-A KUBE-SVL-${own} -m statistic --mode random --probability 0.50000000000 -j ${first}
-A KUBE-SVL-${own} -j ${second}
$&`,
  ],
]);
const away: readonly Edit[] = [[rules, /10\.244\.0\.4(?=[/:])/g, '10.244.1.4']];
const route = (text: string): Edit => [
  'ip-route.txt',
  '10.244.1.0/24 via 192.168.77.11 dev eth0',
  text,
];

aloneSuite('policy Local', healthy, [
  {
    code: 'local-endpoint-elsewhere',
    when: 'the route to one endpoint has a next hop, to the other none',
    raise: away,
    but: {
      'the policy is Cluster': [[rules, /^.*KUBE-SVL-.*\n/gm, '']],
      'no dump tells the routes': [['ip-route.txt', /[^]*/, '']],
      'there are several next hops': [
        route(
          '10.244.1.0/24\n\tnexthop via 192.168.77.11 dev eth0 weight 1\n\tnexthop via 192.168.77.12 dev eth0 weight 1',
        ),
      ],
      'it is reached without one': [route('10.244.1.0/24 dev cni0')],
      'nothing reaches it': [route('unreachable 10.244.1.0/24')],
      'no route leads there': [
        route('10.245.1.0/24 dev cni0'),
        ['ip-route.txt', /^default .*\n/m, ''],
      ],
      'all are reached over one: so may be the Pods of the node': [
        [
          'ip-route.txt',
          /^10\.244\.0\.0\/24 dev cni0/m,
          '10.244.0.0/24 via 192.168.77.12 dev eth0',
        ],
      ],
      'the next hop is an address of the node': [route('10.244.1.0/24 via 10.244.0.1 dev cni0')],
      'objects are at hand: another finding compares with them': [
        [
          'objects.yaml',
          '',
          'apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: b}\nspec: {ports: []}\n',
        ],
      ],
    },
  },
]);
