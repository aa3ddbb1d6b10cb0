import assert from 'node:assert/strict';
import { parseAddress } from '../../../src/core/address';
import { passedBy } from '../../../src/core/questions/fates';
import type { Packet } from '../../../src/core/packet';
import type { Leaf } from '../../../src/core/trace/leaves';

const [client, pod] = [parseAddress('192.0.2.1')!, parseAddress('10.244.1.2')!];
const node = parseAddress('192.168.77.10')!;

/** The way of a client's packet that came by eth0 to an endpoint elsewhere, with what else is true of it. */
function told(verdict: object, inInterface: string | undefined = 'eth0', uplink = 'eth0') {
  const final = { source: client, destination: pod, destinationPort: 8080 };
  const way = { verdict: { kind: 'ACCEPT', delivered: 'eth0', final, ...verdict } };
  const packet = { inInterface, source: client } as unknown as Packet;
  return passedBy(way as unknown as Leaf, packet, uplink);
}

suite('an answer that passes the node by', () => {
  test('of what came by the uplink and goes on by it with the client’s own source', () => {
    assert.equal(
      told({}),
      "it goes on to 10.244.1.2 on another node with the client's own source, and the answer passes this node by",
    );
  });

  for (const [what, ...of] of [
    ['dropped', { kind: 'DROP' }],
    ['its end is not known', { kind: 'UNKNOWN' }],
    ['no packet left', { final: undefined }],
    ['to a pod of this node', { delivered: 'cni0' }],
    ['to the node itself', { delivered: 'local' }],
    ['masqueraded: the answer comes back', { final: { source: node, destination: pod } }],
    ['from a pod of this node', {}, 'cni0'],
    ['another device is the uplink', {}, 'eth0', 'eth1'],
  ] as const) {
    test(`none: ${what}`, () => assert.equal(told(...(of as Parameters<typeof told>)), undefined));
  }
});
