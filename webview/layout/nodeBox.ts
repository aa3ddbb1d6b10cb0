import { roleText } from '../../src/core/flow/chainRole';
import * as l10n from '@vscode/l10n';
import { hex } from '../../src/core/hex';
import { list } from '../../src/core/list';
import { percent } from '../../src/core/percent';
import type { FlowNode, MarkBadge } from '../../src/core/flow/graph';
import type { Size } from './placed';

/** Widths in pixels of a text in the fonts of a node; measured by the page, guessed in tests. */
export interface Measure {
  label(text: string): number;
  /** Labels that are words, not names of the dump. */
  words(text: string): number;
  detail(text: string): number;
  /** Badges, and what stands at edges. */
  badge(text: string): number;
}

/** Lengths of a node's drawing, in pixels. */
export const box = {
  left: { plain: 14, icon: 32 },
  right: 11,
  top: 9,
  label: 16,
  detail: 15,
  badge: { height: 17, gap: 4, padding: 6 },
  /** `width`: at least. */
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

const wordy: ReadonlySet<FlowNode['kind']> = new Set([
  'entry',
  'exit',
  'stray',
  'chains',
  'unknown',
]);

/** Which of the fonts a node's label has. */
export function labelStyle({ kind, role }: FlowNode): 'label' | 'words' {
  return role || wordy.has(kind) ? 'words' : 'label';
}

/** Hooks and chains go without an icon: their long names need the room. */
export function textLeft({ kind }: FlowNode): number {
  return kind === 'hook' || kind === 'chain' || kind === 'chains' ? box.left.plain : box.left.icon;
}

/** What is written in a node, line by line. */
export interface NodeText {
  readonly label: readonly string[];
  readonly detail: readonly string[];
}

/** So many characters stand in a line, and so many lines at most; the whole is in the hover card. */
const lineLength = { label: 22, words: 26, detail: 34 } as const;
const mostLines = 4;

/** A chain of the Service is called by what it is for, its name with the hash below, small. */
export function nodeText(node: FlowNode): NodeText {
  const { label, detail, role, condition, regardless = [], differs } = node;
  const style = labelStyle(node);
  const small = [role && label, node.members ? membersText(node) : detail];
  const told = small.filter(Boolean).join(l10n.t(', '));
  return {
    label: wrapText(labelText(node), lineLength[style], mostLines),
    detail: [
      ...(told ? wrapText(told, lineLength.detail, mostLines) : []),
      ...regardless.slice(0, 1).flatMap((text) => wrapText(text, lineLength.detail, mostLines)),
      ...(differs ? [l10n.t('\u26a0 not as by the dump')] : []),
      ...(condition ? wrapText(l10n.t('if {0}', condition), lineLength.detail, mostLines) : []),
    ],
  };
}

/** What a node is called: a chain of the Service by its role. */
export function labelText({ kind, label, role, members = [] }: FlowNode): string {
  if (kind === 'chains') return l10n.t('{0} chains', members.length);
  return role ? roleText(role) : label;
}

function membersText({ kind, detail, members = [] }: FlowNode): string {
  if (kind !== 'chains') return detail ?? '';
  // As many names as there is room for.
  const names = members.map(labelText);
  const text = list(names, 'row');
  if (text.length <= 2 * lineLength.detail) return text;
  let n = names.length - 1;
  while (n > 1 && list(names.slice(0, n), 'row').length > 2 * lineLength.detail) n--;
  return l10n.t('{0} and {1} more', list(names.slice(0, n), 'row'), names.length - n);
}

/** Where a line may end: between words, and inside one that is longer than a line. */
const betweenWords = /(?<=[\s\u3001\uff0c\uff1a])/;
const insideWords = /(?<=[/:.,-]|\p{Script=Han})/u;

/** Broken between words, a name that no line holds behind a sign in it; only the end is ever left out. */
function wrapText(text: string, length: number, most: number): readonly string[] {
  const lines: string[] = [''];
  const fits = (word: string) => (lines.at(-1)! + word).trimEnd().length <= length;
  const add = (part: string) => {
    if (fits(part)) lines[lines.length - 1] += part;
    else lines.push(part);
  };
  for (const word of text.split(betweenWords)) {
    if (word.trimEnd().length <= length) {
      add(word);
      continue;
    }
    for (const part of word.split(insideWords)) {
      for (let at = 0; at < part.length; at += length) add(part.slice(at, at + length));
    }
  }
  const shown = lines.slice(0, most);
  return lines.length > most ? [...shown.slice(0, -1), `${shown.at(-1)}\u2026`] : shown;
}

/** The text of one endpoint inside an expanded group. */
export function cellText({ label, share }: FlowNode): string {
  return share === undefined ? label : `${label}  ${percent(share)}`;
}

/** The height of a node's texts and badges, which stand below each other. */
export function contentHeight(node: FlowNode): number {
  const { label, detail } = nodeText(node);
  const badges = node.marks.length * (box.badge.height + box.badge.gap);
  return label.length * box.label + detail.length * box.detail + badges;
}

/**
 * The room a node takes; an expanded group shows its members in columns.
 *
 * @param widest Which it may take, where there is a limit.
 */
export function nodeSize(
  node: FlowNode,
  measure: Measure,
  expanded: boolean,
  widest = Infinity,
): Size {
  const { label, detail } = nodeText(node);
  const content = Math.max(
    ...label.map((line) => measure[labelStyle(node)](line)),
    ...detail.map((line) => measure.detail(line)),
    ...node.marks.map((mark) => measure.badge(badgeText(mark)) + 2 * box.badge.padding),
  );
  const height = 2 * box.top + contentHeight(node);
  const size = { width: Math.ceil(Math.max(content + textLeft(node) + box.right, 84)), height };
  if (!expanded || !node.members) return size;
  const cell = cellWidth(node.members, measure);
  const { columns, rows } = gridOf(node.members.length, cell, widest);
  return {
    width: Math.max(size.width, columns * (cell + box.cell.gap) + 2 * box.right),
    height: size.height + rows * (box.cell.height + box.cell.gap) + box.top,
  };
}

/** As wide as the longest text of a member. */
export function cellWidth(members: readonly FlowNode[], measure: Measure): number {
  const longest = members.reduce((best, one) => {
    const text = cellText(one);
    return text.length > best.length ? text : best;
  }, '');
  return Math.max(box.cell.width, Math.ceil(measure.detail(longest)) + 20);
}

/** About twice as many rows as columns, since a cell is wide and low. */
export function gridOf(
  members: number,
  cell: number,
  widest = Infinity,
): { columns: number; rows: number } {
  const fits = Math.floor((widest - 2 * box.right) / (cell + box.cell.gap));
  const wanted = Math.ceil(Math.sqrt(members / 8));
  const columns = Math.max(1, Math.min(8, wanted, fits));
  return { columns, rows: Math.ceil(members / columns) };
}
