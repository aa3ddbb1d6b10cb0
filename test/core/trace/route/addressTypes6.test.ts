import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import type { NodeState } from '../../../../src/core/node';
import type { AddressType } from '../../../../src/core/rules/match';
import { isOfTypes6 } from '../../../../src/core/trace/route/addressTypes6';
import { parseIpAddress } from '../../../../src/syntax/ip/address';
import { parseIpRoute } from '../../../../src/syntax/ip/route';

const addresses = `1: lo: <LOOPBACK,UP> mtu 65536
    inet6 ::1/128 scope host
2: eth0: <UP> mtu 1500
    inet6 fd00::10/64 scope global
    inet6 fd00::11/64 scope global tentative
`;
const routes = `fd00::/64 dev eth0 proto kernel metric 256 pref medium
fd01::/64 via fd00::1 dev eth0 metric 1024 pref medium
fd02::/127 dev eth0 metric 1024 pref medium
fd03::/126 dev eth0 metric 1024 pref medium
unreachable fd09::/64 dev lo metric 1024
local fd00::10 dev eth0 table local proto kernel metric 0 pref medium
anycast fd00::99 dev eth0 table local proto kernel metric 0 pref medium
`;

const whole: Pick<NodeState, 'interfaces' | 'routes'> = {
  interfaces: parseIpAddress(addresses, 'addresses').value,
  routes: parseIpRoute(routes, 'routes', { family: 6 }).value,
};

/** Whether `-m addrtype` holds for an address: a text is what is not known. */
function is(address: string, types: string, device?: string, state = whole): unknown {
  const node: NodeState = { name: 'a', rulesets: [], findings: [], ...state };
  const asked = types.split(',') as AddressType[];
  const answer = isOfTypes6(node, parseAddress(address)!, asked, device, (unknown) => ({
    condition: '',
    otherwise: '',
    unknown,
  }));
  return typeof answer === 'boolean' ? answer : answer.unknown;
}

// match_type6 and match_lookup_rt6 (net/netfilter/xt_addrtype.c).
suite('addrtype of IPv6', () => {
  test('MULTICAST, UNICAST and UNSPEC are the address’s own, and all that are named must hold', () => {
    assert.equal(is('ff02::1', 'MULTICAST'), true);
    assert.equal(is('fd00::10', 'MULTICAST'), false);
    assert.equal(is('fd00::10', 'UNICAST'), true);
    assert.equal(is('ff02::1', 'UNICAST'), false);
    assert.equal(is('::', 'UNSPEC'), true);
    assert.equal(is('fd00::10', 'UNSPEC'), false);
    assert.equal(is('fd00::10', 'UNICAST,LOCAL'), true);
    assert.equal(is('ff02::1', 'UNICAST,LOCAL'), false);
  });

  test('LOCAL by the route, with a device by its addresses, of which a tentative one is none', () => {
    assert.equal(is('fd00::10', 'LOCAL'), true);
    assert.equal(is('fd00::20', 'LOCAL'), false);
    assert.equal(is('fd00::10', 'LOCAL', 'eth0'), true);
    assert.equal(is('fd00::11', 'LOCAL', 'eth0'), false);
    assert.equal(is('fd00::10', 'LOCAL', 'lo'), false);
  });

  test('ANYCAST by the route, and the first address of a subnet on the link that is wider than /127', () => {
    assert.equal(is('fd00::99', 'ANYCAST'), true);
    assert.equal(is('fd00::', 'ANYCAST'), true);
    assert.equal(is('fd03::', 'ANYCAST'), true);
    assert.equal(is('fd02::', 'ANYCAST'), false);
    assert.equal(is('fd00::20', 'ANYCAST'), false);
    // By a gateway it is none of the link.
    assert.equal(is('fd01::', 'ANYCAST'), false);
  });

  test('UNREACHABLE where no route leads there, or one that refuses', () => {
    assert.equal(is('fd08::1', 'UNREACHABLE'), true);
    assert.equal(is('fd09::1', 'UNREACHABLE'), true);
    assert.equal(is('fd00::20', 'UNREACHABLE'), false);
    assert.equal(is('fd08::1', 'LOCAL,ANYCAST'), false);
    assert.equal(is('fd08::1', 'LOCAL,UNREACHABLE'), true);
  });

  test('without routes LOCAL by the addresses, the others are unknown', () => {
    const bare = { ...whole, routes: undefined };
    assert.equal(is('fd00::10', 'LOCAL', undefined, bare), true);
    assert.equal(is('fd00::20', 'LOCAL', undefined, bare), false);
    assert.equal(typeof is('fd00::20', 'ANYCAST', undefined, bare), 'string');
    assert.equal(typeof is('fd00::20', 'LOCAL,UNREACHABLE', undefined, bare), 'string');
    const nothing = { interfaces: undefined, routes: undefined };
    assert.equal(typeof is('fd00::10', 'LOCAL', undefined, nothing), 'string');
  });
});
