import assert from 'node:assert/strict';
import { expectedRules } from '../../../src/core/expected';
import {
  chainOf,
  endpoint,
  inputOf,
  own,
  rulesetOf,
  slice,
  type Cluster,
  type Mode,
} from './byHand';

const nodePort = { name: 'http', port: 80, nodePort: 30080, protocol: 'TCP' };
const toTwo = {
  loadBalancer: { ingress: [{ ip: '203.0.113.8' }, { ip: '203.0.113.9' }] },
};
const here = [slice([endpoint('10.244.0.5', own)])];

suite('whole chains, rule by rule', () => {
  const aroundNode: Cluster = {
    spec: {
      type: 'LoadBalancer',
      ports: [nodePort],
      loadBalancerSourceRanges: ['198.51.100.0/24', '192.0.2.0/24'],
    },
    status: toTwo,
  };
  const note = '-m comment --comment "shop/web:http loadbalancer IP"';
  const ranges = (to: string) =>
    ['198.51.100.0/24', '192.0.2.0/24'].map((range) => `-s ${range} ${note} -j ${to}`);
  const mark = `${note} -j KUBE-MARK-MASQ`;
  const drop = `${note} -j KUBE-MARK-DROP`;
  const from = (address: string, to: string) => `-s ${address}/32 ${note} -j ${to}`;

  test('KUBE-FW- of 1.23: mark, sources, the address itself where a range holds the node, the end', () => {
    const block = (address: string) => [
      mark,
      ...ranges('KUBE-SVC-H'),
      from(address, 'KUBE-SVC-H'),
      drop,
    ];
    assert.deepEqual(chainOf(aroundNode, ['iptables', 23], 'KUBE-FW-'), [
      ...block('203.0.113.8'),
      ...block('203.0.113.9'),
    ]);
  });

  test('KUBE-FW- of 1.24: all of it for each address', () => {
    const block = (address: string) => [...ranges('KUBE-EXT-H'), from(address, 'KUBE-EXT-H'), drop];
    assert.deepEqual(chainOf(aroundNode, ['iptables', 24], 'KUBE-FW-'), [
      ...block('203.0.113.8'),
      ...block('203.0.113.9'),
    ]);
  });

  test('KUBE-FW- since 1.25: once, and since 1.27 with a last rule that does nothing', () => {
    const once = [
      ...ranges('KUBE-EXT-H'),
      from('203.0.113.8', 'KUBE-EXT-H'),
      from('203.0.113.9', 'KUBE-EXT-H'),
    ];
    const last =
      '-m comment --comment "other traffic to shop/web:http will be dropped by KUBE-PROXY-FIREWALL"';
    assert.deepEqual(chainOf(aroundNode, ['iptables', 26], 'KUBE-FW-'), once);
    assert.deepEqual(chainOf(aroundNode, ['iptables', 27], 'KUBE-FW-'), [...once, last]);
  });

  test('KUBE-XLB- of policy Local is there without endpoints, too; KUBE-SVC- is not', () => {
    const spec = { type: 'NodePort', externalTrafficPolicy: 'Local', ports: [nodePort] };
    for (const release of [10, 23]) {
      assert.deepEqual(chainOf({ spec, slices: [] }, ['iptables', release], 'KUBE-XLB-'), []);
      assert.equal(chainOf({ spec, slices: [] }, ['iptables', release], 'KUBE-SVC-'), undefined);
      const cluster = { spec: { ...spec, externalTrafficPolicy: 'Cluster' }, slices: here };
      assert.equal(chainOf(cluster, ['iptables', release], 'KUBE-XLB-'), undefined);
    }
  });

  test('a Service without endpoints, or without a balancer for its sources, has no such chains', () => {
    const chains = (cluster: Cluster) =>
      ['KUBE-SVC-', 'KUBE-EXT-', 'KUBE-FW-'].filter((prefix) =>
        chainOf(cluster, ['iptables', 36], prefix),
      );
    assert.deepEqual(chains(aroundNode), ['KUBE-SVC-', 'KUBE-EXT-', 'KUBE-FW-']);
    assert.deepEqual(chains({ ...aroundNode, slices: [] }), []);
    assert.deepEqual(chains({ spec: aroundNode.spec! }), ['KUBE-SVC-', 'KUBE-EXT-']);
  });

  test('session affinity goes by whole addresses of each family', () => {
    const cluster = {
      spec: { clusterIPs: ['10.96.0.5', 'fd00:96::5'], sessionAffinity: 'ClientIP' },
      slices: [
        slice([endpoint('10.244.1.5')]),
        slice([endpoint('fd00::5')], { addressType: 'IPv6' }),
      ],
    };
    const masks = (family: 4 | 6) =>
      ['KUBE-SVC-', 'KUBE-SEP-'].map((prefix) =>
        chainOf(cluster, ['iptables', 36, 'nat', family], prefix)!.flatMap(
          (text) => / --mask (\S+) --rsource/.exec(text)?.[1] ?? [],
        ),
      );
    assert.deepEqual(masks(4), [['255.255.255.255'], ['255.255.255.255']]);
    const whole = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';
    assert.deepEqual(masks(6), [[whole], [whole]]);
  });

  test('KUBE-PROXY-CANARY stands in three tables since 1.17', () => {
    for (const table of ['mangle', 'nat', 'filter']) {
      assert.deepEqual(chainOf({}, ['iptables', 17, table], 'KUBE-PROXY-CANARY'), []);
      assert.equal(chainOf({}, ['iptables', 16, table], 'KUBE-PROXY-CANARY'), undefined);
    }
  });

  test('KUBE-FORWARD accepts what is marked, by another name in 1.9', () => {
    const first = (release: number) =>
      chainOf({}, ['iptables', release, 'filter'], 'KUBE-FORWARD')![0];
    const accepts = '-m mark --mark 0x4000/0x4000 -j ACCEPT';
    assert.equal(first(9), `-m comment --comment "kubernetes forward rules" ${accepts}`);
    assert.equal(first(10), `-m comment --comment "kubernetes forwarding rules" ${accepts}`);
  });

  test('the way to the node ports: all of the node’s addresses, or the one that is named', () => {
    const last = (config: object) =>
      chainOf({ slices: [], config: { ...config } }, ['iptables', 36], 'KUBE-SERVICES')!.map(
        (text) => text.replace(/-m comment --comment "[^"]*" /, ''),
      );
    assert.deepEqual(last({}), ['-m addrtype --dst-type LOCAL -j KUBE-NODEPORTS']);
    const primary = last({ nodePortAddresses: ['primary'] });
    assert.deepEqual(primary, ['-d 192.0.2.1/32 -j KUBE-NODEPORTS']);
  });

  test('KUBE-EXT- of policy Local: pods and the node go anywhere, and pods are told apart', () => {
    const spec = { type: 'NodePort', externalTrafficPolicy: 'Local', ports: [nodePort] };
    const rules = (config: Cluster['config']) =>
      chainOf({ spec, config, slices: here }, ['iptables', 36], 'KUBE-EXT-')!.map((text) =>
        text.replace(/-m comment --comment "(\w+).*?" /, '$1: '),
      );
    const node = [
      'masquerade: -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ',
      'route: -m addrtype --src-type LOCAL -j KUBE-SVC-H',
      '-j KUBE-SVL-H',
    ];
    assert.deepEqual(rules({}), ['-s 10.244.0.0/16 pod: -j KUBE-SVC-H', ...node]);
    assert.deepEqual(rules({ clusterCIDR: '' }), node);
  });

  test('the way to the node ports on loopback: in IPv4 alone, and since 1.26 where it is wanted', () => {
    const ipAddr = `1: lo: <UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
    inet6 ::1/128 scope host
2: eth0: <UP> mtu 1500
    inet 192.0.2.1/24 scope global eth0
    inet6 2001:db8::1/64 scope global
`;
    const jumps = (
      release: number,
      family: 4 | 6,
      localhost: boolean,
      nodePortAddresses: readonly string[] = [],
    ) => {
      const config = { nodePortAddresses, iptables: { localhostNodePorts: localhost } };
      const rules = chainOf(
        { slices: [], ipAddr, config },
        ['iptables', release, 'nat', family],
        'KUBE-SERVICES',
      )!;
      return rules.map((text) =>
        text
          .replace(/-m comment --comment "[^"]*" /, '')
          .replace(/-j KUBE-NODEPORTS$/, '')
          .trimEnd(),
      );
    };
    const named = ['127.0.0.0/8', '192.0.2.0/24', '::1/128', '2001:db8::/64'];
    const all = '-m addrtype --dst-type LOCAL';
    for (const [release, family, localhost, ofAll, ofNamed] of [
      [25, 4, true, [all], ['-d 127.0.0.1/32', '-d 192.0.2.1/32']],
      [25, 4, false, [all], ['-d 127.0.0.1/32', '-d 192.0.2.1/32']],
      [26, 4, true, [all], ['-d 127.0.0.1/32', '-d 192.0.2.1/32']],
      [26, 4, false, [`! -d 127.0.0.0/8 ${all}`], ['-d 192.0.2.1/32']],
      [36, 4, false, [`! -d 127.0.0.0/8 ${all}`], ['-d 192.0.2.1/32']],
      [25, 6, true, [all], ['-d 2001:db8::1/128']],
      [26, 6, true, [`! -d ::1/128 ${all}`], ['-d 2001:db8::1/128']],
    ] as const) {
      const title = `1.${release} IPv${family} ${localhost}`;
      assert.deepEqual(jumps(release, family, localhost), ofAll, title);
      assert.deepEqual(jumps(release, family, localhost, named), ofNamed, title);
    }
  });

  test('until 1.23 node ports of policy Local are marked for the node itself, in both families', () => {
    const spec = {
      type: 'NodePort',
      clusterIPs: ['10.96.0.5', 'fd00:96::5'],
      externalTrafficPolicy: 'Local',
      ports: [nodePort],
    };
    const slices = [...here, slice([endpoint('fd00::5', own)], { addressType: 'IPv6' })];
    const from = (family: 4 | 6) =>
      chainOf({ spec, slices }, ['iptables', 23, 'nat', family], 'KUBE-NODEPORTS')![0]!.split(
        ' -p ',
      )[0];
    assert.equal(from(4), '-s 127.0.0.0/8');
    assert.equal(from(6), '-s ::1/128');
  });

  suite(
    'nftables, before 1.36: ClusterIP traffic of others than pods is marked in one chain',
    () => {
      const both = { type: 'NodePort', ports: [nodePort] };
      const marks = 'ip daddr 10.96.0.5 ip saddr != 10.244.0.0/16 jump mark-for-masquerade';
      const shared =
        'numgen random mod 1 vmap { 0 : goto endpoint-H-shop/web/tcp/http__10.244.0.5/8080 }';
      for (const [policy, service, local] of [
        ['internalTrafficPolicy', [shared], [marks, shared]],
        ['externalTrafficPolicy', [marks, shared], [shared]],
      ] as const) {
        test(`${policy} Local`, () => {
          const cluster = { spec: { ...both, [policy]: 'Local' }, slices: here };
          const place = ['nftables', 35, 'kube-proxy'] as const;
          assert.deepEqual(chainOf(cluster, place, 'service-H'), service);
          assert.deepEqual(chainOf(cluster, place, 'local-H'), local);
        });
      }
      test('not where nothing tells pods from others', () => {
        const cluster = { slices: here, config: { clusterCIDR: '' } };
        const place = ['nftables', 35, 'kube-proxy'] as const;
        assert.deepEqual(chainOf(cluster, place, 'service-H'), [shared]);
      });
    },
  );

  test('nftables: the chain that all Service traffic goes through', () => {
    const ways = [
      'ip daddr . meta l4proto . th dport vmap @service-ips',
      'ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports',
    ];
    const marks =
      'ip daddr @cluster-ips ip saddr != 10.244.0.0/16 meta mark set meta mark | 0x00004000 comment "masquerade clusterIP traffic from outside cluster"';
    const place = (release: number) => ['nftables', release, 'kube-proxy'] as const;
    assert.deepEqual(chainOf({}, place(35), 'services'), ways);
    assert.deepEqual(chainOf({}, place(36), 'services'), [marks, ...ways]);
  });
});

suite('expected rules give way', () => {
  const services = Array.from({ length: 200 }, (_, i) => ({
    kind: 'Service',
    metadata: { namespace: 'shop', name: `web-${i}` },
    spec: { clusterIP: `10.96.1.${i}`, ports: [nodePort] },
  }));
  for (const mode of ['iptables', 'ipvs', 'nftables'] as const) {
    test(`${mode}: every some Services, not for each`, () => {
      let pauses = 0;
      const work = expectedRules(inputOf({ objects: services }, mode), 4);
      while (!work.next().done) pauses++;
      assert.ok(pauses >= 6 && pauses < 30, String(pauses));
    });
  }
});

suite('what could not be worked out', () => {
  const roles = (cluster: Cluster, mode: Mode) =>
    rulesetOf(cluster, mode).unknown.map(({ role }) => role);

  test('nftables: the range of ClusterIPs, without a ServiceCIDR', () => {
    const cidr = {
      kind: 'ServiceCIDR',
      metadata: { name: 'kubernetes' },
      spec: { cidrs: ['10.96.0.0/12'] },
    };
    assert.deepEqual(roles({}, 'nftables'), ['service-ranges']);
    assert.deepEqual(roles({ objects: [cidr] }, 'nftables'), []);
  });

  test('where node ports answer, by nodePortAddresses without the addresses of the node', () => {
    const config = { nodePortAddresses: ['192.0.2.0/24'] };
    assert.deepEqual(roles({ config }, 'iptables'), ['node-ports']);
    assert.deepEqual(roles({ config }, 'nftables'), ['node-ports', 'service-ranges']);
    assert.deepEqual(roles({}, 'iptables'), []);
  });
});
