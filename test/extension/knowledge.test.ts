import assert from 'node:assert/strict';
import { suite, suiteSetup, test } from 'mocha';
import * as vscode from 'vscode';
import { openSample, placeOf, until } from './samples';

const dump = 'kubernetes-1.36-iptables/node-a/iptables-save.txt';
const service = 'KUBE-SVC-DC3OOLRZIWFKJHLB';

suite('knowledge', () => {
  let document: vscode.TextDocument;

  suiteSetup(async () => {
    ({ document } = await openSample(dump));
  });

  async function hoverAt(text: string, after: string): Promise<vscode.MarkdownString> {
    const position = placeOf(document, text, after).translate(0, 1);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      position,
    );
    const [content] = hovers.flatMap(({ contents }) => contents);
    assert.ok(content instanceof vscode.MarkdownString, `no hover on ${text}`);
    return content;
  }

  test('the hover of 0x4000 tells its meaning, and links to who sets it', async () => {
    const { value, isTrusted, supportHtml } = await hoverAt('0x4000', '-A KUBE-MARK-MASQ');
    assert.match(value, /^\*\*Mark\*\* `0x4000` \\= bit 14/);
    assert.match(value, /needs masquerade/);
    const line = document.positionAt(document.getText().indexOf('-A KUBE-MARK-MASQ')).line;
    assert.match(value, new RegExp(`MASQ 1\\]\\(file://\\S+#L${line + 1},1\\)`));
    assert.ok(!isTrusted);
    assert.ok(!supportHtml);
  });

  test('the hover of a chain names the Service', async () => {
    const { value } = await hoverAt(service, '-A KUBE-SERVICES -d 10.99.205.136/32');
    assert.match(value, /Service port `default\/whoami`/);
    assert.match(value, /33\\\.3 \\%/);
  });

  test('an address is told by the objects and devices in the files beside the dump', async () => {
    const pod = await hoverAt('10.244.1.4', '-A KUBE-SEP-222YD7DQOUNKFRLL -s');
    assert.match(pod.value, /endpoint 10\\.244\\.1\\.4\\:53 of kube\\-system/);
    assert.match(pod.value, /pod kube\\-system\\\/\S+ on node\\-b/);
    const network = await hoverAt('10.244.0.0/16', '-A KUBE-SVC-DC3OOLRZIWFKJHLB');
    assert.match(network.value, /holds 10\\.244\\.0\\.0\\\/24\\, the pod CIDR of node node\\-a/);
  });

  test('a comment that does not fit the chain’s hash is a problem', async () => {
    const content = [
      '*nat',
      ':KUBE-SERVICES - [0:0]',
      ':KUBE-SVC-DC3OOLRZIWFKJHLB - [0:0]',
      '-A KUBE-SERVICES -d 10.96.1.1/32 -p tcp -m comment --comment "default/other cluster IP" -m tcp --dport 80 -j KUBE-SVC-DC3OOLRZIWFKJHLB',
      'COMMIT',
      '',
    ].join('\n');
    const edited = await vscode.workspace.openTextDocument({ language: 'iptables-save', content });
    const found = await until('the finding', () =>
      vscode.languages
        .getDiagnostics(edited.uri)
        .find(({ code }) => code === 'service-name-mismatch'),
    );
    assert.match(found.message, /says default\/other \(tcp\), but DC3OOLRZIWFKJHLB/);
    assert.equal(found.range.start.line, 3);
  });

  test('a code lens counts endpoints and traces', async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      1000,
    );
    const whoami = lenses.find(({ command }) =>
      command?.title.startsWith('default/whoami:3000/TCP'),
    );
    assert.match(whoami?.command?.title ?? '', /3 endpoints .*Trace$/);
    assert.equal(whoami?.command?.command, 'kubeProxyInspector.traceService');
    assert.equal(document.lineAt(whoami.range.start.line).text.indexOf('-A KUBE-S'), 0);
  });

  test('inlay hints tell the effective share, unless switched off', async () => {
    const { line } = placeOf(document, `-A ${service}`);
    const ask = () =>
      vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        new vscode.Range(line, 0, line + 4, 0),
      );
    const hints = await ask();
    assert.deepEqual(
      hints.slice(0, 3).map(({ label }) => label),
      ['= 33.3 %', '= 33.3 %', '= 33.3 %'],
    );
    const settings = vscode.workspace.getConfiguration('kubeProxyInspector', document);
    await settings.update('inlayHints.probability', false, vscode.ConfigurationTarget.Global);
    try {
      assert.deepEqual(await ask(), []);
    } finally {
      await settings.update('inlayHints.probability', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  test('semantic tokens cover chains of the visible lines', async () => {
    const { line } = placeOf(document, `-A ${service}`);
    const tokens = await vscode.commands.executeCommand<vscode.SemanticTokens>(
      'vscode.provideDocumentRangeSemanticTokens',
      document.uri,
      new vscode.Range(line, 0, line, 200),
    );
    // -A KUBE-SVC-..., -j KUBE-MARK-MASQ: five numbers each.
    assert.equal(tokens.data.length, 10);
    assert.deepEqual(Array.from(tokens.data.slice(1, 4)), [3, service.length, 0]);
  });
});
