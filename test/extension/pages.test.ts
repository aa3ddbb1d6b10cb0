import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { openSample, sampleUri, until } from './samples';

/** The pages in tabs. */
function pages(): readonly vscode.Uri[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) =>
    tabs.flatMap((tab) => pageIn(tab) ?? []),
  );
}

/** The columns that have a page open, once for each of its tabs. */
function pageColumns(): readonly vscode.ViewColumn[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs, viewColumn }) =>
    tabs.filter(pageIn).map(() => viewColumn),
  );
}

function pageIn({ input }: vscode.Tab): vscode.Uri | undefined {
  const isPage = input instanceof vscode.TabInputCustom && input.uri.scheme === 'kube-proxy-page';
  return isPage ? input.uri : undefined;
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

  test('a node of the same name: its own page, at an address that the preview drew nothing of', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const addresses = new Set<string>();
    for (const mode of ['iptables', 'ipvs', 'nftables']) {
      const dump = sampleUri(`kubernetes-1.36-${mode}/node-a/ip-addr.txt`);
      await vscode.commands.executeCommand('kubeProxyInspector.whatIsWrong', dump);
      const [page, ...others] = pages();
      assert.ok(page && others.length === 0, `${others.length + 1} pages`);
      const text = (await vscode.workspace.openTextDocument(page)).getText();
      assert.match(text, new RegExp(`kube-proxy runs in ${mode} mode`));
      addresses.add(page.toString());
    }
    assert.equal(addresses.size, 3);
  });
});
