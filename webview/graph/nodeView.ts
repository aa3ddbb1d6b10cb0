import * as l10n from '@vscode/l10n';
import { percent } from '../../src/core/percent';
import type { FlowNode, MarkBadge } from '../../src/core/flow/graph';
import { noTooltip, svg } from '../dom';
import { icons, kindNames } from '../icons';
import type { PlacedNode } from '../layout/placed';
import {
  badgeText,
  box,
  cellText,
  cellWidth,
  contentHeight,
  gridOf,
  labelStyle,
  labelText,
  nodeText,
  textLeft,
} from '../layout/nodeBox';
import type { Measure } from '../layout/nodeBox';

/** Draws one node, named by its title; a group's members get elements of their own where it is expanded. */
export function drawNode(placed: PlacedNode, measure: Measure, expanded: boolean): SVGGElement {
  const { node, x, y, width, height } = placed;
  const round = labelStyle(node) === 'words' ? 14 : 4;
  const group = svg(
    'g',
    {
      class: `node ${node.kind}`,
      'data-node': node.id,
      transform: `translate(${x} ${y})`,
      role: 'button',
      tabindex: -1,
      'aria-expanded': node.members ? String(expanded) : undefined,
    },
    svg('title', {}, describe(node)),
    svg('rect', { class: 'card', width, height, rx: round }, noTooltip()),
    svg('rect', { class: 'bar', x: 0, y: 0, width: 5, height, rx: Math.min(round, 2.5) }),
  );
  const { label: lines, detail } = nodeText(node);
  const top = expanded ? box.top : Math.max(box.top, (height - contentHeight(node)) / 2);
  const left = textLeft(node);
  if (left === box.left.icon) {
    const y = top + (box.label + (detail.length > 0 ? box.detail : 0) - 16) / 2;
    group.append(
      svg('path', { class: 'icon', d: icons[node.kind], transform: `translate(11 ${y})` }),
    );
  }
  const label = lines.map((line, i) =>
    svg('tspan', { x: left, y: top + 12.5 + i * box.label }, line),
  );
  group.append(svg('text', { class: labelStyle(node) }, ...label));
  let at = top + lines.length * box.label;
  if (detail.length > 0) {
    const text = detail.map((line, i) =>
      svg('tspan', { x: left, y: at + 11.5 + i * box.detail }, line),
    );
    group.append(svg('text', { class: 'detail' }, ...text));
    at += detail.length * box.detail;
  }
  for (const mark of node.marks) {
    group.append(drawBadge(mark, left, at + box.badge.gap, measure));
    at += box.badge.height + box.badge.gap;
  }
  if (expanded && node.members) {
    const cell = cellWidth(node.members, measure);
    group.append(drawMembers(node.members, box.right, at + box.top, cell, width));
  }
  return group;
}

function drawBadge(mark: MarkBadge, x: number, y: number, measure: Measure): SVGGElement {
  const text = badgeText(mark);
  const width = measure.badge(text) + 2 * box.badge.padding;
  return svg(
    'g',
    { class: `badge ${mark.action}`, transform: `translate(${x} ${y})` },
    svg('rect', { width, height: box.badge.height, rx: box.badge.height / 2 }),
    svg('text', { x: box.badge.padding, y: 12.5 }, text),
  );
}

function drawMembers(
  members: readonly FlowNode[],
  left: number,
  top: number,
  width: number,
  room: number,
): SVGGElement {
  const { rows } = gridOf(members.length, width, room);
  const { height, gap } = box.cell;
  const cells = members.map((member, i) => {
    const x = Math.floor(i / rows) * (width + gap);
    const y = (i % rows) * (height + gap);
    return svg(
      'g',
      {
        class: 'cell',
        'data-node': member.id,
        transform: `translate(${x} ${y})`,
        role: 'button',
        tabindex: -1,
      },
      svg('title', {}, describe(member)),
      svg('rect', { class: 'card', width, height, rx: 3 }, noTooltip()),
      svg('text', { class: 'detail', x: 8, y: 15 }, cellText(member)),
    );
  });
  return svg('g', { class: 'members', transform: `translate(${left} ${top})` }, ...cells);
}

/** The whole node in words: what a screen reader says. */
function describe(node: FlowNode): string {
  return [nodeTitle(node), ...nodeLines(node)].join(l10n.t(', '));
}

export function nodeTitle(node: FlowNode): string {
  if (node.kind === 'chains') return labelText(node);
  return `${kindNames()[node.kind]} ${node.label}`;
}

/** What a node says beyond its name. */
export function nodeLines(node: FlowNode): string[] {
  const parts: string[] = [];
  if (node.role) parts.push(labelText(node));
  if (node.kind === 'chains') parts.push(...(node.members ?? []).map(({ label }) => label));
  if (node.detail) parts.push(node.detail);
  if (node.condition) parts.push(l10n.t('if {0}', node.condition));
  parts.push(...(node.regardless ?? []));
  if (node.share !== undefined) parts.push(l10n.t('{0} of new connections', percent(node.share)));
  parts.push(...node.marks.map((mark) => l10n.t('mark {0}', badgeText(mark))));
  if (node.differs) parts.push(l10n.t('Differs: {0}', node.differs));
  if (node.reason) parts.push(node.reason);
  return parts;
}
