import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { openSample, sampleUri } from './samples';

/** The finding with a code in the Problems of a file; undefined where there is none. */
function findingIn(uri: vscode.Uri, code: string): vscode.Diagnostic | undefined {
  return vscode.languages
    .getDiagnostics(uri)
    .find((one) => typeof one.code === 'object' && one.code.value === code);
}

/** Waits for a finding with a code in the Problems of a file. */
async function diagnosticOf(uri: vscode.Uri, code: string): Promise<vscode.Diagnostic> {
  for (;;) {
    const found = findingIn(uri, code);
    if (found) return found;
    await nextProblems();
  }
}

/** Waits until a file has no finding with a code. */
async function goneFrom(uri: vscode.Uri, code: string): Promise<void> {
  while (findingIn(uri, code)) await nextProblems();
}

/** Until the Problems view changes. */
function nextProblems(): Promise<void> {
  return new Promise((resolve) => {
    const listening = vscode.languages.onDidChangeDiagnostics(() => {
      listening.dispose();
      resolve();
    });
  });
}

suite('findings of a node', () => {
  test('a stale endpoint is told with its reason, until the objects have it again', async function () {
    this.timeout(120_000);
    const folder = await mkdtemp(join(tmpdir(), 'kube-proxy-stale-'));
    await cp(sampleUri('kubernetes-1.36-nftables').fsPath, folder, { recursive: true });
    const slices = join(folder, 'objects', 'endpointslices.yaml');
    const whole = await readFile(slices, 'utf8');
    await writeFile(slices, whole.replace('"10.244.1.2"', '"10.244.1.222"'));
    const dump = vscode.Uri.file(join(folder, 'node-a', 'nft-list-ruleset.txt'));
    await vscode.window.showTextDocument(dump);
    const { message } = await diagnosticOf(dump, 'endpoint-stale');
    assert.match(message, /^default\/web:http leads to 10\.244\.1\.2:8080 \(in no EndpointSlice\)/);
    await writeFile(slices, whole);
    await goneFrom(dump, 'endpoint-stale');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await rm(folder, { recursive: true });
  });

  test('opening one dump shows what is found in another, with its page', async () => {
    const { document } = await openSample('kubernetes-1.36-ipvs/node-a/iptables-save.txt');
    const servers = vscode.Uri.joinPath(document.uri, '..', 'ipvsadm-Ln.txt');
    const found = await diagnosticOf(servers, 'virtual-server-without-real-server');
    assert.match(found.message, /^shop\/orphan-np:http has no real server at /);
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

  test('"What Is Wrong" on all nodes tells once what several have', async () => {
    const { document } = await openSample('kubernetes-1.36-iptables/node-a/iptables-save.txt');
    const other = vscode.Uri.joinPath(document.uri, '../../node-b/iptables-save.txt');
    const none = vscode.Uri.joinPath(document.uri, '../../node-d/iptables-save.txt');
    await vscode.commands.executeCommand('kubeProxyInspector.copyWhatIsWrong', {
      uris: [document.uri, other, none].map((uri) => uri.toString()),
      title: 'shop',
      unread: ['node-c: no dump.'],
    });
    const text = await vscode.env.clipboard.readText();
    assert.match(text, /^# What is wrong here\? shop\n/);
    assert.match(text, /^\| node-b \| iptables \| 0 \| 0 \|$/m);
    assert.match(text, /^- node-c: no dump\.\n- node-d: /m);
  });

  test('"Compare..." shows the diff editor of normalised texts, and the page beside', async function () {
    this.timeout(60_000);
    const { document } = await openSample('kubernetes-1.36-iptables/node-a/iptables-save-c.txt');
    const other = vscode.Uri.joinPath(document.uri, '../../node-b/iptables-save-c.txt');
    await vscode.commands.executeCommand('kubeProxyInspector.compare', {
      uris: [document.uri.toString(), other.toString()],
    });
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const diff = tabs.find(({ input }) => input instanceof vscode.TabInputTextDiff);
    assert.equal(diff?.label, 'node-a compared with node-b');
    const { original } = diff.input as vscode.TabInputTextDiff;
    const text = (await vscode.workspace.openTextDocument(original)).getText();
    assert.match(text, /^\*nat$/m);
    assert.doesNotMatch(text, /\[\d+:\d+\]|^# /m);
    const path = '/node-a compared with node-b.md';
    const address = vscode.Uri.from({ scheme: 'kube-proxy-page', path });
    const page = await vscode.workspace.openTextDocument(address);
    assert.match(page.getText(), /^# node-a compared with node-b\n/);
  });
});
