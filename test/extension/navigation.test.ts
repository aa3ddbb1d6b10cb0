import assert from 'node:assert/strict';
import { suite, suiteSetup, test } from 'mocha';
import * as vscode from 'vscode';
import { becomes, openSample, placeOf, sampleUri } from './samples';

const dump = 'kubernetes-1.36-iptables/node-a/iptables-save.txt';
const service = 'KUBE-SVC-DC3OOLRZIWFKJHLB';
const jump = `--dport 3000 -j ${service}`;

suite('navigation', () => {
  let document: vscode.TextDocument;

  suiteSetup(async () => {
    ({ document } = await openSample(dump));
  });

  /** What VS Code answers at the first `text` after `after`. */
  async function ask<T>(command: string, text: string, after = '', ...more: unknown[]): Promise<T> {
    const position = placeOf(document, text, after);
    return vscode.commands.executeCommand<T>(command, document.uri, position, ...more);
  }

  const lineOf = (line: number) => document.lineAt(line).text;

  test('a jump leads to the rules of its chain, which peeking shows', async () => {
    const [link] = await ask<vscode.LocationLink[]>(
      'vscode.executeDefinitionProvider',
      service,
      jump,
    );
    assert.ok(link?.targetSelectionRange);
    assert.equal(document.getText(link.targetSelectionRange), service);
    assert.equal(lineOf(link.targetRange.start.line).indexOf(`-A ${service}`), 0);
    const shown = document.getText(link.targetRange);
    assert.equal(shown.match(/KUBE-SEP-/g)?.length, 3);
  });

  test('three jumps from KUBE-SERVICES to a pod', async () => {
    const [toService] = await ask<vscode.LocationLink[]>(
      'vscode.executeDefinitionProvider',
      service,
      jump,
    );
    assert.ok(toService);
    const endpointRule = lineOf(toService.targetRange.end.line);
    const endpoint = /-j (KUBE-SEP-\S+)/.exec(endpointRule)?.[1];
    assert.ok(endpoint, endpointRule);
    const [toEndpoint] = await ask<vscode.LocationLink[]>(
      'vscode.executeDefinitionProvider',
      endpoint,
      endpointRule,
    );
    assert.ok(toEndpoint);
    assert.match(document.getText(toEndpoint.targetRange), /--to-destination 10\.244\.1\.3:3000$/);
  });

  test('a declaration is where the chain is declared, in its own table', async () => {
    const [link] = await ask<vscode.LocationLink[]>(
      'vscode.executeDeclarationProvider',
      'KUBE-SERVICES',
      '-A OUTPUT -m comment --comment "kubernetes service portals"',
    );
    assert.ok(link);
    assert.match(lineOf(link.targetRange.start.line), /^:KUBE-SERVICES - /);
    const nat = placeOf(document, '*nat').line;
    assert.ok(link.targetRange.start.line > nat, 'of nat, not of filter');
  });

  test('references are the jumps, highlights every place of the name', async () => {
    const references = await ask<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      service,
      jump,
    );
    const lines = references.map(({ range }) => lineOf(range.start.line));
    assert.ok(lines.some((line) => line.includes(jump)));
    for (const { range } of references) assert.equal(document.getText(range), service);
    const highlights = await ask<vscode.DocumentHighlight[]>(
      'vscode.executeDocumentHighlights',
      service,
      jump,
    );
    assert.equal(highlights.length, document.getText().split(service).length - 1);
  });

  test('the call hierarchy goes both ways', async () => {
    const [item] = await ask<vscode.CallHierarchyItem[]>(
      'vscode.prepareCallHierarchy',
      service,
      jump,
    );
    assert.ok(item);
    assert.equal(item.name, `default/whoami  ${service}`);
    const outgoing = await vscode.commands.executeCommand<vscode.CallHierarchyOutgoingCall[]>(
      'vscode.provideOutgoingCalls',
      item,
    );
    const callees = outgoing.map(({ to }) => to.name);
    assert.equal(callees.filter((name) => name.includes('  KUBE-SEP-')).length, 3);
    assert.ok(callees.includes('KUBE-MARK-MASQ'));
    const incoming = await vscode.commands.executeCommand<vscode.CallHierarchyIncomingCall[]>(
      'vscode.provideIncomingCalls',
      item,
    );
    assert.ok(incoming.some(({ from }) => from.name === 'KUBE-SERVICES'));
  });

  test('the outline is table, chain named by its Service, rule', async () => {
    const tables = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.deepEqual(tables.map(({ name }) => name).sort(), ['filter', 'mangle', 'nat']);
    const nat = tables.find(({ name }) => name === 'nat');
    const chain = nat?.children.find(({ name }) => name.endsWith(service));
    assert.equal(chain?.name, `default/whoami  ${service}`);
    assert.equal(chain?.children.length, 4);
    const services = nat?.children.find(({ name }) => name === 'KUBE-SERVICES');
    const jump = services?.children.find(({ name }) => name.endsWith(`default/whoami  ${service}`));
    assert.match(jump?.name ?? '', /^\d+ default\/whoami  KUBE-SVC-/);
    const endpoint = nat?.children.find(({ name }) => name.endsWith('KUBE-SEP-AJHR67BPPEH4YV3Z'));
    assert.equal(endpoint?.name, 'default/whoami -> 10.244.0.4:3000  KUBE-SEP-AJHR67BPPEH4YV3Z');
  });

  test('workspace symbols find a Service by name in files that are not open', async () => {
    const symbols = await vscode.commands.executeCommand<vscode.SymbolInformation[]>(
      'vscode.executeWorkspaceSymbolProvider',
      'default/whoami',
    );
    const places = symbols.map(({ location }) => location.uri.path);
    assert.ok(places.some((path) => path.endsWith(dump)));
    assert.ok(places.some((path) => path.includes('node-b')));
    assert.ok(symbols.some(({ name }) => name.startsWith('default/whoami  KUBE-SVC-')));
  });

  test('tables and chains fold', async () => {
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );
    const heads = folds.map(({ start }) => lineOf(start));
    assert.ok(heads.includes('*nat'));
    assert.ok(heads.some((head) => head.startsWith(`-A ${service} `)));
  });

  test('selection grows from a value to its option, rule, chain and table', async () => {
    const position = placeOf(document, '0.33333333349', `-A ${service}`);
    const [selection] = await vscode.commands.executeCommand<vscode.SelectionRange[]>(
      'vscode.executeSelectionRangeProvider',
      document.uri,
      [position],
    );
    const texts: string[] = [];
    for (let at = selection; at; at = at.parent!) texts.push(document.getText(at.range));
    assert.equal(texts[0], '0.33333333349');
    assert.ok(texts.includes('--probability 0.33333333349'));
    assert.ok(
      texts.some((text) => text.startsWith(`-A ${service}`) && text.split('\n').length === 4),
    );
    assert.ok(texts.some((text) => text.startsWith('*nat') && text.includes('COMMIT')));
  });

  test('the endpoint in a comment links to its rules', async () => {
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      document.uri,
    );
    const link = links.find(({ range }) => document.getText(range) === '10.244.0.3:3000');
    assert.ok(link?.target);
    const line = Number(/L(\d+)/.exec(link.target.fragment)?.[1]) - 1;
    assert.match(lineOf(line), /^-A KUBE-SEP-U6DOR6RBN2GGPJH6 /);
  });

  test('answers after an edit are of the edited text', async () => {
    const copy = await vscode.workspace.openTextDocument({
      language: 'iptables-save',
      content: '*nat\n:A - [0:0]\n:B - [0:0]\n-A A -j B\nCOMMIT\n',
    });
    await vscode.window.showTextDocument(copy);
    const definition = () =>
      vscode.commands.executeCommand<vscode.LocationLink[]>(
        'vscode.executeDefinitionProvider',
        copy.uri,
        placeOf(copy, 'B', '-A A'),
      );
    assert.equal((await definition())[0]?.targetRange.start.line, 2);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(copy.uri, new vscode.Position(3, 0), '# a line more\n-A B -j DROP\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal((await definition())[0]?.targetRange.start.line, 4);
  });

  test('a plain text that is a dump becomes one', async () => {
    // Opened first, so that it has been looked at when the dump has become one.
    const prose = await vscode.workspace.openTextDocument({
      language: 'plaintext',
      content: 'The chain KUBE-SERVICES jumps to KUBE-SVC.',
    });
    const text = await vscode.workspace.fs.readFile(sampleUri(dump));
    const pasted = await vscode.workspace.openTextDocument({
      language: 'plaintext',
      content: new TextDecoder().decode(text),
    });
    await becomes(pasted.uri, 'iptables-save');
    assert.equal(prose.languageId, 'plaintext');
  });
});
