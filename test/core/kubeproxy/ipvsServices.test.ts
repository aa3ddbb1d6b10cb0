import assert from 'node:assert/strict';
import { formatAddress } from '../../../src/core/address';
import { searchIpvs } from '../../../src/core/kubeproxy/ipvs/services';
import type { ServiceObject } from '../../../src/core/objects/types';
import type { ServiceView } from '../../../src/core/service';
import { finish } from '../../../src/core/work';
import { parseIpsetSave } from '../../../src/syntax/ipset/save';
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

function told({ title, entries, endpoints }: ServiceView): string {
  const kinds = entries.map(({ kind, port }) => `${kind} ${port}`).join(', ');
  const shares = endpoints.map(({ address, share }) => `${formatAddress(address)} ${share ?? '?'}`);
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
      view!.endpoints.map(({ share }) => share),
      [1, 0],
    );
  });

  test('without sets the kind is not guessed', () => {
    const [view] = found(state, undefined);
    assert.equal(view!.entries[0]!.kind, 'virtual');
  });
});
