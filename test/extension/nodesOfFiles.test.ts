import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { sampleUri, until } from './samples';

suite('files whose names do not tell their nodes', () => {
  let folder: string | undefined;

  suiteTeardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    if (folder) await rm(folder, { recursive: true });
  });

  test('the nodes that are proposed count once they are taken', async () => {
    folder = await mkdtemp(join(tmpdir(), 'kube-proxy-flat-'));
    const from = (name: string) => sampleUri(`kubernetes-1.36-ipvs/node-a/${name}`).fsPath;
    for (const number of [1, 2]) {
      await cp(from('iptables-save.txt'), join(folder, `rules${number}.txt`));
      await cp(from('ip-addr.txt'), join(folder, `hosts${number}.txt`));
    }
    const dump = vscode.Uri.file(join(folder, 'rules1.txt'));
    await vscode.window.showTextDocument(dump);
    const uri = dump.toString();
    const nodeInReport = async () => {
      await vscode.commands.executeCommand('kubeProxyInspector.copyWhatIsWrong', { uri });
      return vscode.env.clipboard.readText();
    };
    assert.doesNotMatch(await nodeInReport(), /node-1/);
    let answered = false;
    const setting = vscode.commands.executeCommand('kubeProxyInspector.setNode');
    void setting.then(() => (answered = true));
    // The first choice takes all proposals.
    await until('the answer', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return answered;
    });
    assert.match(await nodeInReport(), /node-1/);
  });
});
