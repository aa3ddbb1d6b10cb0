import * as l10n from '@vscode/l10n';
import type { ItemDetails } from '../../src/core/flow/details';
import type { FlowEntry, FlowGraph } from '../../src/core/flow/graph';
import { canFold, foldChains } from '../../src/core/flow/fold';
import { groupEndpoints, isGrouped } from '../../src/core/flow/group';
import type { GroupBy } from '../../src/core/flow/group';
import { withHeat } from '../../src/core/flow/counters/heat';
import { withLiveRates, withRateHeat, type LiveRates } from '../../src/core/flow/counters/liveHeat';
import type { Choice, ImageFormat, ItemRef, PanelState, ToWebview } from '../../src/flow/protocol';
import { Requests } from '../../src/flow/requests';
import { cardItem } from './cardItem';
import { html } from '../dom';
import { changesOf, emphasisOf } from './emphasis';
import type { PageFrame } from '../frame';
import { createGraphView } from './graphView';
import { createHoverCard } from './hoverCard';
import { createFindingList } from '../findingList';
import { followHover, type Hovered } from './hovering';
import { pngOf, standaloneSvg } from '../image';
import { captionOf, headline } from '../headline';
import { drawLegend } from './legend';
import { measureText } from '../layout/measure';
import { withOwnChoices, type Page, type PageView } from '../pageView';
import { createStepList } from '../steps';
import type { Toolbar, ToolbarEvents } from '../toolbar';

type GraphMessage = Extract<ToWebview, { type: 'graph' }>;
type LiveMessage = Extract<ToWebview, { type: 'live' }>;

/** What is shown, as the host sent it and as it is drawn. */
interface Shown {
  readonly sent: GraphMessage;
  /** `sent.graph` with its endpoints grouped. */
  readonly drawn: FlowGraph;
  /** The ids of the groups that are open. */
  readonly expanded: ReadonlySet<string>;
}

/** The toolbar's choosers and buttons that are of the graph alone. */
type GraphTools = Pick<ToolbarEvents, 'entry' | 'groupBy' | 'zoom' | 'fit' | 'heat' | 'fold'>;

/** The graph of one node with its steps and cards. */
export function createGraphPage(
  frame: PageFrame,
  page: Page,
  toolbar: Toolbar,
): PageView & { readonly tools: GraphTools } {
  const { header, warnings, legend, picture, side } = frame;
  const details = new Requests<ItemDetails>();
  let shown: Shown | undefined;
  /** Counters are read every few seconds; what they told last. */
  let live: { readonly on: boolean; readonly rates?: LiveRates | undefined } = { on: false };

  const graphView = createGraphView(picture, measureText, {
    node(id, twice) {
      const node = shown?.drawn.nodes.find((other) => other.id === id);
      if (node?.members) {
        if (node.kind === 'chains') redraw({ unfolded: true }, shown!.expanded);
        else if (!twice) toggleGroup(id);
        return;
      }
      if (node?.kind === 'entry' && !twice) {
        selectEntry(id === page.state()?.entry ? undefined : id);
      }
      if (node && node.kind !== 'entry') graphView.light([id], []);
      reveal({ kind: 'node', id }, twice);
    },
    edge(id, twice) {
      graphView.light([], [id]);
      const [first = id] = membersOf('edge', id);
      reveal({ kind: 'edge', id: first }, twice);
    },
    focused(kind, id) {
      graphView.light(kind === 'node' ? [id] : [], kind === 'edge' ? [id] : []);
    },
    viewed: ({ scale }) => toolbar.scale(scale),
    reshaped: () => redraw({}, shown?.expanded ?? new Set()),
  });

  const steps = createStepList(side, {
    select: (entry) => selectEntry(entry?.node),
    reached(entry, step) {
      const node = entry.steps[step]?.node;
      graphView.light(node === undefined ? [] : [drawnId(node)], []);
    },
    open: (entry, step) => reveal({ kind: 'step', entry: entry.node, step }, false),
  });

  const findings = createFindingList({
    open: (at, peek) => reveal({ kind: 'finding', at }, peek),
    light: ({ nodes, edges }) => graphView.light(nodes.map(drawnId), edges),
  });
  warnings.after(findings.element);

  const card = createHoverCard((key) => {
    const { kind, id } = JSON.parse(key) as Pick<Hovered, 'kind' | 'id'>;
    const ids = membersOf(kind, id);
    void details
      .ask((request) => page.post({ type: 'describe', request, kind, ids }))
      .then(
        (answer) => card.details(key, answer),
        () => undefined, // Another graph is shown by now.
      );
  });
  document.body.append(card.element);
  followHover(graphView.element, card.element, {
    open({ kind, id, element, anchor }) {
      const item = shown && cardItem(shown.drawn, kind, id);
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

  const show = (sent: GraphMessage) => {
    const before = page.state()?.service === sent.state.service ? shown : undefined;
    // Drawn anew, the graph has those that it had until others come.
    if (!before) findings.show([]);
    const state = withOwnChoices(page, sent.state);
    page.keep(state);
    live = { on: false };
    frame.live.textContent = '';
    shown = { sent, drawn: draw(sent, state), expanded: before?.expanded ?? new Set() };
    details.end();
    card.forget();
    const { graph } = sent;
    header.replaceChildren(...headline(graph));
    warnings.replaceChildren(...graph.warnings.map((warning) => html('li', {}, warning)));
    warnings.hidden = graph.warnings.length === 0;
    graphView.show(shown.drawn, shown.expanded, before ? 'same' : 'first');
    showSelection();
    if (before) graphView.flash(changesOf(before.drawn, shown.drawn));
  };

  /** Shows what is selected, in the graph, the list and the choosers. */
  const showSelection = () => {
    const state = page.state();
    if (!shown || !state) return;
    const { sent, drawn } = shown;
    const entry = drawn.entries.find(({ node }) => node === state.entry);
    page.keep({ ...state, entry: entry?.node });
    showEmphasis(drawn, entry);
    steps.show(drawn, entry);
    toolbar.show({
      services: sent.services,
      service: state.service,
      nodes: sent.nodes,
      node: state.node,
      pinned: state.pinned,
      graph: {
        entries: entryChoices(drawn.entries),
        entry: entry?.node,
        groupBy: isGrouped(sent.graph) ? (state.groupBy ?? 'share') : undefined,
        heat: isHot(sent, state),
        live: sent.live === true ? live.on : undefined,
        ping: sent.graph.facts.service === undefined ? undefined : state.ping === true,
        unfolded: graphView.isNarrow() && state.unfolded === true && canFold(drawn),
      },
    });
  };

  const showEmphasis = (drawn: FlowGraph, entry: FlowEntry | undefined) =>
    graphView.emphasise(entry && emphasisOf(drawn, entry), entry?.shares ?? {});

  /** Rates that came: drawn anew at the first and the last of them, in place between. */
  const showLive = ({ on, text, rates }: LiveMessage) => {
    const before = live;
    live = on ? { on, rates: rates ?? before.rates } : { on };
    if (frame.live.textContent !== text) frame.live.textContent = text ?? '';
    const state = page.state();
    if (!shown || !state) return;
    if (!before.rates || !live.rates) return redraw({}, shown.expanded);
    shown = { ...shown, drawn: draw(shown.sent, state) };
    const { drawn } = shown;
    graphView.recount(drawn);
    showEmphasis(
      drawn,
      drawn.entries.find(({ node }) => node === state.entry),
    );
  };

  /** Draws the same graph by another choice of the user. */
  const redraw = (choice: Partial<PanelState>, expanded: ReadonlySet<string>) => {
    const state = page.state();
    if (!shown || !state) return;
    const chosen = { ...state, ...choice };
    page.keep(chosen);
    shown = { ...shown, drawn: draw(shown.sent, chosen), expanded };
    graphView.show(shown.drawn, expanded, 'groupBy' in choice ? 'first' : 'same');
    showSelection();
  };

  /** The graph as it is drawn: endpoints grouped, counters at the edges. */
  const draw = (sent: GraphMessage, state: PanelState): FlowGraph => {
    const { rates } = live;
    const graph = rates ? withLiveRates(sent.graph, rates) : sent.graph;
    const grouped = groupEndpoints(graph, state.groupBy ?? 'share');
    const hot = isHot(sent, state);
    drawLegend(legend, hot && !rates ? grouped : undefined);
    picture.classList.toggle('heat', hot || rates !== undefined);
    const folded = isFolded(state) ? foldChains(grouped) : grouped;
    if (rates) return withRateHeat(folded);
    return hot ? withHeat(folded) : folded;
  };

  /** In a narrow panel chains are folded, until they are opened. */
  const isFolded = (state: PanelState) => graphView.isNarrow() && state.unfolded !== true;

  const selectEntry = (entry: string | undefined) => {
    const state = page.state();
    if (!shown || !state) return;
    page.keep({ ...state, entry });
    showSelection();
  };

  const toggleGroup = (id: string) => {
    if (!shown) return;
    const expanded = new Set(shown.expanded);
    if (!expanded.delete(id)) expanded.add(id);
    redraw({}, expanded);
    graphView.light([id], []);
  };

  /** The ids that the host knows: of what was grouped here, those of its parts. */
  const membersOf = (kind: 'node' | 'edge', id: string): readonly string[] => {
    if (kind === 'edge') return shown?.drawn.edges.find((edge) => edge.id === id)?.members ?? [id];
    const members = shown?.drawn.nodes.find((node) => node.id === id)?.members;
    return members?.map((member) => member.id) ?? [id];
  };

  /** The id of what stands for a node in the picture: itself, or the closed group that it is in. */
  const drawnId = (id: string): string => {
    const group = shown?.drawn.nodes.find((node) =>
      node.members?.some((member) => member.id === id),
    );
    return group && !shown?.expanded.has(group.id) ? group.id : id;
  };

  const reveal = (item: ItemRef, peek: boolean) => {
    page.post({ type: 'reveal', item, how: peek ? 'peek' : 'open' });
  };

  const render = async (request: number, format: ImageFormat) => {
    try {
      if (!shown) throw new Error(l10n.t('There is no graph to export.'));
      const file = standaloneSvg(graphView.element, captionOf(shown.drawn));
      const data = format === 'svg' ? file : await pngOf(file);
      page.post({ type: 'rendered', request, data });
    } catch (error) {
      page.post({ type: 'rendered', request, error: String(error) });
    }
  };

  return {
    tools: {
      entry: selectEntry,
      groupBy: (groupBy: GroupBy) => redraw({ groupBy }, new Set()),
      zoom: (factor) => graphView.zoom(factor),
      fit: () => graphView.fit(),
      fold: () => redraw({ unfolded: false }, shown?.expanded ?? new Set()),
      heat: (heat) => redraw({ heat }, shown?.expanded ?? new Set()),
    },
    receive(message) {
      switch (message.type) {
        case 'graph':
          return show(message);
        case 'findings':
          if (shown) findings.show(message.findings);
          return;
        case 'highlight':
          return graphView.light(message.nodes.map(drawnId), message.edges);
        case 'details':
          return details.answer(message.request, message.details);
        case 'live':
          return showLive(message);
        case 'render':
          return void render(message.request, message.format);
        case 'overview':
        case 'overview-rows':
          return;
      }
    },
    leave() {
      shown = undefined;
      findings.show([]);
      frame.live.textContent = '';
      card.hide();
    },
  };
}

function isHot({ heat }: GraphMessage, state: PanelState): boolean {
  return state.heat ?? heat;
}

function entryChoices(entries: readonly FlowEntry[]): Choice[] {
  return entries.map(({ node, label }) => ({ id: node, label }));
}
