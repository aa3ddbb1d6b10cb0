import assert from 'node:assert/strict';
import { aloneSuite, type Alone } from './alone';
import { edited, rules, type Edit } from './cases/case';
import { findingsOf, type Files } from './checkText';

const [servers, sets, addresses] = ['ipvsadm-Ln.txt', 'ipset-save.txt', 'ip-addr.txt'];

/** All that a node of kube-proxy 1.36 in ipvs mode with one Service of two endpoints needs. */
const healthy: Files = {
  [rules]: `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:KUBE-IPVS-FILTER - [0:0]
-A INPUT -j KUBE-IPVS-FILTER
-A KUBE-IPVS-FILTER -m set --match-set KUBE-CLUSTER-IP dst,dst -j RETURN
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:KUBE-LOAD-BALANCER - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-NODE-PORT - [0:0]
:KUBE-POSTROUTING - [0:0]
:KUBE-SERVICES - [0:0]
-A PREROUTING -j KUBE-SERVICES
-A OUTPUT -j KUBE-SERVICES
-A POSTROUTING -j KUBE-POSTROUTING
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A KUBE-NODE-PORT -p tcp -m set --match-set KUBE-NODE-PORT-TCP dst -j KUBE-MARK-MASQ
-A KUBE-POSTROUTING -m set --match-set KUBE-LOOP-BACK dst,dst,src -j MASQUERADE
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
-A KUBE-POSTROUTING -j MASQUERADE --random-fully
-A KUBE-SERVICES -s 127.0.0.0/8 -j RETURN
-A KUBE-SERVICES ! -s 10.244.0.0/16 -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ
-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT
-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT
COMMIT
`,
  [servers!]: `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.96.0.50:80 rr
  -> 10.244.0.2:8080              Masq    1      0          0
  -> 10.244.1.2:8080              Masq    1      0          0
TCP  192.168.77.10:30080 rr
  -> 10.244.0.2:8080              Masq    1      0          0
`,
  [sets!]: ['CLUSTER-IP', 'EXTERNAL-IP', 'LOAD-BALANCER']
    .map((name) => `create KUBE-${name} hash:ip,port family inet hashsize 1024 maxelem 65536\n`)
    .concat(
      'add KUBE-CLUSTER-IP 10.96.0.50,tcp:80\n',
      'create KUBE-LOOP-BACK hash:ip,port,ip family inet hashsize 1024 maxelem 65536\n',
      'add KUBE-LOOP-BACK 10.244.0.2,tcp:8080,10.244.0.2\n',
      'create KUBE-NODE-PORT-TCP bitmap:port range 0-65535\nadd KUBE-NODE-PORT-TCP 30080\n',
      'create KUBE-NODE-PORT-UDP bitmap:port range 0-65535\n',
    )
    .join(''),
  [addresses!]: `1: lo: <LOOPBACK,UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: eth0: <UP> mtu 1500
    inet 192.168.77.10/24 scope global eth0
3: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 state DOWN
    inet 10.96.0.50/32 scope global kube-ipvs0
`,
};

/** The same sets as `ipset list` prints them, without the node port. */
const listed = [
  ['KUBE-CLUSTER-IP', 'hash:ip,port', '10.96.0.50,tcp:80'],
  ['KUBE-EXTERNAL-IP', 'hash:ip,port'],
  ['KUBE-LOAD-BALANCER', 'hash:ip,port'],
  ['KUBE-NODE-PORT-TCP', 'bitmap:port'],
  ['KUBE-NODE-PORT-UDP', 'bitmap:port'],
]
  .map(([name, type, ...members]) => {
    const header =
      type === 'bitmap:port' ? 'range 0-65535' : 'family inet hashsize 1024 maxelem 65536';
    return `Name: ${name}\nType: ${type}\nHeader: ${header}\nMembers:\n${members.map((one) => `${one}\n`).join('')}`;
  })
  .join('\n');

const server = (text: string): Edit => [servers!, '', `${text}\n`];
const element = (text: string): Edit => [sets!, '', `add ${text}\n`];
const bound = (text: string): Edit => [addresses!, '', `    ${text} kube-ipvs0\n`];
const oneOfEach = '-j KUBE-IPVS-FILTER\n';
const masquerade =
  /-A KUBE-SERVICES ! -s 10\.244\.0\.0\/16 -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ\n/;
const inServices = (rule: string): Edit => [
  rules,
  '-A KUBE-SERVICES -m addrtype',
  `-A KUBE-SERVICES ${rule}\n-A KUBE-SERVICES -m addrtype`,
];
const routes =
  'default via 192.168.77.1 dev eth0\nlocal 192.168.77.10 dev eth0 table local proto kernel scope host src 192.168.77.10\n';
const cut: Edit = [rules, /COMMIT\n$/, ''];
const weightless = (real: string): Edit => [
  servers!,
  new RegExp(`(80 rr\\n(?:  -> .*\\n)*?  -> ${real}:8080 +Masq +)1`),
  '$10',
];
const localPort = '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT';
const markPorts =
  '-A KUBE-NODE-PORT -p tcp -m set --match-set KUBE-NODE-PORT-TCP dst -j KUBE-MARK-MASQ\n';

const cases: readonly Alone[] = [
  {
    code: 'virtual-server-without-address',
    when: 'no device holds it',
    raise: [server('TCP  10.96.0.51:80 rr')],
    but: {
      'another device holds it': [
        [addresses!, '2: eth0: <UP> mtu 1500\n', '$&    inet 10.96.0.51/32 scope global eth0\n'],
      ],
      'the dump is of one device': [[addresses!, /^3: kube-ipvs0[^]*/m, '']],
      'its route is local': [
        ['ip-route.txt', '', `${routes}local 10.96.0.51 dev lo table local\n`],
      ],
      'the route of its network is local': [
        ['ip-route.txt', '', `${routes}local 10.96.0.0/16 dev lo table local\n`],
      ],
    },
  },
  ...[
    '10.96.0.51 dev eth0',
    '10.96.0.0/16 dev eth0',
    'local 10.96.0.52 dev lo table local',
    'local 10.97.0.0/16 dev lo table local',
  ].map((route): Alone => ({
    code: 'virtual-server-without-address',
    when: `no device holds it, and a route is another's: ${route}`,
    raise: [server('TCP  10.96.0.51:80 rr'), ['ip-route.txt', '', `${routes}${route}\n`]],
  })),
  {
    code: 'address-without-virtual-server',
    when: 'one of two is not served',
    raise: [bound('inet 10.96.0.51/32 scope global')],
    but: {
      'it is one of the link': [
        [addresses!, '10.96.0.51/32 scope global', '10.96.0.51/32 scope link'],
      ],
      'no virtual server is of its family': [
        [addresses!, 'inet 10.96.0.51/32', 'inet6 fd00::1/128'],
      ],
      'another device holds it': [[addresses!, '3: kube-ipvs0', '3: dummy0']],
    },
  },
  ...['10.96.0.50,tcp:81', '10.96.0.51,tcp:80', '10.96.0.50,udp:80'].map((entry) => ({
    code: 'set-entry-without-virtual-server',
    when: entry,
    raise: [element(`KUBE-CLUSTER-IP ${entry}`)],
    but: {
      'a virtual server is there': [
        server(`${entry.includes('udp') ? 'UDP' : 'TCP'}  ${entry.replace(/,\w+/, '')} rr`),
      ],
    },
  })),
  {
    code: 'set-entry-without-virtual-server',
    when: 'a node port',
    raise: [element('KUBE-NODE-PORT-UDP 30080')],
    but: {
      'the set is not one of places of Services': [
        [sets!, /KUBE-NODE-PORT-UDP/g, 'KUBE-HEALTH-CHECK-NODE-PORT'],
      ],
    },
  },
  {
    code: 'virtual-server-in-no-set',
    when: 'its entry is missing',
    raise: [[sets!, 'add KUBE-NODE-PORT-TCP 30080\n', '']],
    but: {
      'a set is not there': [[sets!, /^create KUBE-LOAD-BALANCER .*\n/m, '']],
      'no ClusterIP is in a set: kube-proxy is older': [[sets!, /^add KUBE-CLUSTER-IP.*\n/m, '']],
      'the sets are of the other family': [
        [servers!, 'TCP  192.168.77.10:30080', 'TCP  [fd00::10]:30080'],
      ],
    },
  },
  {
    code: 'virtual-server-in-no-set',
    when: 'kube-ipvs0 holds its address, and only a node port has its number',
    raise: [server('TCP  10.96.0.51:30080 rr'), bound('inet 10.96.0.51/32 scope global')],
    but: { 'another device holds the address': [[addresses!, '3: kube-ipvs0', '3: dummy0']] },
  },
  {
    code: 'virtual-server-in-no-set',
    when: 'its entry is missing, by ipset list',
    raise: [[sets!, /^[^]*$/, listed]],
    but: { 'the members of one set are not shown': [[sets!, /Members:\n$/, '']] },
  },
  {
    code: 'virtual-server-drained',
    when: 'all its real servers have weight 0',
    raise: [weightless('10.244.0.2'), weightless('10.244.1.2')],
    but: {
      'one has a weight': [
        [servers!, '10.244.1.2:8080              Masq    0', '10.244.1.2:8080 Masq 3'],
      ],
    },
  },
  {
    code: 'real-server-drained',
    when: 'one of two has weight 0',
    raise: [weightless('10.244.1.2')],
    but: { 'none has a weight: another finding tells': [weightless('10.244.0.2')] },
  },
  {
    code: 'virtual-server-without-real-server',
    when: 'it has none',
    raise: [server('TCP  10.96.0.51:80 rr')],
    but: { 'it has one of weight 0': [server('  -> 10.244.0.2:8080 Masq 0 0 0')] },
  },
  {
    code: 'host-ports-on-service-addresses',
    when: 'nothing leads to KUBE-IPVS-FILTER',
    raise: [[rules, `-A INPUT ${oneOfEach}`, '']],
    but: {
      'the policy drops': [[rules, ':INPUT ACCEPT', ':INPUT DROP']],
      'kube-ipvs0 holds no address': [[addresses!, /^ {4}inet 10\.96.*\n/m, '']],
      'INPUT is not declared': [[rules, ':INPUT ACCEPT [0:0]\n', '']],
    },
  },
  {
    code: 'host-ports-on-service-addresses',
    when: 'FORWARD alone leads there',
    raise: [[rules, '-A INPUT -j', '-A FORWARD -j']],
  },
  {
    code: 'node-port-of-any-address',
    when: 'the jump asks for no address of the node',
    raise: [[rules, localPort, '-A KUBE-SERVICES -j KUBE-NODE-PORT']],
    but: {
      'it asks for one': [
        [rules, 'KUBE-SERVICES -j KUBE-NODE', 'KUBE-SERVICES -d 10.0.0.1 -j KUBE-NODE'],
      ],
    },
  },
  {
    code: 'node-port-of-any-address',
    when: 'a rule of old releases marks by the port alone',
    raise: [inServices('-p tcp -m set --match-set KUBE-NODE-PORT-TCP dst -j KUBE-MARK-MASQ')],
    but: {
      'the set is of others': [
        [rules, /(?<=KUBE-SERVICES -p tcp .*)KUBE-NODE-PORT-TCP/, 'MY-KUBE-NODE-PORT-TCP'],
      ],
      'the set has each address of the node (SCTP)': [
        [rules, /(?<=KUBE-SERVICES -p tcp .*)KUBE-NODE-PORT-TCP/, 'KUBE-NODE-PORT-TCP-HASH'],
      ],
      'it asks for an address of the node, too': [
        [
          rules,
          'KUBE-NODE-PORT-TCP dst -j KUBE-MARK-MASQ\n-A KUBE-SERVICES -m',
          'KUBE-NODE-PORT-TCP dst -m addrtype --dst-type LOCAL -j KUBE-MARK-MASQ\n-A KUBE-SERVICES -m',
        ],
      ],
      'it accepts': [
        [
          rules,
          'KUBE-NODE-PORT-TCP dst -j KUBE-MARK-MASQ\n-A KUBE-SERVICES -m',
          'KUBE-NODE-PORT-TCP dst -j ACCEPT\n-A KUBE-SERVICES -m',
        ],
      ],
    },
  },
  {
    code: 'node-ports-not-asked',
    when: 'no rule marks them',
    raise: [[rules, markPorts, '']],
    but: {
      'there is none': [[sets!, 'add KUBE-NODE-PORT-TCP 30080\n', '']],
      'all are of policy Local': [
        element('KUBE-NODE-PORT-LOCAL-TCP 30080'),
        [
          sets!,
          'add KUBE-LOOP-BACK',
          'create KUBE-NODE-PORT-LOCAL-TCP bitmap:port range 0-65535\n$&',
        ],
      ],
      'all that come there are marked (1.11)': [
        inServices('-j KUBE-NODE-PORT'),
        [rules, '-A KUBE-POSTROUTING', '-A KUBE-NODE-PORT -j KUBE-MARK-MASQ\n$&'],
      ],
      'a rule marks itself': [inServices('-p tcp -j MARK --set-xmark 0x4000/0x4000')],
      'each has a rule (1.8)': [inServices('-p tcp -m tcp --dport 30080 -j KUBE-MARK-MASQ')],
      'KUBE-SERVICES asks the set (1.9)': [
        inServices('-p tcp -m set --match-set KUBE-NODE-PORT-TCP dst -j KUBE-MARK-MASQ'),
      ],
      'a rule that could not be read may mark': [inServices('--no-such-option 7 -j RETURN')],
      'one in KUBE-NODE-PORT, too': [
        [rules, '-A KUBE-POSTROUTING', '-A KUBE-NODE-PORT --no-such-option 7 -j RETURN\n$&'],
      ],
      'the table is not whole': [cut],
    },
  },
  ...[
    '-p tcp -m set --match-set KUBE-NODE-PORT-UDP dst -j KUBE-MARK-MASQ',
    '-p tcp -m set --match-set KUBE-NODE-PORT-TCP dst -j RETURN',
    '-p tcp -m set --match-set KUBE-NODE-PORT-LOCAL-TCP dst -j KUBE-MARK-MASQ',
    '-d 192.168.77.10/32 -p tcp -j KUBE-MARK-MASQ',
    '-p tcp -m tcp --dport 30080',
    '-p tcp -m tcp --dport 30080 -j ACCEPT',
  ].map((rule): Alone => ({
    code: 'node-ports-not-asked',
    when: `another rule is there: ${rule}`,
    raise: [[rules, markPorts, ''], inServices(rule)],
  })),
  {
    code: 'node-ports-not-asked',
    when: 'nothing leads to the rule',
    raise: [[rules, `${localPort}\n`, '']],
  },
  {
    code: 'cluster-ip-not-masqueraded',
    when: 'the rule is missing',
    raise: [[rules, masquerade, '']],
    but: {
      'all is marked': [inServices('-m comment --comment all -j KUBE-MARK-MASQ')],
      'a rule marks itself': [inServices('-j MARK --set-xmark 0x4000/0x4000')],
      'each ClusterIP has a rule (1.8)': [inServices('-d 10.96.0.50/32 -j KUBE-MARK-MASQ')],
      'it is asked by source and port': [
        inServices('-m set --match-set KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ'),
      ],
      'a rule that could not be read may be it': [inServices('--no-such-option 7 -j ACCEPT')],
      'the table is not whole': [cut],
      'the chain is not declared': [[rules, ':KUBE-SERVICES - [0:0]\n', '']],
    },
  },
  ...[
    '-m set --match-set KUBE-LOAD-BALANCER dst,dst -j KUBE-MARK-MASQ',
    '-m set ! --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ',
    '-m set --match-set MY-KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ',
    '-m set --match-set KUBE-CLUSTER-IP-OLD dst,dst -j KUBE-MARK-MASQ',
    '-m set --match-set KUBE-CLUSTER-IP dst,dst -j LOG',
    '-p tcp -j KUBE-MARK-MASQ',
  ].map((rule) => ({
    code: 'cluster-ip-not-masqueraded',
    when: `another rule is there: ${rule}`,
    raise: [[rules, masquerade, ''] as const, inServices(rule)],
  })),
  {
    code: 'loop-back-not-masqueraded',
    when: 'no rule asks the set',
    raise: [[rules, /^-A KUBE-POSTROUTING .*KUBE-LOOP-BACK.*\n/m, '']],
    but: {
      'there is no such set': [[sets!, /^(?:create|add) KUBE-LOOP-BACK.*\n/gm, '']],
      'a rule that could not be read may ask': [
        [
          rules,
          '-A KUBE-POSTROUTING -j MARK',
          '-A KUBE-POSTROUTING --no-such-option 7 -j RETURN\n$&',
        ],
      ],
      'the table is not whole': [cut],
    },
  },
];

aloneSuite('ipvs mode', healthy, cases);

/** The same of IPv6, whose sets have names of their own. */
const six: Files = {
  'ip6tables-save.txt': healthy[rules]!.replaceAll('KUBE-CLUSTER-IP', 'KUBE-6-CLUSTER-IP')
    .replaceAll('KUBE-LOOP-BACK', 'KUBE-6-LOOP-BACK')
    .replaceAll('KUBE-NODE-PORT-TCP', 'KUBE-6-NODE-PORT-TCP')
    .replace('127.0.0.0/8', '::1/128')
    .replace('10.244.0.0/16', 'fd00:244::/64'),
  [servers!]: healthy[servers!]!.replace('10.96.0.50:', '[fd00:96::50]:')
    .replace('192.168.77.10:', '[fd00::10]:')
    .replaceAll(/-> 10\.244\.(\d)\.2:/g, '-> [fd00:244::$1:2]:'),
  [sets!]: healthy[sets!]!.replaceAll('KUBE-', 'KUBE-6-')
    .replaceAll('family inet ', 'family inet6 ')
    .replace('10.96.0.50,', 'fd00:96::50,')
    .replaceAll('10.244.0.2', 'fd00:244::2'),
  [addresses!]: healthy[addresses!]!.replace('inet 10.96.0.50/32', 'inet6 fd00:96::50/128').replace(
    '3: kube-ipvs0',
    '    inet6 fd00::10/64 scope global eth0\n$&',
  ),
};
const sixRules = 'ip6tables-save.txt';

aloneSuite('ipvs mode, IPv6', six, [
  {
    code: 'loop-back-not-masqueraded',
    when: 'no rule asks the set',
    raise: [[sixRules, /^-A KUBE-POSTROUTING .*LOOP-BACK.*\n/m, '']],
    but: { 'there is no such set': [[sets!, /^(?:create|add) KUBE-6-LOOP-BACK.*\n/gm, '']] },
  },
  {
    code: 'node-ports-not-asked',
    when: 'no rule marks them',
    raise: [[sixRules, /^-A KUBE-NODE-PORT .*\n/m, '']],
    but: { 'there is none': [[sets!, 'add KUBE-6-NODE-PORT-TCP 30080\n', '']] },
  },
  {
    code: 'cluster-ip-not-masqueraded',
    when: 'the rule is missing',
    raise: [[sixRules, /^-A KUBE-SERVICES ! -s .*\n/m, '']],
    but: { 'no virtual server is of IPv6': [[servers!, /\[fd00:96::50\]/, '10.96.0.50']] },
  },
  {
    code: 'virtual-server-without-address',
    when: 'no device holds it',
    raise: [server('TCP  [fd00:96::51]:80 rr')],
  },
  {
    code: 'set-entry-without-virtual-server',
    when: 'an entry more',
    raise: [element('KUBE-6-CLUSTER-IP fd00:96::50,tcp:81')],
  },
]);

suite('findings of ipvs mode: the other place that they name', () => {
  test('host ports on addresses of Services: the device that holds them', async () => {
    const files = edited(healthy, [[rules, `-A INPUT ${oneOfEach}`, '']]);
    const [found] = await findingsOf(files, 'host-ports-on-service-addresses');
    assert.deepEqual(
      found!.related!.map(({ range }) => files[range.source]!.split('\n')[range.line]),
      ['3: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 state DOWN'],
    );
  });
});

suite('findings of ipvs mode: virtual servers of a firewall mark', () => {
  const said = async (code: string, rows: string) =>
    (await findingsOf(edited(healthy, [server(rows)]), code)).map(({ message }) =>
      message.replace(/:.*/, ''),
    );
  const idle = 'virtual-server-without-real-server';

  test('named by the mark', async () => {
    assert.deepEqual(await said(idle, 'FWM  16 rr'), [
      'The virtual server of firewall mark 16 has no real server',
    ]);
    assert.deepEqual(
      await said('virtual-server-drained', 'FWM  16 rr\n  -> 10.244.0.2:8080 Masq 0 0 0'),
      ['The virtual server of firewall mark 16 has one real server, all of weight 0'],
    );
  });

  test('of no address that a device could lack', async () => {
    assert.deepEqual(await said('virtual-server-without-address', 'FWM  16 rr'), []);
  });
});

suite('findings of ipvs mode: traffic from outside', () => {
  test('without a cluster CIDR it is said whether that of the node is told', async () => {
    const said = async (...edits: readonly Edit[]) =>
      (await findingsOf(edited(healthy, edits), 'outside-not-masqueraded')).map(
        ({ message }) => /, so that nothing tells traffic of Pods(.*?):/.exec(message)?.[1],
      );
    const set = '-m set --match-set KUBE-CLUSTER-IP';
    const own = `-A KUBE-SERVICES ${set} src,dst -j KUBE-MARK-MASQ\n`;
    assert.deepEqual(await said([rules, masquerade, own]), [", but for the node's own"]);
    assert.deepEqual(await said(), []);
  });
});

suite('findings of ipvs mode: virtual servers that are not of this node', () => {
  const tables: Readonly<Record<string, readonly Edit[]>> = {
    'address-without-virtual-server': [
      bound('inet 10.96.0.51/32 scope global'),
      bound('inet 10.96.0.52/32 scope global'),
    ],
    'set-entry-without-virtual-server': [
      element('KUBE-CLUSTER-IP 10.96.0.51,tcp:80'),
      element('KUBE-NODE-PORT-TCP 1'),
      element('KUBE-NODE-PORT-TCP 2'),
    ],
  };
  for (const [code, edits] of Object.entries(tables)) {
    test(`${code}: where most lack one, nobody is accused, and it is said once`, async () => {
      const found = (await findingsOf(edited(healthy, edits), code)).filter(
        (one) => one.code === code,
      );
      assert.deepEqual(
        found.map(({ severity }) => severity),
        ['information'],
      );
    });
  }

  test('an empty list of `ipvsadm -Ln` beside addresses of kube-ipvs0', async () => {
    const none = [servers!, /^(?:TCP|UDP) .*\n|^ +-> \d.*\n/gm, ''] as const;
    const found = await findingsOf(edited(healthy, [none]));
    const [one] = found.filter(({ code }) => code === 'address-without-virtual-server');
    assert.match(one!.message, /: 1 of 1\. These virtual servers are not of this node/);
  });
});
