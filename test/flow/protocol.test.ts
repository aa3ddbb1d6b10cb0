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
  ];
  for (const [i, message] of good.entries()) {
    test(`message ${i} from the webview is understood`, () => assert.ok(isFromWebview(message)));
  }

  test('bad messages from the webview are refused', () => {
    assert.ok(!isFromWebview({ type: 'reveal', item: { kind: 'file', id: 'x' }, how: 'open' }));
    assert.ok(!isFromWebview({ type: 'reveal', item: { kind: 'node', id: 'x' }, how: 'run' }));
    assert.ok(!isFromWebview({ type: 'rendered', request: NaN }));
    assert.ok(!isFromWebview({ type: 'graph' }));
  });

  test('a state of an older version is refused as a whole', () => {
    assert.ok(isPanelState(state));
    assert.ok(!isPanelState({ uri: 'file:///dump' }));
    assert.ok(!isPanelState({ ...state, groupBy: 'colour' }));
  });
});
