import type { FlowGraph } from '../../src/core/flow/graph';
import { percent } from '../../src/core/percent';
import { svg } from '../dom';
import type { Layout } from '../layout/placed';
import type { Measure } from '../layout/nodeBox';
import { drawEdge, drawEdgeLabel, edgeName, edgeText, showCounts } from './edgeView';
import type { Emphasis } from './emphasis';
import { drawNode } from './nodeView';

/** The groups of a picture, from the lowest to the uppermost. */
export interface Layers {
  readonly lanes: SVGGElement;
  readonly edges: SVGGElement;
  readonly nodes: SVGGElement;
  readonly labels: SVGGElement;
}

export function createLayers(): Layers {
  const layer = (name: keyof Layers) => svg('g', { class: name });
  return {
    lanes: layer('lanes'),
    edges: layer('edges'),
    nodes: layer('nodes'),
    labels: layer('labels'),
  };
}

/** Draws lanes, edges and nodes anew; labels come with the emphasis. */
export function drawLayers(
  layers: Layers,
  layout: Layout,
  measure: Measure,
  expanded: ReadonlySet<string>,
): void {
  layers.lanes.replaceChildren(
    ...layout.lanes.map(({ title, x }) => svg('text', { class: 'lane', x, y: 20 }, title)),
  );
  const byId = new Map(layout.nodes.map(({ node }) => [node.id, node]));
  // Bad and thin ones above: they must not vanish under a wide ribbon.
  const bottomUp = [...layout.edges].sort((a, b) => b.width - a.width);
  layers.edges.replaceChildren(
    ...bottomUp.map((placed) => {
      const [from, to] = [byId.get(placed.edge.from)!, byId.get(placed.edge.to)!];
      return drawEdge(placed, to.kind, edgeName(from.label, to.label));
    }),
  );
  layers.nodes.replaceChildren(
    ...layout.nodes.map((placed) => drawNode(placed, measure, expanded.has(placed.node.id))),
  );
  layers.nodes.firstElementChild?.setAttribute('tabindex', '0');
}

/** Writes the labels of the edges: with an emphasis, those of its own edges with its own shares. */
export function drawLabels(
  { labels }: Layers,
  layout: Layout,
  measure: Measure,
  emphasis: Emphasis | undefined,
  shares: Readonly<Record<string, number>>,
): void {
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
}

/** The same graph with other counts: its edges are changed in place; answers its layout. */
export function recountEdges({ edges }: Layers, layout: Layout, graph: FlowGraph): Layout {
  const names = new Map(graph.nodes.map(({ id, label }) => [id, label]));
  const counted = new Map(graph.edges.map((edge) => [edge.id, edge]));
  const placed = layout.edges.map((one) => ({
    ...one,
    edge: counted.get(one.edge.id) ?? one.edge,
  }));
  const elements = new Map(
    [...edges.children].map((item) => [(item as SVGElement).dataset.edge, item]),
  );
  for (const { edge } of placed) {
    const item = elements.get(edge.id);
    const name = edgeName(names.get(edge.from) ?? '', names.get(edge.to) ?? '');
    if (item) showCounts(item, edge, name);
  }
  return { ...layout, edges: placed };
}
