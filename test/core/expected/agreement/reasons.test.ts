import assert from 'node:assert/strict';
import { isNewer } from '../../../../src/core/expected/agreement/age';
import { differInEndpoints, isChooser } from '../../../../src/core/expected/agreement/choosers';
import { isOfEndpoint, reasonOf } from '../../../../src/core/expected/agreement/reason';
import { titleOf } from '../../../../src/core/expected/agreement/title';
import type { RuleDifference } from '../../../../src/core/expected/compare/chains';
import type { ExpectedRule, ExpectedRuleset, RuleRole } from '../../../../src/core/expected/rules';
import { servicePortsOf, type ServicePort } from '../../../../src/core/expected/servicePorts';
import { finish } from '../../../../src/core/work';
import { service } from '../../objects/madeService';
import { drained, endpoint, inputOf, own, slice, type Cluster } from '../byHand';

function portOf(cluster: Cluster): ServicePort {
  const [port] = finish(servicePortsOf(inputOf(cluster, 'iptables'), 4));
  return port!;
}

const place = { table: 'nat', chain: 'KUBE-SERVICES' } as const;

function missing(role: RuleRole, more: Partial<ExpectedRule> = {}): RuleDifference {
  return { ...place, kind: 'missing', expected: { text: '-j X', role, ...more } };
}

function stale(text: string, more: Partial<RuleDifference> = {}): RuleDifference {
  return { ...place, kind: 'stale', actual: { text, line: 7 }, ...more };
}

suite('why a rule should be there, by the objects', () => {
  const nodePort = { name: 'http', port: 80, nodePort: 30080, protocol: 'TCP' };
  const port = portOf({ spec: { type: 'NodePort', ports: [nodePort] } });

  test('by what it is for', () => {
    for (const [role, reason] of [
      ['no-endpoints', 'none of its endpoints is ready'],
      ['no-local-endpoints', 'its traffic policy is Local, and no endpoint on this node is ready'],
      ['source-range', 'its loadBalancerSourceRanges say who may use the load balancer'],
      ['external-ip', 'its externalIPs name the address'],
      ['load-balancer-ip', 'its status names the load balancer address'],
      ['node-port', 'its node port is 30080'],
      ['cluster-ip', undefined],
      ['hook', undefined],
    ] as const) {
      assert.equal(reasonOf(missing(role), port), reason, role);
    }
    const none = portOf({ slices: [] });
    assert.equal(
      reasonOf(missing('no-endpoints'), none),
      'its EndpointSlices have no endpoint for the port "http"',
    );
    assert.equal(reasonOf({ ...place, kind: 'missing-chain' }, port), undefined);
  });

  test('by its endpoint', () => {
    const told = (conditions: object) => {
      const one = portOf({ slices: [slice([endpoint('10.244.1.5', { conditions })])] })
        .endpoints[0]!;
      const chain = { name: 'KUBE-SEP-A', rules: [], endpoint: one };
      const asked = reasonOf(missing('endpoint', { endpoint: one }), port);
      // A chain that is not there at all is told in the same way.
      assert.equal(reasonOf({ ...place, kind: 'missing-chain', wanted: chain }, port), asked);
      return asked;
    };
    assert.equal(told({ ready: true }), 'endpoint 10.244.1.5:8080 is ready');
    assert.equal(told({ ready: false }), 'endpoint 10.244.1.5:8080 is not ready');
    assert.equal(
      told(drained.conditions),
      'endpoint 10.244.1.5:8080 is terminating and still serves',
    );
    const leaving = { ...drained.conditions, serving: false };
    assert.equal(told(leaving), 'endpoint 10.244.1.5:8080 is not ready');
  });
});

suite('why a rule should not be there, by the endpoint that it names', () => {
  const forms = (address: string) => [
    `-m comment --comment "shop/web:http -> ${address}" -j KUBE-SEP-A`,
    `-p tcp -m tcp -j DNAT --to-destination ${address}`,
    `-r ${address} -m -w 1`,
    `meta l4proto tcp dnat to ${address}`,
  ];
  const reason = (address: string, cluster: Cluster) => {
    const port = portOf(cluster);
    const [first, ...others] = forms(address).map((text) => reasonOf(stale(text), port));
    for (const other of others) assert.equal(other, first);
    return first;
  };
  const one = (more: Readonly<Record<string, unknown>>) => ({
    slices: [slice([endpoint('10.244.1.5', more)])],
  });

  test('no endpoint of that address, or one that went', () => {
    const rest = ': its rules should go';
    assert.equal(
      reason('10.244.1.9:8080', one({})),
      `its EndpointSlices have no endpoint 10.244.1.9:8080${rest}`,
    );
    assert.equal(
      reason('10.244.1.5:8080', one({ conditions: { ready: false, terminating: true } })),
      `endpoint 10.244.1.5:8080 is terminating${rest}`,
    );
    assert.equal(
      reason('10.244.1.5:8080', one({ conditions: { ready: false } })),
      `endpoint 10.244.1.5:8080 is not ready${rest}`,
    );
    // It is right: what differs is not the endpoint.
    assert.equal(reason('10.244.1.5:8080', one({})), undefined);
  });

  test('one that is ready, and not for this node', () => {
    const local = { spec: { internalTrafficPolicy: 'Local' } };
    const here = endpoint('10.244.0.5', own);
    assert.equal(
      reason('10.244.1.5:8080', { ...local, slices: [slice([here, endpoint('10.244.1.5')])] }),
      'endpoint 10.244.1.5:8080 is on another node, and the traffic policy is Local',
    );
    const external = {
      spec: { ...local.spec, type: 'NodePort', externalTrafficPolicy: 'Local' },
      slices: [slice([here, endpoint('10.244.1.5')])],
    };
    assert.equal(
      reason('10.244.1.5:8080', external),
      'endpoint 10.244.1.5:8080 is on another node, and the traffic policy is Local',
    );
    const zone = (name: string) => ({ hints: { forZones: [{ name }] } });
    const hinted = {
      slices: [slice([endpoint('10.244.1.5', zone('east')), endpoint('10.244.1.6', zone('west'))])],
    };
    assert.equal(
      reason('10.244.1.6:8080', hinted),
      'topology hints leave endpoint 10.244.1.6:8080 to other zones or nodes',
    );
    assert.equal(reason('10.244.1.5:8080', hinted), undefined);
  });

  test('of IPv6, too; a rule that names no endpoint has no reason', () => {
    const six = 'meta l4proto tcp dnat to [fd00::5]:8080; comment';
    assert.equal(
      reasonOf(stale(six), portOf({})),
      'its EndpointSlices have no endpoint [fd00::5]:8080: its rules should go',
    );
    assert.equal(reasonOf(stale('-j KUBE-MARK-MASQ'), portOf({})), undefined);
    assert.equal(reasonOf({ ...place, kind: 'stale' }, portOf({})), undefined);
  });

  test('a difference is about an endpoint where what is expected or what is there names one', () => {
    for (const text of forms('10.244.1.5:8080')) assert.ok(isOfEndpoint(stale(text)), text);
    assert.ok(!isOfEndpoint(stale('-d 10.96.0.5/32 -j KUBE-SVC-A')));
    assert.ok(!isOfEndpoint(missing('cluster-ip')));
    const [only] = portOf({}).endpoints;
    assert.ok(isOfEndpoint(missing('endpoint', { endpoint: only })));
    const chain = { name: 'KUBE-SEP-A', rules: [], endpoint: only! };
    assert.ok(isOfEndpoint({ ...place, kind: 'missing-chain', wanted: chain }));
  });
});

suite('the Service port that a difference is of', () => {
  const port = portOf({});
  const chains = new Map([
    ['KUBE-SVC-A', { name: 'KUBE-SVC-A', rules: [], servicePort: port }],
    ['KUBE-SERVICES', { name: 'KUBE-SERVICES', rules: [] }],
  ]);
  const table = (name: string) => [name, { name, chains, sets: new Map() }] as const;
  const expected = {
    tables: new Map([table('nat'), table('kube-proxy')]),
  } as unknown as ExpectedRuleset;
  const title = (difference: RuleDifference) => titleOf(difference, expected);

  test('as what is expected has it: the rule, the chain, or the chain that it stands in', () => {
    assert.equal(title(missing('cluster-ip', { servicePort: port })), 'shop/web:http');
    const wanted = { name: 'KUBE-SVC-B', rules: [], servicePort: port };
    assert.equal(title({ ...place, kind: 'missing-chain', wanted }), 'shop/web:http');
    assert.equal(title(stale('-j RETURN', { chain: 'KUBE-SVC-A' })), 'shop/web:http');
    assert.equal(title(missing('hook')), undefined);
  });

  test('as the name of an nft chain has it, its own or that of a target', () => {
    const hash = 'LX3JQ64U';
    for (const [chain, text, wanted] of [
      [`service-${hash}-shop/cart/tcp/grpc`, 'x', 'shop/cart:grpc'],
      [`local-${hash}-shop/cart/udp/`, 'x', 'shop/cart'],
      [`endpoint-${hash}-shop/cart/tcp/grpc__10.244.1.5/8080`, 'x', 'shop/cart:grpc'],
      [
        '@service-ips',
        `10.96.0.9 . tcp . 80 : goto external-${hash}-shop/cart/tcp/grpc`,
        'shop/cart:grpc',
      ],
      ['@firewall-ips', `10.96.0.9 . tcp . 80 : goto firewall-${hash}-shop/cart/tcp/`, 'shop/cart'],
      [`other-${hash}-shop/cart/tcp/grpc`, 'x', undefined],
      ['service-LX3JQ64-shop/cart/tcp/grpc', 'x', undefined],
    ] as const) {
      assert.equal(title(stale(text, { table: 'kube-proxy', chain })), wanted, `${chain} ${text}`);
    }
  });

  test('as a comment names it; else, of what is some Service’s, as it stands there', () => {
    for (const [where, text, wanted] of [
      [place, '-m comment --comment "shop/cart:grpc cluster IP" -j KUBE-SVC-B', 'shop/cart:grpc'],
      [place, '-m comment --comment "kubernetes service portals" -j X', undefined],
      [place, '-d 10.96.0.9/32 -j KUBE-SVC-B', undefined],
      [{ table: 'ipvs', chain: '-t 10.96.0.9:80' }, '-s rr', '-t 10.96.0.9:80 -s rr'],
      [{ table: 'kube-ipvs0', chain: 'addresses' }, '10.96.0.9', 'addresses 10.96.0.9'],
      [
        { table: 'ipset', chain: '@KUBE-CLUSTER-IP' },
        '10.96.0.9,tcp:80',
        '@KUBE-CLUSTER-IP 10.96.0.9,tcp:80',
      ],
      [{ table: 'kube-proxy', chain: '@cluster-ips' }, 'fd00::9', '@cluster-ips fd00::9'],
      [{ table: 'ipset', chain: '@KUBE-NODE-PORT-TCP' }, 'bitmap:port', undefined],
      [{ table: 'kube-proxy', chain: '@x' }, 'flags dynamic,timeout', undefined],
      [{ table: 'kube-proxy', chain: '@x' }, 'elements = { }', undefined],
      [{ table: 'kube-proxy', chain: '@x' }, 'type ipv4_addr', undefined],
      [{ table: 'ipvs', chain: '-t 10.96.0.9:80' }, '', undefined],
    ] as const) {
      assert.equal(title(stale(text, where)), wanted, `${where.chain} ${text}`);
    }
  });
});

suite('rules of nft that hold all endpoints of a Service port', () => {
  const map = (...ways: readonly string[]) =>
    `meta l4proto tcp dnat ip to numgen random mod ${ways.length} map { ${ways.map((way, i) => `${i} : ${way}`).join(', ')} }`;
  const lacks = (text: string) => missing('endpoint', { text });

  test('are known by their way to choose', () => {
    assert.ok(isChooser(stale(map('10.244.0.3 . 80'))));
    assert.ok(
      isChooser(lacks('numgen random mod 2 vmap { 0 : goto endpoint-A, 1 : goto endpoint-B }')),
    );
    assert.ok(!isChooser(stale('meta l4proto tcp dnat to 10.244.0.3:80')));
    assert.ok(!isChooser({ ...place, kind: 'stale' }));
  });

  test('differ in endpoints, or say the same in another way', () => {
    const [one, two, three] = ['10.244.0.3 . 80', '10.244.0.4 . 80', '10.244.0.5 . 80'] as const;
    const differ = (expected: string, actual: string) =>
      differInEndpoints([lacks(expected), stale(actual)]);
    assert.ok(differ(map(one, two), map(one)));
    assert.ok(differ(map(one, two), map(one, three)));
    assert.ok(!differ(map(one, two), map(two, one)));
    assert.ok(!differ(map(one, two), map(one, two).replace('tcp', 'udp')));
    assert.ok(differInEndpoints([lacks(map(one))]));
    assert.ok(!differInEndpoints([]));
  });
});

suite('objects that are newer than a dump', () => {
  const captured = '2026-11-21T14:43:46Z';
  const [before, after] = ['2026-11-21T14:43:45Z', '2026-11-21T14:43:47Z'];
  const made = (times: object) => ({ ...service(), metadata: { ...service().metadata, ...times } });
  const sliceOf = (times: object) => ({
    kind: 'EndpointSlice' as const,
    metadata: { name: 'web-1', namespace: 'shop', labels: {}, ...times },
    addressType: 'IPv4',
    endpoints: [],
    ports: [],
  });

  test('made, changed or being deleted since: the Service or one of its slices', () => {
    for (const key of ['creationTimestamp', 'changed', 'deletionTimestamp']) {
      assert.ok(isNewer(made({ [key]: after }), [], captured), key);
      assert.ok(!isNewer(made({ [key]: before }), [], captured), key);
      assert.ok(!isNewer(made({ [key]: captured }), [], captured), key);
      assert.ok(isNewer(service(), [sliceOf({}), sliceOf({ [key]: after })], captured), key);
    }
    assert.ok(!isNewer(service(), [], captured));
    assert.ok(!isNewer(made({ changed: after }), [], undefined));
  });

  test('a time without a zone is taken for UTC, one with a zone as it stands', () => {
    const newer = (own: string, taken: string) => isNewer(made({ changed: own }), [], taken);
    assert.ok(newer(after, '2026-11-21T14:43:46'));
    assert.ok(!newer(before, '2026-11-21T14:43:46'));
    assert.ok(!newer(after, '2026-11-21T16:43:47+02:00'));
    assert.ok(newer(after, '2026-11-21T12:43:46-02:00'));
  });
});
