import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { NftDocument, NftDocuments } from '../../workspace/nftDocuments';

/** How long after the last key press a text is looked at again, in milliseconds. */
const rest = 400;

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
} as const;

/** Shows what is wrong with open listings: their shape, and names that nothing declares. */
export function showNftFindings(documents: NftDocuments): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('nft-listing');
  const timers = new Map<string, NodeJS.Timeout>();
  const show = async (document: vscode.TextDocument) => {
    const listing = await documents.open(document);
    if (listing) collection.set(document.uri, [...shapeOf(listing), ...undeclared(listing)]);
  };
  const plan = (document: vscode.TextDocument) => {
    if (document.languageId !== 'nft-listing') return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => void show(document), rest),
    );
  };
  vscode.workspace.textDocuments.forEach(plan);
  return vscode.Disposable.from(
    collection,
    vscode.workspace.onDidOpenTextDocument(plan),
    vscode.workspace.onDidChangeTextDocument(({ document }) => plan(document)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      clearTimeout(timers.get(uri.toString()));
      collection.delete(uri);
    }),
    new vscode.Disposable(() => timers.forEach((timer) => clearTimeout(timer))),
  );
}

function shapeOf({ ruleset }: NftDocument): vscode.Diagnostic[] {
  return ruleset.findings.map(({ severity, code, message, range }) => {
    const place = new vscode.Range(range.line, range.start, range.line, range.end);
    return diagnostic(place, message, severities[severity], code);
  });
}

/** In a table that is there as a whole, a name that no line declares: nft would not load it. */
function undeclared({ blocks, names, lines }: NftDocument): vscode.Diagnostic[] {
  const found: vscode.Diagnostic[] = [];
  for (const table of blocks.tables) {
    if (!table.complete) continue;
    for (const { kind, name, uses } of names.undeclared(table)) {
      for (const { line, start, end } of uses) {
        if (found.length >= 100 || start >= lines.line(line).length) return found;
        const message =
          kind === 'chain'
            ? l10n.t`The table has no chain ${name}.`
            : l10n.t`The table has no set or map ${name}.`;
        const place = new vscode.Range(line, start, line, end);
        found.push(
          diagnostic(place, message, vscode.DiagnosticSeverity.Warning, 'name-not-declared'),
        );
      }
    }
  }
  return found;
}

function diagnostic(
  range: vscode.Range,
  message: string,
  severity: vscode.DiagnosticSeverity,
  code: string,
): vscode.Diagnostic {
  const made = new vscode.Diagnostic(range, message, severity);
  made.source = 'Kube-Proxy Inspector';
  made.code = code;
  return made;
}
