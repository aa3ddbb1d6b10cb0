import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import type { NodeState } from '../../../../src/core/node';
import type { Packet } from '../../../../src/core/packet';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { node, node6, only, packet } from '../helper';

/** What is done with a packet and its copy, and with which marks; and how it ends. */
function way(state: NodeState, sent: Packet): readonly string[] {
  const { steps, verdict } = only(traceFlow(state, sent));
  const passed = steps.flatMap((step) =>
    step.kind === 'routing' ? [step.effect] : step.kind === 'rule' ? [step.chain] : [],
  );
  return [...passed, `${verdict.kind} ${verdict.delivered}, mark ${verdict.finalMark}`];
}

const marks = `*mangle
:PREROUTING ACCEPT
:INPUT ACCEPT
:POSTROUTING ACCEPT
-A PREROUTING -j MARK --set-xmark 0x1/0x1
-A INPUT -j LOG
-A POSTROUTING -j LOG
`;

suite('a packet to a group that the node listens to is copied to itself', () => {
  test('of IPv4 before it leaves (ip_mc_output); what becomes of the copy is the copy’s', () => {
    const sent = packet('udp 192.168.50.10:40000 > 224.0.0.1:5000');
    assert.deepEqual(way(node({ rules: marks }), sent), [
      'out by eth0',
      'POSTROUTING',
      'PREROUTING',
      'INPUT',
      'the copy for the node itself is done; the packet goes on',
      'POSTROUTING',
      'ACCEPT eth0, mark 0',
    ]);
  });

  test('of IPv4 it goes on though its copy is dropped', () => {
    const rules = marks.replace('INPUT -j LOG', 'INPUT -j DROP');
    const sent = packet('udp 192.168.50.10:40000 > 224.0.0.1:5000');
    assert.deepEqual(way(node({ rules }), sent).at(-1), 'ACCEPT eth0, mark 0');
  });

  test('of IPv4 not to one that nobody here listens to', () => {
    const groups = new Map([['eth0', [parseAddress('239.1.1.1')!]]]);
    const sent = packet('udp 192.168.50.10:40000 > 239.1.1.2:5000');
    assert.deepEqual(way({ ...node({ rules: marks }), groups }, sent), [
      'out by eth0',
      'POSTROUTING',
      'ACCEPT eth0, mark 0',
    ]);
  });

  test('of IPv6 once it has left (ip6_finish_output2), through POSTROUTING once more', () => {
    const state = node6(
      '2: eth0: <BROADCAST,MULTICAST,UP>\n    inet6 fd00:1::10/64 scope global\n',
      'local fd00:1::10 dev eth0 table local metric 0\nmulticast ff00::/8 dev eth0 table local metric 256\nfd00:1::/64 dev eth0 metric 256\n',
    );
    const sent: Packet = {
      protocol: 17,
      source: parseAddress('fd00:1::10')!,
      sourcePort: 40000,
      destination: parseAddress('ff02::1')!,
      destinationPort: 5000,
      boundDevice: 'eth0',
    };
    assert.deepEqual(way(state, sent), [
      'out by eth0',
      'out by eth0; a copy goes back in',
      'ACCEPT local, mark 0',
    ]);
  });
});
