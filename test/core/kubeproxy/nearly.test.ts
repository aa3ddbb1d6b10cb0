import assert from 'node:assert/strict';
import { formatAddress } from '../../../src/core/address';
import { localEndpointsOf } from '../../../src/core/kubeproxy/iptables/endpoints';
import { searchServices } from '../../../src/core/kubeproxy/iptables/services';
import { searchIpvs } from '../../../src/core/kubeproxy/ipvs/services';
import { servicePortHashes } from '../../../src/core/kubeproxy/names';
import { searchTable } from '../../../src/core/kubeproxy/nftables/services';
import { isProxied } from '../../../src/core/kubeproxy/proxied';
import { formatReleases } from '../../../src/core/kubeproxy/release/sign';
import type { ServiceObject } from '../../../src/core/objects/types';
import { finish } from '../../../src/core/work';
import { parseIpsetSave } from '../../../src/syntax/ipset/save';
import { parseIpvsSave } from '../../../src/syntax/ipvs/save';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { withPauses } from '../../pauses';
import { readDump } from './dump';
import { findServices } from './findServices';

suite('releases in words', () => {
  for (const [since, until, words] of [
    [36, undefined, '1.36 or later'],
    [20, 20, '1.20'],
    [24, 26, '1.24 to 1.26'],
    [2, 9, '1.9 or older'],
    [3, 9, '1.3 to 1.9'],
  ] as const) {
    test(words, () => assert.equal(formatReleases({ since, until, signs: [] }), words));
  }
});

suite('comments that do not fit their hashes', () => {
  /** Services of which the first `right` have the comment that their hash is of. */
  const codes = (count: number, right: number) => {
    const rules = Array.from({ length: count }, (_, i) => {
      const [hash] = servicePortHashes({ namespace: 'a', name: `s${i}`, port: '' }, 'tcp');
      const name = i < right ? `a/s${i}` : `word/word${i}`;
      return `:KUBE-SVC-${hash} - [0:0]\n-A KUBE-SERVICES -d 10.96.0.${i}/32 -p tcp -m comment --comment "${name} cluster IP" -m tcp --dport 80 -j KUBE-SVC-${hash}\n`;
    });
    const { findings } = findServices(readDump(`*nat\n${rules.join('')}COMMIT\n`));
    return findings.map(({ code }) => code);
  };

  test('of hardly one of many: names were replaced, which is said once', () => {
    assert.deepEqual(codes(3, 0), ['names-replaced']);
    assert.deepEqual(codes(10, 1), ['names-replaced']);
  });

  test('of some, or of few: each is said', () => {
    assert.deepEqual(codes(10, 10), []);
    assert.deepEqual(codes(2, 0), Array(2).fill('service-name-mismatch'));
    assert.deepEqual(codes(10, 2), Array(8).fill('service-name-mismatch'));
    assert.deepEqual(codes(10, 9), ['service-name-mismatch']);
  });

  test('Services are put together in pieces', () => {
    const rules = Array.from({ length: 300 }, (_, i) => {
      const to = `KUBE-SVC-${i.toString(2).replaceAll('0', 'A').replaceAll('1', 'B').padStart(16, 'C')}`;
      return `-A KUBE-SERVICES -d 10.96.${i >> 8}.${i & 255}/32 -p tcp -m tcp --dport 80 -j ${to}\n`;
    });
    const { pauses } = withPauses(searchServices(readDump(`*nat\n${rules.join('')}COMMIT\n`)));
    // One in ten rules that are read, and as many again for what they are put together to.
    assert.ok(pauses >= 55 && pauses <= 65, `${pauses} pauses`);
  });
});

suite('the chain of the ClusterIP', () => {
  test('tells the shares, also where traffic from inside is of policy Local', () => {
    const hash = 'I33JXEESTS55QDJP';
    const [one, two] = ['A', 'B'].map((letter) => `KUBE-SEP-${letter.repeat(16)}`);
    const dump = readDump(`*nat
:KUBE-SVC-${hash} - [0:0]
:KUBE-SVL-${hash} - [0:0]
-A KUBE-SERVICES -d 10.96.0.5/32 -p tcp -m comment --comment "a/b cluster IP" -m tcp --dport 80 -j KUBE-SVL-${hash}
-A KUBE-SVC-${hash} -m statistic --mode random --probability 0.5 -j ${one}
-A KUBE-SVC-${hash} -j ${two}
-A KUBE-SVL-${hash} -j ${two}
-A ${one} -p tcp -m tcp -j DNAT --to-destination 10.244.0.1:80
-A ${two} -p tcp -m tcp -j DNAT --to-destination 10.244.0.2:80
COMMIT
`);
    const [service] = findServices(dump).services;
    assert.deepEqual(
      finish(service!.readEndpoints()).map(({ address, share }) => [formatAddress(address), share]),
      [
        ['10.244.0.2', 1],
        ['10.244.0.1', undefined],
      ],
    );
  });

  test('without the table nat there is none of policy Local', () => {
    assert.deepEqual(localEndpointsOf(undefined, ['KUBE-SVL-I33JXEESTS55QDJP']), []);
  });
});

suite('what is nearly a Service’s', () => {
  test('a set of others with the rest of the name of one of kube-proxy’s', () => {
    const kind = (name: string) => {
      const sets = parseIpsetSave(
        `create ${name} hash:ip,port\nadd ${name} 10.96.0.1,tcp:80\n`,
        's',
      );
      const { value } = parseIpvsSave('-A -t 10.96.0.1:80 -s rr\n', 'ipvs');
      return finish(searchIpvs(value, sets.value))[0]!.entries[0]!.kind;
    };
    assert.equal(kind('KUBE-CLUSTER-IP'), 'cluster-ip');
    for (const name of ['CLUSTER-IP', 'MY-KUBE-CLUSTER-IP'])
      assert.equal(kind(name), 'virtual', name);
  });

  test('an element of several protocols; an address of a load balancer, by the objects', () => {
    const entries = (elements: string, objects: readonly ServiceObject[] = []) => {
      const text = `table ip kube-proxy {
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { ${elements} }
	}
}
`;
      return finish(searchTable(nftRuleset('x', text).tables[0]!, objects)).flatMap(
        ({ entries: all }) => all.map(({ kind, port }) => `${kind} ${port}`),
      );
    };
    const to = 'goto external-ULMVA6XW-ns1/svc1/tcp/p80';
    assert.deepEqual(entries(`10.96.0.1 . 6-17 . 80 : ${to}`), []);
    const objects = [
      {
        spec: { externalIPs: ['203.0.113.2'] },
        status: { loadBalancer: { ingress: [{ ip: '203.0.113.1' }, { hostname: 'x' }] } },
      },
    ] as unknown as readonly ServiceObject[];
    const all = [1, 2, 3].map((host) => `203.0.113.${host} . tcp . 8${host} : ${to}`).join(', ');
    assert.deepEqual(entries(all, objects), [
      'load-balancer-ip 81',
      'external-ip 82',
      'external 83',
    ]);
  });

  test('a Service that kube-proxy writes no rules for', () => {
    const service = (spec: object, labels: Readonly<Record<string, string>> = {}) =>
      isProxied({
        metadata: { labels },
        spec: { ports: [{ port: 80 }], ...spec },
      } as unknown as ServiceObject);
    assert.equal(service({ type: 'ClusterIP', clusterIP: '10.96.0.1' }), true);
    assert.equal(service({ type: 'ExternalName' }), false);
    assert.equal(service({ type: 'ExternalName', clusterIP: '10.96.0.1' }), false);
    assert.equal(service({ type: 'ClusterIP', clusterIP: 'None' }), false);
    const own = { type: 'ClusterIP', clusterIP: '10.96.0.1' };
    assert.equal(service(own, { 'service.kubernetes.io/service-proxy-name': 'x' }), false);
    assert.equal(service(own, { 'service.kubernetes.io/headless': '' }), false);
    assert.equal(service({ ...own, ports: [] }), false);
  });
});
