import { l10n } from '../l10n';
import { hex } from '../hex';
import type { FlowGraph, FlowNode, FlowNodeKind, MarkBadge } from './graph';
import { groupEndpoints } from './group';
import { plainText } from '../plainText';
import { entryTexts, type EntryText } from './words/textTree';
import { verdictText } from './words/verdictText';
import { list } from '../list';

/** All of the graph, for programs; ends in a newline. */
export function toJson(graph: FlowGraph): string {
  return `${JSON.stringify(graph, undefined, 2)}\n`;
}

/**
 * A tree of the walk for a ticket: the verdict, what it is of, each entry with its outcome and the
 * way of its packets.
 */
export function toText(graph: FlowGraph): string {
  const lines = [verdictText(graph.verdict), graph.header];
  for (const warning of graph.warnings) lines.push(`! ${warning}`);
  for (const entry of entryTexts(graph)) {
    lines.push('', headOf(entry), ...entry.tree.map((line) => `  ${line}`));
    if (entry.source) lines.push(`  => ${entry.source}`);
  }
  if (graph.assumptions.length > 0) {
    lines.push('', l10n.t`Assumed:`, ...graph.assumptions.map((text) => `  ${text}`));
  }
  return `${lines.map(plainText).join('\n')}\n`;
}

/** `Pod on this node (10.244.0.250 → 10.99.205.136:3000): delivered 3 × 33.3 %, by nat KUBE-SERVICES rule 8`. */
function headOf({ label, packet, outcomes, reasons }: EntryText): string {
  const who = packet ? `${label} (${packet})` : label;
  return `${who}: ${[list(outcomes, 'or'), ...reasons].filter(Boolean).join(l10n.t`, `)}`;
}

/** The same as Markdown: a table of who asks, and the walks as they are. */
export function toMarkdown(graph: FlowGraph): string {
  const entries = entryTexts(graph);
  const rows = entries.map(({ label, packet, outcomes, reasons, source }) =>
    [label, packet, list(outcomes, 'or'), reasons.join(l10n.t`; `), source ?? '']
      .map(cellText)
      .join(' | '),
  );
  const trees = entries.flatMap(({ label, tree }) => [label, ...tree.map((line) => `  ${line}`)]);
  const lines = [
    `**${markdownText(verdictText(graph.verdict))}**`,
    '',
    markdownText(graph.header),
    '',
    ...graph.warnings.map((warning) => `- ${markdownText(warning)}`),
    ...(graph.warnings.length > 0 ? [''] : []),
    l10n.t`| From | Packet | Outcome | Why | Source |`,
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
    '```text',
    // A fence in a comment of the dump would end ours.
    ...trees.map((line) => plainText(line).replaceAll('```', "'''")),
    '```',
    ...(graph.assumptions.length > 0 ? ['', l10n.t`Assumed:`, ''] : []),
    ...graph.assumptions.map((text) => `- ${markdownText(text)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function cellText(text: string): string {
  return markdownText(text) || ' ';
}

/** Its signs stay signs: no link, no markup, no other cell. */
function markdownText(text: string): string {
  return plainText(text).replaceAll(/[\\`*_[\]<>|~#]/g, (char) => `\\${char}`);
}

/** Shapes of Mermaid's flowchart, by what stands before and behind the text. */
const shapes: Readonly<Partial<Record<FlowNodeKind, readonly [string, string]>>> = {
  entry: ['([', '])'],
  exit: ['([', '])'],
  stray: ['([', '])'],
  drop: ['{{', '}}'],
  reject: ['{{', '}}'],
  unknown: ['[/', '/]'],
  group: ['[[', ']]'],
};

/** A Mermaid flowchart; many endpoints are grouped. */
export function toMermaid(graph: FlowGraph): string {
  const { nodes, edges } = groupEndpoints(graph, 'share');
  const names = new Map(nodes.map((node, i) => [node.id, `n${i}`]));
  const lines = ['---', `title: ${JSON.stringify(plainText(graph.header))}`, '---', 'flowchart LR'];
  for (const node of nodes) {
    const [before, behind] = shapes[node.kind] ?? ['[', ']'];
    lines.push(`  ${names.get(node.id)}${before}"${mermaidLabel(node)}"${behind}`);
  }
  for (const edge of edges) {
    const from = names.get(edge.from);
    const to = names.get(edge.to);
    if (!from || !to) continue;
    const text = [edge.label, ...edge.marks.map(badge)].filter(Boolean).join(' ');
    const arrow = edge.unknown === undefined ? '-->' : '-.->';
    lines.push(`  ${from} ${arrow}${text ? `|"${mermaidText(text)}"|` : ''} ${to}`);
  }
  const bad = nodes.filter(({ kind }) => kind === 'drop' || kind === 'reject');
  if (bad.length > 0) {
    lines.push(`  classDef bad stroke:#c00,stroke-width:2px`);
    lines.push(`  class ${bad.map(({ id }) => names.get(id)).join(',')} bad`);
  }
  return `${lines.join('\n')}\n`;
}

function mermaidLabel({ label, detail, marks }: FlowNode): string {
  return [label, ...(detail ? [detail] : []), ...marks.map(badge)].map(mermaidText).join('<br>');
}

function badge({ action, bits }: MarkBadge): string {
  return `${action} ${hex(bits)}`;
}

/** Mermaid reads markup and its own syntax in labels: all but plain characters become entities. */
function mermaidText(text: string): string {
  return plainText(text).replaceAll(/[^\w .,:/%@+-]/gu, (char) => `#${char.codePointAt(0)};`);
}
