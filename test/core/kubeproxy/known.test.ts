import assert from 'node:assert/strict';
import { knownServicePorts, nameDictionary } from '../../../src/core/kubeproxy/dictionary';
import { endpointHashes, servicePortHashes } from '../../../src/core/kubeproxy/names';
import { searchTable } from '../../../src/core/kubeproxy/nftables/services';
import { releaseOf } from '../../../src/core/kubeproxy/release/judge';
import type { ServiceObject } from '../../../src/core/objects/types';
import { finish } from '../../../src/core/work';
import { nftRuleset } from '../../../src/syntax/nft/ruleset/ruleset';
import { withPauses } from '../../pauses';
import { readDump } from './dump';
import { findServices } from './findServices';

const servicePort = { namespace: 'shop', name: 'web', port: 'http' };

suite('names that objects and comments tell', () => {
  const service = (ports: readonly object[]) =>
    ({ metadata: { namespace: 'shop', name: 'web' }, spec: { ports } }) as unknown as ServiceObject;

  test('each port of a Service in its protocol; one of no protocol that is known is none', () => {
    const ports = [
      { name: 'http', protocol: 'TCP' },
      { name: 'dns', protocol: 'UDP' },
      { name: '', protocol: 'SCTP' },
      { name: 'odd', protocol: 'QUIC' },
    ];
    assert.deepEqual(knownServicePorts([service(ports), service([])]), [
      { servicePort, protocol: 6 },
      { servicePort: { ...servicePort, port: 'dns' }, protocol: 17 },
      { servicePort: { ...servicePort, port: '' }, protocol: 132 },
    ]);
  });

  test('a hash is of the name and the protocol: known from an object, or from a comment', () => {
    const [tcp, udp] = ['tcp', 'udp'].map(
      (protocol) => servicePortHashes(servicePort, protocol)[0]!,
    );
    const known = nameDictionary();
    known.addKnown([{ servicePort, protocol: 6 }]);
    assert.deepEqual(known.servicePort(tcp!), { servicePort, protocol: 'tcp' });
    assert.equal(known.servicePort(udp!), undefined);
    const said = nameDictionary();
    said.addComment('shop/web:http cluster IP', 17);
    assert.deepEqual(said.servicePort(udp!), { servicePort, protocol: 'udp' });
    assert.equal(said.servicePort(tcp!), undefined);
    // Under all, where the rule asks for no protocol.
    said.addComment('shop/web:http cluster IP');
    assert.deepEqual(said.servicePort(tcp!), { servicePort, protocol: 'tcp' });
    const [endpoint] = endpointHashes(servicePort, 'tcp', '10.244.0.3:80');
    assert.deepEqual(known.endpoint(endpoint!, '10.244.0.3:80'), { servicePort, protocol: 'tcp' });
    assert.equal(known.endpoint(endpoint!, '10.244.0.4:80'), undefined);
  });

  test('of a port without a name, as releases before 1.16 hashed it, too', () => {
    const unnamed = { ...servicePort, port: '' };
    const [newer, older] = servicePortHashes(unnamed, 'tcp');
    const known = nameDictionary();
    known.addKnown([{ servicePort: unnamed, protocol: 6 }]);
    for (const hash of [newer, older])
      assert.deepEqual(known.servicePort(hash!)?.servicePort, unnamed);
    // Its chains and its refusal are of one Service port, whichever release wrote them.
    const rules = `*nat
-A KUBE-SERVICES -d 10.96.0.5/32 -p tcp -m comment --comment "shop/web: cluster IP" -m tcp --dport 80 -j KUBE-SVC-${older}
COMMIT
*filter
-A KUBE-EXTERNAL-SERVICES -d 203.0.113.1/32 -p tcp -m comment --comment "shop/web has no endpoints" -m tcp --dport 80 -j REJECT
COMMIT
`;
    const found = findServices(readDump(rules)).services;
    assert.deepEqual(
      found.map(({ title, entries }) => [title, entries.map(({ kind }) => kind)]),
      [['shop/web', ['cluster-ip', 'external']]],
    );
  });
});

suite('Services of nftables mode without the maps that lead to them', () => {
  const chain = (name: string) =>
    `\tchain ${name} {\n\t\tmeta l4proto tcp dnat to 10.0.0.1:80\n\t}\n`;
  const titles = (blocks: string, end: string) =>
    finish(searchTable(nftRuleset('x', `table ip kube-proxy {\n${blocks}${end}`).tables[0]!)).map(
      (view) => `${view.title} ${view.protocol} ${finish(view.readEndpoints()).length}`,
    );
  const own = chain('service-ULMVA6XW-ns1/svc1/tcp/p80');

  test('in an excerpt, by the chains of theirs', () => {
    assert.deepEqual(titles(own, ''), ['ns1/svc1:p80 6 1']);
    const udp = chain('external-AAAAAAAA-ns1/dns/udp/');
    assert.deepEqual(titles(own + chain('mine') + udp, ''), ['ns1/svc1:p80 6 1', 'ns1/dns 17 1']);
    // Each of one Service port is of that one; an endpoint alone is of none.
    assert.deepEqual(titles(own + own.replace('service-', 'local-'), ''), ['ns1/svc1:p80 6 1']);
    assert.deepEqual(titles(chain('endpoint-5OJB2KTY-ns1/svc1/tcp/p80__10.0.0.1/80'), ''), []);
  });

  test('endpoints of chains that an excerpt lacks, or has the beginning of, are told by their names', () => {
    const endpoint = 'endpoint-5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80';
    const choice = `\tchain service-ULMVA6XW-ns1/svc1/tcp/p80 {\n\t\tgoto ${endpoint}\n\t}\n`;
    assert.deepEqual(titles(choice, ''), ['ns1/svc1:p80 6 1']);
    const begun = `\tchain ${endpoint} {\n\t\tip saddr 10.180.0.1 jump mark-for-masquerade\n\t}\n`;
    assert.deepEqual(titles(choice + begun, ''), ['ns1/svc1:p80 6 1']);
    // The translation tells, where it is there: of another address here.
    assert.deepEqual(titles(choice + chain(endpoint), ''), ['ns1/svc1:p80 6 1']);
    const map = `\tmap service-ips {\n\t\ttype ipv4_addr . inet_proto . inet_service : verdict\n\t\telements = { 10.96.0.7 . tcp . 80 : goto service-ULMVA6XW-ns1/svc1/tcp/p80 }\n\t}\n`;
    assert.deepEqual(titles(map + choice + begun, '}\n'), ['ns1/svc1:p80 6 0']);
    assert.deepEqual(titles(map + choice + chain(endpoint), '}\n'), ['ns1/svc1:p80 6 1']);
  });

  test('none in a whole table: nothing leads there', () => {
    assert.deepEqual(titles(own + chain('services'), '}\n'), []);
    // `nft list chain ip kube-proxy NAME` prints the table around one chain.
    assert.deepEqual(titles(own, '}\n'), ['ns1/svc1:p80 6 1']);
  });

  test('maps of a thousand are read in pieces', () => {
    const elements = Array.from(
      { length: 1000 },
      (_, i) => `10.96.${i >> 8}.${i & 255} . tcp . 80 : goto service-ULMVA6XW-ns1/svc1/tcp/p80`,
    ).join(', ');
    const map = (name: string) =>
      `\tmap ${name} {\n\t\ttype ipv4_addr . inet_proto . inet_service : verdict\n\t\telements = { ${elements} }\n\t}\n`;
    for (const name of ['service-ips', 'no-endpoint-services']) {
      const table = nftRuleset('x', `table ip kube-proxy {\n${map(name)}}\n`).tables[0]!;
      const { pauses } = withPauses(searchTable(table));
      assert.ok(pauses >= 8 && pauses <= 200, `${name}: ${pauses} pauses`);
    }
  });
});

suite('the release, of a node with rules of two backends', () => {
  test('is of those that have KUBE-SERVICES', () => {
    const id = 'AAAAAAAAAAAAAAAA';
    const others = readDump('*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j ACCEPT\nCOMMIT\n');
    const filter = readDump('*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n');
    const own = readDump(
      `*nat\n:PREROUTING ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n:KUBE-EXT-${id} - [0:0]\n-A PREROUTING -j KUBE-SERVICES\n-A KUBE-SERVICES -d 10.96.0.1/32 -j KUBE-EXT-${id}\nCOMMIT\n`,
    );
    for (const rulesets of [[own], [others, own], [filter, own], [own, others]]) {
      const found = finish(releaseOf({ name: 'a', rulesets, findings: [] }));
      assert.deepEqual([found?.since, found?.until], [24, undefined]);
    }
    assert.equal(finish(releaseOf({ name: 'a', rulesets: [others], findings: [] })), undefined);
  });
});
