import { hex } from './format';
import type { FlowGraph, FlowNode, FlowNodeKind, FlowStep, MarkBadge } from './graph';
import { groupEndpoints } from './group';

/** All of the graph, for programs; ends in a newline. */
export function toJson(graph: FlowGraph): string {
  return `${JSON.stringify(graph, undefined, 2)}\n`;
}

/** The header, the warnings, each entry with its steps, and what is assumed: what the list beside the graph says. */
export function toText(graph: FlowGraph): string {
  const lines = [graph.header];
  for (const warning of graph.warnings) lines.push(`! ${warning}`);
  for (const entry of graph.entries) {
    const detail = graph.nodes.find(({ id }) => id === entry.node)?.detail;
    lines.push('', [entry.label, detail].filter(Boolean).join(': '));
    for (const step of entry.steps) lines.push(stepLine(step));
    if (entry.source) lines.push(`  => ${entry.source}`);
  }
  if (graph.assumptions.length > 0) {
    lines.push('', 'Assumed:', ...graph.assumptions.map((text) => `  ${text}`));
  }
  return `${lines.map(oneLine).join('\n')}\n`;
}

function stepLine(step: FlowStep): string {
  const rule = step.rule === undefined ? '' : `rule ${step.rule}`;
  const place = [step.hook, step.table, step.chain, rule].filter(Boolean).join(' ');
  const about = step.about ? ` (${step.about})` : '';
  const moved = step.markAfter !== undefined && step.markAfter !== step.markBefore;
  const mark = moved ? `  mark ${hex(step.markBefore ?? 0)} -> ${hex(step.markAfter!)}` : '';
  return `${'  '.repeat(step.depth + 1)}${place ? `[${place}] ` : ''}${step.text}${about}${mark}`;
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
  const lines = ['---', `title: ${JSON.stringify(oneLine(graph.header))}`, '---', 'flowchart LR'];
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
  return oneLine(text).replaceAll(/[^\w .,:/%@+-]/gu, (char) => `#${char.codePointAt(0)};`);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}
