import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import type { Packet } from '../../../../src/core/packet';
import { againKey, inputKey, outputKey } from '../../../../src/core/trace/route/flowKey';
import type { RouteKey } from '../../../../src/core/trace/route/routeKey';
import { startState } from '../../../../src/core/trace/startState';
import type { State } from '../../../../src/core/trace/state';
import { node, packet } from '../helper';

const at = (text: string) => parseAddress(text)!;
const forwarded = packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0', { tos: 0x10 });
const own = packet('tcp 192.168.50.10:40000 > 8.8.8.8:80', { tos: 0x10 });
const echo = packet('icmp 192.168.50.10:77 > 8.8.8.8', { icmpType: 8 });
const six = { source: at('fd00::1'), destination: at('fd00::2') };

const stateOf = (of: Packet, more: Partial<State> = {}): State =>
  Object.assign(startState(of, { mark: 5 }), more);

/** Of a key what is told of it; what is undefined is left out. */
function told<Key extends keyof RouteKey>(key: RouteKey, ...names: readonly Key[]) {
  return Object.fromEntries(
    names.flatMap((name) => (key[name] === undefined ? [] : [[name, key[name]]])),
  );
}

const ports = ['protocol', 'sourcePort', 'destinationPort'] as const;

suite('what the look-up of a packet from outside asks for', () => {
  test('its ends, mark, TOS and ports, the device that it came by, and nobody’s uid', () => {
    const { source, destination } = forwarded;
    assert.deepEqual(
      told(inputKey(stateOf(forwarded)), 'inDevice', 'mark', 'tos', 'uid', ...ports),
      {
        ...{ inDevice: 'cni0', mark: 5, tos: 0x10, uid: 0 },
        ...{ protocol: 6, sourcePort: 40000, destinationPort: 80 },
      },
    );
    assert.deepEqual(told(inputKey(stateOf(forwarded)), 'source', 'destination'), {
      ...{ source, destination },
    });
  });

  test('a later fragment has no ports, and other protocols have none', () => {
    const fragment = stateOf({ ...forwarded, fragment: true });
    assert.deepEqual(told(inputKey(fragment), ...ports), { protocol: 6 });
    const ping = stateOf({ ...echo, inInterface: 'cni0' });
    assert.deepEqual(told(inputKey(ping), ...ports), { protocol: 1 });
  });

  test('a port that the kernel chooses is not known', () => {
    const state = stateOf(forwarded);
    state.header = { ...state.header, sourcePort: undefined, sourcePorts: [{ from: 1, to: 9 }] };
    const key = inputKey(state);
    assert.deepEqual(
      [key.sourcePort, key.openPort],
      [undefined, 'the kernel chooses the source port'],
    );
    assert.equal(inputKey(stateOf(forwarded)).openPort, undefined);
  });

  test('of a VRF’s device IPv4 asks for the device, IPv6 for the VRF', () => {
    const by = { inDevice: 'red', slave: 'eth1' };
    assert.equal(inputKey(stateOf(forwarded, by)).inDevice, 'eth1');
    assert.equal(inputKey(stateOf({ ...forwarded, ...six }, by)).inDevice, 'red');
  });
});

suite('what the look-up of a packet of the node itself asks for', () => {
  test('its ends, mark, TOS and ports, the device of its socket and its sender', () => {
    const sent = { ...own, owner: { uid: 1000, gid: 0 }, boundDevice: 'eth0' };
    const names = ['outDevice', 'mark', 'tos', 'uid', 'ownSource', ...ports] as const;
    assert.deepEqual(told(outputKey(stateOf(sent)), ...names), {
      ...{ outDevice: 'eth0', mark: 5, tos: 0x10, uid: 1000, ownSource: false },
      ...{ protocol: 6, sourcePort: 40000, destinationPort: 80 },
    });
    assert.equal(outputKey(stateOf(sent)).inDevice, undefined);
    assert.deepEqual(outputKey(stateOf(sent)).source, own.source);
  });

  test('whose sender is not told is not known; what the node answers of itself is nobody’s', () => {
    assert.equal(outputKey(stateOf(own)).uid, 'unknown');
    assert.equal(outputKey(stateOf({ ...own, answers: 'from its own source' })).uid, 0);
  });

  test('an answer whose source the route gives asks for none', () => {
    const source = (answers: Packet['answers']) =>
      outputKey(stateOf({ ...own, answers })).source !== undefined;
    assert.ok(source('from its own source') && !source('from the route'));
  });

  test('a raw socket with a header of its own: destination, mark and uid alone', () => {
    const key = outputKey(stateOf({ ...own, owner: { uid: 7, gid: 0, rawSocket: true } }));
    assert.deepEqual(told(key, 'source', 'tos', 'uid', 'mark', 'knownNextHop', ...ports), {
      ...{ uid: 7, mark: 5, knownNextHop: true, protocol: 255 },
    });
    // One that leaves the header to the kernel has to have an address of the node.
    const other = outputKey(stateOf({ ...own, owner: { uid: 7, gid: 0, rawSocket: false } }));
    assert.deepEqual([other.ownSource, other.knownNextHop, other.protocol], [true, undefined, 6]);
  });

  for (const [type, code, port] of [
    [8, undefined, 2048],
    [8, 0, 2048],
    [3, 4, 3 * 256 + 4],
    [0, 0, 0],
  ] as const) {
    test(`icmp type ${type} code ${code} asks as port ${port}`, () => {
      const key = outputKey(stateOf({ ...echo, icmpType: type, icmpCode: code }));
      assert.deepEqual(told(key, ...ports), { protocol: 1, destinationPort: port });
    });
  }
});

suite('what the second look-up asks for (ip_route_me_harder)', () => {
  const again = (of: Packet, more: Partial<State> = {}) => againKey(node(), stateOf(of, more));
  const sender = { owner: { uid: 1000, gid: 0 }, boundDevice: 'eth0' };

  test('of IPv4 without the uid, but by the device of the socket', () => {
    const key = again({ ...own, ...sender });
    assert.deepEqual(told(key, 'uid', 'outDevice', 'mark', 'tos', ...ports), {
      ...{ uid: 0, outDevice: 'eth0', mark: 5, tos: 0x10 },
      ...{ protocol: 6, sourcePort: 40000, destinationPort: 80 },
    });
  });

  test('of IPv6 with the uid', () => {
    assert.equal(again({ ...own, ...six, ...sender }).uid, 1000);
    assert.equal(again({ ...own, ...six }).uid, 'unknown');
  });

  test('what no socket sends has neither', () => {
    for (const [of, more] of [
      [{ ...forwarded, ...six, ...sender }, {}],
      [{ ...own, ...six, ...sender }, { reinjected: true }],
    ] as const) {
      const key = again(of, more);
      assert.deepEqual([key.uid, key.outDevice], [0, undefined]);
    }
  });

  test('of IPv4 without a source that is a broadcast address or a group', () => {
    const asks = (source: string) => again({ ...own, source: at(source) }).source !== undefined;
    assert.ok(asks('192.168.50.10') && asks('10.9.9.9'));
    assert.ok(!asks('255.255.255.255') && !asks('224.0.0.1'));
  });
});
