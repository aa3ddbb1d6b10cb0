import { aloneSuite, type Alone } from './alone';
import { rules, type Edit } from './cases/case';
import { healthy, ofIpv6 } from './cases/small';

const without = (line: string): Edit => [rules, `${line}\n`, ''];
const before = (line: string, more: string): Edit => [rules, line, `${more}\n${line}`];
const masquerade = '-A KUBE-POSTROUTING -j MASQUERADE --random-fully';
const hook = '-A PREROUTING -j KUBE-SERVICES';
const service = '-A KUBE-SERVICES -d 10.99';
const input = '-A INPUT -j KUBE-FIREWALL';
const half = '--probability 0.50000000000';
/** The table nat ends in the middle: what is missing may stand there. */
const cut: Edit = [rules, /COMMIT\n$/, ''];
const unread = (chain: string) => `-A ${chain} --no-such-option 7 -j ACCEPT`;
const awsRestore =
  '-A PREROUTING -i eni+ -m comment --comment "AWS, primary ENI" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80';
const awsRaise: readonly Edit[] = [[rules, 'COMMIT\n*filter', `${awsRestore}\nCOMMIT\n*filter`]];
const ipRule = (rule: string): Edit => ['ip-rule.txt', '32766:', `${rule}\n32766:`];
const localnet: readonly Edit[] = [
  ['sysctl.txt', '', 'net.ipv4.conf.all.route_localnet = 1\n'],
  [rules, /^-A KUBE-FIREWALL .*\n/m, ''],
];
const localnetOff: Edit = ['sysctl.txt', '', 'net.ipv4.conf.all.route_localnet = 0\n'];
const hosted = (more: string) =>
  `-A PREROUTING -j CNI-HOSTPORT-DNAT\n-A CNI-HOSTPORT-DNAT ${more} -j CNI-DN-0123456789abcdef`;

const cases: readonly Alone[] = [
  {
    code: 'services-not-reached',
    when: 'nothing leads there from PREROUTING',
    raise: [without(hook)],
    but: {
      'over two chains of others': [
        before(service, '-A PREROUTING -j a\n-A a -j b\n-A b -g KUBE-SERVICES'),
      ],
      'PREROUTING is not declared': [
        without(':PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]'),
      ],
      'the table is not whole': [cut],
    },
  },
  {
    code: 'mark-without-masquerade',
    when: 'KUBE-POSTROUTING has no rule that masquerades',
    raise: [without(masquerade)],
    but: {
      'SNAT does it': [before(service, '-A KUBE-POSTROUTING -j SNAT --to-source 10.0.0.1')],
      'the chain that marks is not there': [
        without(':KUBE-MARK-MASQ - [0:0]'),
        without('-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000'),
      ],
      'no Service is there': [[rules, /^-A KUBE-SERVICES .*\n/gm, '']],
      'the table is not whole': [cut],
    },
  },
  {
    code: 'mark-without-masquerade',
    when: 'POSTROUTING does not lead there',
    raise: [without('-A POSTROUTING -j KUBE-POSTROUTING')],
    but: {
      'POSTROUTING masquerades itself': [before(service, '-A POSTROUTING -j MASQUERADE')],
      'the table is not whole': [cut],
    },
  },
  {
    code: 'mark-without-masquerade',
    when: 'it asks for another bit than is set',
    raise: [[rules, '! --mark 0x4000/0x4000', '! --mark 0x8000/0x8000']],
    but: {
      'one of its rules asks for the bit': [
        before(masquerade, '-A KUBE-POSTROUTING -m mark --mark 0x4000/0x4000 -j LOG'),
      ],
      'it asks for more bits, the one among them': [
        [rules, '! --mark 0x8000/0x8000', '! --mark 0x8000/0xc000'],
      ],
    },
  },
  {
    code: 'mark-not-cleared',
    when: 'no rule takes the mark away',
    raise: [without('-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0')],
    but: {
      'a rule that could not be read may clear it': [
        before(masquerade, unread('KUBE-POSTROUTING')),
      ],
      'another chain may clear it': [before(masquerade, '-A KUBE-POSTROUTING -j elsewhere')],
      'only what a set holds is masqueraded': [
        [rules, masquerade, '-A KUBE-POSTROUTING -m set --match-set S dst -j MASQUERADE'],
      ],
      'the table is not whole': [cut],
    },
  },
  {
    code: 'mark-not-cleared',
    when: 'a rule takes another mark away',
    raise: [
      [
        rules,
        'KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0',
        'KUBE-POSTROUTING -j MARK --set-xmark 0x8000/0x0',
      ],
    ],
  },
  {
    code: 'kubelet-firewall-drops-all',
    when: 'a rule drops all',
    raise: [before(input, '-A KUBE-FIREWALL -j DROP')],
    but: {
      'it asks for something': [[rules, 'KUBE-FIREWALL -j DROP', 'KUBE-FIREWALL -p tcp -j DROP']],
      'it drops nothing': [[rules, 'KUBE-FIREWALL -j DROP', 'KUBE-FIREWALL -j LOG']],
      'not all of it could be read': [
        [rules, 'KUBE-FIREWALL -j DROP', 'KUBE-FIREWALL --no-such-option 7 -j DROP'],
      ],
    },
  },
  {
    code: 'service-rule-without-port',
    when: 'a rule to a Service without a port',
    raise: [[rules, '-m tcp --dport 3000 -j KUBE-SVC', '-m tcp -j KUBE-SVC']],
    but: {
      'it asks for a source port': [[rules, '-m tcp -j KUBE-SVC', '-m tcp --sport 5 -j KUBE-SVC']],
      'what it asks is not modelled': [
        [rules, '-m tcp -j KUBE-SVC', '-m tcp --tcp-option 8 -j KUBE-SVC'],
      ],
      'it asks by a match of another kind': [
        [rules, '-m tcp -j KUBE-SVC', '-m bpf --bytecode "4,48" -j KUBE-SVC'],
      ],
      'it leads to no Service': [[rules, '-m tcp -j KUBE-SVC-DC3OOLRZIWFKJHLB', '-m tcp -j MINE']],
      'it leads nowhere': [[rules, '-m tcp -j KUBE-SVC-DC3OOLRZIWFKJHLB', '-m tcp']],
      'it is no rule of kube-proxy': [
        [rules, ' -m comment --comment "default/whoami cluster IP"', ''],
      ],
      'it asks for no protocol': [
        [
          rules,
          '-p tcp -m comment --comment "default/whoami cluster IP" -m tcp ',
          '-m comment --comment "default/whoami cluster IP" ',
        ],
      ],
    },
  },
  {
    code: 'hairpin-not-masqueraded',
    when: 'no rule marks what the endpoint sends',
    raise: [[rules, /^-A KUBE-SEP-U6DOR6RBN2GGPJH6 -s .*\n/m, '']],
    but: {
      'all is marked there': [
        before('-A KUBE-SEP-U6DOR6RBN2GGPJH6 -p', '-A KUBE-SEP-U6DOR6RBN2GGPJH6 -j KUBE-MARK-MASQ'),
      ],
      'a rule that could not be read may mark': [
        before('-A KUBE-SEP-U6DOR6RBN2GGPJH6 -p', unread('KUBE-SEP-U6DOR6RBN2GGPJH6')),
      ],
    },
  },
  {
    code: 'hairpin-not-masqueraded',
    when: 'a rule marks what another address sends',
    raise: [[rules, 'U6DOR6RBN2GGPJH6 -s 10.244.0.3/32', 'U6DOR6RBN2GGPJH6 -s 10.244.0.33/32']],
  },
  {
    code: 'uneven-shares',
    when: 'one gets more than the other',
    raise: [[rules, half, '--probability 0.60000000000']],
    but: {
      'by less than a tenth': [[rules, '0.60000000000', '0.52000000000']],
      'one of the two has no share': [
        [rules, '-A KUBE-SVC-DC3OOLRZIWFKJHLB -j', '-A KUBE-SVC-DC3OOLRZIWFKJHLB -s 10.0.0.1 -j'],
      ],
    },
  },
  {
    code: 'duplicate-jump',
    when: 'the same rule twice',
    raise: [before(hook, hook)],
    but: {
      'one asks for more': [[rules, hook, `${hook.replace(' -j', ' -i eth0 -j')}`]],
      'they lead elsewhere': [
        [rules, `${hook}\n${hook}`, `${hook}\n-A PREROUTING -j a\n-A PREROUTING -j a`],
      ],
    },
  },
  {
    code: 'masquerade-bit-set-by-others',
    when: 'another program sets the bit',
    raise: [before(hook, '-A PREROUTING -i tun0 -j MARK --set-xmark 0x4000/0x4000')],
    but: {
      'it clears the bit': [
        [rules, 'tun0 -j MARK --set-xmark 0x4000', 'tun0 -j MARK --set-xmark 0x0'],
      ],
      'it sets the bit of the kubelet that drops': [
        [rules, 'tun0 -j MARK --set-xmark 0x4000/0x4000', 'tun0 -j MARK --set-xmark 0x8000/0x8000'],
        [rules, ':KUBE-MARK-MASQ', ':KUBE-MARK-DROP - [0:0]\n$&'],
        before('-A KUBE-MARK-MASQ', '-A KUBE-MARK-DROP -j MARK --set-xmark 0x8000/0x8000'),
      ],
      'it marks the connection': [
        [
          rules,
          'tun0 -j MARK --set-xmark 0x4000/0x4000',
          'tun0 -j CONNMARK --set-xmark 0x4000/0x4000',
        ],
      ],
      'host ports of old releases use it on purpose': [
        [rules, '-A PREROUTING -i tun0 -j', '-A CNI-HOSTPORT-SETMARK -j'],
      ],
    },
  },
  {
    code: 'masquerade-of-two-releases',
    when: 'both forms of the rule',
    raise: [
      before(
        '-A KUBE-POSTROUTING -m mark !',
        '-A KUBE-POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE',
      ),
    ],
    but: {
      'only one of them masquerades': [without(masquerade)],
      'one is for what a set holds': [
        [
          rules,
          '-m mark --mark 0x4000/0x4000 -j MASQUERADE',
          '-m set --match-set S dst -m mark --mark 0x4000/0x4000 -j MASQUERADE',
        ],
      ],
    },
  },
  {
    code: 'localhost-open-to-neighbours',
    when: 'route_localnet without a rule that drops',
    raise: localnet,
    but: {
      'the policy drops': [[rules, ':INPUT ACCEPT', ':INPUT DROP']],
      'another chain drops': [before(input, '-A FORWARD -d 127.0.0.0/8 -j REJECT')],
      'route_localnet is 0': [['sysctl.txt', '= 1', '= 0']],
      'INPUT is not declared': [without(':INPUT ACCEPT [0:0]')],
    },
  },
  ...[':INPUT DROP [0:0]\n', ':INPUT ACCEPT [0:0]\n-A INPUT -d ::1/128 -j DROP\n'].map(
    (filter): Alone => ({
      code: 'localhost-open-to-neighbours',
      when: `whatever the rules of IPv6 do: ${filter.trim().replaceAll('\n', ', ')}`,
      raise: [...localnet, ['ip6tables-save.txt', '', `*filter\n${filter}COMMIT\n`]],
    }),
  ),
  {
    code: 'localhost-open-to-neighbours',
    when: 'with a rule that drops what goes anywhere else',
    raise: [...localnet, before(input, '-A INPUT ! -d 127.0.0.0/8 -j DROP')],
  },
  {
    code: 'localhost-open-to-neighbours',
    when: 'with a rule that accepts it',
    raise: [...localnet, before(input, '-A INPUT -d 127.0.0.0/8 -j ACCEPT')],
  },
  {
    code: 'localhost-open-to-neighbours',
    when: 'with a rule that only counts it',
    raise: [...localnet, before(input, '-A INPUT -d 127.0.0.0/8')],
  },
  {
    code: 'no-local-endpoint',
    when: 'the chain of policy Local says so (up to 1.23)',
    raise: [
      [rules, ':KUBE-SVC', ':KUBE-XLB-DC3OOLRZIWFKJHLB - [0:0]\n$&'],
      before(
        service,
        '-A KUBE-XLB-DC3OOLRZIWFKJHLB -m comment --comment "default/whoami has no local endpoints" -j KUBE-MARK-DROP',
      ),
    ],
    but: {
      'it says something else': [[rules, 'no local endpoints', 'no endpoints']],
      'it says more': [[rules, 'no local endpoints"', 'no local endpoints now"']],
      'it is a chain of others': [[rules, /KUBE-XLB-DC3OOLRZIWFKJHLB/g, 'MINE']],
    },
  },
  {
    code: 'invalid-packets-pass',
    when: 'nothing drops INVALID',
    raise: [without('-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP')],
    but: {
      'conntrack is liberal': [
        ['sysctl.txt', '', 'net.netfilter.nf_conntrack_tcp_be_liberal = 1\n'],
      ],
      'nothing is accepted': [
        [rules, '-A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT', ''],
      ],
      'a rule that could not be read may drop them': [before(input, unread('KUBE-FORWARD'))],
      'the chain is not declared': [without(':KUBE-FORWARD - [0:0]')],
    },
  },
  {
    code: 'invalid-packets-pass',
    when: 'what is not INVALID is dropped',
    raise: [[rules, '--ctstate INVALID -j DROP', '! --ctstate INVALID -j DROP']],
  },
  {
    code: 'host-port-hides-node-port',
    when: 'behind a jump to another chain',
    raise: [before(hook, `-A PREROUTING -j mine\n${hosted('-p tcp -m tcp --dport 30089')}`)],
  },
  {
    code: 'host-port-hides-node-port',
    when: 'a host port before the Services',
    raise: [before(hook, hosted('-p tcp -m tcp --dport 30089'))],
    but: {
      'it is for one address': [
        [rules, 'DNAT -p tcp -m tcp --dport 30089', 'DNAT -d 10.0.0.1 -p tcp -m tcp --dport 30089'],
      ],
      'it is of another protocol': [
        [rules, 'DNAT -p tcp -m tcp --dport 30089', 'DNAT -p udp -m udp --dport 30089'],
      ],
      'it is for all ports but this one': [
        [rules, 'DNAT -p tcp -m tcp --dport 30089', 'DNAT -p tcp -m tcp ! --dport 30089'],
      ],
      'the port stands among those of the source': [
        [rules, 'DNAT -p tcp -m tcp --dport 30089', 'DNAT -p tcp -m multiport --sports 30089'],
      ],
      'the NodePort is one of IPv6': [
        [rules, 'DNAT -p tcp -m tcp --dport 30089', 'DNAT -p tcp -m tcp --dport 30090'],
        ['ip6tables-save.txt', '', ofIpv6(healthy[rules]!.replace('30089', '30090'))],
      ],
      'it is asked after the Services': [
        [rules, `-A PREROUTING -j CNI-HOSTPORT-DNAT\n`, ''],
        [rules, hook, `${hook}\n-A PREROUTING -j CNI-HOSTPORT-DNAT`],
      ],
    },
  },
  {
    code: 'local-range-is-wrong',
    when: 'the range holds a ClusterIP',
    raise: [[rules, '! -s 10.244.0.0/16', '! -s 10.96.0.0/12']],
    but: { 'the range holds no ClusterIP': [[rules, '10.96.0.0/12', '10.96.0.0/16']] },
  },
  {
    code: 'rule-never-matches',
    when: 'a wider rule stands before',
    raise: [before(input, '-A INPUT -s 10.0.0.0/8 -j ACCEPT\n-A INPUT -s 10.1.0.0/16 -j DROP')],
    but: {
      'the first is narrower': [[rules, '-s 10.0.0.0/8', '-s 10.1.1.0/24']],
      'the first takes all others': [[rules, '-s 10.0.0.0/8', '! -s 10.0.0.0/8']],
      'the second is for all others': [[rules, '-s 10.1.0.0/16', '! -s 10.1.0.0/16']],
      'they ask for another side': [[rules, '-s 10.0.0.0/8', '-d 10.0.0.0/8']],
      'both ask for the destination, the first for less': [
        [rules, '-s 10.0.0.0/8 -j ACCEPT', '-d 10.1.1.0/24 -j ACCEPT'],
        [rules, '-s 10.1.0.0/16 -j DROP', '-d 10.1.0.0/16 -j DROP'],
      ],
      'the first lets it go on': [[rules, '-s 10.0.0.0/8 -j ACCEPT', '-s 10.0.0.0/8 -j LOG']],
      'the first holds for some packets only': [
        [
          rules,
          '-s 10.0.0.0/8 -j',
          '-s 10.0.0.0/8 -m statistic --mode random --probability 0.5 -j',
        ],
      ],
      'the first could not be read': [
        [rules, '-s 10.0.0.0/8 -j', '-s 10.0.0.0/8 --no-such-option 7 -j'],
      ],
    },
  },
  {
    code: 'rule-never-matches',
    when: 'a wider rule stands before, of destinations',
    raise: [before(input, '-A INPUT -d 10.0.0.0/8 -j ACCEPT\n-A INPUT -d 10.1.0.0/16 -j DROP')],
  },
  {
    code: 'chain-unreferenced',
    when: 'nothing leads to the chain',
    raise: [
      before(input, '-A mine -j ACCEPT'),
      [rules, ':KUBE-FORWARD', ':mine - [0:0]\n:KUBE-FORWARD'],
    ],
    but: {
      'one leads to it by goto': [before(input, '-A INPUT -i eth0 -g mine')],
      'it has no rule': [without('-A mine -j ACCEPT')],
      'it is not declared': [without(':mine - [0:0]')],
    },
  },
  {
    code: 'chain-loop',
    when: 'a chain leads to itself, in an excerpt, too',
    raise: [before(input, '-A mine -j mine'), cut],
    but: { 'it leads to another one': [[rules, '-A mine -j mine', '-A mine -j KUBE-FORWARD']] },
  },
  {
    code: 'service-chain-empty',
    when: 'a chain of an endpoint that the last rule leads to',
    raise: [[rules, /^-A KUBE-SEP-AJHR67BPPEH4YV3Z .*\n/gm, '']],
    but: {
      'nothing leads there': [without('-A KUBE-SVC-DC3OOLRZIWFKJHLB -j KUBE-SEP-AJHR67BPPEH4YV3Z')],
      'it is not declared': [without(':KUBE-SEP-AJHR67BPPEH4YV3Z - [0:0]')],
      'the table is not whole': [cut],
      'it is no chain of a Service': [[rules, /KUBE-SEP-AJHR67BPPEH4YV3Z/g, 'MINE']],
    },
  },
  {
    code: 'node-ports-not-on-localhost',
    when: 'route_localnet is 0',
    raise: [localnetOff],
    but: {
      'it is 1 for a device': [['sysctl.txt', '', 'net.ipv4.conf.eth0.route_localnet = 1\n']],
      'NodePorts answer elsewhere alone': [
        [
          rules,
          '-m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
          '-d 192.168.77.10/32 -j KUBE-NODEPORTS',
        ],
      ],
      'the rules leave 127.0.0.0/8 out': [
        [rules, 'KUBE-SERVICES -m addrtype', 'KUBE-SERVICES ! -d 127.0.0.0/8 -m addrtype'],
      ],
      'no rule asks for NodePorts': [
        without('-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS'),
      ],
      'there is no NodePort': [[rules, /^-A KUBE-NODEPORTS .*\n/m, '']],
    },
  },
  {
    code: 'node-ports-not-on-localhost',
    when: 'route_localnet is 0, and NodePorts are to answer at 127.0.0.1',
    raise: [
      localnetOff,
      [
        rules,
        '-m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
        '-d 127.0.0.1/32 -j KUBE-NODEPORTS',
      ],
    ],
  },
  {
    code: 'firewalld-clears-rules',
    when: 'a chain of a direct rule',
    raise: [[rules, ':KUBE-FORWARD', ':FORWARD_direct - [0:0]\n:KUBE-FORWARD']],
  },
  {
    code: 'aws-answers-leave-elsewhere',
    when: 'the mark is restored, and nobody asks for it',
    raise: awsRaise,
    but: {
      'a routing rule asks for it': [ipRule('1024:\tfrom all fwmark 0x80/0x80 lookup main')],
      'it is not of AWS': [[rules, '"AWS, primary ENI"', '"mine"']],
      'the rules of routing are not whole': [['ip-rule.txt', /^32766:.*\n/m, '']],
    },
  },
  ...[
    'fwmark 0x80/0x80 lookup 100',
    'fwmark 0x40/0x80 lookup main',
    'fwmark 0x80/0xff lookup main',
    'to 10.0.0.0/8 fwmark 0x80/0x80 lookup main',
    'from 10.0.0.0/8 fwmark 0x80/0x80 lookup main',
  ].map((rule) => ({
    code: 'aws-answers-leave-elsewhere',
    when: `a routing rule asks for something else: ${rule}`,
    raise: [...awsRaise, ipRule(`1024:\t${rule.startsWith('from') ? '' : 'from all '}${rule}`)],
  })),
];

aloneSuite('rules', healthy, cases);
