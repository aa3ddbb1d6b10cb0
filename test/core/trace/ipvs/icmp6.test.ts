import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import type { NodeState } from '../../../../src/core/node';
import type { Packet } from '../../../../src/core/packet';
import { parseIpvsSave } from '../../../../src/syntax/ipvs/save';
import { node6 } from '../helper';
import { only } from './node';

const address = (text: string) => parseAddress(text)!;
const addresses = `2: eth0: <UP,LOWER_UP> mtu 1500 state UP
    inet6 fd00:1::10/64 scope global
3: cni0: <UP,LOWER_UP> mtu 1500 state UP
    inet6 fd00:2::1/64 scope global
4: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 state DOWN
    inet6 fd00:3::50/128 scope global
`;
const routes = `fd00:1::/64 dev eth0 proto kernel metric 256 pref medium
fd00:2::/64 dev cni0 proto kernel metric 256 pref medium
local fd00:1::10 dev eth0 table local proto kernel metric 0 pref medium
local fd00:2::1 dev cni0 table local proto kernel metric 0 pref medium
local fd00:3::50 dev kube-ipvs0 table local proto kernel metric 0 pref medium
default via fd00:1::1 dev eth0 metric 1024 pref medium
`;

function node(method: string): NodeState {
  const ipvs = `-A -t [fd00:3::50]:80 -s rr\n-a -t [fd00:3::50]:80 -r [fd00:2::2]:8080 ${method} -w 1\n`;
  return node6(addresses, routes, { ipvs: parseIpvsSave(ipvs, 'ipvs').value });
}

const asked: Packet = {
  protocol: 6,
  source: address('fd00:1::77'),
  sourcePort: 40000,
  destination: address('fd00:3::50'),
  destinationPort: 80,
  inInterface: 'eth0',
};

suite('ICMPv6 errors in IPVS', () => {
  test('of every type reach the client from the virtual server', () => {
    const state = node('-m');
    const memory = only(state, asked).verdict.after;
    const { source, sourcePort } = asked;
    for (const icmpType of [1, 2, 3, 4]) {
      const error: Packet = {
        protocol: 58,
        icmpType,
        icmpCode: 0,
        source: address('fd00:2::2'),
        destination: asked.source,
        inner: {
          protocol: 6,
          source,
          sourcePort,
          destination: address('fd00:2::2'),
          destinationPort: 8080,
        },
        inInterface: 'cni0',
      };
      const { final } = only(state, error, { memory }).verdict;
      assert.deepEqual(final!.source, asked.destination, `type ${icmpType}`);
      assert.deepEqual(
        [final!.inner?.destination, final!.inner?.destinationPort],
        [asked.destination, 80],
      );
    }
  });

  test('that the node itself sends are taken once they arrive where the server is not masqueraded', () => {
    const sent = (method: string) => {
      const state = node(method);
      const own: Packet = { ...asked, source: address('fd00:1::10'), inInterface: undefined };
      const memory = only(state, own).verdict.after;
      const error: Packet = {
        protocol: 58,
        icmpType: 1,
        icmpCode: 4,
        source: address('fd00:1::10'),
        destination: asked.destination,
        inner: {
          protocol: 6,
          source: asked.destination,
          sourcePort: 80,
          destination: address('fd00:1::10'),
          destinationPort: 40000,
        },
      };
      const { steps } = only(state, error, { memory });
      return steps.flatMap((step) => (step.kind === 'ipvs' ? [step.hook] : []));
    };
    assert.deepEqual(sent('-m'), ['output']);
    assert.deepEqual(sent('-g'), ['input']);
  });
});
