import assert from 'node:assert/strict';
import { aloneSuite, type Alone } from './alone';
import { edited, rules, type Edit } from './cases/case';
import { routed } from './cases/small';
import { findingsOf, type Files } from './checkText';

const objects = 'objects.yaml';

/** The small node's Service as an object. */
const service = `apiVersion: v1
kind: Service
metadata: {name: whoami, namespace: default, labels: {app: whoami}}
spec:
  clusterIP: 10.99.205.136
  clusterIPs: [10.99.205.136]
  ports: [{port: 3000, protocol: TCP, nodePort: 30089}]
  type: NodePort
---
`;
const slice = `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
addressType: IPv4
metadata: {name: whoami-x, namespace: default, labels: {kubernetes.io/service-name: whoami}}
ports: [{name: "", port: 3000, protocol: TCP}]
endpoints:
- {addresses: [10.244.0.3], conditions: {ready: true}, nodeName: node-a}
- {addresses: [10.244.0.4], conditions: {ready: true}, nodeName: node-a}
---
`;
const pod = `apiVersion: v1
kind: Pod
metadata: {name: whoami-1, namespace: default}
spec: {nodeName: node-a, containers: []}
status: {phase: Running, podIPs: [{ip: 10.244.0.3}]}
---
`;
const healthy: Files = { ...routed, [objects]: service + slice + pod };

const other = (spec: string, labels = ''): Edit => [
  objects,
  '',
  `apiVersion: v1\nkind: Service\nmetadata: {name: other, namespace: shop, labels: {${labels}}}\nspec: {${spec}}\n---\n`,
];
const cut: Edit = [rules, /COMMIT\n$/, ''];
const isAnothers: Readonly<Record<string, readonly Edit[]>> = {
  'another proxy serves it': [
    [objects, '{app: whoami}', '{service.kubernetes.io/service-proxy-name: cilium}'],
  ],
  'it is headless by its label': [
    [objects, '{app: whoami}', '{service.kubernetes.io/headless: ""}'],
  ],
  'it is headless': [[objects, 'clusterIP: 10.99.205.136', 'clusterIP: None']],
  'it is a name alone': [[objects, 'type: NodePort', 'type: ExternalName']],
  'it has no ports': [[objects, /\[\{port: 3000.*30089\}\]/, '[]']],
};
const plain = 'clusterIP: 10.96.0.77, clusterIPs: [10.96.0.77], ports: [{port: 80}]';
const toFirewall =
  '-A KUBE-SERVICES -d 203.0.113.9/32 -p tcp -m comment --comment "default/whoami loadbalancer IP" -m tcp --dport 3000 -j KUBE-FW-DC3OOLRZIWFKJHLB';
const allowed = (...sources: readonly string[]) =>
  sources
    .map((source) => `-A KUBE-FW-DC3OOLRZIWFKJHLB${source} -j KUBE-SVC-DC3OOLRZIWFKJHLB\n`)
    .join('');
const firewall = (...sources: readonly string[]): Edit => [
  rules,
  '-A KUBE-SERVICES -d',
  `${allowed(...sources)}-A KUBE-FW-DC3OOLRZIWFKJHLB -j DROP\n${toFirewall}\n$&`,
];
const asked = (ranges: string): Edit => [
  objects,
  '  type: NodePort',
  `  type: LoadBalancer\n  loadBalancerSourceRanges: [${ranges}]\nstatus: {loadBalancer: {ingress: [{ip: 203.0.113.9}]}}`,
];
const hostPort = (to: string, chain = 'CNI-DN-0123456789abcdef01234'): Edit => [
  rules,
  '-A KUBE-MARK-MASQ ',
  `-A ${chain} -s 10.244.0.0/24 -p tcp -m tcp --dport 8080 -j CNI-HOSTPORT-SETMARK\n-A ${chain} -p tcp -m tcp --dport 8080 -j DNAT --to-destination ${to}:80\n$&`,
];
const named: readonly Edit[] = [
  [
    objects,
    '{port: 3000, protocol: TCP, nodePort',
    '{port: 3000, protocol: TCP, targetPort: http, nodePort',
  ],
];

const cases: readonly Alone[] = [
  {
    code: 'endpoint-missing',
    when: 'a slice has one more',
    raise: [
      [objects, '- {addresses: [10.244.0.4]', '- {addresses: [10.244.0.5], conditions: {}}\n$&'],
    ],
    but: {
      ...isAnothers,
      'it is not ready': [[objects, '.5], conditions: {}', '.5], conditions: {ready: false}']],
      'the table is not whole': [cut],
      'it is of IPv6': [[objects, 'addressType: IPv4', 'addressType: IPv6']],
      'it is of another port': [[objects, 'name: "", port: 3000', 'name: metrics, port: 3000']],
      'it is of another Service': [[objects, 'service-name: whoami', 'service-name: other']],
    },
  },
  {
    code: 'endpoint-stale',
    when: 'a slice has one less',
    raise: [[objects, /^- \{addresses: \[10\.244\.0\.4.*\n/m, '']],
    but: { ...isAnothers, 'the table is not whole': [cut] },
  },
  {
    code: 'endpoint-stale',
    when: 'it is not ready, and others are',
    raise: [[objects, '.4], conditions: {ready: true}', '.4], conditions: {ready: false}']],
  },
  {
    code: 'service-not-programmed',
    when: 'one is in no rule',
    raise: [other(plain)],
    but: {
      'another proxy serves it': [
        [objects, 'labels: {}', 'labels: {service.kubernetes.io/service-proxy-name: x}'],
      ],
      'it is headless': [[objects, 'clusterIP: 10.96.0.77', 'clusterIP: None']],
      'it has no ports': [[objects, 'ports: [{port: 80}]', 'ports: []']],
      'its address is of IPv6': [[objects, /10\.96\.0\.77/g, '"fd00::77"']],
      'its address is of IPv6, of which kube-proxy wrote nothing': [
        [objects, /10\.96\.0\.77/g, '"fd00::77"'],
        ['ip6tables-save.txt', '', '*filter\nCOMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n'],
      ],
      'its address is of IPv6, of which somebody flushed the rules': [
        [objects, /10\.96\.0\.77/g, '"fd00::77"'],
        ['ip6tables-save.txt', '', '*filter\nCOMMIT\n*nat\n:KUBE-SERVICES - [0:0]\nCOMMIT\n'],
      ],
      'the table nat is not whole': [cut],
      'the table filter is not whole': [[rules, 'COMMIT\n*nat', '*nat']],
      'it is in the rules': [
        [
          rules,
          '-A KUBE-SERVICES -d',
          '-A KUBE-SERVICES -d 10.96.0.77/32 -p tcp -m comment --comment "shop/other cluster IP" -m tcp --dport 80 -j KUBE-SVC-AAAAAAAAAAAAAAAA\n-A KUBE-SVC-AAAAAAAAAAAAAAAA -j KUBE-SEP-AJHR67BPPEH4YV3Z\n$&',
        ],
      ],
    },
  },
  ...['externalIPs: [203.0.113.7]', 'ports: [{port: 3000, protocol: UDP}]'].map((more): Alone => ({
    code: 'service-not-programmed',
    when: `a part of one is in no rule: ${more}`,
    raise: [
      more.startsWith('ports')
        ? [objects, /ports: \[\{port: 3000.*/, more]
        : [objects, '  type: NodePort', `  ${more}\n$&`],
    ],
  })),
  ...['30090', '3000'].map((nodePort): Alone => ({
    code: 'service-not-programmed',
    when: `its node port is another: ${nodePort}`,
    raise: [[objects, '30089', nodePort]],
  })),
  {
    code: 'rules-without-service',
    when: 'another is there, and this one is not',
    raise: [[objects, service, ''], [objects, slice, ''], other(plain)],
    but: {
      'no Service is at hand': [[objects, /apiVersion: v1\nkind: Service[^]*/, '']],
      'it is there, whatever its address': [
        [objects, 'name: other, namespace: shop', 'name: whoami, namespace: default'],
      ],
    },
  },
  {
    code: 'affinity-differs',
    when: 'the Service asks for it',
    raise: [[objects, '  type: NodePort', '  sessionAffinity: ClientIP\n$&']],
    but: {
      'it asks for none': [[objects, 'ClientIP', 'None']],
      'there is no endpoint': [[rules, /^-A KUBE-SVC-\S+ (?:-m|-j) .*\n/gm, '']],
      'no object has its name': [[objects, 'name: whoami, namespace', 'name: another, namespace']],
      'the rules keep a client for as long': [
        [
          rules,
          /^-A KUBE-SVC-\S+ -m statistic/m,
          '-A KUBE-SVC-DC3OOLRZIWFKJHLB -m recent --name KUBE-SEP-U6DOR6RBN2GGPJH6 --mask 255.255.255.255 --rsource --rcheck --seconds 10800 --reap -j KUBE-SEP-U6DOR6RBN2GGPJH6\n$&',
        ],
      ],
    },
  },
  {
    code: 'source-ranges-differ',
    when: 'the rules let another range through',
    raise: [firewall(' -s 203.0.113.0/24', ' -s 198.51.100.0/24'), asked('198.51.100.0/24')],
    but: {
      'the Service asks for both, in whichever order': [
        [objects, '[198', '[" 203.0.113.7/24 ", 198'],
      ],
      'it asks for everybody, and so do the rules': [
        [objects, '[198.51.100.0/24]', '["0.0.0.0/0"]'],
        [rules, '-s 203.0.113.0/24', '-s 0.0.0.0/0'],
      ],
      'it is the address of the load balancer': [[rules, '203.0.113.0/24', '203.0.113.9/32']],
      'no chain of the Service lets through': [[rules, /^.*KUBE-FW-.*\n/gm, '']],
    },
  },
  {
    code: 'source-ranges-differ',
    when: 'the Service asks for one of IPv6, which the rules of IPv4 have not',
    raise: [firewall(' -s 203.0.113.0/24'), asked('"fd00::/64"')],
  },
  {
    code: 'target-port-names-no-port',
    when: 'the slice has addresses and no port',
    raise: [[objects, 'ports: [{name: "", port: 3000, protocol: TCP}]', 'ports: []'], ...named],
    but: {
      'another proxy serves it': [
        [objects, '{app: whoami}', '{service.kubernetes.io/service-proxy-name: cilium}'],
      ],
      'the slice has the port': [
        [objects, 'ports: []', 'ports: [{name: "", port: 3000, protocol: TCP}]'],
      ],
    },
  },
  {
    code: 'host-port-stale',
    when: 'no Pod has the address',
    raise: [hostPort('10.244.0.250')],
    but: {
      'a Pod has it': [[objects, 'podIPs: [{ip: 10.244.0.3}]', 'podIPs: [{ip: 10.244.0.250}]']],
      'no Pod of this node is at hand': [
        [objects, 'nodeName: node-a, containers', 'nodeName: b, containers'],
      ],
      'the chain is another’s': [[rules, /CNI-DN-0123/g, 'MINE-0123']],
      'the rule does not translate': [
        [rules, '-j DNAT --to-destination 10.244.0.250:80', '-j RETURN'],
      ],
    },
  },
];

aloneSuite('objects', healthy, cases);

suite('findings of objects: what they say', () => {
  const of = async (code: string, edits: readonly Edit[]) => {
    const files = edited(healthy, edits);
    return (await findingsOf(files, code)).map(({ message, service: name, range }) => ({
      message,
      service: name,
      source: range.source,
    }));
  };

  test('a Service that is in no rule: itself, or what of it', async () => {
    const code = 'service-not-programmed';
    assert.deepEqual(await of(code, [other(plain)]), [
      {
        message: 'The node has no rule for Service shop/other.',
        service: 'shop/other',
        source: objects,
      },
    ]);
    assert.deepEqual(
      (await of(code, [[objects, '30089', '30090']])).map(({ message }) => message),
      ['The node has rules for Service default/whoami, but none for NodePort 30090/tcp.'],
    );
  });

  test('source ranges: those that the Service asks for, or everybody', async () => {
    const code = 'source-ranges-differ';
    const [some] = await of(code, [firewall(' -s 203.0.113.0/24'), asked('198.51.100.0/24')]);
    assert.match(some!.message, /198\.51\.100\.0\/24/);
    assert.doesNotMatch(some!.message, /everybody/);
    const [all] = await of(code, [firewall(' -s 203.0.113.0/24'), asked('')]);
    assert.match(all!.message, /everybody/);
  });
});
