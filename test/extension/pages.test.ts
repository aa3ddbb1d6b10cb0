import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { openSample, sampleUri, until } from './samples';

/** The columns that have a page open, once for each of its tabs. */
function pageColumns(): readonly vscode.ViewColumn[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs, viewColumn }) =>
    tabs
      .filter(
        ({ input }) =>
          input instanceof vscode.TabInputCustom && input.uri.scheme === 'kube-proxy-page',
      )
      .map(() => viewColumn),
  );
}

suite('pages in Markdown', function () {
  this.timeout(120_000);

  test('stand in one column beside the text, asked again or for another one', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const { document } = await openSample('kubernetes-1.36-iptables/node-a/iptables-save-c.txt');
    const ask = (name: string, argument: unknown) =>
      vscode.commands.executeCommand(`kubeProxyInspector.${name}`, argument);
    await ask('whatIsWrong', document.uri);
    await until('the page beside', () => pageColumns().join() === '2');
    // The page has the focus now.
    await ask('whatIsWrong', document.uri);
    assert.deepEqual(pageColumns(), [2]);
    await ask('copyWhatIsWrong', undefined);
    assert.match(await vscode.env.clipboard.readText(), /^# What is wrong here\? node-a/);
    const other = sampleUri('kubernetes-1.36-iptables/node-b/iptables-save-c.txt');
    await ask('compare', { uris: [document.uri.toString(), other.toString()] });
    await until('the second page', () => pageColumns().join() === '2,2');
    const { activeTab } = vscode.window.tabGroups.all[0]!;
    assert.ok(activeTab?.input instanceof vscode.TabInputTextDiff);
  });
});
