import * as vscode from 'vscode';
import type { Finding, Severity } from '../core/finding';
import { RestingDocuments } from './restingDocuments';

const quietMs = 400;

/** What the Problems view shows of open documents: anew whenever one of them rests from edits. */
export class DocumentProblems implements vscode.Disposable {
  private readonly collection: vscode.DiagnosticCollection;
  private readonly documents: RestingDocuments;

  /**
   * @param name of the collection: not shown
   * @param selector which documents are looked at
   * @param show looks at one, and calls `set` with what it finds, once or more often
   */
  constructor(
    name: string,
    selector: vscode.DocumentSelector,
    show: (document: vscode.TextDocument, set: SetProblems) => Promise<void>,
  ) {
    const collection = vscode.languages.createDiagnosticCollection(name);
    this.collection = collection;
    this.documents = new RestingDocuments(selector, {
      quietMs,
      look: (document) => {
        void show(document, (found) => {
          if (!document.isClosed) collection.set(document.uri, found);
        });
      },
      closed: ({ uri }) => collection.delete(uri),
    });
  }

  all(): void {
    this.documents.all();
  }

  /** @param wait in milliseconds: the looks that are asked for within it are one */
  later(document: vscode.TextDocument, wait = quietMs): void {
    this.documents.later(document, wait);
  }

  dispose(): void {
    vscode.Disposable.from(this.documents, this.collection).dispose();
  }
}

export type SetProblems = (found: readonly vscode.Diagnostic[]) => void;

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

/** A finding as the Problems view shows it. */
export function problemAt(
  range: vscode.Range,
  { severity, code, message }: Pick<Finding, 'severity' | 'code' | 'message'>,
): vscode.Diagnostic {
  const problem = new vscode.Diagnostic(range, message, severities[severity]);
  problem.source = 'Kube-Proxy Inspector';
  problem.code = code;
  return problem;
}
