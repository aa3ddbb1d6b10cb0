import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { formatAddress, parseAddress } from '../../../src/core/address';
import { familyOf, programmed, type ProgrammedPort } from '../../../src/core/kubeproxy/programmed';
import { searchTable } from '../../../src/core/kubeproxy/nftables/services';
import { isProxied } from '../../../src/core/kubeproxy/proxied';
import { addressesOfService, type ServiceObject } from '../../../src/core/objects/types';
import type { ServiceView } from '../../../src/core/service';
import { finish } from '../../../src/core/work';
import { withPauses } from '../../pauses';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { parseObjects } from '../../../src/syntax/objects/objects';
import { sampleNode } from '../flow/sampleNode';

const sample = 'kubernetes-1.36-nftables';

function endpointTexts(service: ServiceView): string[] {
  return finish(service.readEndpoints())
    .map(({ address, port, share }) => `${formatAddress(address)} ${port} ${share?.toFixed(3)}`)
    .sort();
}

/** One Service port of kube-proxy's table, its chains as a release writes them. */
function serviceOf(chains: string, sets = ''): ServiceView {
  const text = `table ip kube-proxy {
	${sets}
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 10.96.0.7 . tcp . 80 : goto service-ULMVA6XW-ns1/svc1/tcp/p80 }
	}

	chain nat-prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		jump services
	}

	chain services {
		ip daddr . meta l4proto . th dport vmap @service-ips
	}

${chains}
}
`;
  const [table] = nftRuleset('nft.txt', text).tables;
  const services = finish(searchTable(table!));
  assert.equal(services.length, 1);
  return services[0]!;
}

suite('a Service of nftables mode with 1,000 endpoints', () => {
  const all = Array.from({ length: 1000 }, (_, i) => `10.244.${i >> 8}.${i & 255}`);
  const service = (choice: string, chains = '') =>
    serviceOf(`chain service-ULMVA6XW-ns1/svc1/tcp/p80 {\n${choice}\n}\n${chains}`);
  const chainOf = (i: number) => `endpoint-ULMVA6XW-ns1/svc1/tcp/p80__${all[i]}/80`;
  const ways = all.map((_, i) => `${i} : goto ${chainOf(i)}`).join(', ');
  const own = all.map((to, i) => `chain ${chainOf(i)} {\nmeta l4proto tcp dnat to ${to}:80\n}`);
  const rows = all.map((to, i) => `${i} : ${to} . 80`).join(', ');
  const dnat = 'meta l4proto tcp dnat ip addr . port to numgen random mod 1000 map';
  for (const [form, view] of [
    ['a chain each', () => service(`numgen random mod 1000 vmap { ${ways} }`, own.join('\n'))],
    ['one map', () => service(`${dnat} { ${rows} }`)],
  ] as const) {
    test(`${form}: they are read in pieces`, () => {
      const found = view();
      const { value: endpoints, pauses } = withPauses(found.readEndpoints());
      assert.ok(pauses >= 10, `${pauses} pauses`);
      assert.equal(endpoints.length, 1000);
      assert.equal(endpoints[999]!.share?.toFixed(4), '0.0010');
    });
  }
});

suite('Services of nftables mode', () => {
  let ports: readonly ProgrammedPort[];
  let services: readonly ServiceObject[];

  suiteSetup(async () => {
    const file = `samples/${sample}/objects/services.yaml`;
    ({ services } = (await parseObjects(readFileSync(file, 'utf8'), file)).value);
    const { node } = await sampleNode(`${sample}/node-a`);
    ports = finish(programmed(node, services)).ports;
  });

  const portOf = (title: string, family = 4) =>
    ports.find((port) => port.service.title === title && port.family === family)!.service;

  test('every address and node port of every Service object is found, and no other', () => {
    const wanted = new Set<string>();
    for (const service of services.filter(isProxied)) {
      for (const { port, nodePort, protocol } of service.spec.ports) {
        const own = protocol.toLowerCase();
        const addresses = addressesOfService(service);
        for (const address of addresses) wanted.add(`${address} ${port}/${own}`);
        if (!nodePort) continue;
        const families = new Set(addresses.map((one) => parseAddress(one)!.family));
        for (const family of families) wanted.add(`node${family} ${nodePort}/${own}`);
      }
    }
    const found = ports.flatMap(({ service, family }) =>
      service.entries.map(
        ({ address, port }) =>
          `${address ? formatAddress(address) : `node${family}`} ${port}/${
            { 6: 'tcp', 17: 'udp', 132: 'sctp' }[service.protocol]
          }`,
      ),
    );
    assert.ok(found.length > 80, `${found.length}`);
    assert.equal(new Set(found).size, found.length);
    assert.deepEqual([...found].sort(), [...wanted].sort());
  });

  test('named by their chains, or by the comment of what has no endpoints', () => {
    for (const { service } of ports) {
      const { servicePort } = service;
      assert.ok(servicePort, service.title);
      const object = services.find(
        ({ metadata }) =>
          metadata.namespace === servicePort.namespace && metadata.name === servicePort.name,
      );
      assert.ok(object?.spec.ports.some(({ name }) => name === servicePort.port));
    }
    assert.deepEqual(finish(portOf('shop/orphan:http').readEndpoints()), []);
  });

  test('one dnat through a map: each endpoint has its share', () => {
    const service = portOf('shop/lb-no-np:http');
    assert.deepEqual(endpointTexts(service), ['10.244.0.57 8120 0.500', '10.244.1.52 8120 0.500']);
    assert.deepEqual(
      new Set(service.entries.map(({ kind }) => kind)),
      new Set(['cluster-ip', 'load-balancer-ip']),
    );
    assert.equal(service.affinity, undefined);
  });

  test('session affinity: shares of new clients, and for how long a client stays', () => {
    const service = portOf('shop/cart:grpc');
    assert.deepEqual(endpointTexts(service), [
      '10.244.0.10 9000 0.333',
      '10.244.0.9 9000 0.333',
      '10.244.1.9 9000 0.333',
    ]);
    assert.equal(service.affinity, 10_800);
  });

  test('both families have their own', () => {
    const six = portOf('shop/dual:http', 6);
    assert.ok(finish(six.readEndpoints()).every(({ address }) => address.family === 6));
    const four = portOf('shop/dual:http');
    assert.ok(finish(four.readEndpoints()).every(({ address }) => address.family === 4));
    assert.ok(ports.every(({ table, family }) => familyOf(table!) === family));
  });

  test('up to 1.31: a map of verdicts to the chains of endpoints', () => {
    const service = serviceOf(`	chain service-ULMVA6XW-ns1/svc1/tcp/p80 {
		ip daddr 10.96.0.7 tcp dport 80 ip saddr != 10.0.0.0/8 jump mark-for-masquerade
		numgen random mod 2 vmap { 0 : goto endpoint-5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80, 1 : goto endpoint-5TPGNJF2-ns1/svc1/tcp/p80__10.180.0.2/80 }
	}

	chain mark-for-masquerade {
		meta mark set meta mark | 0x00004000
	}

	chain endpoint-5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80 {
		ip saddr 10.180.0.1 jump mark-for-masquerade
		meta l4proto tcp dnat to 10.180.0.1:80
	}

	chain endpoint-5TPGNJF2-ns1/svc1/tcp/p80__10.180.0.2/80 {
		ip saddr 10.180.0.2 jump mark-for-masquerade
		meta l4proto tcp dnat to 10.180.0.2:80
	}`);
    assert.deepEqual(endpointTexts(service), ['10.180.0.1 80 0.500', '10.180.0.2 80 0.500']);
    assert.equal(service.entries[0]!.kind, 'cluster-ip');
  });

  test('1.37: a single endpoint without a map', () => {
    const service = serviceOf(`	chain service-ULMVA6XW-ns1/svc1/tcp/p80 {
		meta l4proto tcp dnat to 10.180.0.1:80
	}`);
    assert.deepEqual(endpointTexts(service), ['10.180.0.1 80 1.000']);
  });

  test('a map that is written in the rule is one of Services, too', () => {
    const text = `table ip kube-proxy {
	chain nat-prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		ip daddr . meta l4proto . th dport vmap { 10.96.0.7 . tcp . 80 : goto service-ULMVA6XW-ns1/svc1/tcp/p80 }
	}
	chain service-ULMVA6XW-ns1/svc1/tcp/p80 {
		meta l4proto tcp dnat to 10.180.0.1:80
	}
}
`;
    const [service, ...others] = finish(searchTable(nftRuleset('x', text).tables[0]!));
    assert.equal(others.length, 0);
    assert.equal(service?.title, 'ns1/svc1:p80');
    assert.deepEqual(
      service.entries.map(({ address, port }) => [address && formatAddress(address), port]),
      [['10.96.0.7', 80]],
    );
    assert.deepEqual(endpointTexts(service), ['10.180.0.1 80 1.000']);
  });

  test('a chain that leads to itself ends', () => {
    const name = 'service-ULMVA6XW-ns1/svc1/tcp/p80';
    const service = serviceOf(`	chain ${name} {\n		goto ${name}\n	}`);
    assert.deepEqual(finish(service.readEndpoints()), []);
  });
});
