import * as vscode from 'vscode';
import { kindOf } from '../syntax/dumps/kinds';
import { dumpKind } from '../syntax/dumps/recognize';
import { setting } from '../workspace/setting';

/** Enough to see what a text is: a header, a shell prompt, some rules. */
export const headLength = 4096;

/**
 * Prose may hold a line like `default via 192.168.77.1`, so these dumps have to begin as such: with
 * a prompt and a blank line before, at the most.
 */
const beginning = 4;

/** The language of the dump that a text plainly is, by its beginning. */
export function languageOf(head: string): string | undefined {
  const language = kindOf(dumpKind('', head))?.language;
  if (language === undefined || language === 'iptables-save' || language === 'nft-listing') {
    return language;
  }
  const first = head.split('\n', beginning).join('\n');
  return kindOf(dumpKind('', first))?.language;
}

/**
 * Gives a plain text document the language of the dump that it plainly is: pasted into an untitled
 * editor, or opened under a name that tells nothing. The setting turns it off.
 */
export function detectLanguage(): vscode.Disposable {
  /** Whoever sets a text back to Plain Text means it. */
  const switched = new WeakSet<vscode.TextDocument>();
  const consider = async (document: vscode.TextDocument) => {
    if (document.languageId !== 'plaintext' || switched.has(document)) return;
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
