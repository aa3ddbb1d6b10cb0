import * as vscode from 'vscode';
import type { Finding, Severity } from '../core/finding';

/** Long enough that typing is not followed by a flicker of squiggles, in milliseconds. */
const quietMs = 400;

/** What the Problems view shows of open documents: anew whenever one of them rests from edits. */
export class DocumentProblems implements vscode.Disposable {
  private readonly collection: vscode.DiagnosticCollection;
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly listening: vscode.Disposable;

  /**
   * @param name of the collection: not shown
   * @param selector which documents are looked at
   * @param show looks at one, and calls `set` with what it finds, once or more often
   */
  constructor(
    name: string,
    private readonly selector: vscode.DocumentSelector,
    private readonly show: (document: vscode.TextDocument, set: SetProblems) => Promise<void>,
  ) {
    this.collection = vscode.languages.createDiagnosticCollection(name);
    this.listening = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument((document) => this.later(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.later(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        clearTimeout(this.timers.get(uri.toString()));
        this.timers.delete(uri.toString());
        this.collection.delete(uri);
      }),
    );
    this.all();
  }

  all(): void {
    for (const document of vscode.workspace.textDocuments) this.later(document);
  }

  /** @param wait in milliseconds: the looks that are asked for within it are one */
  later(document: vscode.TextDocument, wait = quietMs): void {
    if (vscode.languages.match(this.selector, document) === 0) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        void this.show(document, (found) => {
          if (!document.isClosed) this.collection.set(document.uri, found);
        });
      }, wait),
    );
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    vscode.Disposable.from(this.listening, this.collection).dispose();
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

/** Where a finding's range is in its document. */
export function rangeOf({ line, start, end }: Finding['range']): vscode.Range {
  return new vscode.Range(line, start, line, end);
}
