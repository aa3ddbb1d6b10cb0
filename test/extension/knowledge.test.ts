import assert from 'node:assert/strict';
import { suite, suiteSetup, test } from 'mocha';
import * as vscode from 'vscode';
import { openSample, placeOf } from './samples';

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
