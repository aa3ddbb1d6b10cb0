import * as l10n from '@vscode/l10n';
import type { SourceRange } from '../../core/source';
import type { Work } from '../../core/work';
import type { DumpDocument } from '../../workspace/dumpDocument';
import { nameColumns } from './chainAt';
import { chainLabel } from './chainTitle';

/** A table with its chains, a chain with its rules, or a rule. */
export interface RulesOutline {
  readonly kind: 'table' | 'chain' | 'rule';
  readonly name: string;
  readonly detail: string;
  /** The first line, and the last that belongs to it. */
  readonly line: number;
  readonly last: number;
  /** What is selected of it: the table's line, the chain's name, the rule. */
  readonly head: Omit<SourceRange, 'source'>;
  readonly children: readonly RulesOutline[];
}

type OutlinedDump = Pick<DumpDocument, 'structure' | 'lines' | 'index'>;

/** Above this many rules the outline holds tables and chains only. */
const rulesShown = 20_000;

/** Table > chain > rule, chains named by their Service where that is known; may be left at every `yield`. */
export function* outlineOf(dump: OutlinedDump): Work<RulesOutline[]> {
  const withRules = ruleCount(dump) <= rulesShown;
  const labels = labelsOf(dump);
  const tables: RulesOutline[] = [];
  for (const table of dump.structure.tables.keys()) {
    tables.push(yield* tableItem(dump, table, labels, withRules));
  }
  return tables;
}

/** Of a chain by its number; each is worked out once, though thousands of rules may lead there. */
type Labels = (chain: number) => string;

function labelsOf(dump: OutlinedDump): Labels {
  const known = new Map<number, string>();
  return (chain) => {
    const label = known.get(chain) ?? chainLabel(dump, chain);
    known.set(chain, label);
    return label;
  };
}

function ruleCount({ structure: { chains } }: OutlinedDump): number {
  let count = 0;
  for (let chain = 0; chain < chains.count; chain++) count += chains.rules(chain).length;
  return count;
}

function* tableItem(
  dump: OutlinedDump,
  number: number,
  labels: Labels,
  withRules: boolean,
): Work<RulesOutline> {
  const { structure, lines } = dump;
  const table = structure.tables[number]!;
  const dumpOfTable = structure.dumps.find((each) => each.tables.includes(table));
  const first = table.sections[0]!;
  const head = first.tableLine ?? first.start;
  const children: RulesOutline[] = [];
  for (const chain of structure.chains.chainsOf(number)) {
    const child = yield* chainItem(dump, chain, labels, withRules);
    if (child) children.push(child);
  }
  return {
    kind: 'table',
    name: table.name || l10n.t('(table not named)'),
    detail: dumpOfTable?.program ?? '',
    line: first.start,
    last: Math.max(first.end - 1, first.start),
    head: { line: head, start: 0, end: lines.line(head).length },
    children,
  };
}

function* chainItem(
  dump: OutlinedDump,
  chain: number,
  labels: Labels,
  withRules: boolean,
): Work<RulesOutline | undefined> {
  yield;
  const { structure, lines, index } = dump;
  const { chains } = structure;
  const rules = chains.rules(chain);
  const declaration = chains.declaration(chain);
  // Breadcrumbs go by place: a chain is where its rules are.
  const first = rules[0] ?? declaration;
  if (first === undefined) return undefined;
  const line = index.kind(first) === 'listing-rule' ? (declaration ?? first) : first;
  const children: RulesOutline[] = [];
  for (const [i, at] of withRules ? rules.entries() : []) {
    yield;
    children.push(ruleItem(dump, chain, at, i + 1, labels));
  }
  return {
    kind: 'chain',
    name: labels(chain),
    detail: ruleCountText(rules.length),
    line,
    last: rules[rules.length - 1] ?? first,
    head: { line, ...nameColumns(structure, chain, line, lines.line(line)) },
    children,
  };
}

function ruleItem(
  { structure: { chains }, lines, index }: OutlinedDump,
  chain: number,
  line: number,
  number: number,
  labels: Labels,
): RulesOutline {
  const text = lines.line(line);
  const called = chains.targetAt(line);
  const target = called === undefined ? index.names.text(index.target(line)) : labels(called);
  return {
    kind: 'rule',
    name: target ? `${number} ${target}` : `${number}`,
    detail: summary(text, chains.name(chain)),
    line,
    last: line,
    head: { line, start: 0, end: text.length },
    children: [],
  };
}

function ruleCountText(count: number): string {
  return count === 1 ? l10n.t('1 rule') : l10n.t`${count} rules`;
}

/** The rule without what the outline says already: `-d 10.96.0.1/32 -p tcp --dport 443`. */
function summary(text: string, chain: string): string {
  const at = text.indexOf(chain);
  const own = at < 0 ? text.trim() : text.slice(at + chain.length).trim();
  return own
    .replace(/ -m comment --comment (?:"(?:[^"\\]|\\.)*"|\S+)/, '')
    .replace(/ ?-j \S+$/, '');
}
