import * as vscode from 'vscode';
import type { Work } from '../../core/work';
import type { DumpDocument } from '../../workspace/dumpDocument';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import { runInSlices } from '../../workspace/slices';
import { chainLabel } from './chainTitle';
import { nameRange } from './nameRange';

/** Above this many rules the outline holds tables and chains only. */
const rulesShown = 20_000;

/** The outline: table > chain > rule, chains named by their Service where that is known. */
export function symbolProvider(documents: DumpDocuments): vscode.DocumentSymbolProvider {
  return {
    async provideDocumentSymbols(document, token) {
      const dump = await documents.open(document, token);
      if (!dump) return [];
      return runInSlices(symbolsOf(dump), token);
    },
  };
}

function* symbolsOf(dump: DumpDocument): Work<vscode.DocumentSymbol[]> {
  const withRules = ruleCount(dump) <= rulesShown;
  const labels = labelsOf(dump);
  const symbols: vscode.DocumentSymbol[] = [];
  for (const table of dump.structure.tables.keys()) {
    symbols.push(yield* tableSymbol(dump, table, labels, withRules));
  }
  return symbols;
}

/** Of a chain by its number; each is worked out once, though thousands of rules may lead there. */
type Labels = (chain: number) => string;

function labelsOf(dump: DumpDocument): Labels {
  const known = new Map<number, string>();
  return (chain) => {
    const label = known.get(chain) ?? chainLabel(dump, chain);
    known.set(chain, label);
    return label;
  };
}

function ruleCount({ structure: { chains } }: DumpDocument): number {
  let count = 0;
  for (let chain = 0; chain < chains.count; chain++) count += chains.rules(chain).length;
  return count;
}

function* tableSymbol(
  dump: DumpDocument,
  number: number,
  labels: Labels,
  withRules: boolean,
): Work<vscode.DocumentSymbol> {
  const { structure, lines } = dump;
  const table = structure.tables[number]!;
  const dumpOfTable = structure.dumps.find((each) => each.tables.includes(table));
  const first = table.sections[0]!;
  const end = Math.max(first.end - 1, first.start);
  const head = first.tableLine ?? first.start;
  const symbol = new vscode.DocumentSymbol(
    table.name || vscode.l10n.t('(table not named)'),
    dumpOfTable?.program ?? '',
    vscode.SymbolKind.Namespace,
    new vscode.Range(first.start, 0, end, lines.line(end).length),
    new vscode.Range(head, 0, head, lines.line(head).length),
  );
  for (const chain of structure.chains.chainsOf(number)) {
    const child = yield* chainSymbol(dump, chain, labels, withRules);
    if (child) symbol.children.push(child);
  }
  return symbol;
}

function* chainSymbol(
  dump: DumpDocument,
  chain: number,
  labels: Labels,
  withRules: boolean,
): Work<vscode.DocumentSymbol | undefined> {
  yield;
  const { structure, lines, index } = dump;
  const { chains } = structure;
  const rules = chains.rules(chain);
  const declaration = chains.declaration(chain);
  // Breadcrumbs go by place: a chain is where its rules are.
  const first = rules[0] ?? declaration;
  if (first === undefined) return undefined;
  const last = rules[rules.length - 1] ?? first;
  const head = index.kind(first) === 'listing-rule' ? (declaration ?? first) : first;
  const symbol = new vscode.DocumentSymbol(
    labels(chain),
    ruleCountText(rules.length),
    vscode.SymbolKind.Function,
    new vscode.Range(head, 0, last, lines.line(last).length),
    nameRange(dump, chain, head),
  );
  for (const [i, line] of withRules ? rules.entries() : []) {
    yield;
    const text = lines.line(line);
    const range = new vscode.Range(line, 0, line, text.length);
    const called = chains.targetAt(line);
    const target = called === undefined ? index.names.text(index.target(line)) : labels(called);
    symbol.children.push(
      new vscode.DocumentSymbol(
        target ? `${i + 1} ${target}` : `${i + 1}`,
        summary(text, chains.name(chain)),
        vscode.SymbolKind.Property,
        range,
        range,
      ),
    );
  }
  return symbol;
}

function ruleCountText(count: number): string {
  return count === 1 ? vscode.l10n.t('1 rule') : vscode.l10n.t('{0} rules', count);
}

/** The rule without what the outline says already: `-d 10.96.0.1/32 -p tcp --dport 443`. */
function summary(text: string, chain: string): string {
  const at = text.indexOf(chain);
  const own = at < 0 ? text.trim() : text.slice(at + chain.length).trim();
  return own
    .replace(/ -m comment --comment (?:"(?:[^"\\]|\\.)*"|\S+)/, '')
    .replace(/ ?-j \S+$/, '');
}
