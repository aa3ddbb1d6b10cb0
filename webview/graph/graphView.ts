import * as l10n from '@vscode/l10n';
import type { FlowGraph } from '../../src/core/flow/graph';
import { svg } from '../dom';
import { layOut, type Room } from '../layout/layout';
import { layOutDown } from '../layout/layoutDown';
import { nodeSize, type Measure } from '../layout/nodeBox';
import type { Layout } from '../layout/placed';
import { createLayers, drawLabels, drawLayers, recountEdges } from './drawing';
import { edgeText, labelWidth } from './edgeView';
import type { Emphasis } from './emphasis';
import { elementsOf, focusItem, followKeys, spotOf } from './items';
import { Looking } from './looking';
import { drawMinimap, type Minimap } from './minimap';
import { followPointer } from './pointing';
import type { View } from './viewport';
import type { Spot } from './walk';

/** From how many drawn nodes on there is a minimap. */
const minimapFrom = 60;
/** Below this width of the picture, in pixels, the graph goes from top to bottom. */
const narrowBelow = 720;
/** A first look at it should need no smaller scale. */
const scaleDown = 0.85;
/** Milliseconds for which what has changed is seen. */
const flashes = 2000;

export interface GraphEvents {
  /** A node was pressed once or, `twice`, double clicked. */
  node(id: string, twice: boolean): void;
  edge(id: string, twice: boolean): void;
  /** The keyboard reached it. */
  focused(kind: 'node' | 'edge', id: string): void;
  viewed(view: View): void;
  /** The panel became narrow or wide, or a narrow one got another width: show the graph anew. */
  reshaped(): void;
}

/** The picture inside a panel, with its mouse and keyboard. */
export class GraphView {
  readonly element: SVGSVGElement;
  private readonly layers = createLayers();
  private readonly looking: Looking;
  private layout: Layout | undefined;
  private minimap: Minimap | undefined;
  /** The width that the graph was laid out for; Infinity from left to right. */
  private laidOutFor = Infinity;

  constructor(
    private readonly panel: HTMLElement,
    private readonly measure: Measure,
    private readonly on: GraphEvents,
  ) {
    const { lanes, edges, nodes, labels } = this.layers;
    const scene = svg('g', { class: 'scene' }, lanes, edges, nodes, labels);
    this.element = svg(
      'svg',
      {
        class: 'graph',
        role: 'group',
        'aria-label': l10n.t('Flow graph: arrow keys go from node to node, with Shift to an edge'),
      },
      scene,
    );
    panel.append(this.element);
    this.looking = new Looking(panel, this.element, scene, (view) => on.viewed(view));
    this.element.addEventListener('dblclick', (event) => this.press(event, true));
    followKeys(this.element, {
      graph: () => this.layout,
      press: ({ kind, id }) => on[kind](id, false),
      walked: (to) => this.walked(to),
    });
    followPointer(panel, this.element, {
      view: () => this.looking.view,
      move: (view) => this.looking.touch(view),
      click: (event) => this.press(event, false),
    });
    new ResizeObserver(() => this.resized()).observe(panel);
  }

  /** The picture is too narrow for a graph from left to right. */
  isNarrow(): boolean {
    return this.panel.clientWidth > 0 && this.panel.clientWidth < narrowBelow;
  }

  /** Draws the graph anew; the place that is looked at stays unless `look` asks for a first look. */
  show(graph: FlowGraph, expanded: ReadonlySet<string>, look: 'first' | 'same'): void {
    this.laidOutFor = this.widthNow();
    this.layout = this.layOut(graph, expanded);
    drawLayers(this.layers, this.layout, this.measure, expanded);
    this.minimap?.element.remove();
    this.minimap = this.drawMinimap(this.layout);
    this.looking.show(this.layout, this.minimap, look);
  }

  /** The same graph with other counts at its edges: what is looked at, has the focus or is hovered stays. */
  recount(graph: FlowGraph): void {
    if (this.layout) this.layout = recountEdges(this.layers, this.layout, graph);
  }

  emphasise(emphasis: Emphasis | undefined, shares: Readonly<Record<string, number>>): void {
    if (!this.layout) return;
    this.element.classList.toggle('selected', emphasis !== undefined);
    for (const item of this.element.querySelectorAll<SVGElement>('.node, .edge')) {
      const { node, edge } = item.dataset;
      const bright = node ? emphasis?.nodes.has(node) : emphasis?.edges.has(edge!);
      item.classList.toggle('dim', emphasis !== undefined && !bright);
    }
    drawLabels(this.layers, this.layout, this.measure, emphasis, shares);
  }

  /** Lights up what the cursor in the dump, or a step in the list, stands on. */
  light(nodes: readonly string[], edges: readonly string[]): void {
    for (const lit of this.element.querySelectorAll('.lit')) lit.classList.remove('lit');
    for (const id of [...nodes, ...edges]) {
      for (const item of elementsOf(this.element, id)) item.classList.add('lit');
    }
    const placed = this.layout?.nodes.find(({ node }) => node.id === nodes[0]);
    if (placed) this.looking.reveal(placed);
  }

  flash(ids: ReadonlySet<string>): void {
    for (const id of ids) {
      for (const item of elementsOf(this.element, id)) {
        item.classList.add('changed');
        setTimeout(() => item.classList.remove('changed'), flashes);
      }
    }
  }

  zoom(factor: number): void {
    this.looking.zoom(factor);
  }

  fit(): void {
    this.looking.fit();
  }

  private layOut(graph: FlowGraph, expanded: ReadonlySet<string>): Layout {
    const width = this.laidOutFor / scaleDown;
    const room: Room = {
      node: (node) => nodeSize(node, this.measure, expanded.has(node.id), width - 24),
      label: (edge) => labelWidth(edgeText(edge), this.measure),
    };
    return this.laidOutFor < Infinity ? layOutDown(graph, room, width) : layOut(graph, room);
  }

  private drawMinimap(layout: Layout): Minimap | undefined {
    const drawn = this.layers.nodes.querySelectorAll('[data-node]').length;
    if (drawn < minimapFrom) return undefined;
    const minimap = drawMinimap(layout, (x, y) => this.looking.centre({ x, y }));
    this.panel.append(minimap.element);
    return minimap;
  }

  private widthNow(): number {
    return this.isNarrow() ? this.panel.clientWidth : Infinity;
  }

  private resized(): void {
    const reshaped = this.widthNow() !== this.laidOutFor && this.panel.clientWidth > 0;
    if (this.layout && reshaped) this.on.reshaped();
    else this.looking.follow();
  }

  private press(event: Event, twice: boolean): void {
    const spot = spotOf(event.target as Element);
    if (!spot) return;
    focusItem(this.element, spot.id);
    this.on[spot.kind](spot.id, twice);
  }

  private walked({ kind, id }: Spot): void {
    const placed = this.layout?.edges.find(({ edge }) => kind === 'edge' && edge.id === id);
    const box = placed
      ? { ...placed.label, width: 1, height: 1 }
      : this.layout?.nodes.find(({ node }) => node.id === id);
    if (box) this.looking.reveal(box);
    focusItem(this.element, id);
    this.on.focused(kind, id);
  }
}
