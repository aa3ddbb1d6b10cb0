import assert from 'node:assert/strict';
import { virtualNodePorts } from '../../../src/core/kubeproxy/ipvs/nodePorts';
import type { NodeState } from '../../../src/core/node';
import { parseIpAddress } from '../../../src/syntax/ip/address';
import { parseIpsetSave } from '../../../src/syntax/ipset/save';
import { parseIpvsSave } from '../../../src/syntax/ipvs/save';

const sets = `create KUBE-NODE-PORT-TCP bitmap:port range 0-65535
add KUBE-NODE-PORT-TCP 30080
create KUBE-NODE-PORT-SCTP-HASH hash:ip,port family inet
add KUBE-NODE-PORT-SCTP-HASH 192.168.50.10,sctp:30132
create KUBE-NODE-PORT-LOCAL-TCP bitmap:port range 0-65535
add KUBE-NODE-PORT-LOCAL-TCP 30081
`;
const servers = `-A -t 10.96.0.9:30080 -s rr
-A -t 192.168.50.10:30080 -s rr
-A -t 10.244.1.1:30080 -s rr
-A --sctp-service 192.168.50.10:30132 -s rr
-A -t 192.168.60.10:30081 -s rr
-A -t 192.168.70.10:80 -s rr
-A -t [fd00::1]:30080 -s rr
-A -f 7 -s rr
`;
const addresses = `5: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 state DOWN
    inet 10.96.0.9/32 scope global kube-ipvs0
`;

function state(more: Partial<NodeState> = {}): NodeState {
  return {
    name: 'a',
    rulesets: [],
    findings: [],
    sets: parseIpsetSave(sets, 'sets').value,
    ipvs: parseIpvsSave(servers, 'ipvs').value,
    interfaces: parseIpAddress(addresses, 'addresses').value,
    ...more,
  };
}

suite('where node ports answer in ipvs mode', () => {
  test('at the IPv4 addresses of their virtual servers, but not those that kube-ipvs0 has', () => {
    const found = virtualNodePorts(state());
    assert.ok(typeof found === 'object');
    assert.deepEqual(found.addresses, ['192.168.50.10', '10.244.1.1']);
    assert.equal(found.range?.line, 1);
  });

  test('without a dump of virtual servers, or of the sets, nothing is said', () => {
    assert.equal(virtualNodePorts(state({ ipvs: undefined })), 'no-servers');
    assert.equal(virtualNodePorts(state({ sets: undefined })), 'no-ports');
  });

  test('ports that no virtual server has', () => {
    const ipvs = parseIpvsSave('-A -t 10.96.0.9:80 -s rr\n', 'ipvs').value;
    assert.deepEqual(virtualNodePorts(state({ ipvs })), { addresses: [], range: undefined });
  });
});
