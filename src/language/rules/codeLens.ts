import type * as vscode from 'vscode';
import type { DumpDocuments } from '../../workspace/dumpDocuments';
import type { NodeFindings } from '../findings/nodeFindings';
import type { FactsStore } from './facts';
import { lensesChange, lensesOf, resolveServiceLens } from '../serviceCodeLens';
import { serviceLenses } from './serviceLenses';

/** Lenses above Services. A class of its own for each, as VS Code resolves them one by one. */
export function codeLensProvider(
  facts: FactsStore,
  documents: DumpDocuments,
  findings: Pick<NodeFindings, 'of' | 'onDidFind'>,
): vscode.CodeLensProvider {
  return {
    onDidChangeCodeLenses: lensesChange(documents, findings),
    async provideCodeLenses(document, token) {
      const opened = await facts.open(document, token);
      if (!opened) return [];
      const checked = findings.of(document.uri);
      return serviceLenses(opened.dump, opened.facts).flatMap(({ line, service }) =>
        lensesOf(document.uri, line, service, checked),
      );
    },
    resolveCodeLens: resolveServiceLens,
  };
}
