import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** The address of a file of samples/, the folder that the tests run on. */
export function sampleUri(path: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'a folder is open');
  return vscode.Uri.joinPath(folder.uri, path);
}

/** Opens a file of samples/ in an editor. */
export async function openSample(path: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(sampleUri(path));
}

/** Takes a snapshot or bundle out of the view again: manifests of other suites would be compared with it. */
export async function closeSnapshot(folder: string): Promise<void> {
  await vscode.commands.executeCommand('kubeProxyInspector.closeSnapshot', {
    target: { kind: 'cluster', folder },
  });
}

/** The place of the first `text` after a line that holds `after`. */
export function placeOf(document: vscode.TextDocument, text: string, after = ''): vscode.Position {
  const whole = document.getText();
  const at = whole.indexOf(text, whole.indexOf(after));
  assert.ok(at >= 0, `${text} after ${after}`);
  return document.positionAt(at);
}

/** What `look` finds, as soon as it finds something. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + 15_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    assert.ok(Date.now() < end, `${what} within 15 s`);
    await new Promise((soon) => setTimeout(soon, 100));
  }
}

/** Waits until a text has been recognised: VS Code opens it anew, in its language. */
export async function becomes(uri: vscode.Uri, language: string): Promise<void> {
  const now = () =>
    vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  await until(`${language} is recognised`, () => now()?.languageId === language);
}
