import assert from 'node:assert/strict';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { node, packet, type Dumps } from '../helper';

const dumps: Dumps = { routes: null };

/** Where a packet to an address goes, way by way. */
function ends(to: string, more: Dumps = dumps, from = 'udp 10.244.1.7:40000'): readonly string[] {
  const { path } = traceFlow(node(more), packet(`${from} > ${to}:53 cni0`));
  return leaves(path).map(({ verdict, branches, steps }) => {
    const route = steps.find(({ kind }) => kind === 'routing')?.effect ?? verdict.reason;
    return [...branches.map(({ condition }) => condition), route].join(': ');
  });
}

suite('the way of a packet where no routes are known', () => {
  for (const [to, wanted] of [
    ['192.168.50.10', 'to the node itself'],
    ['10.244.1.1', 'to the node itself'],
    ['192.168.50.255', 'broadcast, to the node itself'],
    ['192.168.50.11', 'out by an unknown device'],
    ['8.8.8.8', 'out by an unknown device'],
  ] as const) {
    test(`${to}, by the addresses of its devices: ${wanted}`, () => {
      assert.deepEqual(ends(to), [wanted]);
    });
  }

  test('the whole of 127.0.0.0/8 is the node’s, by its device lo', () => {
    const sysctls = { 'net.ipv4.conf.cni0.route_localnet': '1' };
    assert.deepEqual(ends('127.0.0.5', { ...dumps, sysctls }), ['to the node itself']);
    const addresses = '2: cni0: <UP>\n    inet 10.244.1.1/24 scope global cni0\n';
    assert.deepEqual(ends('127.0.0.5', { ...dumps, sysctls, addresses }), [
      'out by an unknown device',
    ]);
  });

  test('without the addresses either it is open whether one is the node’s', () => {
    assert.deepEqual(ends('192.168.50.10', { routes: null, addresses: null }), [
      '192.168.50.10 is an address of this node: to the node itself',
      '192.168.50.10 is not an address of this node: out by an unknown device',
    ]);
  });
});
