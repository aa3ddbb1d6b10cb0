import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { openSample, placeOf } from './samples';

async function hoverText(document: vscode.TextDocument, text: string, after = ''): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    placeOf(document, text, after).translate(0, 1),
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
    .join('\n');
}

suite('the files of a node', () => {
  test('a hover on an address tells the pod, from the objects beside', async () => {
    const { document } = await openSample('kubernetes-1.36-iptables/node-a/iptables-save.txt');
    const text = await hoverText(document, '10.244.1.3:3000', '--to-destination 10.244.1.3');
    assert.match(text, /whoami/);
    assert.match(text, /on node\\-b/);
  });

  test('a hover on a ClusterIP tells whose it is', async () => {
    const { document } = await openSample('kubernetes-1.36-iptables/node-a/iptables-save.txt');
    assert.match(await hoverText(document, '10.99.205.136/32', '"default/whoami'), /ClusterIP/i);
  });
});
