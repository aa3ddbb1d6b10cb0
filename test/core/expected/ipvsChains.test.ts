import assert from 'node:assert/strict';
import { chainOf, endpoint, own, rulesetOf, slice, written, type Cluster } from './byHand';

const http = { name: 'http', port: 80, nodePort: 30080, protocol: 'TCP' };
const sctp = { name: 'http', port: 80, nodePort: 30081, protocol: 'SCTP' };
const both = [slice([endpoint('10.244.0.5', own), endpoint('10.244.1.6')])];

/** A load balancer with sources, of policy Local. */
const balanced: Cluster = {
  spec: {
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    externalIPs: ['203.0.113.7'],
    ports: [http],
    loadBalancerSourceRanges: ['198.51.100.0/24'],
    healthCheckNodePort: 32000,
  },
  status: { loadBalancer: { ingress: [{ ip: '203.0.113.9' }] } },
  slices: both,
};

/** Comments aside. */
function rules(cluster: Cluster, release: number, chain: string, table = 'nat') {
  return chainOf(cluster, ['ipvs', release, table], chain)?.map((text) =>
    text.replace(/-m comment --comment "(?:[^"\\]|\\.)*" /, ''),
  );
}

const match = (set: string, directions = 'dst,dst') =>
  `-m set --match-set KUBE-${set} ${directions}`;

suite('whole chains of ipvs mode, rule by rule', () => {
  const mark = '-j KUBE-MARK-MASQ';

  test('a balancer with sources: in filter since 1.25, in nat before', () => {
    const passes = [`${match('LOAD-BALANCER-SOURCE-CIDR', 'dst,dst,src')} -j RETURN`];
    const ofLocal = `${match('LOAD-BALANCER-LOCAL')} -j RETURN`;
    for (const release of [25, 36]) {
      assert.deepEqual(rules(balanced, release, 'KUBE-PROXY-FIREWALL', 'filter'), [
        `${match('LOAD-BALANCER-FW')} -j KUBE-SOURCE-RANGES-FIREWALL`,
      ]);
      const firewall = rules(balanced, release, 'KUBE-SOURCE-RANGES-FIREWALL', 'filter');
      assert.deepEqual(firewall, [...passes, '-j DROP']);
      assert.deepEqual(rules(balanced, release, 'KUBE-LOAD-BALANCER'), [ofLocal, mark]);
      assert.equal(rules(balanced, release, 'KUBE-FIREWALL'), undefined);
    }
    assert.deepEqual(rules(balanced, 24, 'KUBE-LOAD-BALANCER'), [
      `${match('LOAD-BALANCER-FW')} -j KUBE-FIREWALL`,
      ofLocal,
      mark,
    ]);
    assert.deepEqual(rules(balanced, 24, 'KUBE-FIREWALL'), [...passes, '-j KUBE-MARK-DROP']);
    assert.equal(rules(balanced, 24, 'KUBE-PROXY-FIREWALL', 'filter'), undefined);
  });

  test('empty sets are not asked', () => {
    assert.deepEqual(rules({}, 24, 'KUBE-LOAD-BALANCER'), [mark]);
    assert.deepEqual(rules({}, 36, 'KUBE-PROXY-FIREWALL', 'filter'), []);
    assert.deepEqual(rules({}, 36, 'KUBE-SOURCE-RANGES-FIREWALL', 'filter'), ['-j DROP']);
    assert.deepEqual(rules({}, 36, 'KUBE-NODE-PORT'), []);
    assert.deepEqual(rules({}, 36, 'KUBE-SERVICES'), [
      '-s 127.0.0.0/8 -j RETURN',
      `! -s 10.244.0.0/16 ${match('CLUSTER-IP')} ${mark}`,
      '-m addrtype --dst-type LOCAL -j KUBE-NODE-PORT',
      `${match('CLUSTER-IP')} -j ACCEPT`,
    ]);
  });

  test('KUBE-SERVICES: who is masqueraded, by what tells pods', () => {
    const first = (config: object) => rules({ config: { ...config } }, 36, 'KUBE-SERVICES')![1];
    assert.equal(first({ clusterCIDR: '' }), `${match('CLUSTER-IP', 'src,dst')} ${mark}`);
    const all = { iptables: { masqueradeAll: true } };
    assert.equal(first(all), `${match('CLUSTER-IP')} ${mark}`);
    assert.equal(first({ ...all, clusterCIDR: '' }), `${match('CLUSTER-IP')} ${mark}`);
  });

  test('KUBE-POSTROUTING: the node’s own endpoints go first since 1.19, last before', () => {
    const loop = `${match('LOOP-BACK', 'dst,dst,src')} -j MASQUERADE`;
    const since19 = [
      '-m mark ! --mark 0x4000/0x4000 -j RETURN',
      '-j MARK --set-xmark 0x4000/0x0',
      '-j MASQUERADE --random-fully',
    ];
    const until18 = ['-m mark --mark 0x4000/0x4000 -j MASQUERADE --random-fully'];
    const local = { slices: both };
    assert.deepEqual(rules(local, 19, 'KUBE-POSTROUTING'), [loop, ...since19]);
    assert.deepEqual(rules({}, 19, 'KUBE-POSTROUTING'), since19);
    assert.deepEqual(rules(local, 18, 'KUBE-POSTROUTING'), [...until18, loop]);
    assert.deepEqual(rules({}, 18, 'KUBE-POSTROUTING'), until18);
  });

  test('KUBE-IPVS-FILTER lets through what has a virtual server', () => {
    const served = ['LOAD-BALANCER', 'CLUSTER-IP', 'EXTERNAL-IP'];
    const pass = (sets: readonly string[]) => sets.map((set) => `${match(set)} -j RETURN`);
    const health = `${match('HEALTH-CHECK-NODE-PORT', 'dst')} -j RETURN`;
    const end = `-m conntrack --ctstate NEW ${match('IPVS-IPS', 'dst')} -j REJECT --reject-with icmp-port-unreachable`;
    const filter = (release: number) => rules({}, release, 'KUBE-IPVS-FILTER', 'filter');
    assert.equal(filter(25), undefined);
    assert.deepEqual(filter(26), [...pass(served), end]);
    assert.deepEqual(filter(28), [...pass(served), health, end]);
    assert.deepEqual(filter(30), [...pass([...served, 'EXTERNAL-IP-LOCAL']), health, end]);
  });

  const ipAddr =
    '2: eth0: <UP> mtu 1500 state UP group default\n    inet 192.0.2.1/24 scope global eth0\n';

  test('node ports: those of policy Local are left out first, of SCTP since 1.23', () => {
    const spec = (port: object, policy: string) => ({
      spec: { type: 'NodePort', externalTrafficPolicy: policy, ports: [port] },
      ipAddr,
    });
    const tcp = (release: number, policy: string) =>
      rules(spec(http, policy), release, 'KUBE-NODE-PORT');
    const left = `-p tcp ${match('NODE-PORT-LOCAL-TCP', 'dst')} -j RETURN`;
    const marked = `-p tcp ${match('NODE-PORT-TCP', 'dst')} ${mark}`;
    for (const release of [22, 23, 36]) {
      assert.deepEqual(tcp(release, 'Local'), [left, marked]);
      assert.deepEqual(tcp(release, 'Cluster'), [marked]);
    }
    const hash = (release: number) => rules(spec(sctp, 'Local'), release, 'KUBE-NODE-PORT');
    const leftHash = `-p sctp ${match('NODE-PORT-LOCAL-SCTP-HASH')} -j RETURN`;
    const markedHash = `-p sctp ${match('NODE-PORT-SCTP-HASH')} ${mark}`;
    assert.deepEqual(hash(22), [markedHash, leftHash]);
    assert.deepEqual(hash(23), [leftHash, markedHash]);
  });

  test('node ports stand in sets by protocol, and have a virtual server at each address', () => {
    const lines = (port: object, policy: string) =>
      written(
        {
          spec: { type: 'NodePort', externalTrafficPolicy: policy, ports: [port] },
          slices: both,
          ipAddr,
        },
        'ipvs',
      ).filter((line) => /NODE-PORT|192\.0\.2\.1/.test(line));
    assert.deepEqual(lines(http, 'Local'), [
      'ipset @KUBE-NODE-PORT-TCP: 30080',
      'ipset @KUBE-NODE-PORT-LOCAL-TCP: 30080',
      'ipvs -t 192.0.2.1:30080: -s rr',
      'ipvs -t 192.0.2.1:30080: -r 10.244.0.5:8080 -m -w 1',
    ]);
    assert.deepEqual(lines(http, 'Cluster'), [
      'ipset @KUBE-NODE-PORT-TCP: 30080',
      'ipvs -t 192.0.2.1:30080: -s rr',
      'ipvs -t 192.0.2.1:30080: -r 10.244.0.5:8080 -m -w 1',
      'ipvs -t 192.0.2.1:30080: -r 10.244.1.6:8080 -m -w 1',
    ]);
    assert.deepEqual(lines(sctp, 'Local').slice(0, 3), [
      'ipset @KUBE-NODE-PORT-SCTP-HASH: 192.0.2.1,sctp:30081',
      'ipset @KUBE-NODE-PORT-LOCAL-SCTP-HASH: 192.0.2.1,sctp:30081',
      'ipvs --sctp-service 192.0.2.1:30081: -s rr',
    ]);
  });

  test('another bit marks in both rules', () => {
    const config = { iptables: { masqueradeBit: 5 } };
    assert.deepEqual(rules({ config }, 36, 'KUBE-MARK-MASQ'), ['-j MARK --set-xmark 0x20/0x20']);
    assert.ok(rules({ config }, 36, 'KUBE-POSTROUTING')!.includes('-j MARK --set-xmark 0x20/0x0'));
  });

  test('ipsets have their types', () => {
    const heads = (family: 4 | 6) =>
      new Map(
        [...rulesetOf({}, 'ipvs', 36, family).tables.get('ipset')!.sets.values()].map(
          ({ name, header }) => [name, header.join()],
        ),
      );
    assert.equal(heads(4).get('KUBE-CLUSTER-IP'), 'hash:ip,port family inet');
    assert.equal(heads(4).get('KUBE-NODE-PORT-TCP'), 'bitmap:port');
    assert.equal(heads(6).get('KUBE-6-LOOP-BACK'), 'hash:ip,port,ip family inet6');
  });

  test('without the node’s addresses its node ports are unknown', () => {
    const roles = (dump?: string) =>
      rulesetOf({ ipAddr: dump }, 'ipvs').unknown.map(({ role }) => role);
    assert.deepEqual(roles(), ['node-port']);
    assert.deepEqual(roles(ipAddr), []);
  });

  test('KUBE-SERVICES: what each set that is not empty asks for, in this order', () => {
    const asked = (policy: string) =>
      rules(
        { ...balanced, spec: { ...balanced.spec, externalTrafficPolicy: policy } },
        36,
        'KUBE-SERVICES',
      );
    const external = (set: string) => [
      `${match(set)} -m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT`,
      `${match(set)} -m addrtype --dst-type LOCAL -j ACCEPT`,
    ];
    const first = [
      '-s 127.0.0.0/8 -j RETURN',
      `${match('LOAD-BALANCER')} -j KUBE-LOAD-BALANCER`,
      `! -s 10.244.0.0/16 ${match('CLUSTER-IP')} ${mark}`,
    ];
    const last = [
      '-m addrtype --dst-type LOCAL -j KUBE-NODE-PORT',
      `${match('CLUSTER-IP')} -j ACCEPT`,
      `${match('LOAD-BALANCER')} -j ACCEPT`,
    ];
    assert.deepEqual(asked('Local'), [...first, ...external('EXTERNAL-IP-LOCAL'), ...last]);
    const cluster = [`${match('EXTERNAL-IP')} ${mark}`, ...external('EXTERNAL-IP')];
    assert.deepEqual(asked('Cluster'), [...first, ...cluster, ...last]);
    const none = { spec: { clusterIP: 'None', clusterIPs: ['None'] } };
    assert.deepEqual(rules(none, 36, 'KUBE-SERVICES'), [first[0], last[0]]);
  });

  test('sets and virtual servers of a balancer, by its policy', () => {
    const lines = (policy: string) =>
      written(
        { ...balanced, spec: { ...balanced.spec, externalTrafficPolicy: policy, externalIPs: [] } },
        'ipvs',
      ).filter((line) => /^(?:ipset|ipvs) /.test(line));
    const real = (server: string, ...endpoints: string[]) => [
      `ipvs -t ${server}: -s rr`,
      ...endpoints.map((text) => `ipvs -t ${server}: -r ${text} -m -w 1`),
    ];
    const all = ['10.244.0.5:8080', '10.244.1.6:8080'];
    const sets = (local: readonly string[], health: readonly string[]) => [
      'ipset @KUBE-LOOP-BACK: 10.244.0.5,tcp:8080,10.244.0.5',
      'ipset @KUBE-CLUSTER-IP: 10.96.0.5,tcp:80',
      'ipset @KUBE-LOAD-BALANCER: 203.0.113.9,tcp:80',
      ...local.map((element) => `ipset @KUBE-LOAD-BALANCER-LOCAL: ${element}`),
      'ipset @KUBE-LOAD-BALANCER-FW: 203.0.113.9,tcp:80',
      'ipset @KUBE-LOAD-BALANCER-SOURCE-CIDR: 203.0.113.9,tcp:80,198.51.100.0/24',
      'ipset @KUBE-NODE-PORT-TCP: 30080',
      ...(local.length > 0 ? ['ipset @KUBE-NODE-PORT-LOCAL-TCP: 30080'] : []),
      ...health.map((element) => `ipset @KUBE-HEALTH-CHECK-NODE-PORT: ${element}`),
      'ipset @KUBE-IPVS-IPS: 10.96.0.5',
      'ipset @KUBE-IPVS-IPS: 203.0.113.9',
    ];
    const byText = (texts: readonly string[]) => [...texts].sort();
    assert.deepEqual(
      byText(lines('Local')),
      byText([
        ...sets(['203.0.113.9,tcp:80'], ['32000']),
        ...real('10.96.0.5:80', ...all),
        ...real('203.0.113.9:80', '10.244.0.5:8080'),
      ]),
    );
    assert.deepEqual(
      byText(lines('Cluster')),
      byText([...sets([], []), ...real('10.96.0.5:80', ...all), ...real('203.0.113.9:80', ...all)]),
    );
  });

  test('endpoints of the node that are not ready stand in KUBE-LOOP-BACK since 1.22', () => {
    const waiting = { ...own, conditions: { ready: false } };
    const cluster = {
      slices: [slice([endpoint('10.244.0.5', own), endpoint('10.244.0.6', waiting)])],
    };
    const held = (release: number) =>
      written(cluster, 'ipvs', release).filter((line) => line.includes('@KUBE-LOOP-BACK'));
    const ready = 'ipset @KUBE-LOOP-BACK: 10.244.0.5,tcp:8080,10.244.0.5';
    const also = 'ipset @KUBE-LOOP-BACK: 10.244.0.6,tcp:8080,10.244.0.6';
    assert.deepEqual(held(21), [ready]);
    assert.deepEqual(held(22), [ready, also]);
  });

  test('health check ports are let in since 1.21', () => {
    const health = `${match('HEALTH-CHECK-NODE-PORT', 'dst')} -j ACCEPT`;
    assert.equal(rules({}, 20, 'KUBE-NODE-PORT', 'filter'), undefined);
    assert.deepEqual(rules({}, 21, 'KUBE-NODE-PORT', 'filter'), [health]);
  });

  test('node ports have no virtual server at link-local addresses, at loopback ones until 1.20', () => {
    const dump = [
      '1: lo: <LOOPBACK,UP> mtu 65536 state UNKNOWN group default',
      '    inet 127.0.0.1/8 scope host lo',
      '    inet6 ::1/128 scope host',
      '2: eth0: <UP> mtu 1500 state UP group default',
      '    inet 192.0.2.1/24 scope global eth0',
      '    inet 169.254.1.1/16 scope link eth0',
      '    inet6 fd00::1/64 scope global',
      '    inet6 fe80::1/64 scope link',
      '3: kube-ipvs0: <NOARP> mtu 1500 state DOWN group default',
      '    inet 10.96.0.5/32 scope global kube-ipvs0',
    ].join('\n');
    const spec = { type: 'NodePort', clusterIPs: ['10.96.0.5', 'fd00:96::5'], ports: [http] };
    const at = (release: number, family: 4 | 6) =>
      written({ spec, ipAddr: dump }, 'ipvs', release, family).flatMap(
        (line) => /^ipvs -t (\S+):30080: -s/.exec(line)?.[1] ?? [],
      );
    assert.deepEqual(at(20, 4), ['127.0.0.1', '192.0.2.1']);
    assert.deepEqual(at(21, 4), ['192.0.2.1']);
    assert.deepEqual(at(36, 6), ['[fd00::1]']);
  });

  test('the kernel’s own chains are told from kube-proxy’s', () => {
    const { tables } = rulesetOf({}, 'ipvs');
    const kernels = (table: string) =>
      [...tables.get(table)!.chains.values()].flatMap(({ name, builtIn }) =>
        builtIn ? [name] : [],
      );
    assert.deepEqual(kernels('nat').sort(), ['OUTPUT', 'POSTROUTING', 'PREROUTING']);
    assert.deepEqual(kernels('filter').sort(), ['FORWARD', 'INPUT', 'OUTPUT']);
  });

  test('KUBE-MARK-DROP is declared, without rules, from 1.16 to 1.24', () => {
    for (const release of [16, 24]) assert.deepEqual(rules({}, release, 'KUBE-MARK-DROP'), []);
    for (const release of [15, 25]) assert.equal(rules({}, release, 'KUBE-MARK-DROP'), undefined);
  });

  test('sets that came later are not there before', () => {
    const has = (name: string, release: number) =>
      rulesetOf({}, 'ipvs', release).tables.get('ipset')!.sets.has(name);
    for (const [name, since] of [
      ['KUBE-EXTERNAL-IP-LOCAL', 18],
      ['KUBE-HEALTH-CHECK-NODE-PORT', 21],
      ['KUBE-IPVS-IPS', 26],
    ] as const) {
      assert.ok(has(name, since), name);
      assert.ok(!has(name, since - 1), name);
    }
  });

  test('a balancer for all sources has no firewall', () => {
    const open = { ...balanced, spec: { ...balanced.spec, loadBalancerSourceRanges: [] } };
    const lines = written(open, 'ipvs');
    assert.ok(lines.includes('ipset @KUBE-LOAD-BALANCER: 203.0.113.9,tcp:80'));
    assert.ok(!lines.some((line) => /LOAD-BALANCER-(?:FW|SOURCE)|OUT-FILTER/.test(line)));
  });

  test('KUBE-FORWARD: connections of pods until 1.17, where their network is known', () => {
    const known = '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
    const marked = '-m mark --mark 0x4000/0x4000 -j ACCEPT';
    const forward = (release: number, clusterCIDR = '10.244.0.0/16') =>
      rules({ config: { clusterCIDR } }, release, 'KUBE-FORWARD', 'filter');
    assert.deepEqual(forward(17), [
      marked,
      `-s 10.244.0.0/16 ${known}`,
      `-d 10.244.0.0/16 ${known}`,
    ]);
    assert.deepEqual(forward(17, ''), [marked]);
    for (const release of [18, 22]) assert.deepEqual(forward(release), [marked, known, known]);
    assert.deepEqual(forward(23), [marked, known]);
  });
});
