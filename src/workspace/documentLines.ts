import type * as vscode from 'vscode';
import type { Lines } from '../syntax/textLines';

/** A document's lines as they are now. */
export function documentLines(document: vscode.TextDocument): Lines {
  return {
    get count() {
      return document.lineCount;
    },
    line: (i) => (i >= 0 && i < document.lineCount ? document.lineAt(i).text : ''),
  };
}
