import assert from 'node:assert/strict';
import { formatAddress, parseAddress } from '../../../src/core/address';
import type { NetworkInterface } from '../../../src/core/node';
import { withLinks, type LinkDumps } from '../../../src/syntax/node/nodeLinks';

const range = { source: 'dump', line: 0, start: 0, end: 0 };

function device(name: string, more: Partial<NetworkInterface> = {}): NetworkInterface {
  return { index: 1, name, flags: [], addresses: [], range, ...more };
}

function neighbour(address: string, mac: string, on: string): LinkDumps['neighbours'][number] {
  return { address: parseAddress(address)!, mac, device: on };
}

const none: LinkDumps = { links: [], neighbours: [], learned: [] };

suite('devices with what the dumps of links tell', () => {
  test('master, kind and hairpin mode of both dumps; what ip addr says itself counts', () => {
    const [veth1, veth2, eth0] = withLinks(
      [
        device('veth1'),
        device('veth2', { master: 'br1', kind: 'tun', hairpin: true }),
        device('eth0'),
      ],
      {
        ...none,
        links: [
          { name: 'veth1', master: 'br0', hairpin: true },
          { name: 'veth1', kind: 'veth' },
          { name: 'veth2', master: 'br0', kind: 'veth', hairpin: false },
        ],
      },
    );
    assert.deepEqual(veth1, device('veth1', { master: 'br0', kind: 'veth', hairpin: true }));
    assert.deepEqual(veth2, device('veth2', { master: 'br1', kind: 'tun', hairpin: true }));
    assert.deepEqual(eth0, device('eth0'));
  });

  test('behind a port are the addresses whose frame address its own bridge learned there', () => {
    const behind = withLinks(
      [device('veth1', { master: 'br0' }), device('veth2'), device('veth3')],
      {
        links: [{ name: 'veth2', master: 'br1' }],
        neighbours: [
          neighbour('10.0.0.1', 'aa', 'br0'),
          neighbour('10.0.0.2', 'aa', 'br0'),
          neighbour('10.0.0.3', 'bb', 'br0'),
          neighbour('10.0.1.1', 'aa', 'br1'),
        ],
        learned: [
          { mac: 'aa', port: 'veth1' },
          { mac: 'bb', port: 'veth1' },
          { mac: 'aa', port: 'veth2' },
          { mac: 'bb', port: 'veth2' },
          { mac: 'aa', port: 'veth3' },
        ],
      },
    ).map((one) => one.behind?.map(formatAddress));
    assert.deepEqual(behind, [['10.0.0.1', '10.0.0.2', '10.0.0.3'], ['10.0.1.1'], undefined]);
  });

  test('neighbours alone tell nothing of ports', () => {
    const interfaces = [device('veth1', { master: 'br0' })];
    assert.equal(
      withLinks(interfaces, { ...none, neighbours: [neighbour('10.0.0.1', 'aa', 'br0')] }),
      interfaces,
    );
  });
});
