import assert from 'node:assert/strict';
import { formatAddress } from '../../../src/core/address';
import { clusterIpsOf } from '../../../src/core/kubeproxy/ipvs/clusterIps';
import { searchIpvs } from '../../../src/core/kubeproxy/ipvs/services';
import type { ServiceObject } from '../../../src/core/objects/types';
import type { ServiceView } from '../../../src/core/service';
import { finish } from '../../../src/core/work';
import { parseIpsetSave } from '../../../src/syntax/ipset/save';
import { parseIpvsSave } from '../../../src/syntax/ipvs/save';
import { parseIpvsTable } from '../../../src/syntax/ipvs/table';

// Lines of a real node of Kubernetes 1.36 in ipvs mode.
const ipvsadm = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  192.168.77.10:30089 rr
  -> 10.244.0.2:8080              Masq    1      0          3         
  -> 10.244.1.2:8080              Masq    1      1          3         
TCP  10.101.18.6:80 rr
  -> 10.244.0.2:8080              Masq    1      0          0         
  -> 10.244.1.2:8080              Masq    1      0          0         
TCP  192.168.77.10:31082 rr persistent 600
  -> 10.244.0.52:8082             Masq    1      0          0         
TCP  203.0.113.22:8082 wlc
  -> 10.244.0.52:8082             Masq    1      0          0         
  -> 10.244.0.53:8082             Masq    0      0          0         
`;
const ipset = `create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536
add KUBE-CLUSTER-IP 10.101.18.6,tcp:80
create KUBE-LOAD-BALANCER hash:ip,port family inet hashsize 1024 maxelem 65536
add KUBE-LOAD-BALANCER 203.0.113.22,tcp:8082
create KUBE-NODE-PORT-TCP bitmap:port range 0-65535
add KUBE-NODE-PORT-TCP 30089
`;

const web: ServiceObject = {
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default', labels: {} },
  spec: {
    type: 'NodePort',
    clusterIPs: ['10.101.18.6'],
    ports: [{ name: 'http', protocol: 'TCP', port: 80, nodePort: 30089 }],
    selector: {},
    externalIPs: [],
    loadBalancerSourceRanges: [],
    publishNotReadyAddresses: false,
  },
  status: { loadBalancer: { ingress: [] } },
};

const state = parseIpvsTable(ipvsadm, 'ipvsadm').value;
const sets = parseIpsetSave(ipset, 'ipset').value;

const found = (...request: Parameters<typeof searchIpvs>) => finish(searchIpvs(...request));

function told({ title, entries, readEndpoints }: ServiceView): string {
  const kinds = entries.map(({ kind, port }) => `${kind} ${port}`).join(', ');
  const shares = finish(readEndpoints()).map(
    ({ address, share }) => `${formatAddress(address)} ${share ?? '?'}`,
  );
  return `${title} (${kinds}): ${shares.join(', ')}`;
}

suite('searchIpvs', () => {
  test('with objects: one view per Service port', () => {
    assert.deepEqual(found(state, sets, [web]).map(told), [
      'default/web:http (node-port 30089, cluster-ip 80): 10.244.0.2 0.5, 10.244.1.2 0.5',
      '192.168.77.10:31082/tcp (virtual 31082): 10.244.0.52 1',
      '203.0.113.22:8082/tcp (load-balancer-ip 8082): 10.244.0.52 ?, 10.244.0.53 0',
    ]);
  });

  test("the shares are those of the ClusterIP's virtual server, not of the first in the dump", () => {
    const local = ipvsadm.replace(
      '  -> 10.244.1.2:8080              Masq    1      1          3         \n',
      '',
    );
    const [view] = found(parseIpvsTable(local, 'ipvsadm').value, sets, [web]);
    assert.equal(
      told(view!),
      'default/web:http (node-port 30089, cluster-ip 80): 10.244.0.2 0.5, 10.244.1.2 0.5',
    );
  });

  test('without objects nothing is joined, sets tell the kinds', () => {
    const views = found(state, sets);
    assert.deepEqual(
      views.map((view) => view.entries[0]!.kind),
      ['node-port', 'cluster-ip', 'virtual', 'load-balancer-ip'],
    );
    assert.ok(views.every(({ servicePort }) => servicePort === undefined));
    assert.equal(views[2]!.affinity, 600);
    assert.equal(views[2]!.range.line, 9);
  });

  test('a draining real server gets nothing, the others share what is left', () => {
    const draining = ipvsadm.replace(
      '10.244.1.2:8080              Masq    1',
      '10.244.1.2:8080 Masq 0',
    );
    const [view] = found(parseIpvsTable(draining, 'ipvsadm').value, sets);
    assert.deepEqual(
      finish(view!.readEndpoints()).map(({ share }) => share),
      [1, 0],
    );
  });

  test('without sets the kind is not guessed', () => {
    const [view] = found(state, undefined);
    assert.equal(view!.entries[0]!.kind, 'virtual');
  });

  const views = (save: string, services: readonly ServiceObject[] = [], setText = '') =>
    found(
      parseIpvsSave(save, 'ipvs').value,
      setText === '' ? undefined : parseIpsetSave(setText, 'sets').value,
      services,
    ).map(told);
  const server = (at: string, scheduler = 'wrr', ...weights: readonly number[]) =>
    `-A ${at} -s ${scheduler}\n${weights.map((weight, i) => `-a ${at} -r 10.244.0.${i + 2}:80 -m -w ${weight}\n`).join('')}`;

  test('wrr: by weight; others than rr and wrr tell no share but of one that drains', () => {
    assert.deepEqual(views(server('-t 10.96.0.1:80', 'wrr', 3, 1, 0)), [
      '10.96.0.1:80/tcp (virtual 80): 10.244.0.2 0.75, 10.244.0.3 0.25, 10.244.0.4 0',
    ]);
    assert.deepEqual(views(server('-t 10.96.0.1:80', 'sh', 3, 0)), [
      '10.96.0.1:80/tcp (virtual 80): 10.244.0.2 ?, 10.244.0.3 0',
    ]);
  });

  test('a firewall mark, and one that names no port, are no Service', () => {
    assert.deepEqual(views(server('-f 7', 'rr', 1)), []);
  });

  test('a Service object: by each of its addresses, of which kind, in its protocol', () => {
    const service: ServiceObject = {
      ...web,
      spec: {
        ...web.spec,
        externalIPs: ['203.0.113.1'],
        ports: [{ name: 'dns', protocol: 'UDP', port: 53, nodePort: 30053 }],
      },
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.2' }] } },
    } as unknown as ServiceObject;
    const at = (address: string, port = 53) => server(`-u ${address}:${port}`, 'rr', 1);
    const all = [
      at('10.101.18.6'),
      at('203.0.113.1'),
      at('203.0.113.2'),
      at('192.168.77.10', 30053),
    ];
    assert.deepEqual(views(all.join(''), [service]), [
      'default/web:dns (cluster-ip 53, external-ip 53, load-balancer-ip 53, node-port 30053): 10.244.0.2 1',
    ]);
    // Of another protocol it is another's.
    assert.deepEqual(views(server('-t 10.101.18.6:53', 'rr', 1), [service]), [
      '10.101.18.6:53/tcp (virtual 53): 10.244.0.2 1',
    ]);
  });

  test('the kinds of addresses by sets: of IPv6, of external addresses, node ports by protocol', () => {
    const create = (name: string, type: string, ...elements: readonly string[]) =>
      `create ${name} ${type}\n${elements.map((one) => `add ${name} ${one}\n`).join('')}`;
    const text = [
      create('KUBE-6-CLUSTER-IP', 'hash:ip,port family inet6', 'fd00::1,tcp:80'),
      create('KUBE-EXTERNAL-IP-LOCAL', 'hash:ip,port family inet', '203.0.113.1,tcp:80'),
      create('KUBE-NODE-PORT-UDP', 'bitmap:port range 0-65535', '30053'),
      create('KUBE-NODE-PORT-SCTP-HASH', 'hash:ip,port family inet', '192.168.77.10,sctp:30132'),
      create('KUBE-LOOP-BACK', 'hash:ip,port,ip family inet', '10.9.9.9,tcp:80,10.9.9.9'),
    ].join('');
    const kind = (at: string) => /\((\S+) /.exec(views(server(at, 'rr', 1), [], text)[0]!)?.[1];
    assert.equal(kind('-t [fd00::1]:80'), 'cluster-ip');
    assert.equal(kind('-t 203.0.113.1:80'), 'external-ip');
    assert.equal(kind('-u 192.168.77.10:30053'), 'node-port');
    assert.equal(kind('-t 192.168.77.10:30053'), 'virtual');
    assert.equal(kind('--sctp-service 192.168.77.10:30132'), 'node-port');
    assert.equal(kind('-t 10.9.9.9:80'), 'virtual');
  });

  test('a node port is at any address of the node, whichever its set names (SCTP)', () => {
    const rows = 'SCTP 10.0.0.10:30090 rr\nSCTP 192.168.77.10:30090 rr\nSCTP 10.0.0.10:30091 rr\n';
    const head = ipvsadm.split('\n').slice(0, 3).join('\n');
    const own = parseIpvsTable(`${head}\n${rows}`, 'ipvsadm').value;
    const members =
      'create KUBE-NODE-PORT-SCTP-HASH hash:ip,port family inet\nadd KUBE-NODE-PORT-SCTP-HASH 192.168.77.10,sctp:30090\n';
    const kinds = found(own, parseIpsetSave(members, 'ipset').value).flatMap(({ entries }) =>
      entries.map(({ kind, port }) => `${kind} ${port}`),
    );
    assert.deepEqual(kinds, ['node-port 30090', 'node-port 30090', 'virtual 30091']);
  });

  test('a virtual server of a firewall mark is of no Service port', () => {
    const head = ipvsadm.split('\n').slice(0, 3).join('\n');
    const rows = 'FWM  7 rr\n  -> 10.244.0.2:8080 Masq 1 0 0\nTCP  10.96.0.5:80 rr\n';
    const own = parseIpvsTable(`${head}\n${rows}`, 'ipvsadm').value;
    assert.equal(own.virtualServers.length, 2);
    assert.deepEqual(
      found(own, new Map()).map(({ title }) => title),
      ['10.96.0.5:80/tcp'],
    );
  });

  test('ClusterIPs by the set of their family', () => {
    const members =
      'create KUBE-CLUSTER-IP hash:ip,port family inet\nadd KUBE-CLUSTER-IP 10.96.0.1,tcp:443\n' +
      'create KUBE-6-CLUSTER-IP hash:ip,port family inet6\nadd KUBE-6-CLUSTER-IP fd00::1,tcp:443\n';
    const all = { sets: parseIpsetSave(members, 'ipset').value };
    assert.deepEqual([...clusterIpsOf(all)!], ['10.96.0.1']);
    assert.deepEqual([...clusterIpsOf(all, 6)!], ['fd00::1']);
    assert.equal(clusterIpsOf({ sets: new Map() }), undefined);
    assert.equal(clusterIpsOf({}), undefined);
  });
});
