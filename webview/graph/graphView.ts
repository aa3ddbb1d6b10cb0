import * as l10n from '@vscode/l10n';
import type { FlowGraph } from '../../src/core/flow/graph';
import { percent } from '../../src/core/percent';
import { svg } from '../dom';
import { drawEdge, drawEdgeLabel, edgeName, edgeText, labelWidth, showCounts } from './edgeView';
import type { Emphasis } from './emphasis';
import { layOut } from '../layout/layout';
import type { Room } from '../layout/layout';
import type { Layout, Size } from '../layout/placed';
import { layOutDown } from '../layout/layoutDown';
import { drawMinimap } from './minimap';
import type { Minimap } from './minimap';
import { nodeSize } from '../layout/nodeBox';
import type { Measure } from '../layout/nodeBox';
import { drawNode } from './nodeView';
import { createMotion } from './motion';
import { firstLook, fit, reveal, zoomAt } from './viewport';
import type { View } from './viewport';
import { isArrow, walk, type Spot } from './walk';

/** From how many drawn nodes on there is a minimap. */
const minimapFrom = 60;

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

/** Below this width of the picture, in pixels, the graph goes from top to bottom. */
const narrowBelow = 720;
/** A first look at it should need no smaller scale. */
const scaleDown = 0.85;

export interface GraphView {
  /** The picture is too narrow for a graph from left to right. */
  isNarrow(): boolean;
  /** Draws the graph anew; the place that is looked at stays unless `look` asks for a first look. */
  show(graph: FlowGraph, expanded: ReadonlySet<string>, look: 'first' | 'same'): void;
  /** The same graph with other counts at its edges: what is looked at, has the focus or is hovered stays. */
  recount(graph: FlowGraph): void;
  emphasise(emphasis: Emphasis | undefined, shares: Readonly<Record<string, number>>): void;
  /** Lights up what the cursor in the dump, or a step in the list, stands on. */
  light(nodes: readonly string[], edges: readonly string[]): void;
  flash(ids: ReadonlySet<string>): void;
  zoom(factor: number): void;
  fit(): void;
  readonly element: SVGSVGElement;
}

/** The picture inside `panel`, with its mouse and keyboard. */
export function createGraphView(panel: HTMLElement, measure: Measure, on: GraphEvents): GraphView {
  const edges = svg('g', { class: 'edges' });
  const labels = svg('g', { class: 'labels' });
  const nodes = svg('g', { class: 'nodes' });
  const lanes = svg('g', { class: 'lanes' });
  const scene = svg('g', { class: 'scene' }, lanes, edges, nodes, labels);
  const element = svg(
    'svg',
    {
      class: 'graph',
      role: 'group',
      'aria-label': l10n.t('Flow graph: arrow keys go from node to node, with Shift to an edge'),
    },
    scene,
  );
  panel.append(element);

  const motion = createMotion(element, scene);
  let layout: Layout | undefined;
  let minimap: Minimap | undefined;
  let view: View = { scale: 1, x: 0, y: 0 };
  /** Until the user zooms or pans, the graph follows the panel's size. */
  let follows: 'first' | 'fit' | undefined = 'first';

  const panelSize = (): Size => ({ width: panel.clientWidth, height: panel.clientHeight });
  const followed = (of: Layout): View => {
    if (follows === 'first') return firstLook(of, panelSize(), startOf(of), endOf(of, panelSize()));
    return follows === 'fit' ? fit(of, panelSize()) : view;
  };
  const sees = () => {
    minimap?.show(view, panelSize());
    on.viewed(view);
  };
  const look = (to: View) => {
    view = to;
    motion.settle(view);
    sees();
  };
  const touch = (to: View) => {
    follows = undefined;
    view = to;
    motion.move(view);
    sees();
  };
  const elementsOf = (id: string) =>
    element.querySelectorAll<SVGGElement>(
      `[data-node="${CSS.escape(id)}"], [data-edge="${CSS.escape(id)}"]`,
    );

  const focusItem = (id: string) => {
    const [target] = elementsOf(id);
    for (const other of element.querySelectorAll('[tabindex="0"]')) {
      other.setAttribute('tabindex', '-1');
    }
    target?.setAttribute('tabindex', '0');
    return target;
  };

  const press = (event: Event, twice: boolean) => {
    const spot = spotOf(event.target as Element);
    if (!spot) return;
    focusItem(spot.id)?.focus({ preventScroll: true });
    on[spot.kind](spot.id, twice);
  };
  element.addEventListener('dblclick', (event) => press(event, true));

  element.addEventListener('keydown', (event) => {
    const from = spotOf(event.target as Element);
    if (!from || !layout) return;
    const { key } = event;
    if (key === 'Enter' || key === ' ') {
      on[from.kind](from.id, false);
    } else if (isArrow(key)) {
      const next = walk(layout, from, key, event.shiftKey);
      if (next) walkTo(next, layout);
    } else {
      return;
    }
    event.preventDefault();
  });
  const walkTo = ({ kind, id }: Spot, { nodes, edges }: Layout) => {
    const target = focusItem(id);
    const edge = edges.find((placed) => kind === 'edge' && placed.edge.id === id)?.label;
    const box = edge ? { ...edge, width: 1, height: 1 } : nodes.find(({ node }) => node.id === id);
    if (box) look(reveal(view, box, panelSize()));
    target?.focus({ preventScroll: true });
    on.focused(kind, id);
  };

  followPointer(panel, element, { view: () => view, move: touch, click: (e) => press(e, false) });

  const isNarrow = () => panel.clientWidth > 0 && panel.clientWidth < narrowBelow;
  /** The width that the graph was laid out for; Infinity from left to right. */
  let laidOutFor = Infinity;
  new ResizeObserver(() => {
    const width = isNarrow() ? panel.clientWidth : Infinity;
    if (layout && width !== laidOutFor && panel.clientWidth > 0) on.reshaped();
    else look(layout ? followed(layout) : view);
  }).observe(panel);

  return {
    element,
    isNarrow,
    show(graph, expanded, how) {
      const narrow = isNarrow();
      laidOutFor = narrow ? panel.clientWidth : Infinity;
      const width = laidOutFor / scaleDown;
      const room: Room = {
        node: (node) => nodeSize(node, measure, expanded.has(node.id), width - 24),
        label: (edge) => labelWidth(edgeText(edge), measure),
      };
      layout = narrow ? layOutDown(graph, room, width) : layOut(graph, room);
      const byId = new Map(graph.nodes.map((node) => [node.id, node]));
      lanes.replaceChildren(
        ...layout.lanes.map(({ title, x }) => svg('text', { class: 'lane', x, y: 20 }, title)),
      );
      // Bad and thin ones above: they must not vanish under a wide ribbon.
      const bottomUp = [...layout.edges].sort((a, b) => b.width - a.width);
      edges.replaceChildren(
        ...bottomUp.map((placed) => {
          const [from, to] = [byId.get(placed.edge.from)!, byId.get(placed.edge.to)!];
          return drawEdge(placed, to.kind, edgeName(from.label, to.label));
        }),
      );
      nodes.replaceChildren(
        ...layout.nodes.map((placed) => drawNode(placed, measure, expanded.has(placed.node.id))),
      );
      nodes.firstElementChild?.setAttribute('tabindex', '0');
      minimap?.element.remove();
      minimap = undefined;
      if (nodes.querySelectorAll('[data-node]').length >= minimapFrom) {
        minimap = drawMinimap(layout, (x, y) => {
          const { width, height } = panelSize();
          touch({
            scale: view.scale,
            x: width / 2 - x * view.scale,
            y: height / 2 - y * view.scale,
          });
        });
        panel.append(minimap.element);
      }
      if (how === 'first') follows = 'first';
      look(followed(layout));
    },
    recount(graph) {
      if (!layout) return;
      const names = new Map(graph.nodes.map(({ id, label }) => [id, label]));
      const counted = new Map(graph.edges.map((edge) => [edge.id, edge]));
      const placed = layout.edges.map((one) => ({
        ...one,
        edge: counted.get(one.edge.id) ?? one.edge,
      }));
      layout = { ...layout, edges: placed };
      const elements = new Map(
        [...edges.children].map((item) => [(item as SVGElement).dataset.edge, item]),
      );
      for (const { edge } of placed) {
        const item = elements.get(edge.id);
        const name = edgeName(names.get(edge.from) ?? '', names.get(edge.to) ?? '');
        if (item) showCounts(item, edge, name);
      }
    },
    emphasise(emphasis, shares) {
      if (!layout) return;
      element.classList.toggle('selected', emphasis !== undefined);
      for (const item of element.querySelectorAll<SVGElement>('.node, .edge')) {
        const { node, edge } = item.dataset;
        const bright = node ? emphasis?.nodes.has(node) : emphasis?.edges.has(edge!);
        item.classList.toggle('dim', emphasis !== undefined && !bright);
      }
      labels.replaceChildren(
        ...layout.edges.flatMap((placed) => {
          const { edge } = placed;
          if (emphasis && !emphasis.edges.has(edge.id)) return [];
          const own = emphasis ? shares[edge.id] : undefined;
          const label = edge.label && own !== undefined ? percent(own) : edge.label;
          const text = edgeText({ ...edge, label });
          return text ? [drawEdgeLabel(placed, text, measure)] : [];
        }),
      );
    },
    light(nodeIds, edgeIds) {
      for (const lit of element.querySelectorAll('.lit')) lit.classList.remove('lit');
      const items = [...nodeIds, ...edgeIds].flatMap((id) => [...elementsOf(id)]);
      for (const item of items) item.classList.add('lit');
      const placed = layout?.nodes.find(({ node }) => node.id === nodeIds[0]);
      if (placed) look(reveal(view, placed, panelSize()));
    },
    flash(ids) {
      for (const id of ids) {
        for (const item of elementsOf(id)) {
          item.classList.add('changed');
          setTimeout(() => item.classList.remove('changed'), 2000);
        }
      }
    },
    zoom(factor) {
      const { width, height } = panelSize();
      touch(zoomAt(view, factor, { x: width / 2, y: height / 2 }));
    },
    fit() {
      follows = 'fit';
      if (layout) look(followed(layout));
    },
  };
}

/** The box around who asks: the first column. */
function startOf({ nodes }: Layout): Size & { x: number; y: number } {
  const first = nodes.filter(({ column }) => column === 0);
  const top = Math.min(...first.map(({ y }) => y));
  const bottom = Math.max(...first.map(({ y, height }) => y + height));
  const width = Math.max(...first.map(({ width }) => width));
  return { x: first[0]?.x ?? 0, y: top, width, height: bottom - top };
}

/** All endpoints where there is room for them at the smallest scale, else the first; without any, what becomes of packets. */
function endOf({ nodes }: Layout, panel: Size): (Size & { x: number; y: number }) | undefined {
  const endpoints = nodes.filter(({ node }) => node.kind === 'endpoint' || node.kind === 'group');
  const ends = endpoints.length > 0 ? endpoints : nodes.slice(-1);
  const [first] = ends;
  if (!first) return undefined;
  const all = boxAround(ends);
  const fits = all.width * 0.6 + 32 <= panel.width && all.height * 0.6 + 32 <= panel.height;
  return fits ? all : first;
}

function boxAround(nodes: Layout['nodes']): Size & { x: number; y: number } {
  const x = Math.min(...nodes.map((node) => node.x));
  const y = Math.min(...nodes.map((node) => node.y));
  const right = Math.max(...nodes.map((node) => node.x + node.width));
  const bottom = Math.max(...nodes.map((node) => node.y + node.height));
  return { x, y, width: right - x, height: bottom - y };
}

function spotOf(element: Element): Spot | undefined {
  const { node, edge } = element.closest<SVGElement>('[data-node], [data-edge]')?.dataset ?? {};
  if (node !== undefined) return { kind: 'node', id: node };
  return edge === undefined ? undefined : { kind: 'edge', id: edge };
}

interface Pointing {
  view(): View;
  move(view: View): void;
  click(event: Event): void;
}

/** Drag pans, the wheel pans, with Ctrl or a pinch it zooms; a press that did not move is a click. */
function followPointer(panel: HTMLElement, element: SVGSVGElement, pointing: Pointing): void {
  let drag: { x: number; y: number; from: View; moved: boolean } | undefined;
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    drag = { x: event.clientX, y: event.clientY, from: pointing.view(), moved: false };
  });
  element.addEventListener('pointermove', (event) => {
    if (!drag || event.buttons === 0) return;
    const dx = event.clientX - drag.x;
    const dy = event.clientY - drag.y;
    if (!drag.moved && Math.hypot(dx, dy) < 4) return;
    if (!drag.moved) element.setPointerCapture(event.pointerId);
    drag.moved = true;
    element.classList.add('panning');
    pointing.move({ ...drag.from, x: drag.from.x + dx, y: drag.from.y + dy });
  });
  element.addEventListener('pointerup', () => element.classList.remove('panning'));
  element.addEventListener('click', (event) => {
    if (!drag?.moved) pointing.click(event);
    drag = undefined;
  });
  // While a large graph is zoomed out its element is smaller than the panel.
  panel.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const view = pointing.view();
      const { left, top } = panel.getBoundingClientRect();
      if (event.ctrlKey || event.metaKey) {
        const at = { x: event.clientX - left, y: event.clientY - top };
        pointing.move(zoomAt(view, Math.exp(-event.deltaY / 300), at));
      } else {
        const [dx, dy] = event.shiftKey ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
        pointing.move({ ...view, x: view.x - dx, y: view.y - dy });
      }
    },
    { passive: false },
  );
}
