import { percent, shorten } from '../src/core/flow/format';
import type { FlowNode } from '../src/core/flow/graph';
import { noTooltip, svg } from './dom';
import { icons, kindNames } from './icons';
import type { PlacedNode } from './layout';
import {
  badgeText,
  box,
  cellText,
  gridOf,
  labelStyle,
  longestDetail,
  longestLabel,
  textLeft,
} from './nodeBox';
import type { Measure } from './nodeBox';

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
  const textHeight = heightOfText(node);
  const top = expanded ? box.top : Math.max(box.top, (height - textHeight) / 2);
  const left = textLeft(node);
  if (left === box.left.icon) {
    const y = top + (box.label + (node.detail ? box.detail : 0) - 16) / 2;
    group.append(
      svg('path', { class: 'icon', d: icons[node.kind], transform: `translate(11 ${y})` }),
    );
  }
  group.append(
    svg(
      'text',
      { class: labelStyle(node), x: left, y: top + 12.5 },
      shorten(node.label, longestLabel),
    ),
  );
  let at = top + box.label;
  if (node.detail) {
    const detail = shorten(node.detail, longestDetail);
    group.append(svg('text', { class: 'detail', x: left, y: at + 11.5 }, detail));
    at += box.detail;
  }
  if (node.marks.length > 0) {
    group.append(drawBadges(node, at + box.badge.gap, measure));
    at += box.badge.height + box.badge.gap;
  }
  if (expanded && node.members) {
    group.append(drawMembers(node.members, box.right, at + box.top));
  }
  return group;
}

function heightOfText({ detail, marks }: FlowNode): number {
  const badges = marks.length > 0 ? box.badge.height + box.badge.gap : 0;
  return box.label + (detail ? box.detail : 0) + badges;
}

function drawBadges(node: FlowNode, y: number, measure: Measure): SVGGElement {
  const badges = svg('g', { class: 'badges', transform: `translate(${textLeft(node)} ${y})` });
  let x = 0;
  for (const mark of node.marks) {
    const text = badgeText(mark);
    const width = measure.badge(text) + 2 * box.badge.padding;
    badges.append(
      svg(
        'g',
        { class: `badge ${mark.action}`, transform: `translate(${x} 0)` },
        svg('rect', { width, height: box.badge.height, rx: box.badge.height / 2 }),
        svg('text', { x: box.badge.padding, y: 12.5 }, text),
      ),
    );
    x += width + box.badge.gap;
  }
  return badges;
}

function drawMembers(members: readonly FlowNode[], left: number, top: number): SVGGElement {
  const { rows } = gridOf(members.length);
  const { width, height, gap } = box.cell;
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
      svg('text', { class: 'detail', x: 8, y: 15 }, shorten(cellText(member), 27)),
    );
  });
  return svg('g', { class: 'members', transform: `translate(${left} ${top})` }, ...cells);
}

/** The whole node in words: what a screen reader says. */
export function describe(node: FlowNode): string {
  return [nodeTitle(node), ...nodeLines(node)].join(', ');
}

export function nodeTitle({ kind, label }: FlowNode): string {
  return `${kindNames[kind]} ${label}`;
}

/** What a node says beyond its name. */
export function nodeLines(node: FlowNode): string[] {
  const parts: string[] = [];
  if (node.detail) parts.push(node.detail);
  if (node.share !== undefined) parts.push(`${percent(node.share)} of new connections`);
  if (node.place) parts.push(`on ${node.place}`);
  parts.push(...node.marks.map((mark) => `mark ${badgeText(mark)}`));
  if (node.reason) parts.push(node.reason);
  return parts;
}
