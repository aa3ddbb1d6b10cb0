import assert from 'node:assert/strict';
import { suite, suiteSetup, test } from 'mocha';
import * as vscode from 'vscode';
import { openSample, placeOf, until } from './samples';

const listing = 'kubernetes-1.36-nftables/node-a/nft-list-ruleset.txt';

suite('nft listing', () => {
  let document: vscode.TextDocument;

  suiteSetup(async () => {
    ({ document } = await openSample(listing));
  });

  async function ask<T>(command: string, text: string, after = '', ...more: unknown[]): Promise<T> {
    const position = placeOf(document, text, after);
    return vscode.commands.executeCommand<T>(command, document.uri, position, ...more);
  }

  test('the listing has its own language, and an outline of tables', async () => {
    assert.equal(document.languageId, 'nft-listing');
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.deepEqual(
      symbols.map(({ name, detail }) => `${detail} ${name}`),
      ['ip kube-proxy', 'ip6 kube-proxy'],
    );
    const names = symbols[0]!.children.map(({ name }) => name);
    assert.ok(names.includes('kube-system/kube-dns:dns-tcp  service-NWBZK7IH'), names.join('\n'));
  });

  test('from the address of an element to its chain, and back', async () => {
    const [link] = await ask<vscode.LocationLink[]>(
      'vscode.executeDefinitionProvider',
      '10.96.0.10 . tcp . 53',
    );
    assert.ok(link?.targetSelectionRange);
    const chain = document.getText(link.targetSelectionRange);
    assert.match(chain, /^service-NWBZK7IH-kube-system\/kube-dns\/tcp\/dns-tcp$/);
    const uses = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      document.uri,
      link.targetSelectionRange.start,
    );
    assert.ok(
      uses.some(({ range }) => document.lineAt(range.start.line).text.includes('10.96.0.10 . tcp')),
    );
  });

  test('an address finds its elements in all listings of the workspace', async () => {
    const symbols = await vscode.commands.executeCommand<vscode.SymbolInformation[]>(
      'vscode.executeWorkspaceSymbolProvider',
      '10.96.0.10 . tcp . 53',
    );
    const found = symbols.find(({ location }) => location.uri.path.endsWith(listing));
    assert.equal(found?.containerName, 'service-ips');
    assert.match(document.getText(found.location.range), /^10\.96\.0\.10 \. tcp \. 53 : goto /);
  });

  test('a chain that is listed alone accuses nobody of what it leads to', async () => {
    const content = 'table ip x {\n\tchain a {\n\t\tjump b\n\t}\n}\n';
    const part = await vscode.workspace.openTextDocument({ language: 'nft-listing', content });
    await vscode.window.showTextDocument(part);
    const [problem] = await until('what is not in the listing', () => {
      const all = vscode.languages.getDiagnostics(part.uri);
      return all.length > 0 && all;
    });
    assert.equal(problem?.severity, vscode.DiagnosticSeverity.Information);
    assert.match(problem.message, /^This listing has no chain b: `nft list table ip x` shows/);
  });

  test('a hover says a statement in a sentence, a selection grows to it', async () => {
    const hovers = await ask<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      'ip saddr != 10.244.0.0/16',
    );
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .join('\n')
      .replaceAll('\\', '');
    assert.match(text, /Matches if the source address is not 10\.244\.0\.0\/16/);
    const position = placeOf(document, 'saddr', 'cluster-ips ip ');
    const [selection] = await vscode.commands.executeCommand<vscode.SelectionRange[]>(
      'vscode.executeSelectionRangeProvider',
      document.uri,
      [position],
    );
    const grown = [];
    for (let each: vscode.SelectionRange | undefined = selection; each; each = each.parent) {
      grown.push(document.getText(each.range));
    }
    assert.ok(grown.includes('ip saddr != 10.244.0.0/16'), grown.slice(0, 4).join('\n'));
  });

  test('a lens above a Service’s chain counts its endpoints and leads to its trace', async () => {
    const line = placeOf(document, 'chain service-NWBZK7IH-kube-system/kube-dns').line;
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      200,
    );
    const [lens] = lenses.filter(({ range }) => range.start.line === line);
    assert.match(lens?.command?.title ?? '', /^kube-system\/kube-dns:53\/TCP .* 2 endpoints \| /);
    assert.equal(lens?.command?.command, 'kubeProxyInspector.traceService');
  });

  test('an inlay hint says what each endpoint gets', async () => {
    const line = placeOf(document, 'numgen random mod 3').line;
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      document.uri,
      new vscode.Range(line, 0, line + 1, 0),
    );
    assert.deepEqual(
      hints.map(({ label }) => label),
      ['= 33.3 % each'],
    );
  });
});
