import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { formatAddress } from '../../../src/core/address';
import { findServices } from './findServices';
import type { ServiceView } from '../../../src/core/service';
import { counted, readDump } from './dump';
import { finish } from '../../../src/core/work';

// From real dumps: kube-proxy 1.36 (whoami, edge), 1.20 (edge20), and above 1,000 endpoints.
const whoami = `*nat
:KUBE-SERVICES - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-SVC-DC3OOLRZIWFKJHLB - [0:0]
:KUBE-SEP-AJHR67BPPEH4YV3Z - [0:0]
:KUBE-SEP-RIHWTF2BN6GTMFTP - [0:0]
:KUBE-SEP-U6DOR6RBN2GGPJH6 - [0:0]
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A KUBE-SEP-AJHR67BPPEH4YV3Z -s 10.244.0.4/32 -m comment --comment "default/whoami" -j KUBE-MARK-MASQ
-A KUBE-SEP-AJHR67BPPEH4YV3Z -p tcp -m comment --comment "default/whoami" -m tcp -j DNAT --to-destination 10.244.0.4:3000
-A KUBE-SEP-RIHWTF2BN6GTMFTP -s 10.244.1.3/32 -m comment --comment "default/whoami" -j KUBE-MARK-MASQ
-A KUBE-SEP-RIHWTF2BN6GTMFTP -p tcp -m comment --comment "default/whoami" -m tcp -j DNAT --to-destination 10.244.1.3:3000
-A KUBE-SEP-U6DOR6RBN2GGPJH6 -s 10.244.0.3/32 -m comment --comment "default/whoami" -j KUBE-MARK-MASQ
-A KUBE-SEP-U6DOR6RBN2GGPJH6 -p tcp -m comment --comment "default/whoami" -m tcp -j DNAT --to-destination 10.244.0.3:3000
-A KUBE-SERVICES -d 10.99.205.136/32 -p tcp -m comment --comment "default/whoami cluster IP" -m tcp --dport 3000 -j KUBE-SVC-DC3OOLRZIWFKJHLB
-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A KUBE-SVC-DC3OOLRZIWFKJHLB ! -s 10.244.0.0/16 -d 10.99.205.136/32 -p tcp -m comment --comment "default/whoami cluster IP" -m tcp --dport 3000 -j KUBE-MARK-MASQ
-A KUBE-SVC-DC3OOLRZIWFKJHLB -m comment --comment "default/whoami -> 10.244.0.3:3000" -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-U6DOR6RBN2GGPJH6
-A KUBE-SVC-DC3OOLRZIWFKJHLB -m comment --comment "default/whoami -> 10.244.0.4:3000" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-AJHR67BPPEH4YV3Z
-A KUBE-SVC-DC3OOLRZIWFKJHLB -m comment --comment "default/whoami -> 10.244.1.3:3000" -j KUBE-SEP-RIHWTF2BN6GTMFTP
COMMIT
`;

const edge = `*filter
:KUBE-EXTERNAL-SERVICES - [0:0]
:KUBE-SERVICES - [0:0]
-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "shop/edge-np:http has no local endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 31081 -j DROP
-A KUBE-EXTERNAL-SERVICES -d 198.51.100.79/32 -p tcp -m comment --comment "shop/orphan-lb:http has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable
-A KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "shop/orphan-lb:http has no endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 31091 -j REJECT --reject-with icmp-port-unreachable
-A KUBE-SERVICES -d 10.111.226.212/32 -p tcp -m comment --comment "shop/orphan-lb:http has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable
COMMIT
*nat
:KUBE-EXT-4TGH2QBMZCNGQRFB - [0:0]
:KUBE-EXT-I33JXEESTS55QDJP - [0:0]
:KUBE-FW-I33JXEESTS55QDJP - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-SVC-I33JXEESTS55QDJP - [0:0]
:KUBE-SVL-I33JXEESTS55QDJP - [0:0]
-A KUBE-EXT-I33JXEESTS55QDJP -s 10.244.0.0/16 -m comment --comment "pod traffic for shop/sticky-edge:http external destinations" -j KUBE-SVC-I33JXEESTS55QDJP
-A KUBE-EXT-I33JXEESTS55QDJP -j KUBE-SVL-I33JXEESTS55QDJP
-A KUBE-NODEPORTS -d 127.0.0.0/8 -p tcp -m comment --comment "shop/sticky-edge:http" -m tcp --dport 31082 -m nfacct --nfacct-name  localhost_nps_accepted_pkts -j KUBE-EXT-I33JXEESTS55QDJP
-A KUBE-NODEPORTS -p tcp -m comment --comment "shop/sticky-edge:http" -m tcp --dport 31082 -j KUBE-EXT-I33JXEESTS55QDJP
-A KUBE-NODEPORTS -p tcp -m comment --comment "shop/edge-np:http" -m tcp --dport 31081 -j KUBE-EXT-4TGH2QBMZCNGQRFB
-A KUBE-SEP-AAAAAAAAAAAAAAAA -p tcp -m tcp -j DNAT --to-destination 10.244.0.13:8082
-A KUBE-SEP-BBBBBBBBBBBBBBBB -p tcp -m tcp -j DNAT --to-destination 10.244.1.13:8082
-A KUBE-SERVICES -d 203.0.113.22/32 -p tcp -m comment --comment "shop/sticky-edge:http loadbalancer IP" -m tcp --dport 8082 -j KUBE-FW-I33JXEESTS55QDJP
-A KUBE-SERVICES -d 10.105.1.2/32 -p tcp -m comment --comment "shop/sticky-edge:http cluster IP" -m tcp --dport 8082 -j KUBE-SVC-I33JXEESTS55QDJP
-A KUBE-SERVICES -d 192.168.77.10/32 -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -j KUBE-NODEPORTS
-A KUBE-SVC-I33JXEESTS55QDJP -m comment --comment "shop/sticky-edge:http -> 10.244.0.13:8082" -m recent --rcheck --seconds 600 --reap --name KUBE-SEP-AAAAAAAAAAAAAAAA --mask 255.255.255.255 --rsource -j KUBE-SEP-AAAAAAAAAAAAAAAA
-A KUBE-SVC-I33JXEESTS55QDJP -m recent --rcheck --seconds 600 --reap --name KUBE-SEP-BBBBBBBBBBBBBBBB --mask 255.255.255.255 --rsource -j KUBE-SEP-BBBBBBBBBBBBBBBB
-A KUBE-SVC-I33JXEESTS55QDJP -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-AAAAAAAAAAAAAAAA
-A KUBE-SVC-I33JXEESTS55QDJP -j KUBE-SEP-BBBBBBBBBBBBBBBB
-A KUBE-SVL-I33JXEESTS55QDJP -j KUBE-SEP-AAAAAAAAAAAAAAAA
COMMIT
`;

const services = (text: string) => findServices(readDump(text)).services;
const lines = (text: string, part: string) => text.split('\n').findIndex((l) => l.includes(part));

function endpoints(service: ServiceView): string[] {
  return finish(service.readEndpoints()).map(({ address, port, share }) => {
    const percent = share === undefined ? '?' : `${(share * 100).toFixed(1)} %`;
    return `${formatAddress(address)}:${port} ${percent}`;
  });
}

function entries({ entries: all }: ServiceView): string[] {
  return all.map(({ kind, address, port }) =>
    [kind, address && formatAddress(address), port].filter(Boolean).join(' '),
  );
}

suite('findServices', () => {
  test('1.36: the masquerade rule of the SVC chain is no endpoint, shares are a third each', () => {
    const [service, ...rest] = services(whoami);
    assert.deepEqual(rest, []);
    assert.equal(service!.title, 'default/whoami');
    assert.deepEqual(service!.servicePort, { namespace: 'default', name: 'whoami', port: '' });
    assert.deepEqual(entries(service!), ['cluster-ip 10.99.205.136 3000']);
    assert.deepEqual(endpoints(service!), [
      '10.244.0.3:3000 33.3 %',
      '10.244.0.4:3000 33.3 %',
      '10.244.1.3:3000 33.3 %',
    ]);
    assert.equal(service!.range.line, lines(whoami, '-A KUBE-SERVICES'));
  });

  test('a rule that lets its packets pass takes nothing of the shares', () => {
    const first = '-A KUBE-SVC-DC3OOLRZIWFKJHLB -m comment --comment "default/whoami -> 10.244.0.3';
    const logged = whoami.replace(first, `-A KUBE-SVC-DC3OOLRZIWFKJHLB -j LOG\n${first}`);
    assert.deepEqual(endpoints(services(logged)[0]!), endpoints(services(whoami)[0]!));
  });

  test('shares multiply along chains, of DNATs that stand there themselves, too', () => {
    const [half, dnat] = [
      '-m statistic --mode random --probability 0.50000000000',
      '-p tcp -m tcp -j DNAT --to-destination',
    ];
    const [service] = services(`*nat
:KUBE-SERVICES - [0:0]
:KUBE-SVC-DC3OOLRZIWFKJHLB - [0:0]
:own - [0:0]
-A KUBE-SERVICES -d 10.99.205.136/32 -p tcp -m tcp --dport 3000 -j KUBE-SVC-DC3OOLRZIWFKJHLB
-A KUBE-SVC-DC3OOLRZIWFKJHLB ${half} -j own
-A KUBE-SVC-DC3OOLRZIWFKJHLB ${dnat} 10.244.0.9:80
-A own ${half} ${dnat} 10.244.0.3:80
-A own ${dnat} 10.244.0.4:80
-A own -j ACCEPT
COMMIT
`);
    assert.deepEqual(endpoints(service!), [
      '10.244.0.3:80 25.0 %',
      '10.244.0.4:80 25.0 %',
      '10.244.0.9:80 50.0 %',
    ]);
  });

  test('what only the rules of policy Local hold has no share of those of the ClusterIP', () => {
    const own = '-A KUBE-SVL-I33JXEESTS55QDJP -j KUBE-SEP-AAAAAAAAAAAAAAAA';
    const more =
      '-A KUBE-SEP-CCCCCCCCCCCCCCCC -p tcp -m tcp -j DNAT --to-destination 10.244.0.14:8082';
    const odd = edge.replace(
      own,
      `-A KUBE-SVL-I33JXEESTS55QDJP -j KUBE-SEP-CCCCCCCCCCCCCCCC\n${more}`,
    );
    const sticky = services(odd).find(({ title }) => title === 'shop/sticky-edge:http')!;
    assert.deepEqual(endpoints(sticky), [
      '10.244.0.13:8082 50.0 %',
      '10.244.1.13:8082 50.0 %',
      '10.244.0.14:8082 ?',
    ]);
  });

  test('names come from Service objects when all comments are gone', () => {
    const bare = whoami.replaceAll(/ -m comment --comment "[^"]*"/g, '');
    assert.equal(services(bare)[0]!.title, 'KUBE-SVC-DC3OOLRZIWFKJHLB');
    assert.equal(services(bare)[0]!.servicePort, undefined);
    const servicePort = { namespace: 'default', name: 'whoami', port: '' };
    const { services: named } = findServices(readDump(bare), [{ servicePort, protocol: 6 }]);
    assert.equal(named[0]!.title, 'default/whoami');
    assert.equal(endpoints(named[0]!).length, 3);
  });

  test('a comment that disagrees with the hash is found, and the hash is believed', () => {
    const wrong = whoami.replace('"default/whoami cluster IP"', '"default/other cluster IP"');
    const servicePort = { namespace: 'default', name: 'whoami', port: '' };
    const { services: found, findings } = findServices(readDump(wrong), [
      { servicePort, protocol: 6 },
    ]);
    assert.equal(found[0]!.title, 'default/whoami');
    assert.deepEqual(
      findings.map(({ code, message, range }) => [code, message, range.line]),
      [
        [
          'service-name-mismatch',
          'The comment says default/other (tcp), but DC3OOLRZIWFKJHLB is the hash of default/whoami and tcp.',
          lines(whoami, '-A KUBE-SERVICES'),
        ],
      ],
    );
    assert.deepEqual(findServices(readDump(whoami)).findings, []);
  });

  test('affinity names no endpoint twice; node ports keep to nodePortAddresses', () => {
    const sticky = services(edge).find(({ title }) => title === 'shop/sticky-edge:http')!;
    assert.deepEqual(endpoints(sticky), ['10.244.0.13:8082 50.0 %', '10.244.1.13:8082 50.0 %']);
    assert.equal(sticky.affinity, 600);
    assert.deepEqual(entries(sticky), [
      'load-balancer-ip 203.0.113.22 8082',
      'cluster-ip 10.105.1.2 8082',
      'node-port 192.168.77.10 31082',
    ]);
    const nodePort = sticky.entries[2]!;
    assert.equal(nodePort.range.line, lines(edge, '-A KUBE-NODEPORTS -p tcp'));
    assert.deepEqual(sticky.chains, [
      'KUBE-SVC-I33JXEESTS55QDJP',
      'KUBE-SVL-I33JXEESTS55QDJP',
      'KUBE-EXT-I33JXEESTS55QDJP',
      'KUBE-FW-I33JXEESTS55QDJP',
    ]);
  });

  test('Services without endpoints are refused in filter, and joined with their chains', () => {
    const found = services(edge);
    const orphan = found.find(({ title }) => title === 'shop/orphan-lb:http')!;
    assert.deepEqual(entries(orphan), [
      'cluster-ip 10.111.226.212 80',
      'external 198.51.100.79 80',
      'node-port 31091',
    ]);
    assert.deepEqual(finish(orphan.readEndpoints()), []);
    assert.deepEqual(orphan.chains, []);
    assert.equal(found.filter(({ title }) => title === 'shop/edge-np:http').length, 1);
  });

  test('a Service reached by node port only: endpoints by way of its EXT chain', () => {
    const onlyNodePort = edge.replace(/-A KUBE-SERVICES -d (203|10\.105).*\n/g, '');
    const sticky = services(onlyNodePort).find(({ title }) => title === 'shop/sticky-edge:http')!;
    assert.equal(endpoints(sticky).length, 2);
  });

  test('1.20: XLB, and a MARK-MASQ rule beside each jump', () => {
    const [service, ...rest] = services(`*nat
:KUBE-SERVICES - [0:0]
:KUBE-XLB-6DIQQWZY5FTPVDUK - [0:0]
-A KUBE-NODEPORTS -s 127.0.0.0/8 -p tcp -m comment --comment "shop/edge:http" -m tcp --dport 31080 -j KUBE-MARK-MASQ
-A KUBE-NODEPORTS -p tcp -m comment --comment "shop/edge:http" -m tcp --dport 31080 -j KUBE-XLB-6DIQQWZY5FTPVDUK
-A KUBE-SEP-HD74FER7JGHHIK2S -p tcp -m comment --comment "shop/edge:http" -m tcp -j DNAT --to-destination 10.244.0.12:8080
-A KUBE-SEP-ANQ6UU6CH4WFISYJ -p tcp -m comment --comment "shop/edge:http" -m tcp -j DNAT --to-destination 10.244.0.13:8080
-A KUBE-SERVICES ! -s 10.244.0.0/16 -d 10.98.1.1/32 -p tcp -m comment --comment "shop/edge:http cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ
-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A KUBE-XLB-6DIQQWZY5FTPVDUK -s 10.244.0.0/16 -m comment --comment "Redirect pods trying to reach external loadbalancer VIP to clusterIP" -j KUBE-SVC-6DIQQWZY5FTPVDUK
-A KUBE-XLB-6DIQQWZY5FTPVDUK -m comment --comment "masquerade LOCAL traffic for shop/edge:http LB IP" -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ
-A KUBE-XLB-6DIQQWZY5FTPVDUK -m comment --comment "Balancing rule 0 for shop/edge:http" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-HD74FER7JGHHIK2S
-A KUBE-XLB-6DIQQWZY5FTPVDUK -m comment --comment "Balancing rule 1 for shop/edge:http" -j KUBE-SEP-ANQ6UU6CH4WFISYJ
COMMIT
`);
    assert.deepEqual(rest, []);
    assert.deepEqual(entries(service!), ['node-port 31080']);
    assert.deepEqual(endpoints(service!), ['10.244.0.12:8080 50.0 %', '10.244.0.13:8080 50.0 %']);
  });

  test('node ports left behind by a switch to ipvs mode are dead', () => {
    const ipvs = edge.replace(
      /-A KUBE-SERVICES .*(KUBE-NODEPORTS|-j KUBE-(FW|SVC)-.*)\n/g,
      '-A KUBE-SERVICES -s 127.0.0.0/8 -j RETURN\n',
    );
    assert.ok(!services(ipvs).some(({ title }) => title === 'shop/sticky-edge:http'));
  });

  test('a part of a dump: one Service’s chain alone', () => {
    const part = whoami
      .split('\n')
      .filter((line) => !line.includes('KUBE-SERVICES'))
      .join('\n');
    const [service] = services(part);
    assert.equal(service!.title, 'default/whoami');
    assert.equal(endpoints(service!).length, 3);
  });

  test('listing reads no rule of a Service’s chains', () => {
    const { ruleset, asked } = counted(readDump(whoami));
    const { services: found } = findServices(ruleset);
    assert.equal(found.length, 1);
    assert.equal(asked(), 2);
    assert.equal(finish(found[0]!.readEndpoints()).length, 3);
    assert.equal(asked(), 2 + 4 + 1 + 3);
  });

  test('the same Services from iptables-save, -S and both listings of one node', () => {
    const told = (file: string) => {
      const text = readFileSync(`test/fixtures/dumps/iptables/${file}`, 'utf8');
      return services(text)
        .map((each) => [each.title, ...entries(each).sort(), ...endpoints(each)].join('; '))
        .sort();
    };
    const saved = told('iptables-nat-save.txt');
    assert.ok(saved.length > 20);
    assert.deepEqual(told('iptables-nat-S-v.txt'), saved);
    assert.deepEqual(told('iptables-nat-L-nv.txt'), saved);
    assert.deepEqual(told('iptables-nat-L-n.txt'), saved);
  });
});
