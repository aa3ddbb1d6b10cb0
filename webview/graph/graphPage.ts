import * as l10n from '@vscode/l10n';
import type { ItemDetails } from '../../src/core/flow/details';
import { canFold } from '../../src/core/flow/fold';
import type { FlowEntry } from '../../src/core/flow/graph';
import { isGrouped } from '../../src/core/flow/group';
import type { LiveRates } from '../../src/core/flow/counters/liveHeat';
import type { Choice, ImageFormat, ItemRef, PanelState, ToWebview } from '../../src/flow/protocol';
import { Requests } from '../../src/flow/requests';
import { cardItem } from './cardItem';
import { html } from '../dom';
import { changesOf, emphasisOf } from './emphasis';
import type { PageFrame } from '../frame';
import { GraphView } from './graphView';
import { createHoverCard, type HoverCard } from './hoverCard';
import { createFindingList } from '../findingList';
import { followHover, type Hovered } from './hovering';
import { pngOf, standaloneSvg } from '../image';
import { captionOf, headline } from '../headline';
import { drawLegend } from './legend';
import { measureText } from '../layout/measure';
import { withOwnChoices, type Page, type PageView, type ViewMessage } from '../pageView';
import { ShownGraph, type GraphMessage } from './shownGraph';
import { createStepList, type StepList } from '../steps';
import type { Toolbar, ToolbarEvents } from '../toolbar';

type LiveMessage = Extract<ToWebview, { type: 'live' }>;

/** The toolbar's choosers and buttons that are of the graph alone. */
type GraphTools = Pick<ToolbarEvents, 'entry' | 'groupBy' | 'zoom' | 'fit' | 'heat' | 'fold'>;

const zoomStep = 1.25;

/** The graph of one node with its steps and cards. */
export class GraphPage implements PageView {
  private readonly details = new Requests<ItemDetails>();
  private shown: ShownGraph | undefined;
  /** Counters are read every few seconds; what they told last. */
  private live: { readonly on: boolean; readonly rates?: LiveRates | undefined } = { on: false };
  private readonly view: GraphView;
  private readonly card: HoverCard;

  private readonly steps: StepList;
  private readonly findings = createFindingList({
    open: (at, peek) => this.reveal({ kind: 'finding', at }, peek),
    light: ({ nodes, edges }) => this.light(nodes, edges),
  });

  readonly tools: GraphTools = {
    entry: (entry) => this.select(entry),
    groupBy: (groupBy) => this.redraw({ groupBy }, new Set()),
    zoom: (factor) => this.view.zoom(factor),
    fit: () => this.view.fit(),
    fold: () => this.redraw({ unfolded: false }),
    heat: (heat) => this.redraw({ heat }),
  };

  constructor(
    private readonly frame: PageFrame,
    private readonly page: Page,
    private readonly toolbar: Toolbar,
  ) {
    this.view = new GraphView(frame.picture, measureText, {
      node: (id, twice) => this.pressedNode(id, twice),
      edge: (id, twice) => this.pressedEdge(id, twice),
      focused: (kind, id) =>
        this.view.light(kind === 'node' ? [id] : [], kind === 'edge' ? [id] : []),
      viewed: ({ scale }) => toolbar.scale(scale),
      reshaped: () => this.redraw({}),
    });
    this.steps = createStepList(frame.side, {
      select: (entry) => this.select(entry?.node),
      reached: (entry, step) => {
        const node = entry.steps[step]?.node;
        this.light(node === undefined ? [] : [node], []);
      },
      open: (entry, step) => this.reveal({ kind: 'step', entry: entry.node, step }, false),
    });
    frame.warnings.after(this.findings.element);
    this.card = createHoverCard((key) => this.describe(key));
    document.body.append(this.card.element);
    followHover(this.view.element, this.card.element, {
      open: (hovered) => this.openCard(hovered),
      close: () => this.card.hide(),
    });
    document.addEventListener('keydown', (event) => this.pressedKey(event));
  }

  receive(message: ViewMessage): void {
    switch (message.type) {
      case 'graph':
        return this.show(message);
      case 'findings':
        if (this.shown) this.findings.show(message.findings);
        return;
      case 'highlight':
        return this.light(message.nodes, message.edges);
      case 'details':
        return this.details.answer(message.request, message.details);
      case 'live':
        return this.showLive(message);
      case 'render':
        return void this.render(message.request, message.format);
      case 'overview':
      case 'overview-rows':
        return;
    }
  }

  leave(): void {
    this.shown = undefined;
    this.findings.show([]);
    this.frame.live.textContent = '';
    this.card.hide();
  }

  private show(sent: GraphMessage): void {
    const { frame, page } = this;
    const before = page.state()?.service === sent.state.service ? this.shown : undefined;
    // Drawn anew, the graph has those that it had until others come.
    if (!before) this.findings.show([]);
    const state = withOwnChoices(page, sent.state);
    page.keep(state);
    this.live = { on: false };
    frame.live.textContent = '';
    const shown = this.draw(sent, state, before?.expanded ?? new Set());
    this.details.end();
    this.card.forget();
    const { warnings } = sent.graph;
    frame.header.replaceChildren(...headline(sent.graph));
    frame.warnings.replaceChildren(...warnings.map((warning) => html('li', {}, warning)));
    frame.warnings.hidden = warnings.length === 0;
    this.view.show(shown.drawn, shown.expanded, before ? 'same' : 'first');
    this.showSelection();
    if (before) this.view.flash(changesOf(before.drawn, shown.drawn));
  }

  /** Rates that came: drawn anew at the first and the last of them, in place between. */
  private showLive({ on, text, rates }: LiveMessage): void {
    const before = this.live;
    const status = this.frame.live;
    this.live = on ? { on, rates: rates ?? before.rates } : { on };
    if (status.textContent !== text) status.textContent = text ?? '';
    const state = this.page.state();
    if (!this.shown || !state) return;
    if (!before.rates || !this.live.rates) return this.redraw({});
    const shown = this.draw(this.shown.sent, state, this.shown.expanded);
    this.view.recount(shown.drawn);
    this.emphasise(shown, shown.entry(state.entry));
  }

  /** Draws the same graph by another choice of the user. */
  private redraw(choice: Partial<PanelState>, expanded = this.shown?.expanded): void {
    const state = this.page.state();
    if (!this.shown || !expanded || !state) return;
    const chosen = { ...state, ...choice };
    this.page.keep(chosen);
    const { drawn } = this.draw(this.shown.sent, chosen, expanded);
    this.view.show(drawn, expanded, 'groupBy' in choice ? 'first' : 'same');
    this.showSelection();
  }

  private draw(sent: GraphMessage, state: PanelState, expanded: ReadonlySet<string>): ShownGraph {
    const { rates } = this.live;
    const shown = new ShownGraph(sent, state, { rates, narrow: this.view.isNarrow() }, expanded);
    drawLegend(this.frame.legend, shown.isHot && !rates ? shown.drawn : undefined);
    this.frame.picture.classList.toggle('heat', shown.isHot || rates !== undefined);
    this.shown = shown;
    return shown;
  }

  /** Shows what is selected, in the graph, the list and the choosers. */
  private showSelection(): void {
    const { shown, page } = this;
    const state = page.state();
    if (!shown || !state) return;
    const entry = shown.entry(state.entry);
    page.keep({ ...state, entry: entry?.node });
    this.emphasise(shown, entry);
    this.steps.show(shown.drawn, entry);
    this.showTools(shown, state, entry);
  }

  private showTools(shown: ShownGraph, state: PanelState, entry: FlowEntry | undefined): void {
    const { sent, drawn } = shown;
    this.toolbar.show({
      services: sent.services,
      service: state.service,
      nodes: sent.nodes,
      node: state.node,
      pinned: state.pinned,
      graph: {
        entries: entryChoices(drawn.entries),
        entry: entry?.node,
        groupBy: isGrouped(sent.graph) ? (state.groupBy ?? 'share') : undefined,
        heat: shown.isHot,
        live: sent.live === true ? this.live.on : undefined,
        ping: sent.graph.facts.service === undefined ? undefined : state.ping === true,
        unfolded: this.view.isNarrow() && state.unfolded === true && canFold(drawn),
      },
    });
  }

  private emphasise({ drawn }: ShownGraph, entry: FlowEntry | undefined): void {
    this.view.emphasise(entry && emphasisOf(drawn, entry), entry?.shares ?? {});
  }

  private select(entry: string | undefined): void {
    const state = this.page.state();
    if (!this.shown || !state) return;
    this.page.keep({ ...state, entry });
    this.showSelection();
  }

  private pressedNode(id: string, twice: boolean): void {
    const node = this.shown?.node(id);
    if (node?.members) {
      if (node.kind === 'chains') this.redraw({ unfolded: true });
      else if (!twice) this.toggleGroup(id);
      return;
    }
    if (node?.kind === 'entry' && !twice) {
      this.select(id === this.page.state()?.entry ? undefined : id);
    }
    if (node && node.kind !== 'entry') this.view.light([id], []);
    this.reveal({ kind: 'node', id }, twice);
  }

  private pressedEdge(id: string, twice: boolean): void {
    this.view.light([], [id]);
    const [first = id] = this.shown?.membersOf('edge', id) ?? [];
    this.reveal({ kind: 'edge', id: first }, twice);
  }

  private pressedKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !this.card.hide()) this.select(undefined);
    if (!this.frame.picture.contains(event.target as Node)) return;
    if (event.key === '+' || event.key === '=') this.view.zoom(zoomStep);
    else if (event.key === '-') this.view.zoom(1 / zoomStep);
    else if (event.key === '0') this.view.fit();
  }

  private toggleGroup(id: string): void {
    this.redraw({}, this.shown?.toggled(id));
    this.view.light([id], []);
  }

  /** Lights up what stands in the picture for nodes that the host named. */
  private light(nodes: readonly string[], edges: readonly string[]): void {
    const { shown } = this;
    this.view.light(shown ? nodes.map((id) => shown.drawnId(id)) : nodes, edges);
  }

  private reveal(item: ItemRef, peek: boolean): void {
    this.page.post({ type: 'reveal', item, how: peek ? 'peek' : 'open' });
  }

  private openCard({ kind, id, element, anchor }: Hovered): void {
    const item = this.shown && cardItem(this.shown.drawn, kind, id);
    if (item) this.card.show(item, element, anchor);
  }

  /** Asks the host for the rules of a card's item. */
  private describe(key: string): void {
    const { kind, id } = JSON.parse(key) as Pick<Hovered, 'kind' | 'id'>;
    const ids = this.shown?.membersOf(kind, id) ?? [id];
    void this.details
      .ask((request) => this.page.post({ type: 'describe', request, kind, ids }))
      .then(
        (answer) => this.card.details(key, answer),
        () => undefined, // Another graph is shown by now.
      );
  }

  private async render(request: number, format: ImageFormat): Promise<void> {
    try {
      if (!this.shown) throw new Error(l10n.t('There is no graph to export.'));
      const file = standaloneSvg(this.view.element, captionOf(this.shown.drawn));
      const data = format === 'svg' ? file : await pngOf(file);
      this.page.post({ type: 'rendered', request, data });
    } catch (error) {
      this.page.post({ type: 'rendered', request, error: String(error) });
    }
  }
}

function entryChoices(entries: readonly FlowEntry[]): Choice[] {
  return entries.map(({ node, label }) => ({ id: node, label }));
}
