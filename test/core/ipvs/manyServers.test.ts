import assert from 'node:assert/strict';
import { maglev } from '../../../src/core/ipvs/hashTables';
import { inKernelOrder } from '../../../src/core/ipvs/kernelOrder';
import { chooseServer } from '../../../src/core/ipvs/schedulers';
import type { RealServer, VirtualServer } from '../../../src/core/ipvs/state';
import { parseAddress } from '../../../src/core/address';
import { withPauses } from '../../pauses';

const range = { source: 'x', line: 0, start: 0, end: 0 };
const address = parseAddress('10.0.0.1')!;

/** More than a call takes arguments; the last has the fewest connections and the highest weight. */
const count = 200_000;
const realServers: RealServer[] = Array.from({ length: count }, (_, i) => ({
  address,
  port: i % 65_536,
  method: 'Masq',
  weight: i === count - 1 ? 2 : 1,
  activeConnections: i === count - 1 ? 0 : 5,
  inactiveConnections: 0,
  range,
}));

function virtual(scheduler: string): VirtualServer {
  return { address, port: 80, protocol: 6, scheduler, flags: [], realServers, range };
}

const connection = { protocol: 6, source: address, sourcePort: 1, destination: address };

suite('schedulers with more real servers than a call takes arguments', () => {
  test('lc and wlc find the one with the fewest connections', () => {
    for (const scheduler of ['lc', 'wlc', 'sed']) {
      const choice = chooseServer(virtual(scheduler), connection, { kernelOrder: true });
      assert.ok(choice.kind === 'by-connections', scheduler);
      assert.equal(choice.next, realServers.at(-1));
    }
  });

  test('fo finds the one with the highest weight', () => {
    const choice = chooseServer(virtual('fo'), connection, { kernelOrder: true });
    assert.ok(choice.kind === 'fixed');
    assert.equal(choice.server, realServers.at(-1));
  });

  test('mh: those alone are hashed that get a place in its table', () => {
    let hashed = 0;
    const counted = realServers.map((server) => ({
      ...server,
      get address() {
        hashed++;
        return address;
      },
    }));
    assert.ok(maglev(counted, { address, port: 1 }, false));
    assert.ok(hashed > 0 && hashed <= 3 * 4096, String(hashed));
  });

  test("the kernel's order is put into them some at a time", () => {
    const state = (list: readonly RealServer[]) => ({
      source: 'x',
      virtualServers: [{ ...virtual('rr'), realServers: list }],
    });
    const some = realServers.slice(0, 60_000);
    const { value, pauses } = withPauses(inKernelOrder(state(some), state(some.toReversed())));
    assert.equal(value.virtualServers[0]!.realServers[0], some.at(-1));
    assert.ok(pauses > 1000, String(pauses));
  });
});
