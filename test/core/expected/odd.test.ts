import assert from 'node:assert/strict';
import { drained, endpoint, own, slice, written, type Cluster, type Mode } from './byHand';

/** What must stand there, and what must not, in a mode of a release. */
interface Expectation {
  readonly in: readonly [Mode, number?, (4 | 6)?];
  readonly has?: readonly RegExp[];
  readonly lacks?: readonly RegExp[];
}

function check(title: string, cluster: Cluster, ...expectations: readonly Expectation[]): void {
  test(title, () => {
    for (const { in: place, has = [], lacks = [] } of expectations) {
      const lines = written(cluster, ...place);
      const text = `${place.join(' ')}:\n${lines.join('\n')}`;
      for (const one of has)
        assert.ok(
          lines.some((line) => one.test(line)),
          `${String(one)} in ${text}`,
        );
      for (const one of lacks)
        assert.ok(!lines.some((line) => one.test(line)), `${String(one)} in ${text}`);
    }
  });
}

const nodePort = { name: 'http', port: 80, nodePort: 30080, protocol: 'TCP' };
const toSvc = /^nat KUBE-SVC-\w+: .*-> 10\.244/;

suite('odd objects, each by what kube-proxy is known to make of it', () => {
  const v6 = slice([endpoint('fd00::5')], { addressType: 'IPv6' });
  check(
    'half of a dual stack: the family without slices is refused',
    { spec: { clusterIPs: ['10.96.0.5', 'fd00:96::5'] } },
    { in: ['iptables', 36, 4], has: [toSvc] },
    {
      in: ['iptables', 36, 6],
      has: [/^filter KUBE-SERVICES: -d fd00:96::5\/128 .*icmp6-port-unreachable/],
    },
    {
      in: ['nftables', 36, 6],
      has: [/@no-endpoint-services: fd00:96::5 \. tcp \. 80 .*goto reject-chain/],
    },
    { in: ['ipvs', 36, 6], has: [/^ipvs -t \[fd00:96::5\]:80: -s rr/], lacks: [/ipvs .*-r /] },
  );
  check(
    'slices of the other family alone give nothing',
    { slices: [v6] },
    { in: ['iptables'], has: [/has no endpoints/], lacks: [/KUBE-SEP/] },
    { in: ['iptables', 36, 6], lacks: [/shop\/web/] },
  );
  check(
    'SCTP, and one number for UDP and TCP',
    {
      spec: {
        ports: [
          { name: 'http', port: 80, protocol: 'TCP' },
          { name: 'dns', port: 80, protocol: 'UDP' },
          { name: 'sig', port: 80, protocol: 'SCTP' },
        ],
      },
      slices: [
        slice([endpoint('10.244.1.5')], {
          ports: [
            { name: 'http', port: 8080, protocol: 'TCP' },
            { name: 'dns', port: 53, protocol: 'UDP' },
            { name: 'sig', port: 3868, protocol: 'SCTP' },
          ],
        }),
      ],
    },
    {
      in: ['iptables'],
      has: [
        /-p udp .*-m udp --dport 80 -j KUBE-SVC/,
        /-p sctp .*-m sctp -j DNAT --to-destination 10\.244\.1\.5:3868/,
      ],
    },
    { in: ['nftables'], has: [/@service-ips: 10\.96\.0\.5 \. sctp \. 80 : goto service-/] },
    {
      in: ['ipvs'],
      has: [
        /^ipvs --sctp-service 10\.96\.0\.5:80/,
        /^ipvs -u 10\.96\.0\.5:80: -r 10\.244\.1\.5:53 /,
      ],
    },
  );
  check(
    'a slice that names the port but another protocol has no endpoint for it',
    {
      slices: [
        slice([endpoint('10.244.1.5')], { ports: [{ name: 'http', port: 8080, protocol: 'UDP' }] }),
      ],
    },
    { in: ['iptables'], has: [/has no endpoints/] },
  );
  check(
    'a slice without ports, or with a port of no number',
    {
      slices: [
        slice([endpoint('10.244.1.5')], { ports: [] }),
        slice([endpoint('10.244.1.6')], { ports: [{ name: 'http' }] }),
      ],
    },
    { in: ['nftables'], has: [/@no-endpoint-services/], lacks: [/10\.244\.1/] },
  );
  for (const [what, spec] of [
    ['headless', { clusterIP: 'None', clusterIPs: ['None'] }],
    [
      'ExternalName',
      { type: 'ExternalName', externalName: 'example.com', clusterIP: '', clusterIPs: [] },
    ],
    ['not given an address yet', { clusterIP: '', clusterIPs: [] }],
  ] as const) {
    check(
      `${what}: nothing at all`,
      { spec },
      { in: ['iptables'], lacks: [/./] },
      { in: ['ipvs'], lacks: [/10\.244/] },
    );
  }
  check(
    'not ready addresses are used where the slice calls them ready (publishNotReadyAddresses)',
    {
      slices: [
        slice([
          endpoint('10.244.1.5', {
            conditions: { ready: true, serving: false, terminating: true },
          }),
        ]),
      ],
    },
    { in: ['iptables'], has: [toSvc] },
    { in: ['iptables', 25], has: [toSvc] },
  );
  check(
    'terminating endpoints alone: used since 1.26',
    { slices: [slice([endpoint('10.244.1.5', drained)])] },
    { in: ['iptables', 25], has: [/has no endpoints/], lacks: [/KUBE-SEP/] },
    { in: ['iptables', 26], has: [toSvc] },
    {
      in: ['nftables'],
      has: [/dnat ip to numgen random mod 1 map \{ 0 : 10\.244\.1\.5 \. 8080 \}/],
    },
  );
  check(
    'beside one that is ready, those that terminate get nothing',
    { slices: [slice([endpoint('10.244.1.5', drained), endpoint('10.244.1.6')])] },
    { in: ['iptables'], lacks: [/10\.244\.1\.5/] },
  );
  const east = { hints: { forZones: [{ name: 'east' }] } };
  const west = { hints: { forZones: [{ name: 'west' }] } };
  check(
    'hints that some endpoints lack do not count',
    {
      slices: [
        slice([endpoint('10.244.1.5', east), endpoint('10.244.1.6', west), endpoint('10.244.1.7')]),
      ],
    },
    { in: ['iptables'], has: [/-> 10\.244\.1\.6:8080/, /-> 10\.244\.1\.7:8080/] },
  );
  const hinted = [slice([endpoint('10.244.1.5', east), endpoint('10.244.1.6', west)])];
  check(
    'hints count by the annotation since 1.24, and without one since 1.31',
    { slices: hinted },
    { in: ['iptables', 30], has: [/-> 10\.244\.1\.6/] },
    { in: ['iptables', 31], lacks: [/10\.244\.1\.6/] },
  );
  check(
    'of the two annotations the older name goes first',
    {
      slices: hinted,
      annotations: {
        'service.kubernetes.io/topology-aware-hints': 'disabled',
        'service.kubernetes.io/topology-mode': 'Auto',
      },
    },
    { in: ['iptables', 28], has: [/-> 10\.244\.1\.6/] },
  );
  check(
    'trafficDistribution is the controller’s: kube-proxy goes by the hints, for nodes since 1.34',
    {
      spec: { trafficDistribution: 'PreferSameNode' },
      slices: [
        slice([
          endpoint('10.244.0.5', {
            ...own,
            hints: { forNodes: [{ name: 'node-a' }], forZones: [{ name: 'east' }] },
          }),
          endpoint('10.244.1.6', {
            hints: { forNodes: [{ name: 'node-b' }], forZones: [{ name: 'east' }] },
          }),
        ]),
      ],
    },
    { in: ['iptables', 33], has: [/-> 10\.244\.1\.6/] },
    { in: ['iptables', 34], lacks: [/10\.244\.1\.6/] },
  );
  const affinity = {
    sessionAffinity: 'ClientIP',
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 90061 } },
  };
  check(
    'a session affinity of a day, an hour, a minute and a second',
    { spec: affinity },
    { in: ['iptables'], has: [/--rcheck --seconds 90061 --reap/] },
    { in: ['ipvs'], has: [/^ipvs -t 10\.96\.0\.5:80: -s rr -p 90061$/] },
    {
      in: ['nftables'],
      has: [/update @affinity-\w+-shop\/web\/tcp\/http__10\.244\.1\.5\/8080 \{ ip saddr \}/],
    },
  );
  const lb = (ip: string, more = {}) => ({ loadBalancer: { ingress: [{ ip, ...more }] } });
  const balanced = { type: 'LoadBalancer', ports: [nodePort] };
  check(
    'source ranges with blanks, host bits, and of the other family',
    {
      spec: { ...balanced, loadBalancerSourceRanges: [' 198.51.100.7/24 ', 'fd00::/8'] },
      status: lb('203.0.113.9'),
    },
    { in: ['iptables'], has: [/KUBE-FW-\w+: -s 198\.51\.100\.0\/24 /], lacks: [/fd00/] },
    { in: ['nftables'], has: [/firewall-\S+: ip saddr != 198\.51\.100\.0\/24 drop/] },
  );
  check(
    'source ranges of the other family alone shut nobody out',
    { spec: { ...balanced, loadBalancerSourceRanges: ['fd00::/8'] }, status: lb('203.0.113.9') },
    { in: ['iptables'], lacks: [/KUBE-FW/, /PROXY-FIREWALL/] },
    { in: ['nftables'], lacks: [/firewall/] },
  );
  const aroundNode = { ...balanced, loadBalancerSourceRanges: ['192.0.2.0/24'] };
  check(
    "ranges that hold the node: it may use the balancer's address as its own",
    { spec: aroundNode, status: lb('203.0.113.9') },
    { in: ['iptables'], has: [/KUBE-FW-\w+: -s 203\.0\.113\.9\/32 /] },
    {
      in: ['ipvs'],
      has: [/@KUBE-LOAD-BALANCER-SOURCE-IP: 203\.0\.113\.9,tcp:80,203\.0\.113\.9/],
      lacks: [/IPVS-OUT-FILTER/],
    },
  );
  check(
    'bindAddress is the node’s address for that',
    { spec: aroundNode, status: lb('203.0.113.9'), config: { bindAddress: '198.18.0.1' } },
    { in: ['iptables'], lacks: [/-s 203\.0\.113\.9/] },
    { in: ['ipvs'], has: [/KUBE-IPVS-OUT-FILTER: -s 203\.0\.113\.9\/32/] },
  );
  check(
    'two balancer addresses: 1.24 wrote the firewall twice',
    {
      spec: aroundNode,
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.8' }, { ip: '203.0.113.9' }] } },
    },
    { in: ['iptables', 24], has: [/KUBE-FW-\w+: .*-j KUBE-MARK-DROP/] },
    { in: ['iptables', 25], has: [/PROXY-FIREWALL: -d 203\.0\.113\.9\/32 /], lacks: [/MARK-DROP/] },
  );
  check(
    'ipMode Proxy: the address is left alone since 1.30, the node port is not',
    { spec: balanced, status: lb('203.0.113.9', { ipMode: 'Proxy' }) },
    { in: ['iptables', 29], has: [/-d 203\.0\.113\.9\/32/] },
    { in: ['iptables', 30], has: [/KUBE-NODEPORTS: .*--dport 30080/], lacks: [/203\.0\.113\.9/] },
  );
  check(
    'healthCheckNodePort of a balancer with policy Local alone, since 1.21',
    {
      spec: { ...balanced, externalTrafficPolicy: 'Local', healthCheckNodePort: 32000 },
      status: lb('203.0.113.9'),
    },
    { in: ['iptables', 20], lacks: [/32000/] },
    {
      in: ['iptables', 21],
      has: [
        /^filter KUBE-NODEPORTS: -p tcp .*health check node port" -m tcp --dport 32000 -j ACCEPT/,
      ],
    },
    { in: ['nftables'], lacks: [/32000/] },
  );
  check(
    'policy Local, and no endpoint here',
    { spec: { ...balanced, externalTrafficPolicy: 'Local' }, status: lb('203.0.113.9') },
    { in: ['iptables', 23], has: [/KUBE-XLB-\w+: .*has no local endpoints" -j KUBE-MARK-DROP/] },
    {
      in: ['iptables', 25],
      has: [/^filter KUBE-EXTERNAL-SERVICES: -d 203\.0\.113\.9\/32 .*-j DROP/],
      lacks: [/KUBE-SVL/],
    },
    { in: ['nftables'], has: [/@no-endpoint-nodeports: tcp \. 30080 .*: drop/] },
    { in: ['ipvs', 23], lacks: [/ipvs -t 203\.0\.113\.9:80: -r/] },
    { in: ['ipvs', 24], has: [/ipvs -t 203\.0\.113\.9:80: -r 10\.244\.1\.5:8080/] },
  );
  check(
    'policy Local of a Service that nothing from outside reaches is none',
    { spec: { externalTrafficPolicy: 'Local' } },
    { in: ['iptables'], has: [toSvc], lacks: [/KUBE-SVL|KUBE-EXT/] },
  );
  check(
    'internal policy Local without an endpoint here: dropped, in 1.23 refused',
    { spec: { internalTrafficPolicy: 'Local' } },
    { in: ['iptables', 21], has: [/-j KUBE-SVC/] },
    { in: ['iptables', 23], has: [/KUBE-SERVICES: .*has no endpoints" .*REJECT/] },
    { in: ['iptables'], has: [/KUBE-SERVICES: .*has no local endpoints" .*DROP/] },
    { in: ['nftables'], has: [/@no-endpoint-services: 10\.96\.0\.5 \. tcp \. 80 .*: drop/] },
  );
  check(
    'an external IP that is the node’s own address',
    { spec: { externalIPs: ['192.0.2.1', 'fd00::1', 'not an address'] } },
    {
      in: ['iptables'],
      has: [/-d 192\.0\.2\.1\/32 .*external IP" .*-j KUBE-EXT-/],
      lacks: [/fd00/],
    },
    { in: ['iptables', 20], has: [/-d 192\.0\.2\.1\/32 .*--dst-type LOCAL -j KUBE-SVC-/] },
  );
  check(
    'a balancer without node ports',
    {
      spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false },
      status: lb('203.0.113.9'),
    },
    { in: ['iptables'], has: [/loadbalancer IP" .*-j KUBE-EXT-/], lacks: [/KUBE-NODEPORTS/] },
  );
  check(
    'two slices with the same endpoint are one, and that of another proxy is none',
    {
      slices: [
        slice([endpoint('10.244.1.5')]),
        slice([endpoint('10.244.1.5')]),
        slice([endpoint('10.244.1.9')], {
          metadata: {
            namespace: 'shop',
            name: 'mesh',
            labels: {
              'kubernetes.io/service-name': 'web',
              'service.kubernetes.io/service-proxy-name': 'mesh',
            },
          },
        }),
        slice([endpoint('10.244.1.7')], {
          metadata: { namespace: 'shop', name: 'loose', labels: {} },
        }),
        slice([endpoint('10.244.1.8')], {
          metadata: {
            namespace: 'shop',
            name: 'by-hand',
            labels: {
              'kubernetes.io/service-name': 'web',
              'endpointslice.kubernetes.io/managed-by': 'me',
            },
          },
        }),
      ],
    },
    {
      in: ['nftables'],
      has: [/numgen random mod 2 map \{ 0 : 10\.244\.1\.5 \. 8080, 1 : 10\.244\.1\.8 \. 8080 \}/],
    },
  );
  const here = slice([endpoint('10.244.1.5', own)]);
  const elsewhere = slice([endpoint('10.244.1.5')]);
  const leaving = slice([endpoint('10.244.1.5', { ...own, conditions: { ready: false } })]);
  for (const slices of [
    [here, elsewhere],
    [elsewhere, here],
  ]) {
    check(
      `an endpoint that slices disagree about is on the node where one of them says so (${slices.indexOf(here)})`,
      { spec: { internalTrafficPolicy: 'Local' }, slices },
      { in: ['iptables'], has: [/KUBE-SVL-\w+: .*-> 10\.244\.1\.5/] },
      { in: ['nftables'], has: [/@service-ips: 10\.96\.0\.5 .*: goto local-/] },
    );
  }
  check(
    'that one counts, ready or not; between others the one that is ready',
    { slices: [elsewhere, leaving] },
    { in: ['iptables'], has: [/has no endpoints/] },
  );
  check(
    'of two elsewhere the ready one counts',
    { slices: [slice([endpoint('10.244.1.5', drained)]), elsewhere] },
    { in: ['iptables'], has: [toSvc] },
  );
  check(
    'nodePortAddresses primary: by bindAddress, and in iptables mode too',
    {
      spec: { type: 'NodePort', ports: [nodePort] },
      config: { nodePortAddresses: ['primary'], bindAddress: '198.18.0.1' },
    },
    { in: ['nftables'], has: [/@nodeport-ips: 198\.18\.0\.1/] },
  );
  const long = 'x'.repeat(63);
  check(
    'names at the limit',
    {
      objects: [
        {
          kind: 'Service',
          metadata: { namespace: long, name: long },
          spec: {
            clusterIP: '10.96.0.6',
            ports: [{ name: 'fifteen-letters', port: 1, protocol: 'TCP' }],
          },
        },
      ],
    },
    { in: ['iptables'], has: [new RegExp(`"${long}/${long}:fifteen-letters has no endpoints"`)] },
  );
  check(
    'two Services with one external IP: nft keeps one of them, and either is right',
    {
      spec: { externalIPs: ['203.0.113.9'] },
      objects: [
        {
          kind: 'Service',
          metadata: { namespace: 'shop', name: 'other' },
          spec: { clusterIP: '10.96.0.7', externalIPs: ['203.0.113.9'], ports: [nodePort] },
        },
        {
          kind: 'EndpointSlice',
          metadata: {
            namespace: 'shop',
            name: 'o',
            labels: { 'kubernetes.io/service-name': 'other' },
          },
          addressType: 'IPv4',
          ports: [{ name: 'http', port: 1, protocol: 'TCP' }],
          endpoints: [endpoint('10.244.1.9')],
        },
      ],
    },
    {
      in: ['nftables'],
      has: [/203\.0\.113\.9 \. tcp \. 80 : goto external-\w+-shop\/web/],
      lacks: [/203\.0\.113\.9 \. tcp \. 80 : goto external-\w+-shop\/other/],
    },
    { in: ['iptables'], has: [/-d 203\.0\.113\.9\/32 .*"shop\/other:http external IP"/] },
  );
  check(
    'unnamed ports have a colon until 1.18, in the hash too',
    {
      spec: { ports: [{ port: 80, protocol: 'TCP' }] },
      slices: [
        slice([endpoint('10.244.1.5')], { ports: [{ name: '', port: 8080, protocol: 'TCP' }] }),
      ],
    },
    { in: ['iptables', 18], has: [/"shop\/web: cluster IP"/] },
    { in: ['iptables', 19], has: [/"shop\/web cluster IP"/] },
  );
});
