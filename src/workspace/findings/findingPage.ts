import * as vscode from 'vscode';
import { pageOfFinding } from '../../core/findings/page';

/** What a finding means and how to mend it, in the reader's language where there is such a page. */
export function findingPage(extensionUri: vscode.Uri, code: string): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, pageOfFinding(code, vscode.env.language));
}
