import * as vscode from 'vscode';

export interface Looks {
  /** Looks at a document that rested from edits. */
  readonly look: (document: vscode.TextDocument) => void;
  /** Forgets one that was closed. */
  readonly closed: (document: vscode.TextDocument) => void;
  /** Long enough that typing is not followed by a flicker of squiggles, in milliseconds. */
  readonly quietMs: number;
}

/** Looks at each open document of a kind: now, when another is opened, and whenever one rests from edits. */
export class RestingDocuments implements vscode.Disposable {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly listening: vscode.Disposable;

  /** @param selector which documents are looked at */
  constructor(
    private readonly selector: vscode.DocumentSelector,
    private readonly looks: Looks,
  ) {
    this.listening = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument((document) => this.later(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.later(document)),
      vscode.workspace.onDidCloseTextDocument((document) => {
        clearTimeout(this.timers.get(document.uri.toString()));
        this.timers.delete(document.uri.toString());
        looks.closed(document);
      }),
    );
    this.all();
  }

  /** Looks at all that are open, once they rest. */
  all(): void {
    for (const document of vscode.workspace.textDocuments) this.later(document);
  }

  /** @param wait in milliseconds: the looks that are asked for within it are one */
  later(document: vscode.TextDocument, wait = this.looks.quietMs): void {
    if (vscode.languages.match(this.selector, document) === 0) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        this.looks.look(document);
      }, wait),
    );
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.listening.dispose();
  }
}
