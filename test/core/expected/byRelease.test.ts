import assert from 'node:assert/strict';
import { endpoint, own, slice, written, type Cluster, type Mode } from './byHand';

/** A line that kube-proxy writes from a release on, and until which; both borders are tried. */
type Fact = readonly [since: number, until: number, line: RegExp, family?: 4 | 6];

/** Of the releases that are known: of iptables mode since 1.9, ipvs 1.12, nftables 1.31. */
const oldest = { iptables: 9, ipvs: 12, nftables: 31 } as const;
const now = 36;

function facts(
  title: string,
  mode: Mode,
  of: 'of Services' | 'of the node',
  cluster: Cluster,
  rows: readonly Fact[],
): void {
  suite(`${mode} mode by release: ${title}`, () => {
    for (const [since, until, line, family = 4] of rows) {
      const oldestOne = oldest[mode];
      test(`1.${since} to ${until === now ? 'now' : `1.${until}`}: ${line.source}`, () => {
        const has = (release: number) =>
          written(cluster, mode, release, family, of).some((text) => line.test(text));
        for (const release of [since, until]) assert.ok(has(release), `not in 1.${release}`);
        for (const release of [since - 1, until + 1]) {
          if (release >= oldestOne && release <= now) assert.ok(!has(release), `in 1.${release}`);
        }
      });
    }
  });
}

facts('what every node has', 'iptables', 'of the node', {}, [
  [9, 9, /^filter INPUT: -m comment --comment "kubernetes service portals" -j KUBE-SERVICES$/],
  [9, 9, /^filter OUTPUT: -m comment .*-j KUBE-SERVICES$/],
  [10, now, /^filter OUTPUT: -m conntrack --ctstate NEW .*-j KUBE-SERVICES$/],
  [14, 19, /^filter INPUT: -m conntrack --ctstate NEW .*-j KUBE-SERVICES$/],
  [14, now, /^filter FORWARD: -m conntrack --ctstate NEW .*-j KUBE-SERVICES$/],
  [10, now, /^filter INPUT: -m conntrack --ctstate NEW .*-j KUBE-EXTERNAL-SERVICES$/],
  [20, now, /^filter FORWARD: -m conntrack --ctstate NEW .*-j KUBE-EXTERNAL-SERVICES$/],
  [9, 9, /^filter FORWARD: -m comment --comment "kubernetes forward rules" -j KUBE-FORWARD$/],
  [10, now, /^filter FORWARD: -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD$/],
  [
    21,
    now,
    /^filter INPUT: -m comment --comment "kubernetes health check service ports" -j KUBE-NODEPORTS$/,
  ],
  [25, now, /^filter OUTPUT: -m conntrack --ctstate NEW .*-j KUBE-PROXY-FIREWALL$/],
  [27, now, /^filter INPUT: -j KUBE-FIREWALL$/],
  [27, now, /^filter KUBE-FIREWALL: ! -s 127\.0\.0\.0\/8 -d 127\.0\.0\.0\/8 .*-j DROP$/],
  [9, 18, /^nat KUBE-POSTROUTING: .*-m mark --mark 0x4000\/0x4000 -j MASQUERADE/],
  [19, now, /^nat KUBE-POSTROUTING: -m mark ! --mark 0x4000\/0x4000 -j RETURN$/],
  [19, now, /^nat KUBE-POSTROUTING: -j MARK --set-xmark 0x4000\/0x0$/],
  [16, now, /-j MASQUERADE --random-fully$/],
  [9, 15, /-j MASQUERADE$/],
  [15, 30, /^filter KUBE-FORWARD: -m conntrack --ctstate INVALID -j DROP$/],
  [
    31,
    now,
    /^filter KUBE-FORWARD: .*INVALID -m nfacct --nfacct-name {2}ct_state_invalid_dropped_pkts -j DROP$/,
  ],
  [9, 17, /^filter KUBE-FORWARD: -s 10\.244\.0\.0\/16 .*RELATED,ESTABLISHED -j ACCEPT$/],
  [
    18,
    22,
    /^filter KUBE-FORWARD: -m comment --comment "kubernetes forwarding conntrack pod source rule"/,
  ],
  [23, now, /^filter KUBE-FORWARD: .*"kubernetes forwarding conntrack rule"/],
  [26, now, /^nat KUBE-SERVICES: ! -d ::1\/128 .*-j KUBE-NODEPORTS$/, 6],
]);

facts('without cluster CIDR', 'iptables', 'of the node', { config: { clusterCIDR: '' } }, [
  [18, 22, /conntrack pod destination rule/],
]);

facts(
  'with a liberal conntrack and iptables that knows neither nfacct nor --random-fully',
  'iptables',
  'of the node',
  { kernel: { tcpBeLiberal: true, nfacct: false, randomFully: false } },
  [
    [15, 28, /--ctstate INVALID -j DROP$/],
    [9, now, /-j MASQUERADE$/],
  ],
);
facts('without nfacct', 'iptables', 'of the node', { kernel: { nfacct: false } }, [
  [15, now, /--ctstate INVALID -j DROP$/],
]);
facts(
  'without localhost node ports',
  'iptables',
  'of the node',
  { config: { iptables: { localhostNodePorts: false } } },
  [[26, now, /^nat KUBE-SERVICES: ! -d 127\.0\.0\.0\/8 .*-j KUBE-NODEPORTS$/]],
);

const three = [slice(['10.244.1.5', '10.244.1.6', '10.244.1.7'].map((at) => endpoint(at)))];
const http = { name: 'http', port: 80, protocol: 'TCP' };
const edge: Cluster = {
  spec: {
    type: 'LoadBalancer',
    externalIPs: ['203.0.113.7'],
    sessionAffinity: 'ClientIP',
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } },
    ports: [{ ...http, nodePort: 30080 }],
  },
  status: { loadBalancer: { ingress: [{ ip: '198.51.100.9' }] } },
  slices: three,
};

facts('entries and endpoints', 'iptables', 'of Services', edge, [
  [9, 21, /^nat KUBE-SERVICES: ! -s 10\.244\.0\.0\/16 -d 10\.96\.0\.5\/32 .*-j KUBE-MARK-MASQ$/],
  [22, now, /^nat KUBE-SVC-\w+: ! -s 10\.244\.0\.0\/16 -d 10\.96\.0\.5\/32 .*-j KUBE-MARK-MASQ$/],
  [9, 21, /^nat KUBE-NODEPORTS: .*--dport 30080 -j KUBE-MARK-MASQ$/],
  [22, 23, /^nat KUBE-SVC-\w+: .*--dport 30080 -j KUBE-MARK-MASQ$/],
  [9, 23, /^nat KUBE-NODEPORTS: -p tcp .*--dport 30080 -j KUBE-SVC-/],
  [24, now, /^nat KUBE-NODEPORTS: -p tcp .*--dport 30080 -j KUBE-EXT-/],
  [31, now, /^nat KUBE-NODEPORTS: -d 127\.0\.0\.0\/8 .*localhost_nps_accepted_pkts -j KUBE-EXT-/],
  [9, 20, /^nat KUBE-SERVICES: -d 203\.0\.113\.7\/32 .*physdev ! --physdev-is-in .*-j KUBE-SVC-/],
  [9, 20, /^nat KUBE-SERVICES: -d 203\.0\.113\.7\/32 .*-j KUBE-MARK-MASQ$/],
  [21, 21, /^nat KUBE-SERVICES: ! -s 10\.244\.0\.0\/16 -d 203\.0\.113\.7\/32 .*-j KUBE-MARK-MASQ$/],
  [22, 23, /^nat KUBE-SVC-\w+: ! -s 10\.244\.0\.0\/16 -d 203\.0\.113\.7\/32 .*-j KUBE-MARK-MASQ$/],
  [21, 23, /^nat KUBE-SERVICES: -d 203\.0\.113\.7\/32 -p tcp .*--dport 80 -j KUBE-SVC-/],
  [24, now, /^nat KUBE-SERVICES: -d 203\.0\.113\.7\/32 .*-j KUBE-EXT-/],
  [9, 23, /^nat KUBE-SERVICES: -d 198\.51\.100\.9\/32 .*-j KUBE-FW-/],
  [24, now, /^nat KUBE-SERVICES: -d 198\.51\.100\.9\/32 .*-j KUBE-EXT-/],
  [9, 23, /^nat KUBE-FW-\w+: .*-j KUBE-MARK-DROP$/],
  [
    24,
    now,
    /^nat KUBE-EXT-\w+: .*"masquerade traffic for shop\/web:http external destinations" -j KUBE-MARK-MASQ$/,
  ],
  [9, 16, /--probability 0\.33332999982 /],
  [17, now, /--probability 0\.33333333349 /],
  [9, 11, /^nat KUBE-SVC-\w+: -m comment --comment "shop\/web:http" -m statistic/],
  [12, 17, /^nat KUBE-SVC-\w+: -m statistic/],
  [18, 23, /^nat KUBE-SVC-\w+: -m comment --comment "shop\/web:http" -m statistic/],
  [
    24,
    now,
    /^nat KUBE-SVC-\w+: -m comment --comment "shop\/web:http -> 10\.244\.1\.5:8080" -m statistic/,
  ],
  [12, 17, /^nat KUBE-SEP-\w+: -s 10\.244\.1\.5\/32 -j KUBE-MARK-MASQ$/],
  [18, now, /^nat KUBE-SEP-\w+: -s 10\.244\.1\.5\/32 -m comment .*-j KUBE-MARK-MASQ$/],
  [9, now, /^nat KUBE-SVC-\w+: .*-m recent --rcheck --seconds 600 --reap --name KUBE-SEP-/],
  [
    9,
    now,
    /^nat KUBE-SEP-\w+: .*-m recent --set --name KUBE-SEP-.* -j DNAT --to-destination 10\.244\.1\.5:8080$/,
  ],
]);

facts(
  'an unnamed port',
  'iptables',
  'of Services',
  {
    spec: { ports: [{ name: '', port: 80, protocol: 'TCP' }] },
    slices: [
      slice([endpoint('10.244.1.5')], { ports: [{ name: '', port: 8080, protocol: 'TCP' }] }),
    ],
  },
  [
    [9, 18, /^nat KUBE-SERVICES: .*"shop\/web: cluster IP"/],
    [19, now, /^nat KUBE-SERVICES: .*"shop\/web cluster IP"/],
  ],
);

const ranges = { ...edge, spec: { ...edge.spec, loadBalancerSourceRanges: ['192.168.0.0/16'] } };
facts('source ranges', 'iptables', 'of Services', ranges, [
  [9, 23, /^nat KUBE-FW-\w+: -s 192\.168\.0\.0\/16 .*-j KUBE-SVC-/],
  [24, now, /^nat KUBE-FW-\w+: -s 192\.168\.0\.0\/16 .*-j KUBE-EXT-/],
  [9, 24, /^nat KUBE-FW-\w+: .*-j KUBE-MARK-DROP$/],
  [
    25,
    now,
    /^filter KUBE-PROXY-FIREWALL: -d 198\.51\.100\.9\/32 .*"shop\/web:http traffic not accepted by KUBE-FW-\w+" .*-j DROP$/,
  ],
  [
    27,
    now,
    /^nat KUBE-FW-\w+: -m comment --comment "other traffic to shop\/web:http will be dropped/,
  ],
]);

const local = (...endpoints: readonly ReturnType<typeof endpoint>[]): Cluster => ({
  ...edge,
  spec: {
    ...edge.spec,
    sessionAffinity: 'None',
    externalTrafficPolicy: 'Local',
    healthCheckNodePort: 32000,
  },
  slices: [slice(endpoints)],
});
facts(
  'policy Local',
  'iptables',
  'of Services',
  local(endpoint('10.244.0.5', own), endpoint('10.244.1.6')),
  [
    [9, 23, /^nat KUBE-XLB-\w+: -s 10\.244\.0\.0\/16 .*"Redirect pods .*-j KUBE-SVC-/],
    [
      15,
      23,
      /^nat KUBE-XLB-\w+: .*"masquerade LOCAL traffic for shop\/web:http LB IP" .*-j KUBE-MARK-MASQ$/,
    ],
    [
      9,
      22,
      /^nat KUBE-XLB-\w+: -m comment --comment "Balancing rule 0 for shop\/web:http" -j KUBE-SEP-/,
    ],
    [23, 23, /^nat KUBE-XLB-\w+: -m comment --comment "shop\/web:http" -j KUBE-SEP-/],
    [9, 23, /^nat KUBE-NODEPORTS: -s 127\.0\.0\.0\/8 .*--dport 30080 -j KUBE-MARK-MASQ$/],
    [9, 23, /^nat KUBE-NODEPORTS: -p tcp .*--dport 30080 -j KUBE-XLB-/],
    [19, 20, /^nat KUBE-SERVICES: -d 203\.0\.113\.7\/32 .*physdev.*-j KUBE-XLB-/],
    [19, 23, /^nat KUBE-SERVICES: -d 203\.0\.113\.7\/32 .*-j KUBE-XLB-/],
    [24, now, /^nat KUBE-SVL-\w+: .*-> 10\.244\.0\.5:8080" -j KUBE-SEP-/],
    [24, now, /^nat KUBE-EXT-\w+: -s 10\.244\.0\.0\/16 .*"pod traffic for .*-j KUBE-SVC-/],
    [24, now, /^nat KUBE-EXT-\w+: .*"route LOCAL traffic for .* --src-type LOCAL -j KUBE-SVC-/],
    [21, now, /^filter KUBE-NODEPORTS: .*--dport 32000 -j ACCEPT$/],
  ],
);
facts(
  'policy Local without an endpoint here',
  'iptables',
  'of Services',
  local(endpoint('10.244.1.6')),
  [
    [9, 23, /^nat KUBE-XLB-\w+: .*has no local endpoints" -j KUBE-MARK-DROP$/],
    [24, 24, /^nat KUBE-SVL-\w+: .*has no local endpoints" -j KUBE-MARK-DROP$/],
    [25, now, /^filter KUBE-EXTERNAL-SERVICES: .*has no local endpoints" .*--dport 30080 -j DROP$/],
  ],
);
facts('without endpoints', 'iptables', 'of Services', local(), [
  [14, 19, /^filter KUBE-SERVICES: -d 198\.51\.100\.9\/32 .*has no endpoints" .*-j REJECT/],
  [
    20,
    now,
    /^filter KUBE-EXTERNAL-SERVICES: -d 198\.51\.100\.9\/32 .*has no endpoints" .*-j REJECT/,
  ],
  [9, now, /^filter KUBE-SERVICES: -d 10\.96\.0\.5\/32 .*has no endpoints" .*-j REJECT/],
]);

facts(
  'masqueradeAll',
  'iptables',
  'of Services',
  { config: { iptables: { masqueradeAll: true } } },
  [
    [9, 21, /^nat KUBE-SERVICES: -d 10\.96\.0\.5\/32 .*-j KUBE-MARK-MASQ$/],
    [22, now, /^nat KUBE-SVC-\w+: -d 10\.96\.0\.5\/32 .*-j KUBE-MARK-MASQ$/],
  ],
);

facts('what every node has', 'ipvs', 'of the node', ranges, [
  [21, now, /^filter INPUT: .*"kubernetes health check rules" -j KUBE-NODE-PORT$/],
  [25, now, /^filter FORWARD: .*-j KUBE-PROXY-FIREWALL$/],
  [26, now, /^filter INPUT: .*-j KUBE-IPVS-FILTER$/],
  [29, now, /^filter OUTPUT: .*-j KUBE-IPVS-OUT-FILTER$/],
  [26, now, /^nat KUBE-SERVICES: -s 127\.0\.0\.0\/8 -j RETURN$/],
  [26, now, /^nat KUBE-SERVICES: -s ::1\/128 -j RETURN$/, 6],
  [12, 24, /^nat KUBE-FIREWALL: -j KUBE-MARK-DROP$/],
  [12, 24, /^nat KUBE-LOAD-BALANCER: .*KUBE-LOAD-BALANCER-FW dst,dst -j KUBE-FIREWALL$/],
  [25, now, /^filter KUBE-SOURCE-RANGES-FIREWALL: -j DROP$/],
  [12, 18, /^nat KUBE-POSTROUTING: .*-m mark --mark 0x4000\/0x4000 -j MASQUERADE/],
  [19, now, /^nat KUBE-POSTROUTING: -m mark ! --mark 0x4000\/0x4000 -j RETURN$/],
  [16, now, /-j MASQUERADE --random-fully$/],
  [12, 17, /^filter KUBE-FORWARD: -s 10\.244\.0\.0\/16 .*-j ACCEPT$/],
  [18, 22, /^filter KUBE-FORWARD: -m comment .*conntrack pod source rule/],
  [23, now, /^filter KUBE-FORWARD: .*"kubernetes forwarding conntrack rule"/],
  [28, now, /^filter KUBE-IPVS-FILTER: .*KUBE-HEALTH-CHECK-NODE-PORT dst -j RETURN$/],
  [30, now, /^filter KUBE-IPVS-FILTER: .*KUBE-EXTERNAL-IP-LOCAL dst,dst -j RETURN$/],
]);
facts('source ranges', 'ipvs', 'of Services', ranges, [
  [
    29,
    now,
    /^filter KUBE-IPVS-OUT-FILTER: -s 198\.51\.100\.9\/32 .*--vaddr 198\.51\.100\.9 --vport 80 -j DROP$/,
  ],
]);
facts('mh', 'ipvs', 'of Services', { config: { ipvs: { scheduler: 'mh' } } }, [
  [12, 26, /^ipvs -t 10\.96\.0\.5:80: -s mh$/],
  [27, now, /^ipvs -t 10\.96\.0\.5:80: -s mh -b mh-port$/],
]);
facts('masqueradeAll', 'ipvs', 'of the node', { config: { iptables: { masqueradeAll: true } } }, [
  [12, now, /^nat KUBE-SERVICES: -m comment .*KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ$/],
]);
facts('without cluster CIDR', 'ipvs', 'of the node', { config: { clusterCIDR: '' } }, [
  [12, now, /^nat KUBE-SERVICES: -m comment .*KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ$/],
  [18, 22, /conntrack pod source rule/],
]);

facts('what every node has', 'nftables', 'of the node', {}, [
  [31, 35, /^kube-proxy mark-for-masquerade: /],
  [
    36,
    now,
    /^kube-proxy masquerading: meta mark & 0x00004000 != 0x00000000 .*masquerade fully-random$/,
  ],
  [31, 33, /^kube-proxy filter-output-post-dnat: ct state new jump cluster-ips-check$/],
  [34, now, /^kube-proxy filter-output-pre-dnat: ct state new jump firewall-check$/],
  [
    36,
    now,
    /^kube-proxy services: ip daddr @cluster-ips ip saddr != 10\.244\.0\.0\/16 meta mark set/,
  ],
]);
facts('endpoints', 'nftables', 'of Services', { slices: [slice([endpoint('10.244.0.5', own)])] }, [
  [31, 35, /^kube-proxy endpoint-\S+: ip saddr 10\.244\.0\.5 jump mark-for-masquerade$/],
  [36, now, /^kube-proxy @hairpin-connections: 10\.244\.0\.5 \. 10\.244\.0\.5 \. tcp \. 8080$/],
  [
    31,
    33,
    /^kube-proxy service-\S+: ip daddr 10\.96\.0\.5 tcp dport 80 ip saddr != 10\.244\.0\.0\/16 jump mark-for-masquerade$/,
  ],
  [
    34,
    35,
    /^kube-proxy service-\S+: ip daddr 10\.96\.0\.5 ip saddr != 10\.244\.0\.0\/16 jump mark-for-masquerade$/,
  ],
]);
