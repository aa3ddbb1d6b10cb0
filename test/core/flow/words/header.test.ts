import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import { addressOf } from '../../../../src/core/flow/words/header';
import type { ServiceEntryKind, ServiceView } from '../../../../src/core/service';

const range = { source: 'x', line: 0, start: 0, end: 0 };

function service(
  entries: readonly (readonly [ServiceEntryKind, string | undefined, number])[],
  protocol = 6,
): ServiceView {
  return {
    servicePort: undefined,
    title: 'shop/web',
    protocol,
    mode: 'iptables',
    entries: entries.map(([kind, address, port]) => ({
      kind,
      ...(address !== undefined && { address: parseAddress(address)! }),
      port,
      range,
    })),
    *readEndpoints() {
      return [];
    },
    chains: [],
    range,
  };
}

suite('where a Service is reached first', () => {
  test('at its ClusterIP, wherever that stands among its entries', () => {
    const ways = [
      ['external-ip', '203.0.113.1', 81],
      ['cluster-ip', '10.96.0.10', 53],
      ['node-port', undefined, 30053],
    ] as const;
    assert.equal(addressOf(service(ways, 17)), '10.96.0.10:53/UDP');
    assert.equal(addressOf(service([ways[0], ways[2]])), '203.0.113.1:81/TCP');
  });

  test('at a port of the node, or nowhere that is known', () => {
    assert.equal(addressOf(service([['node-port', undefined, 30053]], 132)), 'port 30053/SCTP');
    assert.equal(addressOf(service([])), 'port ?/TCP');
    assert.equal(addressOf(service([['cluster-ip', 'fd00::1', 80]])), '[fd00::1]:80/TCP');
  });
});
