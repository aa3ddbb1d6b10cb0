import assert from 'node:assert/strict';
import { ShownGraph, type Drawing } from '../../../webview/graph/shownGraph';
import type { PanelState } from '../../../src/flow/protocol';
import type { FlowGraph } from '../../../src/core/flow/graph';
import { edge, manyEndpoints, node } from '../graphs';

const state: PanelState = { uri: 'file:///a', service: 'shop/web', pinned: false };
const wide: Drawing = { rates: undefined, narrow: false };
const service = 'KUBE-SVC-BIGBIGBIGBIGBIGB';
const none: ReadonlySet<string> = new Set();

/** 30 endpoints on three nodes behind a hook and two chains; what the hook gets is counted. */
function graph(): FlowGraph {
  const many = manyEndpoints(30);
  const [first, , ...rest] = many.edges;
  return {
    ...many,
    counters: 'counted',
    nodes: [...many.nodes, node('KUBE-SERVICES', 'chain')],
    edges: [
      { ...first!, counters: { packets: 8, bytes: 480, unit: 'connections', shared: false } },
      edge('PREROUTING', 'KUBE-SERVICES'),
      edge('KUBE-SERVICES', service),
      ...rest,
    ],
  };
}

const shownAs = (more: Partial<PanelState>, drawing = wide, expanded = none, heat = false) =>
  new ShownGraph(
    { type: 'graph', graph: graph(), services: [], nodes: [], heat, state },
    { ...state, ...more },
    drawing,
    expanded,
  );

const groupsOf = ({ drawn }: ShownGraph) => drawn.nodes.filter(({ kind }) => kind === 'group');
const chainsOf = ({ drawn }: ShownGraph) => drawn.nodes.filter(({ kind }) => kind === 'chains');
const heatOf = ({ drawn }: ShownGraph) => drawn.edges.find(({ from }) => from === 'pod')?.heat;

suite('the graph as it is drawn', () => {
  test('many endpoints are gathered by their share, or by the node that they run on', () => {
    assert.equal(groupsOf(shownAs({})).length, 1);
    assert.equal(groupsOf(shownAs({ groupBy: 'place' })).length, 3);
  });

  test('a narrow panel folds chains until they are opened', () => {
    const narrow = { ...wide, narrow: true };
    assert.equal(chainsOf(shownAs({})).length, 0);
    assert.equal(chainsOf(shownAs({}, narrow)).length, 1);
    assert.equal(chainsOf(shownAs({ unfolded: true }, narrow)).length, 0);
  });

  test('the counters of the dump are shown where the user, or else the setting, wants them', () => {
    assert.equal(heatOf(shownAs({})), undefined);
    assert.match(heatOf(shownAs({ heat: true }))?.text ?? '', /^8\b/);
    assert.match(heatOf(shownAs({}, wide, none, true))?.text ?? '', /^8\b/);
    assert.equal(heatOf(shownAs({ heat: false }, wide, none, true)), undefined);
  });

  test('rates that are read now stand in the place of counters', () => {
    const rates = { 'pod -> PREROUTING': { perSecond: 3 } };
    const live = shownAs({ heat: true }, { rates, narrow: false });
    assert.match(heatOf(live)?.text ?? '', /\b3\b.*s/);
    const others = live.drawn.edges.filter(({ from }) => from !== 'pod');
    assert.ok(others.every(({ heat }) => heat === undefined));
  });

  test('a member is lit by its group while that is shut, by itself when it is open', () => {
    const shut = shownAs({});
    const [group] = groupsOf(shut);
    assert.equal(shut.drawnId('10.244.0.1:8080'), group!.id);
    assert.equal(shut.drawnId(service), service);
    const open = shownAs({}, wide, shut.toggled(group!.id));
    assert.equal(open.drawnId('10.244.0.1:8080'), '10.244.0.1:8080');
    assert.deepEqual([...open.toggled(group!.id)], []);
  });

  test('the host is asked for what it knows: the members of a group, the edges that became one', () => {
    const shown = shownAs({});
    const [group] = groupsOf(shown);
    const all = graph().nodes.filter(({ kind }) => kind === 'endpoint');
    assert.deepEqual(
      shown.membersOf('node', group!.id),
      all.map(({ id }) => id),
    );
    const toGroup = shown.membersOf('edge', `${service} -> ${group!.id}`);
    assert.deepEqual(
      toGroup,
      all.map(({ id }) => `${service} -> ${id}`),
    );
    assert.deepEqual(shown.membersOf('node', service), [service]);
    assert.deepEqual(shown.membersOf('edge', 'pod -> PREROUTING'), ['pod -> PREROUTING']);
  });

  test('an entry is found by the node that it stands at', () => {
    assert.equal(shownAs({}).entry('pod')?.label, 'Pod on this node');
    assert.equal(shownAs({}).entry('gone'), undefined);
    assert.equal(shownAs({}).entry(undefined), undefined);
  });
});
