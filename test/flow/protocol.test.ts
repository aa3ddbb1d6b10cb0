import assert from 'node:assert/strict';
import { isFromWebview, isPanelState, isToWebview } from '../../src/flow/protocol';
import { hostile, loadBalancer } from '../webview/graphs';

const state = { uri: 'file:///dump', service: 'a/b', pinned: false };
const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

suite('protocol', () => {
  test('a graph is understood after it crossed the wire', () => {
    for (const graph of [loadBalancer(), hostile()]) {
      const message = { type: 'graph', graph, services: [], nodes: [], state, heat: true };
      assert.ok(isToWebview(overTheWire(message)));
    }
  });

  const bad: readonly unknown[] = [
    undefined,
    null,
    'graph',
    [],
    {},
    { type: 'nonsense' },
    { type: 'toString' },
    { type: 'graph' },
    { type: 'graph', graph: { ...loadBalancer(), nodes: [{}] }, services: [], nodes: [], state },
    { type: 'graph', graph: { ...loadBalancer(), edges: 7 }, services: [], nodes: [], state },
    { type: 'highlight', nodes: [1], edges: [] },
    { type: 'details', request: 1, details: { rules: [{ place: 7 }], more: 0 } },
    { type: 'details', request: 1, details: { rules: [] } },
    { type: 'graph', graph: loadBalancer(), services: [], nodes: [], state },
    {
      type: 'graph',
      graph: { ...loadBalancer(), edges: [{ ...loadBalancer().edges[0], rate: {} }] },
      services: [],
      nodes: [],
      state,
      heat: true,
    },
    { type: 'render', request: 1, format: 'exe' },
  ];
  for (const [i, message] of bad.entries()) {
    test(`bad message ${i} to the webview is refused`, () => assert.ok(!isToWebview(message)));
  }

  const good: readonly unknown[] = [
    { type: 'ready' },
    { type: 'reveal', item: { kind: 'node', id: 'x' }, how: 'peek' },
    { type: 'reveal', item: { kind: 'step', entry: 'x', step: 2 }, how: 'open' },
    { type: 'rendered', request: 3, data: '<svg/>' },
    { type: 'describe', request: 3, kind: 'edge', ids: ['a', 'b'] },
  ];
  for (const [i, message] of good.entries()) {
    test(`message ${i} from the webview is understood`, () => assert.ok(isFromWebview(message)));
  }

  test('bad messages from the webview are refused', () => {
    assert.ok(!isFromWebview({ type: 'reveal', item: { kind: 'file', id: 'x' }, how: 'open' }));
    assert.ok(!isFromWebview({ type: 'reveal', item: { kind: 'node', id: 'x' }, how: 'run' }));
    assert.ok(!isFromWebview({ type: 'rendered', request: NaN }));
    assert.ok(!isFromWebview({ type: 'describe', request: 1, kind: 'file', ids: [] }));
    assert.ok(!isFromWebview({ type: 'describe', request: 1, kind: 'node', ids: [7] }));
    assert.ok(!isFromWebview({ type: 'graph' }));
  });

  test('counters, rates and details are understood', () => {
    const [first, ...edges] = loadBalancer().edges;
    const counters = { packets: 1, bytes: 60, unit: 'packets', shared: false };
    for (const rate of [{ perSecond: 0.3 }, { reason: 'reset' }]) {
      const graph = { ...loadBalancer(), edges: [{ ...first, counters, rate }, ...edges] };
      const message = { type: 'graph', graph, services: [], nodes: [], state, heat: true };
      assert.ok(isToWebview(overTheWire(message)));
    }
    const details = { rules: [{ place: 'nat X rule 1', text: '-A X' }], more: 2 };
    assert.ok(isToWebview(overTheWire({ type: 'details', request: 1, details })));
  });

  test('a state of an older version is refused as a whole', () => {
    assert.ok(isPanelState(state));
    assert.ok(!isPanelState({ uri: 'file:///dump' }));
    assert.ok(!isPanelState({ ...state, groupBy: 'colour' }));
    assert.ok(!isPanelState({ ...state, heat: 'hot' }));
  });
});
