import assert from 'node:assert/strict';
import type { EdgeCounters, EdgeRate } from '../../../../src/core/flow/graph';
import {
  heatLegend,
  heatLevel,
  mostPackets,
  withHeat,
} from '../../../../src/core/flow/counters/heat';
import { withLiveRates, withRateHeat } from '../../../../src/core/flow/counters/liveHeat';
import { edge, loadBalancer } from '../../../webview/graphs';

const counters = (packets: number, more: Partial<EdgeCounters> = {}): EdgeCounters => ({
  packets,
  bytes: packets * 60,
  unit: 'connections',
  shared: false,
  ...more,
});

suite('counter heat', () => {
  const levels: readonly (readonly [number, number, number])[] = [
    [0, 1_000_000, 0],
    [1, 1_000_000, 1],
    [30, 1_000_000, 1],
    [900, 1_000_000, 2],
    [30_000, 1_000_000, 3],
    [1_000_000, 1_000_000, 4],
    [1, 1, 4],
    [0, 0, 0],
  ];
  for (const [packets, most, level] of levels) {
    test(`${packets} of ${most} is level ${level}`, () =>
      assert.equal(heatLevel(packets, most), level));
  }

  test('each edge says what was counted, one without counters nothing', () => {
    const graph = {
      ...loadBalancer(),
      counters: 'counted' as const,
      edges: [
        edge('a', 'b', { counters: counters(1234) }),
        edge('a', 'c', { counters: counters(1, { unit: 'packets' }) }),
        edge('a', 'd', { counters: counters(0, { shared: true }) }),
        edge('a', 'e'),
      ],
    };
    assert.equal(mostPackets(graph.edges), 1234);
    assert.deepEqual(
      withHeat(graph).edges.map(({ heat }) => heat),
      [
        { level: 4, text: '1,234 new connections' },
        { level: 1, text: '1 packet' },
        { level: 0, text: '0 new connections in all' },
        undefined,
      ],
    );
    assert.match(heatLegend(graph), /log scale/);
  });

  test('a rate stands behind the count; of connections their number, else that there is none', () => {
    const rated = (rate: EdgeRate) =>
      withHeat({
        ...loadBalancer(),
        edges: [edge('a', 'b', { counters: counters(7), rate })],
      }).edges[0]!.heat?.text;
    for (const [rate, text] of [
      [{ perSecond: 0 }, '0/s'],
      [{ perSecond: 0.0042 }, '0.004/s'],
      [{ perSecond: 0.1 }, '0.1/s'],
      [{ perSecond: 12.54 }, '12.5/s'],
      [{ perSecond: 1234.6 }, '1,235/s'],
      [{ connections: 2000 }, 'connections: 2,000'],
      [{ reason: 'the counters were reset' }, 'no rate'],
    ] as const) {
      assert.equal(rated(rate), `7 new connections, ${text}`);
    }
  });

  test('live: the busiest edge has the deepest colour, one without a rate none', () => {
    const graph = { ...loadBalancer(), edges: ['b', 'c', 'd', 'e'].map((to) => edge('a', to)) };
    const rates = {
      'a -> b': { perSecond: 100 },
      'a -> c': { perSecond: 1 },
      'a -> d': { reason: 'the counters were reset' },
    };
    const drawn = withRateHeat(withLiveRates(graph, rates));
    assert.deepEqual(
      drawn.edges.map(({ heat }) => heat),
      [
        { level: 4, text: '100/s' },
        { level: 1, text: '1/s' },
        { level: 0, text: 'no rate' },
        undefined,
      ],
    );
    // Those of the reading before are not kept.
    assert.ok(withLiveRates(drawn, {}).edges.every(({ rate }) => rate === undefined));
  });

  test('live: edges that are called as properties of objects are have no rate by that', () => {
    const graph = { ...loadBalancer(), edges: [edge('a', 'b', { id: 'constructor' })] };
    assert.equal(withLiveRates(graph, {}).edges[0]!.rate, undefined);
  });

  test('without counters it says so', () => {
    const graph = loadBalancer();
    assert.match(heatLegend({ ...graph, counters: 'none' }), /iptables-save -c/);
    assert.match(heatLegend({ ...graph, counters: 'zero' }), /are 0/);
    assert.match(heatLegend({ ...graph, counters: 'counted' }), /No rule counts/);
  });
});
