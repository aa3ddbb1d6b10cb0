import assert from 'node:assert/strict';
import type { NodeState } from '../../../src/core/node';
import type { Packet } from '../../../src/core/packet';
import { traceFlow } from '../../../src/core/trace/tracer';
import { node, packet, type Dumps } from './helper';

const forwarded = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');
const inward = packet('tcp 10.244.1.7:40000 > 10.244.1.1:80 cni0');
const own = packet('tcp 192.168.50.10:40000 > 8.8.8.8:80');

const assumed = (state: NodeState, of: Packet = forwarded) =>
  traceFlow(state, of).assumptions.map(({ text }) => text);

/** A node without the sysctls of those names. */
function without(names: RegExp, dumps: Dumps = {}): NodeState {
  const state = node(dumps);
  const kept = [...state.sysctls!].filter(([name]) => !names.test(name));
  return { ...state, sysctls: new Map(kept) };
}

suite('what a trace assumes, and says so', () => {
  test('is nothing where the dumps tell', () => {
    for (const of of [forwarded, inward, own]) assert.deepEqual(assumed(node(), of), []);
  });

  suite('that the node forwards', () => {
    const text = 'net.ipv4.ip_forward is 1, as on every Kubernetes node';

    test('of what it sends on, where no switch is told', () => {
      const state = without(/ip_forward/);
      assert.deepEqual(assumed(state), [text]);
      assert.deepEqual(assumed(state, inward), []);
      assert.deepEqual(assumed(state, own), []);
      assert.deepEqual(assumed({ ...node(), sysctls: undefined }).includes(text), true);
    });

    test('which the other names of the switch tell, too', () => {
      for (const name of ['net.ipv4.conf.all.forwarding', 'net.ipv4.conf.cni0.forwarding']) {
        assert.deepEqual(assumed(without(/ip_forward/, { sysctls: { [name]: '1' } })), [], name);
      }
      const elsewhere = { 'net.ipv4.conf.eth0.forwarding': '1' };
      assert.deepEqual(assumed(without(/ip_forward/, { sysctls: elsewhere })), [text]);
    });
  });

  suite('that rp_filter lets pass', () => {
    const astray = packet('tcp 8.8.8.8:1 > 10.244.1.1:80 cni0');
    const text = (device: string) =>
      `rp_filter does not stop 8.8.8.8 at ${device}, although the way back is another: its value is not known`;

    test('what comes in by another device than the way back', () => {
      const state = without(/rp_filter/);
      assert.deepEqual(assumed(state, astray), [text('cni0')]);
      assert.deepEqual(assumed(state, { ...astray, inInterface: 'eth0' }), []);
      assert.deepEqual(assumed(node(), astray), []);
    });
  });

  suite('that no rule leads to a table that would answer', () => {
    const routes = (table: string) =>
      `default via 192.168.50.1 dev eth0\n10.244.1.0/24 dev cni0\n192.168.50.0/24 dev eth0\n8.8.8.0/24 dev cni0 table ${table}\n`;

    test('where no dump tells the rules', () => {
      assert.deepEqual(assumed(node({ routes: routes('100') })), [
        'no routing rule leads to table 100 (`ip rule` is missing)',
      ]);
    });

    test('not where they are told, the table is the kernel’s, or has no such route', () => {
      const routingRules = '0: from all lookup local\n32766: from all lookup main\n';
      assert.deepEqual(assumed(node({ routes: routes('100'), routingRules })), []);
      assert.deepEqual(assumed(node({ routes: routes('default') })), []);
      const other = { ...forwarded, destination: packet('tcp 1.1.1.1 > 9.9.9.9').destination };
      assert.deepEqual(assumed(node({ routes: routes('100') }), other), []);
    });
  });

  test('in which order two dumps of one family were loaded', () => {
    const rules = '*filter\n:FORWARD ACCEPT\n';
    const [first] = node({ rules }).rulesets;
    const second = { ...first!, source: 'others' };
    const text =
      'where both have a chain, the rules of rules before those of others: which was loaded first is not known';
    assert.deepEqual(assumed({ ...node(), rulesets: [first!, second] }), [text]);
    assert.deepEqual(assumed({ ...node(), rulesets: [first!] }), []);
    assert.deepEqual(assumed({ ...node(), rulesets: [first!, { ...second, family: 6 }] }), []);
    assert.deepEqual(
      assumed({ ...node(), rulesets: [first!, { ...second, tables: new Map() }] }),
      [],
    );
  });
});
