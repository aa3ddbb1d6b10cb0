import './configureL10n';
import * as l10n from '@vscode/l10n';
import type { FlowEntry, FlowGraph } from '../src/core/flow/graph';
import { groupEndpoints, isGrouped } from '../src/core/flow/group';
import type { GroupBy } from '../src/core/flow/group';
import { withHeat } from '../src/core/flow/heat';
import { allNodes, isPanelState, isToWebview } from '../src/flow/protocol';
import type { Choice, FromWebview, PanelState, ToWebview } from '../src/flow/protocol';
import { html } from './dom';
import { changesOf, emphasisOf } from './emphasis';
import { createGraphView } from './graphView';
import { drawLegend } from './legend';
import { pngOf, standaloneSvg } from './image';
import { measureText } from './measure';
import { cardItem } from './cardItem';
import { createHoverCard } from './hoverCard';
import { followHover, type Hovered } from './hovering';
import { createOverview } from './overview';
import { drawProblem } from './problem';
import { createStepList } from './steps';
import './styles.css';
import './graph.css';
import './hoverCard.css';
import './steps.css';
import { createToolbar } from './toolbar';
import { defineControls } from './toolkit';

declare function acquireVsCodeApi(): {
  postMessage(message: FromWebview): void;
  setState(state: PanelState): void;
  getState(): unknown;
};

interface Shown {
  readonly graph: FlowGraph;
  readonly services: readonly Choice[];
  readonly nodes: readonly Choice[];
  readonly state: PanelState;
  readonly heat: boolean;
}

const vscode = acquireVsCodeApi();
defineControls();

const header = html('h1', {});
const warnings = html('ul', { class: 'warnings', 'aria-label': l10n.t('Warnings') });
const tools = html('div', {
  class: 'toolbar',
  role: 'toolbar',
  'aria-label': l10n.t('Flow graph'),
});
const picture = html('div', { class: 'picture' });
const side = html('aside', { class: 'side', 'aria-label': l10n.t('Steps') });
const legend = html('div', { class: 'legend', role: 'note', hidden: true });
const content = html('div', { class: 'content' }, picture, side);
const message = html('div', { class: 'message' });
document.body.append(
  html(
    'main',
    {},
    html('header', {}, html('div', { class: 'summary' }, header, warnings), tools, legend),
    content,
    message,
  ),
);

const overview = createOverview({
  open: (node) => vscode.postMessage({ type: 'overview', action: 'open', node }),
  fetch: (node) => vscode.postMessage({ type: 'overview', action: 'fetch', node }),
  stop: () => vscode.postMessage({ type: 'overview', action: 'stop' }),
  resume: () => vscode.postMessage({ type: 'overview', action: 'resume' }),
  sort: (sort) => {
    if (table) vscode.setState((table = { ...table, sort }));
  },
  summary: (text) => (header.textContent = text),
});
content.after(overview.element);

let shown: Shown | undefined;
/** What the table of all nodes shows, in place of a graph. */
let table: PanelState | undefined;
/** `shown.graph` with its endpoints grouped: what is drawn. */
let drawn: FlowGraph | undefined;
let expanded: ReadonlySet<string> = new Set();

const toolbar = createToolbar(tools, {
  service: (id) => vscode.postMessage({ type: 'choose', what: 'service', id }),
  node: (id) => vscode.postMessage({ type: 'choose', what: 'node', id }),
  entry: (id) => selectEntry(id),
  groupBy: (by) => regroup(by),
  zoom: (factor) => graphView.zoom(factor),
  fit: () => graphView.fit(),
  heat: (on) => colour(on),
  pin: (pinned) => vscode.postMessage({ type: 'pin', pinned }),
  export: () => vscode.postMessage({ type: 'export' }),
});

const graphView = createGraphView(picture, measureText, {
  node(id, twice) {
    const node = drawn?.nodes.find((other) => other.id === id);
    if (node?.members) {
      if (!twice) toggleGroup(id);
      return;
    }
    if (node?.kind === 'entry' && !twice) selectEntry(id === shown?.state.entry ? undefined : id);
    if (node && node.kind !== 'entry') graphView.light([id], []);
    revealItem({ kind: 'node', id }, twice);
  },
  edge(id, twice) {
    graphView.light([], [id]);
    const [first = id] = drawn?.edges.find((edge) => edge.id === id)?.members ?? [];
    revealItem({ kind: 'edge', id: first }, twice);
  },
  focused: (kind, id) => graphView.light(kind === 'node' ? [id] : [], kind === 'edge' ? [id] : []),
  viewed: ({ scale }) => toolbar.scale(scale),
});

const steps = createStepList(side, {
  select: (entry) => selectEntry(entry?.node),
  reached(entry, step) {
    const node = entry.steps[step]?.node;
    graphView.light(node === undefined ? [] : [drawnId(node)], []);
  },
  open: (entry, step) => revealItem({ kind: 'step', entry: entry.node, step }, false),
});

const card = createHoverCard((key) => {
  const { kind, id } = JSON.parse(key) as Pick<Hovered, 'kind' | 'id'>;
  vscode.postMessage({ type: 'describe', request: requestOf(key), kind, ids: membersOf(kind, id) });
});
document.body.append(card.element);
followHover(graphView.element, card.element, {
  open({ kind, id, element, anchor }) {
    const item = drawn && cardItem(drawn, kind, id);
    if (item) card.show(item, element, anchor);
  },
  close: () => card.hide(),
});

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !card.hide()) selectEntry(undefined);
  if (!picture.contains(event.target as Node)) return;
  if (event.key === '+' || event.key === '=') graphView.zoom(1.25);
  else if (event.key === '-') graphView.zoom(1 / 1.25);
  else if (event.key === '0') graphView.fit();
});

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (!isToWebview(data)) {
    // A browser extension or VS Code itself may post here too: what has our shape is ours.
    const type = (data as { type?: unknown } | undefined)?.type;
    if (typeof type === 'string') fail(`The panel does not understand the message "${type}".`);
    return;
  }
  receive(data);
});
window.addEventListener('error', ({ message }) => fail(message));
window.addEventListener('unhandledrejection', ({ reason }) => fail(String(reason)));

function receive(to: ToWebview): void {
  switch (to.type) {
    case 'graph':
      showGraph(to);
      break;
    case 'overview':
      showOverview(to);
      break;
    case 'overview-rows':
      if (table) overview.update(to.lines, to.progress);
      break;
    case 'busy':
      if (!shown && !table) say(html('p', { class: 'busy', role: 'status' }, to.text));
      break;
    case 'problem':
      shown = drawn = table = undefined;
      say(
        drawProblem(to.title, to.detail, to.actions, (id) =>
          vscode.postMessage({ type: 'action', id }),
        ),
      );
      break;
    case 'highlight':
      graphView.light(to.nodes.map(drawnId), to.edges);
      break;
    case 'pinned':
      if (shown) keep({ ...shown.state, pinned: to.pinned });
      if (table) vscode.setState((table = { ...table, pinned: to.pinned }));
      toolbar.pinned(to.pinned);
      break;
    case 'details': {
      const key = asked.get(to.request);
      asked.delete(to.request);
      if (key !== undefined) card.details(key, to.details);
      break;
    }
    case 'render':
      void render(to.request, to.format);
      break;
  }
}

function showGraph({ graph, services, nodes, state, heat }: Shown): void {
  const before = shown?.state.service === state.service ? drawn : undefined;
  if (!before) expanded = new Set();
  table = undefined;
  shown = { graph, services, nodes, state: withOwnChoices(state), heat };
  drawn = drawingOf(shown);
  asked.clear();
  card.forget();
  say(undefined);
  header.replaceChildren(...headline(graph.header));
  warnings.replaceChildren(...graph.warnings.map((warning) => html('li', {}, warning)));
  warnings.hidden = graph.warnings.length === 0;
  graphView.show(drawn, expanded, before ? 'same' : 'first');
  showSelection();
  if (before) graphView.flash(changesOf(before, drawn));
}

/** Which Service it is stands out of what the sentence says of it. */
function headline(sentence: string): (Node | string)[] {
  const at = sentence.indexOf(',');
  return at < 0 ? [sentence] : [html('b', {}, sentence.slice(0, at)), sentence.slice(at)];
}

/** The cards' items whose rules the host was asked for, by the number of the request. */
const asked = new Map<number, string>();
let lastRequest = 0;

function requestOf(key: string): number {
  asked.set(++lastRequest, key);
  return lastRequest;
}

/** The ids that the host knows: of what was grouped here, those of its parts. */
function membersOf(kind: 'node' | 'edge', id: string): readonly string[] {
  if (kind === 'edge') return drawn?.edges.find((edge) => edge.id === id)?.members ?? [id];
  const members = drawn?.nodes.find((node) => node.id === id)?.members;
  return members?.map((member) => member.id) ?? [id];
}

/** What was selected here stays over an update, and over a reload of the page. */
function withOwnChoices(state: PanelState): PanelState {
  const own = shown?.state ?? table ?? vscode.getState();
  if (!isPanelState(own) || own.service !== state.service) return state;
  return { ...state, entry: own.entry, groupBy: own.groupBy, heat: own.heat, sort: own.sort };
}

function showOverview(to: Extract<ToWebview, { type: 'overview' }>): void {
  const state = withOwnChoices(to.state);
  table = state;
  shown = drawn = undefined;
  card.hide();
  say(undefined);
  warnings.hidden = legend.hidden = true;
  vscode.setState(state);
  const title = to.services.find(({ id }) => id === state.service)?.label ?? state.service;
  overview.show({ ...to, title, sort: state.sort });
  toolbar.show({
    services: to.services,
    service: state.service,
    nodes: to.nodes,
    node: allNodes,
    pinned: state.pinned,
    graph: undefined,
  });
}

/** Shows what is selected, in the graph, the list and the choosers. */
function showSelection(): void {
  if (!shown || !drawn) return;
  const { state, services, nodes } = shown;
  const entry = drawn.entries.find(({ node }) => node === state.entry);
  keep({ ...state, entry: entry?.node });
  graphView.emphasise(entry && emphasisOf(drawn, entry), entry?.shares ?? {});
  steps.show(drawn, entry);
  toolbar.show({
    services,
    service: state.service,
    nodes,
    node: state.node,
    pinned: state.pinned,
    graph: {
      entries: entryChoices(drawn.entries),
      entry: entry?.node,
      groupBy: isGrouped(shown.graph) ? (state.groupBy ?? 'share') : undefined,
      heat: isHot(shown),
    },
  });
}

function entryChoices(entries: readonly FlowEntry[]): Choice[] {
  return entries.map(({ node, label }) => ({ id: node, label }));
}

function selectEntry(entry: string | undefined): void {
  if (!shown) return;
  keep({ ...shown.state, entry });
  showSelection();
}

function regroup(groupBy: GroupBy): void {
  if (!shown) return;
  expanded = new Set();
  keep({ ...shown.state, groupBy });
  drawn = drawingOf(shown);
  graphView.show(drawn, expanded, 'first');
  showSelection();
}

function colour(heat: boolean): void {
  if (!shown) return;
  keep({ ...shown.state, heat });
  drawn = drawingOf(shown);
  graphView.show(drawn, expanded, 'same');
  showSelection();
}

function isHot({ state, heat }: Shown): boolean {
  return state.heat ?? heat;
}

/** The graph as it is drawn: endpoints grouped, counters at the edges. */
function drawingOf(from: Shown): FlowGraph {
  const grouped = groupEndpoints(from.graph, from.state.groupBy ?? 'share');
  const hot = isHot(from);
  drawLegend(legend, hot ? grouped : undefined);
  picture.classList.toggle('heat', hot);
  return hot ? withHeat(grouped) : grouped;
}

function toggleGroup(id: string): void {
  if (!drawn) return;
  const next = new Set(expanded);
  if (!next.delete(id)) next.add(id);
  expanded = next;
  graphView.show(drawn, expanded, 'same');
  showSelection();
  graphView.light([id], []);
}

/** The id of what stands for a node in the picture: itself, or the closed group that it is in. */
function drawnId(id: string): string {
  const group = drawn?.nodes.find((node) => node.members?.some((member) => member.id === id));
  return group && !expanded.has(group.id) ? group.id : id;
}

function revealItem(item: Extract<FromWebview, { type: 'reveal' }>['item'], peek: boolean): void {
  vscode.postMessage({ type: 'reveal', item, how: peek ? 'peek' : 'open' });
}

function keep(state: PanelState): void {
  if (shown) shown = { ...shown, state };
  vscode.setState(state);
}

/** Shows a message in the graph's place, or the graph again. */
function say(element: HTMLElement | undefined): void {
  message.replaceChildren(...(element ? [element] : []));
  document.body.classList.toggle('empty', element !== undefined);
  document.body.classList.toggle('all-nodes', table !== undefined);
}

async function render(request: number, format: 'svg' | 'png'): Promise<void> {
  try {
    if (!drawn) throw new Error(l10n.t('There is no graph to export.'));
    const file = standaloneSvg(graphView.element, drawn.header);
    const data = format === 'svg' ? file : await pngOf(file);
    vscode.postMessage({ type: 'rendered', request, data });
  } catch (error) {
    vscode.postMessage({ type: 'rendered', request, error: String(error) });
  }
}

function fail(text: string): void {
  vscode.postMessage({ type: 'failed', message: text });
}

vscode.postMessage({ type: 'ready' });
