import { l10n } from '../../l10n';
import { percent } from '../../percent';
import type { FlowEdge, FlowEntry, FlowGraph, FlowNode } from '../graph';
import { groupEndpoints } from '../group';
import { outcomeReason, outcomeText } from './verdictText';
import { append } from '../../append';

/** One who asks, with the tree of its packets' ways. */
export interface EntryText {
  readonly label: string;
  /** `10.244.0.250 → 10.99.205.136:3000`. */
  readonly packet: string;
  /** `delivered 3 × 33.3 %`, the worst first. */
  readonly outcomes: readonly string[];
  /** What did it: `by nat KUBE-SERVICES rule 8`. */
  readonly reasons: readonly string[];
  /** What becomes of the source. */
  readonly source: string | undefined;
  /** The walk, a line for each stretch between forks, indented by two blanks a fork. */
  readonly tree: readonly string[];
}

/** The walks of all entries; one that ends as an earlier one did says so in a word. */
export function entryTexts(whole: FlowGraph): readonly EntryText[] {
  const graph = groupEndpoints(whole, 'share');
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const told = new Map<string, string>();
  return graph.entries.map((entry) => {
    const { label, outcomes, source } = entry;
    return {
      label,
      packet: nodes.get(entry.node)?.detail ?? '',
      outcomes: outcomes.map((one) => outcomeText(one)),
      reasons: outcomes.map((one) => outcomeReason(one)).filter((text) => text !== ''),
      source,
      tree: treeOf(entry, nodes, graph.edges, told),
    };
  });
}

function treeOf(
  entry: FlowEntry,
  nodes: ReadonlyMap<string, FlowNode>,
  edges: readonly FlowEdge[],
  told: Map<string, string>,
): readonly string[] {
  const own = new Set(entry.edges);
  const next = new Map<string, FlowEdge[]>();
  for (const edge of edges) if (own.has(edge.id)) append(next, edge.from, edge);
  const walk: Walk = { nodes, next, rules: lastRules(entry), passed: new Set() };
  const open: { readonly id: string; readonly depth: number; readonly lead: string }[] = [];
  const goOn = (id: string, depth: number) => {
    for (const { to, share, id: edge } of [...(next.get(id) ?? [])].reverse()) {
      const part = entry.shares[edge] ?? share;
      open.push({ id: to, depth, lead: part === undefined ? '' : percent(part) });
    }
  };
  goOn(entry.node, 0);
  const forks = open.length > 1;
  const lines: string[] = [];
  for (let at = open.pop(); at; at = open.pop()) {
    const { names, end } = stretchFrom(at.id, walk);
    const line = (...more: readonly string[]) =>
      '  '.repeat(at.depth + (forks ? 1 : 0)) + [...names, ...more].join(' \u2192 ');
    if (!end) lines.push(line());
    else if (isEnd(end)) lines.push(line(endText(end, at.depth > 0 || forks ? at.lead : '')));
    else {
      const head = line(nameOf(end, new Map()));
      const ends = endsOf(end.id, next, entry);
      const asBefore = told.get(end.id) === ends;
      lines.push(asBefore ? l10n.t`${head} \u2192 as above` : head);
      if (asBefore) continue;
      told.set(end.id, ends);
      goOn(end.id, at.depth + 1);
    }
  }
  return lines;
}

interface Walk {
  readonly nodes: ReadonlyMap<string, FlowNode>;
  readonly next: ReadonlyMap<string, readonly FlowEdge[]>;
  readonly rules: ReadonlyMap<string, number>;
  /** The nodes that stand in a line before. */
  readonly passed: Set<string>;
}

/** The names up to where the way ends or forks: `end`, undefined where it comes to a line before. */
function stretchFrom(
  first: string,
  { nodes, next, rules, passed }: Walk,
): { readonly names: readonly string[]; readonly end: FlowNode | undefined } {
  const names: string[] = [];
  for (let id = first; ;) {
    const node = nodes.get(id)!;
    const again = passed.has(id);
    passed.add(id);
    if (isEnd(node)) return { names, end: node };
    if (again) return { names: [...names, l10n.t`${node.label} (as above)`], end: undefined };
    const [way, ...others] = next.get(id) ?? [];
    if (!way || others.length > 0) return { names, end: node };
    names.push(nameOf(node, rules));
    id = way.to;
  }
}

/** Where the ways from a fork lead, and with which shares: the same for entries that fare alike. */
function endsOf(id: string, next: ReadonlyMap<string, readonly FlowEdge[]>, entry: FlowEntry) {
  return (next.get(id) ?? []).map((edge) => `${edge.id} ${entry.shares[edge.id]}`).join('\n');
}

/** Behind an endpoint the source may be rewritten: that is told once for the entry. */
function isEnd({ kind }: FlowNode): boolean {
  return !['entry', 'hook', 'chain', 'chains', 'set', 'virtual-server'].includes(kind);
}

function endText({ label, detail, condition, regardless = [] }: FlowNode, lead: string): string {
  const about = detail ? ` (${detail})` : '';
  const either = regardless.map((text) => `, ${text}`).join('');
  const sure = condition ? l10n.t`, if ${condition}` : '';
  const share = lead === '' ? '' : `, ${lead}`;
  return `${label}${share}${about}${either}${sure}`;
}

function nameOf(
  { kind, label, detail, regardless = [] }: FlowNode,
  rules: ReadonlyMap<string, number>,
): string {
  const table = kind === 'hook' && detail ? `${detail} ` : '';
  const rule = rules.get(`${detail} ${label}`);
  const either = regardless.length > 0 ? ` (${regardless.join(l10n.t`; `)})` : '';
  return `${table}${label}${rule === undefined ? '' : l10n.t` rule ${rule}`}${either}`;
}

/** By table and chain: the last rule that all packets of the entry meet there. */
function lastRules({ steps }: FlowEntry): ReadonlyMap<string, number> {
  const rules = new Map<string, number>();
  for (const { depth, table, chain, rule } of steps) {
    if (depth === 0 && chain && rule !== undefined) rules.set(`${table} ${chain}`, rule);
  }
  return rules;
}
