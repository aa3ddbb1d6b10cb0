import assert from 'node:assert/strict';
import type { Packet } from '../../../src/core/packet';
import { replyTo } from '../../../src/core/trace/followUp';
import { headerText } from '../../../src/core/trace/headerText';
import { traceFlow } from '../../../src/core/trace/tracer';
import { nextAfter, node, only, packet, visits } from './helper';

const rules = `
*mangle
:PREROUTING ACCEPT
-A PREROUTING -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff
-A PREROUTING -m conntrack --ctstate ESTABLISHED
-A PREROUTING -j CONNMARK --set-xmark 0x7/0xff
*nat
:PREROUTING ACCEPT
:POSTROUTING ACCEPT
-A PREROUTING -p tcp -j DNAT --to-destination 10.244.1.5:8080
-A PREROUTING -j MARK --set-xmark 0x4000/0x4000
-A POSTROUTING -j MASQUERADE --random-fully
`;

function follow(sent: Packet) {
  const state = node({ rules });
  const first = only(traceFlow(state, sent));
  const reply = replyTo(sent, first.verdict)!;
  const second = only(traceFlow(state, reply.packet, { memory: reply.memory }));
  const next = nextAfter(sent, second.verdict);
  const third = only(traceFlow(state, next.packet, { memory: next.memory }));
  return [first, second, third];
}

suite('later packets of a flow', () => {
  test('nat is asked once; the reply is turned back; the connmark lives on', () => {
    const [first, second, third] = follow(packet('tcp 192.168.50.77:40000 > 10.96.0.1:80 eth0'));
    assert.ok(visits(first!).some((visit) => visit.startsWith('nat')));
    assert.equal(headerText(first!.verdict.final!), '10.244.1.1:? > 10.244.1.5:8080');
    assert.equal(headerText(second!.verdict.final!), '10.96.0.1:80 > 192.168.50.77:40000');
    assert.equal(second!.verdict.delivered, 'eth0');
    for (const leaf of [second!, third!]) {
      assert.deepEqual(visits(leaf), [
        'mangle PREROUTING 1',
        'mangle PREROUTING 2',
        'mangle PREROUTING 3',
        'mangle PREROUTING policy',
      ]);
      assert.equal(leaf.verdict.finalMark, 7);
    }
    assert.equal(third!.verdict.final?.destinationPort, 8080);
  });

  test('a ping and its echo reply', () => {
    const [first, second] = follow(packet('icmp 10.244.1.7:5 > 8.8.8.8 cni0'));
    assert.equal(headerText(first!.verdict.final!), '192.168.50.10:? > 8.8.8.8');
    assert.equal(headerText(second!.verdict.final!), '8.8.8.8:5 > 10.244.1.7');
  });

  test('what was dropped has no reply', () => {
    const drop = node({ rules: '*filter\n:FORWARD DROP' });
    const sent = packet('tcp 10.244.1.7:1 > 8.8.8.8:80 cni0');
    assert.equal(replyTo(sent, only(traceFlow(drop, sent)).verdict), undefined);
  });

  test('INVALID and UNTRACKED as asked: nat is not', () => {
    const sent = packet('tcp 192.168.50.77:40000 > 10.96.0.1:80 eth0');
    for (const state of ['INVALID', 'UNTRACKED'] as const) {
      const leaf = only(traceFlow(node({ rules }), sent, { state }));
      assert.ok(!visits(leaf).some((visit) => visit.startsWith('nat')));
    }
  });
});
