import * as l10n from '@vscode/l10n';
import { edgeCountText, edgeRateText } from '../../src/core/flow/counters/countText';
import { percent } from '../../src/core/percent';
import type { FlowEdge, FlowNodeKind } from '../../src/core/flow/graph';
import { heatLevels } from '../../src/core/flow/counters/heat';
import { noTooltip, svg } from '../dom';
import type { PlacedEdge, Point } from '../layout/placed';
import { badgeText } from '../layout/nodeBox';
import type { Measure } from '../layout/nodeBox';

/**
 * An edge as a ribbon, with a wider invisible one for the mouse.
 *
 * @param name Where it leads, for a screen reader.
 */
export function drawEdge(
  { edge, path, width }: PlacedEdge,
  target: FlowNodeKind,
  name: string,
): SVGGElement {
  const bad = target === 'drop' || target === 'reject';
  const classes = [
    'edge',
    bad && 'bad',
    target === 'stray' && 'stray',
    edge.unknown !== undefined && 'unknown',
    edge.heat && `heat-${edge.heat.level}`,
  ];
  return svg(
    'g',
    {
      class: classes.filter(Boolean).join(' '),
      'data-edge': edge.id,
      role: 'button',
      tabindex: -1,
    },
    svg('title', {}, titleOf(edge, name)),
    svg('path', { class: 'ribbon', d: path, 'stroke-width': width }),
    svg('path', { class: 'hit', d: path, 'stroke-width': Math.max(width + 4, 12) }, noTooltip()),
  );
}

/** The same edge with other counts, in place: what is under the mouse or has the focus stays. */
export function showCounts(element: Element, edge: FlowEdge, name: string): void {
  for (const level of heatLevels) {
    element.classList.toggle(`heat-${level}`, edge.heat?.level === level);
  }
  const title = element.querySelector('title');
  if (title) title.textContent = titleOf(edge, name);
}

function titleOf(edge: FlowEdge, name: string): string {
  return [name, ...edgeLines(edge)].join(l10n.t(', '));
}

/** What stands at an edge: its share, what its rules counted, and what they do to the mark. */
export function edgeText({ label, heat, marks }: FlowEdge): string {
  return [label ?? '', heat?.text ?? '', ...marks.map(badgeText)].filter(Boolean).join('  ');
}

/** Labels lie above all edges, each on the ground's colour. */
export function drawEdgeLabel(placed: PlacedEdge, text: string, measure: Measure): SVGGElement {
  const { edge, label } = placed;
  const width = labelWidth(text, measure);
  const { x, y } = labelPlace(label, width);
  return svg(
    'g',
    { class: 'edge-label', 'data-edge': edge.id, transform: `translate(${x} ${y})` },
    svg('rect', { width, height: 16, rx: 8 }),
    svg('text', { x: 6, y: 12 }, text),
  );
}

function labelPlace({ side, x, y }: PlacedEdge['label'], width: number): Point {
  switch (side) {
    case 'above':
      return { x: x - width / 2, y: y - 20 };
    case 'target':
      return { x: x - width - 6, y: y - 8 };
    case 'source':
      return { x: x + 6, y: y - 8 };
  }
}

/** In pixels; 0 for no text. */
export function labelWidth(text: string, measure: Measure): number {
  return text === '' ? 0 : Math.ceil(measure.badge(text)) + 12;
}

/** `PREROUTING \u2192 KUBE-SERVICES`. */
export function edgeName(from: string, to: string): string {
  return `${from} \u2192 ${to}`;
}

/** What an edge says, in words. */
export function edgeLines(edge: FlowEdge): string[] {
  const { share, label, marks, unknown, counters, rate } = edge;
  const parts: string[] = [];
  if (share !== undefined) parts.push(l10n.t('{0} of the traffic that enters', percent(share)));
  else if (label) parts.push(label);
  parts.push(...marks.map((mark) => l10n.t('mark {0}', badgeText(mark))));
  if (unknown !== undefined) parts.push(l10n.t('unknown: {0}', unknown));
  if (counters) parts.push(edgeCountText(counters));
  if (rate) parts.push('reason' in rate ? l10n.t('no rate: {0}', rate.reason) : edgeRateText(rate));
  return parts;
}
