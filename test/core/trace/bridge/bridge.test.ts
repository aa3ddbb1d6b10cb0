import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import type { Packet } from '../../../../src/core/packet';
import { node, oneChain, only, packet, visits } from '../helper';

const rules = `
*nat
:PREROUTING ACCEPT
:POSTROUTING ACCEPT
-A PREROUTING -d 10.96.0.1/32 -j DNAT --to-destination 10.244.1.9
*filter
:FORWARD ACCEPT
-A FORWARD -i cni0 -o cni0
`;

const addresses = `1: lo: <LOOPBACK,UP>
    inet 127.0.0.1/8 scope host lo
2: eth0: <UP>
    inet 192.168.50.10/24 scope global eth0
3: cni0: <UP>
    inet 10.244.1.1/24 scope global cni0
4: veth1@if2: <UP> mtu 1500 master cni0 state UP
`;

const podToPod = packet('tcp 10.244.1.7:40000 > 10.244.1.9:80 cni0');
const sysctl = 'net.bridge.bridge-nf-call-iptables';

function trace(to = podToPod, value?: string) {
  const sysctls: Record<string, string> = value === undefined ? {} : { [sysctl]: value };
  return traceFlow(node({ rules, addresses, sysctls }), to);
}

suite('bridge', () => {
  test('pod to pod on one bridge passes no rule with bridge-nf-call-iptables=0', () => {
    const leaf = only(trace(podToPod, '0'));
    assert.deepEqual(visits(leaf), []);
    assert.equal(leaf.verdict.delivered, 'cni0');
  });

  test('its step says what the bridge does', () => {
    const said = (value: string) =>
      only(trace(podToPod, value)).steps.flatMap(({ kind, effect }) =>
        kind === 'bridge' ? [effect] : [],
      );
    assert.deepEqual(said('0'), [`cni0 switches it, past all rules: ${sysctl} is 0`]);
    assert.deepEqual(said('1'), ['cni0 switches it, and calls the rules']);
  });

  test('behind the route only what was forwarded has the device it came in by', () => {
    const base = 'filter hook postrouting priority 0';
    const nftables = oneChain('iifname "cni0" meta mark set 1', { base });
    const mark = (of: Packet) => {
      const state = node({ addresses, sysctls: { [sysctl]: '1' } });
      return only(traceFlow({ ...state, nftables }, of)).verdict.finalMark;
    };
    assert.equal(mark(packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0')), 1);
    assert.equal(mark(packet('tcp 10.244.1.1:40000 > 8.8.8.8:80')), 0);
    // br_nf_post_routing hands none on.
    assert.equal(mark(podToPod), 0);
  });

  test('it passes the rules with 1; not known, that is said to be assumed', () => {
    assert.ok(visits(only(trace(podToPod, '1'))).includes('filter FORWARD 1'));
    assert.deepEqual(trace(podToPod, '1').assumptions, []);
    assert.match(trace().assumptions[0]?.text ?? '', /bridge-nf-call-iptables is 1/);
  });

  test('where rules are called a fragment waits for the others (ipv4_conntrack_defrag)', () => {
    const fragment = { ...podToPod, fragment: true };
    assert.equal(only(trace(fragment, '1')).verdict.kind, 'LOST');
    assert.equal(only(trace(fragment, '0')).verdict.kind, 'ACCEPT');
  });

  test('a bond is none, by ip -d or by its flags: what it takes in and sends out is routed', () => {
    const bond = (flags: string, details = '') =>
      addresses.replace('3: cni0: <UP>', `3: cni0: <${flags}>${details}`);
    const lines = bond('UP', '\n    bond mode active-backup');
    for (const each of [lines, bond('BROADCAST,MULTICAST,MASTER,UP')]) {
      const state = node({ rules, addresses: each, sysctls: { [sysctl]: '0' } });
      const forth = only(traceFlow(state, podToPod));
      assert.ok(visits(forth).includes('filter FORWARD 1'), each);
      const back = packet('tcp 10.244.1.9:40000 > 10.96.0.1:80 cni0');
      assert.equal(only(traceFlow(state, back)).verdict.kind, 'ACCEPT', each);
    }
  });

  test('what goes to a Service is routed, whatever the bridge calls', () => {
    const leaf = only(trace(packet('tcp 10.244.1.7:40000 > 10.96.0.1:80 cni0'), '0'));
    assert.ok(visits(leaf).includes('nat PREROUTING 1'));
  });

  test('what leaves by another device, or by a gateway on the bridge, is routed', () => {
    const elsewhere = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0');
    assert.ok(visits(only(trace(elsewhere, '0'))).includes('filter FORWARD policy'));
    const routes = 'default via 10.244.1.254 dev cni0\n10.244.1.0/24 dev cni0\n';
    const state = node({ rules, addresses, routes, sysctls: { [sysctl]: '0' } });
    assert.ok(visits(only(traceFlow(state, elsewhere))).includes('filter FORWARD 1'));
    assert.deepEqual(visits(only(traceFlow(state, podToPod))), []);
  });

  test('what PREROUTING sends on to another device is routed, and loses a TTL', () => {
    const elsewhere = rules.replace('10.244.1.9', '10.244.2.9');
    const ttl = (to: string) => {
      const ports = `${addresses}5: veth2@if2: <UP> mtu 1500 master cni0 state UP\n`;
      const state = node({ rules: to, addresses: ports, sysctls: { [sysctl]: '1' } });
      const asked = { ...packet('tcp 10.244.1.7:40000 > 10.96.0.1:80 cni0'), ttl: 64 };
      const { verdict } = only(traceFlow(state, asked));
      return [verdict.delivered, verdict.finalTtl];
    };
    assert.deepEqual(ttl(elsewhere), ['eth0', 63]);
    // br_nf_pre_routing_finish: back to the bridge it is switched.
    assert.deepEqual(ttl(rules), ['cni0', 64]);
  });

  test('of a bridge with one port, in whose mode nothing turns back, what goes elsewhere goes', () => {
    const hairless = `${addresses}    bridge_slave state forwarding hairpin off\n`;
    const end = (to: string) => {
      const sent = rules.replace('10.244.1.9', to);
      const state = node({ rules: sent, addresses: hairless, sysctls: { [sysctl]: '1' } });
      const { verdict } = only(
        traceFlow(state, packet('tcp 10.244.1.7:40000 > 10.96.0.1:80 cni0')),
      );
      return verdict.delivered ?? verdict.kind;
    };
    assert.equal(end('10.244.2.9'), 'eth0');
    assert.equal(end('10.244.1.1'), 'local');
    assert.equal(end('10.244.1.9'), 'LOST');
  });

  test('what no route leads to is no matter of the bridge', () => {
    const routes = '10.244.2.0/24 dev cni0\n';
    const state = node({ rules, addresses, routes, sysctls: { [sysctl]: '0' } });
    assert.equal(only(traceFlow(state, podToPod)).verdict.kind, 'LOST');
  });

  suite('a destination behind the port that the packet came in by', () => {
    const asked = packet('tcp 10.244.1.7:40000 > 10.96.0.1:80 cni0');
    const to = (pod: string) => rules.replace('10.244.1.9', pod);

    /** A bridge with two ports, one of which has two addresses behind it. */
    function ends(pod: string, hairpin: readonly (boolean | undefined)[]): readonly string[] {
      const ports = `${addresses}5: veth2@if2: <UP> mtu 1500 master cni0 state UP\n`;
      const state = node({ rules: to(pod), addresses: ports, sysctls: { [sysctl]: '1' } });
      const behind = new Map([
        ['veth1', ['10.244.1.7', '10.244.1.8']],
        ['veth2', ['10.244.1.9']],
      ]);
      const interfaces = state.interfaces!.map((device) => {
        const own = behind.get(device.name);
        if (!own) return device;
        const mode = hairpin[device.name === 'veth1' ? 0 : 1];
        const more = mode === undefined ? {} : { hairpin: mode };
        return { ...device, ...more, behind: own.map((text) => parseAddress(text)!) };
      });
      const { path } = traceFlow({ ...state, interfaces }, asked);
      return leaves(path).map(({ verdict, branches }) =>
        [...branches.map(({ condition }) => condition), verdict.kind].join(': '),
      );
    }

    test('is reached in hairpin mode alone, of that port', () => {
      for (const pod of ['10.244.1.7', '10.244.1.8']) {
        assert.deepEqual(ends(pod, [true, false]), ['ACCEPT'], pod);
        assert.deepEqual(ends(pod, [false, true]), ['LOST'], pod);
      }
      assert.deepEqual(ends('10.244.1.8', [undefined, true]), [
        'the port of 10.244.1.8 on cni0 is in hairpin mode: ACCEPT',
        'the port of 10.244.1.8 on cni0 is not in hairpin mode: LOST',
      ]);
    });

    test('where no dump tells what is behind the ports, the pod itself is behind its own', () => {
      const hairless = `${addresses}    bridge_slave state forwarding hairpin off\n5: veth2@if2: <UP> mtu 1500 master cni0 state UP\n    bridge_slave state forwarding hairpin off\n`;
      const state = node({
        rules: to('10.244.1.7'),
        addresses: hairless,
        sysctls: { [sysctl]: '1' },
      });
      assert.equal(only(traceFlow(state, asked)).verdict.kind, 'LOST');
    });

    test('behind another port it is no matter of the mode', () => {
      assert.deepEqual(ends('10.244.1.9', [false, false]), ['ACCEPT']);
    });
  });

  test('a device without ports is no bridge', () => {
    assert.ok(visits(only(traceFlow(node({ rules }), podToPod))).includes('filter FORWARD 1'));
  });
});
