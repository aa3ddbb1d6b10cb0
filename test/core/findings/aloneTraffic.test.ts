import { aloneSuite, type Alone } from './alone';
import { rules, type Edit } from './cases/case';
import { routed } from './cases/small';

const first = (chain: string, rule: string): Edit => [
  rules,
  new RegExp(`^-A ${chain} `, 'm'),
  `-A ${chain} ${rule}\n$&`,
];
const toPods = '-p tcp -m tcp --dport 3000';
const inMangle = (rule: string): Edit => [rules, 'COMMIT\n*filter', `${rule}\nCOMMIT\n*filter`];
const dnat = (more: string, to = '10.0.0.9:80') =>
  first('PREROUTING', `-p tcp -m tcp --dport 30089 ${more}-j DNAT --to-destination ${to}`);

const cases: readonly Alone[] = [
  ...['DROP', 'REJECT --reject-with icmp-port-unreachable'].map((target) => ({
    code: 'dropped-by-other-rules',
    when: `a rule of FORWARD to ${target}`,
    raise: [first('FORWARD', `${toPods} -j ${target}`)],
    but: {
      'it asks for another port': [[rules, '--dport 3000 -j', '--dport 3001 -j']] as const,
      'it asks for one of two endpoints': [
        [rules, '--dport 3000 -j', '--dport 3000 -d 10.244.0.3/32 -j'],
      ] as const,
      'it may not match': [
        [rules, '--dport 3000 -j', '--dport 3000 -m time --timestart 01:00:00 -j'],
      ] as const,
      'it is one of kube-proxy': [[rules, '-A FORWARD -p', '-A KUBE-FORWARD -p']] as const,
      'the Service has no endpoint': [[rules, /^-A KUBE-SEP-.* -j DNAT .*\n/gm, '']] as const,
      'the rule before it accepts': [first('FORWARD', '-p tcp -j ACCEPT')],
    },
  })),
  {
    code: 'dropped-by-other-rules',
    when: 'the policy of FORWARD',
    raise: [[rules, ':FORWARD ACCEPT', ':FORWARD DROP']],
    but: {
      'a rule of others accepts': [first('FORWARD', `${toPods} -j ACCEPT`)],
      'KUBE-FORWARD accepts': [first('KUBE-FORWARD', `${toPods} -j ACCEPT`)],
      'no device tells where a client comes in': [['ip-route.txt', /^default .*\n/m, '']],
    },
  },
  {
    code: 'dropped-by-other-rules',
    when: 'the policy of OUTPUT, for what the node sends itself',
    raise: [[rules, /(\*filter\n[^*]*:OUTPUT )ACCEPT/, '$1DROP']],
    but: { 'a rule of OUTPUT accepts': [[rules, '-A FORWARD', '-A OUTPUT -j ACCEPT\n-A FORWARD']] },
  },
  {
    code: 'dropped-by-other-rules',
    when: 'a rule before the Services, for the node port',
    raise: [inMangle('-A PREROUTING -p tcp -m tcp --dport 30089 -j DROP')],
    but: { 'no node port is there': [[rules, /^-A KUBE-NODEPORTS .*\n/m, '']] },
  },
  {
    code: 'translated-by-other-rules',
    when: 'a rule of PREROUTING for the node port',
    raise: [dnat('')],
    but: {
      'it asks for another port': [[rules, '--dport 30089 -j DNAT', '--dport 30088 -j DNAT']],
      'it is of another protocol': [
        [rules, '-p tcp -m tcp --dport 30089 -j DNAT', '-p udp -m udp --dport 30089 -j DNAT'],
      ],
      'it is for another address': [[rules, '30089 -j DNAT', '30089 -d 10.9.9.9 -j DNAT']],
      'it leads to an endpoint of the Service': [[rules, '10.0.0.9:80', '10.244.0.3:3000']],
      'it stands behind the Services': [
        [rules, /^(-A PREROUTING -p .*\n)(-A PREROUTING .*\n)/m, '$2$1'],
      ],
      'a chain of kube-proxy does it': [[rules, '-A PREROUTING -p', '-A KUBE-SERVICES -p']],
    },
  },
  {
    code: 'translated-by-other-rules',
    when: 'a rule that asks for no port',
    raise: [first('PREROUTING', '-p tcp -j DNAT --to-destination 10.0.0.9:80')],
    but: {
      'it is a host port, of which another finding tells': [
        [
          rules,
          '-A PREROUTING -p tcp -j',
          '-A PREROUTING -j CNI-HOSTPORT-DNAT\n-A CNI-HOSTPORT-DNAT -p tcp -j',
        ],
      ],
    },
  },
  {
    code: 'translated-by-other-rules',
    when: 'a rule that redirects to the node itself, for what the node sends',
    raise: [first('OUTPUT', '-p tcp -m tcp --dport 3000 -j REDIRECT --to-ports 15001')],
    but: {
      'it stands behind the Services': [[rules, /^(-A OUTPUT -p .*\n)(-A OUTPUT .*\n)/m, '$2$1']],
    },
  },
];

aloneSuite('traffic', routed, cases);
