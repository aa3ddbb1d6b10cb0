import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { openSample } from './samples';

/** Waits for a finding with a code in the Problems of a file. */
async function diagnosticOf(uri: vscode.Uri, code: string): Promise<vscode.Diagnostic> {
  for (;;) {
    const found = vscode.languages
      .getDiagnostics(uri)
      .find((one) => typeof one.code === 'object' && one.code.value === code);
    if (found) return found;
    await new Promise<void>((resolve) => {
      const listening = vscode.languages.onDidChangeDiagnostics(() => {
        listening.dispose();
        resolve();
      });
    });
  }
}

suite('findings of a node', () => {
  test('opening one dump shows what is found in another, with its page', async () => {
    const { document } = await openSample('kubernetes-1.36-ipvs/node-a/iptables-save.txt');
    const servers = vscode.Uri.joinPath(document.uri, '..', 'ipvsadm-Ln.txt');
    const found = await diagnosticOf(servers, 'virtual-server-without-real-server');
    assert.match(found.message, /has no real server/);
    const page = (found.code as { target: vscode.Uri }).target;
    const text = Buffer.from(await vscode.workspace.fs.readFile(page)).toString();
    assert.match(text, /## How to mend/);
  });

  test('"What Is Wrong Here?" is a page in Markdown, which can be copied', async () => {
    await openSample('kubernetes-1.36-ipvs/node-a/iptables-save.txt');
    await vscode.commands.executeCommand('kubeProxyInspector.copyWhatIsWrong');
    const text = await vscode.env.clipboard.readText();
    assert.match(text, /^# What is wrong here\? node-a/);
    assert.match(
      text,
      /Is this node in ipvs mode, and do its parts agree\?\n\nYes: 104 virtual servers/,
    );
    assert.match(text, /## Ready for 1\.40\?/);
  });
});
