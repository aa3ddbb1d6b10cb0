import * as vscode from 'vscode';
import { languageOf } from '../syntax/dumps/language';
import { setting } from '../workspace/setting';
import { headLength } from '../syntax/dumps/recognize';

/** Of `*.log` VS Code knows that somebody logged something. */
const unknownLanguages: ReadonlySet<string> = new Set(['plaintext', 'log']);

/**
 * Gives a plain text document the language of the dump that it plainly is: pasted into an untitled
 * editor, or opened under a name that tells nothing. The setting turns it off.
 */
export function detectLanguage(): vscode.Disposable {
  /** Whoever sets a text back to Plain Text means it. */
  const switched = new WeakSet<vscode.TextDocument>();
  const consider = async (document: vscode.TextDocument) => {
    if (!unknownLanguages.has(document.languageId) || switched.has(document)) return;
    if (!setting('detectLanguage', true, document)) return;
    const head = document.getText(new vscode.Range(0, 0, 60, 0)).slice(0, headLength);
    const language = languageOf(head);
    if (language === undefined) return;
    switched.add(document);
    await vscode.languages.setTextDocumentLanguage(document, language);
  };
  vscode.workspace.textDocuments.forEach((document) => void consider(document));
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument((document) => void consider(document)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.isUntitled) void consider(document);
    }),
  );
}
