import * as vscode from 'vscode';

/** Asks in a dialog before something that is not to happen unasked. False where it is closed. */
export async function confirm(question: string, detail: string, action: string): Promise<boolean> {
  const options = { modal: true, detail };
  return (await vscode.window.showWarningMessage(question, options, action)) === action;
}
