import assert from 'node:assert/strict';
import { suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { openSample, placeOf, sampleUri, until } from './samples';

const written: vscode.Uri[] = [];

/**
 * A manifest in a folder of samples/, which is deleted after the test. Opened as a user would: what the
 * API opens stays a document for minutes.
 */
async function openText(path: string, text: string): Promise<vscode.TextEditor> {
  const uri = sampleUri(path);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  written.push(uri);
  await vscode.commands.executeCommand('vscode.open', uri);
  const editor = vscode.window.activeTextEditor;
  assert.equal(editor?.document.uri.toString(), uri.toString());
  return editor!;
}

async function hoversAt({ uri }: vscode.TextDocument, place: vscode.Position) {
  return vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, place);
}

/** Without the escapes of Markdown. */
async function hoverText(document: vscode.TextDocument, place: vscode.Position): Promise<string> {
  return (await hoversAt(document, place))
    .flatMap(({ contents }) => contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
    .join('\n')
    .replace(/\\(?=[!-/:-@[-`{-~])/g, '');
}

/** The findings of the document, as `code: text at it` in order, once there are any that `wanted` takes. */
async function findings(
  document: vscode.TextDocument,
  wanted: (found: readonly string[]) => boolean,
): Promise<readonly string[]> {
  for (let tries = 0; ; tries++) {
    const found = vscode.languages
      .getDiagnostics(document.uri)
      .filter(({ source }) => source === 'Kube-Proxy Inspector')
      .map(({ code, range }) => `${String(code)}: ${document.getText(range)}`)
      .sort();
    if (wanted(found) || tries === 100) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const configMap = [
  'apiVersion: v1',
  'kind: ConfigMap',
  'metadata:',
  '  name: kube-proxy',
  '  namespace: kube-system',
  'data:',
  '  config.conf: |-',
  '    apiVersion: kubeproxy.config.k8s.io/v1alpha1',
  '    kind: KubeProxyConfiguration',
  '    # the Pods',
  '    clusterCIDR: 10.96.0.0/12',
  '    iptables:',
  '      masqueradeBit: 20',
  '    mode: iptables',
  '  kubeconfig.conf: |-',
  '    mode: none',
  '',
].join('\n');

suite("kube-proxy's configuration", () => {
  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    for (const uri of written.splice(0)) await vscode.workspace.fs.delete(uri);
  });

  test('a hover says what a key means, its default, and that the node beside has it', async () => {
    const { document } = await openSample('kubernetes-1.36-iptables/node-a/kube-proxy.config.yaml');
    const bit = await hoverText(document, placeOf(document, 'masqueradeBit'));
    assert.match(bit, /The bit of the packet mark/);
    assert.match(bit, /\*\*Default\*\*: 14 _\(v1\.36\.2 by the node's kubelet\)_/);
    assert.match(
      bit,
      /\*\*Applied on node-a\*\*: KUBE-MARK-MASQ sets 0x4000 \(bit 14\)\. \[iptables-save-c\.txt:\d+\]\(file:/,
    );
    const cidr = await hoverText(document, placeOf(document, '10.244.0.0/16,fd00'));
    assert.match(
      cidr,
      /Applied on node-a\*\*: IPv4: local is 10\.244\.0\.0\/16 and IPv6: local is fd00:10:244::\/48/,
    );
    assert.equal(await hoverText(document, placeOf(document, 'kubeproxy.config.k8s.io')), '');
  });

  test('inside the ConfigMap: hovers of all nodes of the snapshot, at the exact place', async () => {
    const { document } = await openText('kubernetes-1.36-iptables/kube-proxy.yaml', configMap);
    const place = placeOf(document, '20', 'masqueradeBit');
    const text = await hoverText(document, place);
    assert.match(text, /Bit 20 is the mark 0x100000\./);
    assert.match(
      text,
      /Not applied on node-a and node-b\*\*: KUBE-MARK-MASQ sets 0x4000 \(bit 14\), not 0x100000/,
    );
    const [hover] = await hoversAt(document, place);
    assert.equal(document.getText(hover!.range), '20');
    assert.equal(await hoverText(document, placeOf(document, 'none')), '');
  });

  test('inside the ConfigMap: findings move with edits, and go when the file is closed', async () => {
    const editor = await openText('kubernetes-1.36-iptables/kube-proxy-edited.yaml', configMap);
    const { document } = editor;
    const first = await findings(document, (found) => found.length === 2);
    assert.deepEqual(first, [
      'cluster-cidr-is-service-range: 10.96.0.0/12',
      'pods-outside-cluster-cidr: 10.96.0.0/12',
    ]);
    await editor.edit((edit) => {
      edit.insert(document.positionAt(0), '# new\n---\n');
      edit.replace(
        new vscode.Range(
          placeOf(document, 'mode: iptables'),
          placeOf(document, 'mode: iptables').translate(0, 14),
        ),
        'ipvs:\n      schedular: rr\n    mode: userspace',
      );
    });
    const second = await findings(document, (found) => found.length === 4);
    assert.deepEqual(second, [
      'cluster-cidr-is-service-range: 10.96.0.0/12',
      'misspelled-key: schedular',
      'mode-removed: userspace',
      'pods-outside-cluster-cidr: 10.96.0.0/12',
    ]);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    const diagnostics = () => vscode.languages.getDiagnostics(document.uri);
    await until('its findings are gone', () => diagnostics().length === 0);
    assert.deepEqual(diagnostics(), []);
  });

  test('a text without dumps near: meanings and the history of defaults, no comparison', async () => {
    const content =
      'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nclusterCIDR: 10.0.0.0/8\niptables:\n  minSyncPeriod: 0s\n';
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content });
    const text = await hoverText(document, placeOf(document, 'minSyncPeriod'));
    assert.match(text, /\*\*Default\*\*: 1s since 1\.19, 0s before/);
    assert.match(text, /No dumps of a node are near this file, or held/);
  });

  test('a text without dumps near is compared with the snapshot that is open', async () => {
    await vscode.commands.executeCommand(
      'kubeProxyInspector.openSnapshot',
      sampleUri('kubernetes-1.36-ipvs'),
    );
    const content =
      'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ipvs\nipvs:\n  scheduler: lc\n';
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content });
    const text = await hoverText(document, placeOf(document, 'scheduler'));
    assert.match(text, /Compared with the dumps that are held of kubernetes-1\.36-ipvs:/);
    assert.match(text, /\*\*Not applied on node-a\*\*: \d+ virtual servers use rr\./);
  });

  test('other YAML has neither', async () => {
    const content = 'kind: ConfigMap\nmode: userspace\niptables:\n  masqueradeBit: 99\n';
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content });
    assert.equal(await hoverText(document, placeOf(document, 'masqueradeBit')), '');
  });
});
