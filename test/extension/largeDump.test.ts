import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';

/** As many chains and rules as a few thousand Services have. */
function largeDump(chains: number): string {
  const names = Array.from({ length: chains }, (_, i) => `KUBE-SVC-${String(i).padStart(16, 'A')}`);
  return [
    '*nat',
    ...names.map((name) => `:${name} - [0:0]`),
    ...names.map((name) => `-A ${name} -m comment --comment "default/web" -j RETURN`),
    'COMMIT',
  ].join('\n');
}

suite('a large dump', () => {
  const count = 20_000;

  /** The line that declares the chain of the last rule. */
  const lastDeclaration = async ({ uri, lineCount }: vscode.TextDocument) => {
    const [link] = await vscode.commands.executeCommand<vscode.LocationLink[]>(
      'vscode.executeDeclarationProvider',
      uri,
      new vscode.Position(lineCount - 2, '-A KUBE'.length),
    );
    return link?.targetRange.start.line;
  };

  test('edits while it is read: the answer is that of the text as it is then', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'iptables-save',
      content: largeDump(count),
    });
    const asked = [lastDeclaration(document)];
    for (const name of ['FIRST', 'SECOND', 'THIRD']) {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(1, 0), `:${name} - [0:0]\n`);
      await vscode.workspace.applyEdit(edit);
      asked.push(lastDeclaration(document));
    }
    const answers = await Promise.all(asked);
    assert.equal(answers.at(-1), count + 3);
    // Who asked before is answered by a text of then or later, in which the same line is a chain's
    // that is declared as far above: or not at all, but never by half of one and half of another.
    for (const [edits, line] of answers.entries()) {
      if (line !== undefined) assert.equal(line, count + edits);
    }
  });
});
