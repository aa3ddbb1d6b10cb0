import assert from 'node:assert/strict';
import { searchIpvs } from '../../../src/core/kubeproxy/ipvs/services';
import type { RealServer, VirtualServer } from '../../../src/core/ipvs/state';
import { currentServer, findVirtualServer } from '../../../src/core/trace/ipvs/table';
import { withPauses } from '../../pauses';
import { parseAddress } from '../../../src/core/address';

const range = { source: 'x', line: 0, start: 0, end: 0 };
const address = parseAddress('10.96.0.1')!;

/** One virtual server; each read of a real server's weight or address is counted. */
function counted(count: number) {
  const reads = { count: 0 };
  const realServers = Array.from({ length: count }, (_, i): RealServer => {
    const own = { family: 4 as const, words: [(10 << 24) + i] };
    return {
      get address() {
        reads.count++;
        return own;
      },
      get weight() {
        reads.count++;
        return 1;
      },
      port: 80,
      method: 'Masq',
      range,
    };
  });
  const virtual: VirtualServer = {
    address,
    port: 80,
    protocol: 6,
    scheduler: 'rr',
    flags: [],
    realServers,
    range,
  };
  return { reads, virtual, state: { source: 'x', virtualServers: [virtual] } };
}

suite('virtual servers with thousands of real servers', () => {
  test('the Services are found with pauses, and each server is read a few times', () => {
    const cost = (count: number) => {
      const { reads, state } = counted(count);
      const found = withPauses(searchIpvs(state, undefined));
      const read = withPauses(found.value[0]!.readEndpoints());
      assert.equal(read.value.length, count);
      assert.equal(read.value[0]!.share, 1 / count);
      const pauses = found.pauses + read.pauses;
      return { reads: reads.count, pauses };
    };
    const few = cost(2000);
    const many = cost(4000);
    assert.ok(many.reads <= 2.1 * few.reads, `${few.reads} reads, then ${many.reads}`);
    assert.ok(few.pauses >= 4 && many.pauses >= 8, `${few.pauses} pauses, then ${many.pauses}`);
  });

  test('a server is looked up, not looked for', () => {
    const { reads, virtual, state } = counted(4000);
    const last = virtual.realServers.at(-1)!;
    assert.equal(currentServer(state, { virtual, real: last }), last);
    const first = reads.count;
    for (let i = 0; i < 1000; i++) currentServer(state, { virtual, real: last });
    assert.ok(reads.count - first <= 2000, `${reads.count - first} reads`);
    const packet = { protocol: 6, destination: address, destinationPort: 80 };
    assert.equal(findVirtualServer(state, packet, 0, 1024), virtual);
    assert.equal(findVirtualServer(state, { ...packet, destinationPort: 81 }, 0, 1024), undefined);
  });
});
