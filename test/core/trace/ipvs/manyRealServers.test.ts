import assert from 'node:assert/strict';
import type { RealServer } from '../../../../src/core/ipvs/state';
import { drawServiceGraph } from '../../../../src/core/flow/serviceGraph';
import { drawableServices } from '../../../../src/core/flow/services';
import { leaves } from '../../../../src/core/trace/leaves';
import { followFlow } from '../../../../src/core/trace/tracer';
import { finish } from '../../../../src/core/work';
import { withPauses } from '../../../pauses';
import { node, packet, three } from './node';

/** A node whose virtual server has that many real servers; each read of one's address is counted. */
async function counted(count: number, scheduler: string) {
  const reads = { count: 0 };
  const state = await node(three(scheduler));
  const [virtual] = state.ipvs!.virtualServers;
  const [like] = virtual!.realServers;
  const realServers = Array.from({ length: count }, (_, i): RealServer => {
    const address = { family: 4 as const, words: [(10 << 24) + (245 << 16) + i] };
    return {
      ...like!,
      get address() {
        reads.count++;
        return address;
      },
    };
  });
  const ipvs = { ...state.ipvs!, virtualServers: [{ ...virtual!, realServers }] };
  return { reads, state: { ...state, ipvs } };
}

suite('a packet to a virtual server with many real servers', () => {
  for (const scheduler of ['rr', 'wrr', 'wlc', 'sh', 'lblc']) {
    test(`${scheduler}, 100,000: those alone are looked at that are told`, async () => {
      const { reads, state } = await counted(100_000, scheduler);
      const work = followFlow(state, packet());
      let step = work.next();
      while (!step.done) step = work.next();
      const [way, ...others] = leaves(step.value.path);
      assert.equal(others.length, 0);
      assert.match(way!.verdict.reason, /10\.245\.0\.0:8080, .*10\.245\.0\.1:8080 and 99998 more$/);
      assert.ok(reads.count <= 8, `${reads.count} reads`);
    });
  }

  test('rr, 2,000: the ways are opened a few at a time', async () => {
    const { reads, state } = await counted(2000, 'rr');
    const work = followFlow(state, packet());
    const between: number[] = [];
    let before = 0;
    let step = work.next();
    for (; !step.done; step = work.next()) {
      between.push(reads.count - before);
      before = reads.count;
    }
    assert.equal(leaves(step.value.path).length, 2000);
    // Once, each is put into an index by its address.
    const [index, most] = between.sort((a, b) => b - a);
    assert.ok(index! < 2100 && most! <= 64 * 8, `${index} and ${most} reads between two pauses`);
  });

  test('rr, 10,000: the graph of the Service is drawn some of them at a time', async () => {
    const { state } = await counted(10_000, 'rr');
    const [service] = finish(drawableServices(state));
    const { value, pauses } = withPauses(drawServiceGraph(state, service!));
    assert.match(value.graph.header, /10,?000 endpoints/);
    assert.ok(pauses >= 100, `${pauses} pauses`);
  });
});
