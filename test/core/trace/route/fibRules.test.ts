import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import type { NodeState } from '../../../../src/core/node';
import { selects } from '../../../../src/core/trace/route/fibRules';
import type { RouteKey } from '../../../../src/core/trace/route/routeKey';
import { parseIpAddress } from '../../../../src/syntax/ip/address';
import { parseIpRule } from '../../../../src/syntax/ip/rule';

const at = (text: string) => parseAddress(text)!;

const bare: NodeState = { name: 'a', rulesets: [], findings: [] };
const devices = `1: lo: <LOOPBACK,UP>
2: eth0: <UP>
3: red: <NOARP,MASTER,UP>
    vrf table 10
4: eth1: <UP> master red
5: br0: <UP>
    bridge forward_delay 1500
6: veth0: <UP> master br0
7: any: <UP>
8: port0: <UP> master any
9: br1: <UP>
10: port1: <UP> master br1
    bridge_slave state forwarding priority 32 cost 2 hairpin off guard off
`;
const node = { ...bare, interfaces: parseIpAddress(devices, 'addresses').value };

/** `yes`, `no`, or why it is open. */
function asks(rule: string, key: Partial<RouteKey> = {}, of = node, family: 4 | 6 = 4): string {
  const [read] = parseIpRule(`100: ${rule} lookup 7\n`, 'rules', family).value;
  const destination = at(family === 4 ? '8.8.8.8' : '2001:db8::1');
  const answer = selects(of, read!, { destination, mark: 0, ...key }, new Map());
  return typeof answer === 'object' ? (answer.unknown ?? 'open') : answer ? 'yes' : 'no';
}

function table(
  title: string,
  rows: readonly (readonly [rule: string, key: Partial<RouteKey>, wanted: string])[],
  family?: 4 | 6,
): void {
  suite(title, () => {
    for (const [rule, key, wanted] of rows) {
      test(`${rule}, ${JSON.stringify(key)}: ${wanted}`, () => {
        assert.equal(asks(rule, key, node, family), wanted);
      });
    }
  });
}

table('a rule for a mark: the bits of its mask alone', [
  ['from all fwmark 0x1', { mark: 1 }, 'yes'],
  ['from all fwmark 0x1', { mark: 3 }, 'no'],
  ['from all fwmark 0x1', {}, 'no'],
  ['from all fwmark 0x1/0x1', { mark: 3 }, 'yes'],
  ['from all fwmark 0x10/0xf0', { mark: 0x31 }, 'no'],
  ['from all fwmark 0x80000000/0x80000000', { mark: 0x80000001 }, 'yes'],
  ['not from all fwmark 0x1', { mark: 1 }, 'no'],
  ['not from all fwmark 0x1', { mark: 2 }, 'yes'],
]);

table('a rule for a source, where the look-up has one', [
  ['from 10.0.0.0/8', { source: at('10.1.1.1') }, 'yes'],
  ['from 10.0.0.0/8', { source: at('11.1.1.1') }, 'no'],
  // Without one IPv4 asks as from 0.0.0.0.
  ['from 10.0.0.0/8', {}, 'no'],
  ['from 0.0.0.0/8', {}, 'yes'],
  ['from all', {}, 'yes'],
]);
table(
  'a rule of IPv6 for a source is none for a look-up without one',
  [
    ['from fd00::/8', { source: at('fd00::1') }, 'yes'],
    ['from fd00::/8', {}, 'no'],
    ['from ::/8', {}, 'no'],
    ['from ::/0', {}, 'yes'],
  ],
  6,
);

table('a rule for a destination', [
  ['from all to 8.0.0.0/8', {}, 'yes'],
  ['from all to 9.0.0.0/8', {}, 'no'],
  ['from all to 0.0.0.0/0', {}, 'yes'],
]);

table('a rule for a TOS', [
  ['from all tos 0x10', { tos: 0x10 }, 'yes'],
  // The bits of ECN are not asked.
  ['from all tos 0x10', { tos: 0x13 }, 'yes'],
  ['from all tos 0x10', { tos: 0x08 }, 'no'],
  ['from all tos 0x10', {}, 'no'],
]);

table('a rule for a device: the node’s own come by lo', [
  ['from all iif lo', {}, 'yes'],
  ['from all iif lo', { inDevice: 'eth0' }, 'no'],
  ['from all iif eth0', { inDevice: 'eth0' }, 'yes'],
  ['from all oif eth0', { outDevice: 'eth0' }, 'yes'],
  ['from all oif eth0', { outDevice: 'br0' }, 'no'],
  ['from all oif eth0', {}, 'no'],
  ['not from all iif eth0', { inDevice: 'br0' }, 'yes'],
]);

const byKernel = 'whether red, a VRF, is asked for depends on the kernel';
table('a rule for a VRF as a device', [
  ['from all iif red', { inDevice: 'eth1' }, byKernel],
  ['from all iif red', { inDevice: 'red' }, 'yes'],
  ['from all iif red', { inDevice: 'eth0' }, 'no'],
  ['from all oif red', { outDevice: 'eth1' }, byKernel],
  ['from all oif red', { outDevice: 'eth0' }, 'no'],
  ['from all iif eth1', { inDevice: 'eth1' }, 'yes'],
]);

suite('l3mdev', () => {
  const rule = (key: Partial<RouteKey>, of: NodeState = node) => {
    const [read] = parseIpRule('1000: from all lookup [l3mdev-table]\n', 'rules', 4).value;
    const answer = selects(of, read!, { destination: at('8.8.8.8'), mark: 0, ...key }, new Map());
    return typeof answer === 'object' ? answer.unknown : answer;
  };

  test('by a device of a VRF, or the VRF itself, in either direction', () => {
    assert.equal(rule({ inDevice: 'eth1' }), true);
    assert.equal(rule({ inDevice: 'red' }), true);
    assert.equal(rule({ outDevice: 'eth1' }), true);
    // l3mdev_update_flow: the device that it has to leave by comes first.
    assert.equal(rule({ inDevice: 'eth1', outDevice: 'eth0' }), false);
  });

  test('not by a device without a master, nor by a bridge’s', () => {
    assert.equal(rule({}), false);
    assert.equal(rule({ inDevice: 'eth0' }), false);
    assert.equal(rule({ inDevice: 'veth0' }), false);
    assert.equal(rule({ inDevice: 'port1' }), false);
    assert.equal(rule({ inDevice: 'gone' }), false);
  });

  test('open by a device whose master may be a VRF, and without the devices', () => {
    const open = 'port0 may be in the VRF any (ip -d link tells)';
    assert.equal(rule({ inDevice: 'port0' }), open);
    assert.equal(rule({ outDevice: 'port0' }), open);
    assert.equal(
      rule({ inDevice: 'eth0' }, bare),
      '`ip addr` is missing: the device may be in a VRF',
    );
  });
});

table('a rule for protocol and ports', [
  ['from all ipproto tcp', { protocol: 6 }, 'yes'],
  ['from all ipproto tcp', { protocol: 17 }, 'no'],
  ['from all ipproto tcp', {}, 'no'],
  ['from all sport 10-20', { sourcePort: 10 }, 'yes'],
  ['from all sport 10-20', { sourcePort: 20 }, 'yes'],
  ['from all sport 10-20', { sourcePort: 21 }, 'no'],
  ['from all sport 10-20', {}, 'no'],
  ['from all sport 10-20', { openPort: 'chosen' }, 'chosen'],
  ['from all sport 10-20 dport 5', { openPort: 'chosen', destinationPort: 6 }, 'no'],
  ['from all dport 10-20', { destinationPort: 15 }, 'yes'],
  ['from all dport 10-20', { destinationPort: 9 }, 'no'],
  ['not from all sport 10-20', { openPort: 'chosen' }, 'chosen'],
]);

const unknownUid = 'the sender’s uid is not known';
table('a rule for senders', [
  ['from all uidrange 5-9', { uid: 5 }, 'yes'],
  ['from all uidrange 5-9', { uid: 9 }, 'yes'],
  ['from all uidrange 5-9', { uid: 10 }, 'no'],
  ['from all uidrange 5-9', { uid: 4 }, 'no'],
  // What no socket sends is root's.
  ['from all uidrange 0-9', {}, 'yes'],
  ['from all uidrange 5-9', { uid: 'unknown' }, unknownUid],
  ['from all uidrange 0-4294967294', { uid: 'unknown' }, unknownUid],
  ['from all uidrange 0-4294967295', { uid: 'unknown' }, 'yes'],
  ['from all uidrange 1-4294967295', { uid: 'unknown' }, unknownUid],
]);

table('a rule for a tunnel', [
  ['from all tun_id 5', {}, 'no'],
  ['from all tun_id 0', {}, 'yes'],
  ['from all tun_id 5', { inDevice: 'eth0' }, 'the key of the tunnel it came by is not known'],
  ['from all tun_id 5 iif br0', { inDevice: 'eth0' }, 'no'],
]);

table('what is not modelled is open, unless another part says no', [
  ['from all frobnicate 7', {}, 'not modelled: frobnicate 7'],
  ['from all to 9.0.0.0/8 frobnicate 7', {}, 'no'],
  ['not from all to 9.0.0.0/8 frobnicate 7', {}, 'yes'],
]);

suite('what a branch has settled of a rule', () => {
  const [rule] = parseIpRule('100: from all uidrange 5-9 lookup 7\n', 'rules', 4).value;
  const key = { destination: at('8.8.8.8'), mark: 0, uid: 'unknown' } as const;
  const question = selects(node, rule!, key, new Map());
  assert.ok(typeof question === 'object');
  const facts = new Map([[question.key!, true]]);

  test('is not asked again', () => {
    assert.equal(selects(node, rule!, key, facts), true);
    assert.equal(
      question.condition,
      'the routing rule applies to 8.8.8.8: 100: from all uidrange 5-9 lookup 7',
    );
  });

  test('says nothing of another destination, mark or device', () => {
    for (const other of [
      { destination: at('8.8.4.4') },
      { mark: 1 },
      { inDevice: 'eth0' },
      { outDevice: 'eth0' },
    ]) {
      assert.equal(typeof selects(node, rule!, { ...key, ...other }, facts), 'object');
    }
  });
});
