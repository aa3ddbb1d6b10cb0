import assert from 'node:assert/strict';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { leaves } from '../../../../src/core/trace/leaves';
import { parseIpRule } from '../../../../src/syntax/ip/rule';
import { node, only, packet, visits } from '../helper';

const rules = `
*raw
:PREROUTING ACCEPT
:OUTPUT ACCEPT
-A PREROUTING -i eth1
-A PREROUTING -i red
*filter
:FORWARD ACCEPT
-A FORWARD -i red -o pod0
`;

const devices = (flags: string, details: string): string => `1: lo: <LOOPBACK,UP>
    inet 127.0.0.1/8 scope host lo
2: red: <${flags}>
${details}3: eth1: <UP> mtu 1500 master red
    inet 10.2.0.10/24 scope global eth1
4: pod0: <UP>
    inet 10.42.0.1/24 scope global pod0
`;

const routes = `10.42.0.0/24 dev pod0 table 10
default via 10.2.0.1 dev eth1 table 10
10.42.0.0/24 dev pod0
local 10.2.0.10 dev eth1 table 10
`;

const kernels =
  '0: from all lookup local\n32766: from all lookup main\n32767: from all lookup default\n';
const byRed = `1000: from all lookup [l3mdev-table]\n${kernels}`;

function stateOf({ details = '    vrf table 10\n', flags = 'NOARP,MASTER,UP', rule = byRed }) {
  const state = node({ rules, addresses: devices(flags, details), routes, sysctls });
  const routingRules = rule === '' ? undefined : parseIpRule(rule, 'rule', 4).value;
  return { ...state, routingRules };
}

const sysctls = {
  'net.ipv4.ip_forward': '1',
  'net.ipv4.conf.all.rp_filter': '0',
  'net.ipv4.conf.eth1.rp_filter': '0',
  'net.ipv4.conf.eth1.forwarding': '1',
};
const toPod = packet('tcp 10.2.0.9:40000 > 10.42.0.7:80 eth1');

suite('a device of a VRF', () => {
  test('PREROUTING once more by the VRF, then its table', () => {
    const leaf = only(traceFlow(stateOf({}), toPod));
    const hooks = ['raw PREROUTING 1', 'raw PREROUTING policy', 'raw PREROUTING 2'];
    assert.deepEqual(visits(leaf).slice(0, 3), hooks);
    assert.ok(visits(leaf).includes('filter FORWARD 1'));
    assert.equal(leaf.verdict.delivered, 'pod0');
  });

  test('its table is asked where no dump has the routing rules, and not where the rule was deleted', () => {
    const other = packet('tcp 10.2.0.9:40000 > 8.8.8.8:80 eth1');
    assert.equal(only(traceFlow(stateOf({ rule: '' }), other)).verdict.delivered, 'eth1');
    assert.equal(only(traceFlow(stateOf({ rule: kernels }), other)).verdict.kind, 'LOST');
  });

  test('a VRF is known by its flags; its table by ip -d link alone', () => {
    for (const rule of [byRed, '']) {
      const { verdict } = only(traceFlow(stateOf({ details: '', rule }), toPod));
      assert.equal(verdict.kind, 'UNKNOWN');
      assert.match(verdict.reason, /the table of the VRF red.*ip -d link/);
    }
  });

  test('a device with slaves that is none keeps its own', () => {
    const leaf = only(
      traceFlow(stateOf({ flags: 'UP', details: '    bond mode 802.3ad\n' }), toPod),
    );
    assert.ok(!visits(leaf).includes('raw PREROUTING 2'));
  });

  test('what is refused by it gets an answer that is not followed', () => {
    const refusing = stateOf({});
    const state = node({ rules: '*filter\n:FORWARD ACCEPT\n-A FORWARD -j REJECT\n', sysctls });
    const { verdict } = only(traceFlow({ ...refusing, rulesets: state.rulesets }, toPod));
    assert.equal(verdict.kind, 'REJECT');
    assert.deepEqual([verdict.client?.sees, verdict.client?.way], ['unknown', undefined]);
    assert.match(verdict.client!.text, /what goes by the VRF red is not modelled/);
  });

  test('what is not followed is unknown: the node’s own by it, groups, rules for the VRF as a device', () => {
    const own = packet('tcp 10.2.0.10:40000 > 8.8.8.8:80');
    const kinds = (state: ReturnType<typeof stateOf>, sent: typeof own) =>
      leaves(traceFlow(state, sent).path).map(({ verdict }) => verdict.kind);
    assert.deepEqual(kinds(stateOf({}), { ...own, boundDevice: 'red' }), ['UNKNOWN']);
    assert.deepEqual(kinds(stateOf({}), { ...own, boundDevice: 'eth1' }), ['UNKNOWN']);
    assert.deepEqual(kinds(stateOf({}), packet('udp 10.2.0.9:1 > 224.0.0.1:80 eth1')), ['UNKNOWN']);
    const rule = `100: from all iif red unreachable\n${byRed}`;
    assert.ok(leaves(traceFlow(stateOf({ rule }), toPod).path).length > 1);
  });
});
