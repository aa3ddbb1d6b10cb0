import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { openSample, placeOf, sampleUri, until } from './samples';

const sample = 'kubernetes-1.36-nftables';

/** The command of the lens whose title holds a text. */
function lensCommand(uri: vscode.Uri, title: string): Promise<vscode.Command> {
  return until(`the lens "${title}"`, async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      uri,
    );
    return lenses.find(({ command }) => command?.title.includes(title))?.command;
  });
}

function page(title: string): Promise<string> {
  return until(`the page "${title}"`, () =>
    vscode.workspace.textDocuments
      .find(({ uri }) => uri.scheme === 'kube-proxy-page' && uri.path.includes(title))
      ?.getText(),
  );
}

async function replace(document: vscode.TextDocument, after: string, from: string, to: string) {
  const start = placeOf(document, from, after);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(start, start.translate(0, from.length)), to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

suite('what would be', function () {
  // Packets are traced by the hundred.
  this.timeout(60_000);

  teardown(async () => {
    for (const { uri } of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
      await vscode.window.showTextDocument(uri);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
  });

  test('a lens above an edited Service leads to the graph as it would be', async () => {
    const { document } = await openSample(`${sample}/objects/services.yaml`);
    await replace(document, 'name: web\n', 'port: 80', 'port: 8080');
    const lens = await lensCommand(document.uri, 'Preview flow');
    assert.deepEqual(lens.arguments, [
      { uri: document.uri.toString(), namespace: 'default', service: 'web' },
    ]);
    const dump = sampleUri(`${sample}/node-a/nft-list-ruleset.txt`);
    const spec = { clusterIP: '10.96.7.7', clusterIPs: ['10.96.7.7'], ports: [{ port: 8080 }] };
    await vscode.commands.executeCommand('kubeProxyInspector.previewFlow', {
      uri: dump.toString(),
      objects: [{ kind: 'Service', metadata: { namespace: 'shop', name: 'new' }, spec }],
      service: 'shop/new',
    });
    const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    await until('the graph', () => tabs().some(({ label }) => label.includes('shop/new')));
  });

  test('packets that fare differently in nftables mode, as a page', async () => {
    const { document } = await openSample('kubernetes-1.36-iptables/node-a/iptables-save.txt');
    await vscode.commands.executeCommand('kubeProxyInspector.readyForNftables', document.uri);
    const text = await page('Ready for nftables');
    assert.match(text, /^\*\*\d+ of \d+ packets fare differently\.\*\*$/m);
    assert.match(text, /^### The node to the NodePort on localhost/m);
  });

  test('what an edited configuration changes, as a page', async () => {
    const { document } = await openSample(`${sample}/node-a/kube-proxy.config.yaml`);
    await replace(document, '', 'nodePortAddresses: null', 'nodePortAddresses: ["192.0.2.0/24"]');
    const lens = await lensCommand(document.uri, 'What changes');
    await vscode.commands.executeCommand(lens.command, ...((lens.arguments ?? []) as unknown[]));
    const text = await page('What changes on node-a');
    assert.match(text, /^### Outside to the NodePort/m);
    assert.match(text, /as edited: the node itself answers/);
    assert.doesNotMatch(text, /to the ClusterIP/);
  });
});
