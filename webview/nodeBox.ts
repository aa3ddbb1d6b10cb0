import * as l10n from '@vscode/l10n';
import { hex, percent, shorten } from '../src/core/flow/format';
import type { FlowNode, MarkBadge } from '../src/core/flow/graph';
import type { Size } from './layout';

/** Widths in pixels of a text in the fonts of a node; measured by the page, guessed in tests. */
export interface Measure {
  label(text: string): number;
  /** Labels that are words, not names of the dump. */
  words(text: string): number;
  detail(text: string): number;
  /** Badges, and what stands at edges. */
  badge(text: string): number;
}

const longestLabel = 32;
export const longestDetail = 44;
/** A chain's longer label is broken in two lines. */
const longestLine = 18;

/** Lengths of a node's drawing, in pixels. */
export const box = {
  left: { plain: 14, icon: 32 },
  right: 11,
  top: 9,
  label: 16,
  detail: 15,
  badge: { height: 17, gap: 4, padding: 6 },
  cell: { width: 176, height: 22, gap: 4 },
} as const;

export function badgeText({ action, bits }: MarkBadge): string {
  switch (action) {
    case 'set':
      return l10n.t('set {0}', hex(bits));
    case 'test':
      return l10n.t('test {0}', hex(bits));
    case 'clear':
      return l10n.t('clear {0}', hex(bits));
  }
}

/** Which of the fonts a node's label has. */
export function labelStyle({ kind }: FlowNode): 'label' | 'words' {
  return kind === 'entry' || kind === 'exit' || kind === 'stray' ? 'words' : 'label';
}

/** Hooks and chains go without an icon: their long names need the room. */
export function textLeft({ kind }: FlowNode): number {
  return kind === 'hook' || kind === 'chain' ? box.left.plain : box.left.icon;
}

/**
 * A label as it is written: names of the dump that are long stand in two lines, broken behind a
 * hyphen (KUBE-SVC-, then its hash), so that columns of chains stay narrow.
 */
export function labelLines({ kind, label }: FlowNode): readonly string[] {
  const text = shorten(label, longestLabel);
  const at = text.lastIndexOf('-') + 1;
  const breaks = kind === 'chain' && text.length > longestLine && at > 0 && at < text.length;
  return breaks ? [text.slice(0, at), text.slice(at)] : [text];
}

/** The text of one endpoint inside an expanded group. */
export function cellText({ label, share }: FlowNode): string {
  return share === undefined ? label : `${label}  ${percent(share)}`;
}

/** The height of a node's texts and badges, which stand below each other. */
export function contentHeight(node: FlowNode): number {
  const badges = node.marks.length * (box.badge.height + box.badge.gap);
  return labelLines(node).length * box.label + (node.detail ? box.detail : 0) + badges;
}

/** The room a node takes; an expanded group shows its members in columns. */
export function nodeSize(node: FlowNode, measure: Measure, expanded: boolean): Size {
  const content = Math.max(
    ...labelLines(node).map((line) => measure[labelStyle(node)](line)),
    node.detail ? measure.detail(shorten(node.detail, longestDetail)) : 0,
    ...node.marks.map((mark) => measure.badge(badgeText(mark)) + 2 * box.badge.padding),
  );
  const height = 2 * box.top + contentHeight(node);
  const size = { width: Math.ceil(Math.max(content + textLeft(node) + box.right, 84)), height };
  if (!expanded || !node.members) return size;
  const { columns, rows } = gridOf(node.members.length);
  return {
    width: Math.max(size.width, columns * (box.cell.width + box.cell.gap) + 2 * box.right),
    height: size.height + rows * (box.cell.height + box.cell.gap) + box.top,
  };
}

/** About twice as many rows as columns, since a cell is wide and low. */
export function gridOf(members: number): { columns: number; rows: number } {
  const columns = Math.max(1, Math.min(8, Math.ceil(Math.sqrt(members / 8))));
  return { columns, rows: Math.ceil(members / columns) };
}
