import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { clusterKey, scheme } from '../../src/workspace/clusters/dumpUri';
import { sampleUri } from './samples';

const services = 'kubernetes-1.36-iptables/objects/services.yaml';

/** The lenses of a document with their lines from 0, the first `count` of them resolved. */
async function lensesOf(uri: vscode.Uri, count: number): Promise<[number, string][]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
    count,
  );
  return lenses.map(({ range, command }) => [range.start.line, command?.title ?? '']);
}

/** An untitled document. */
async function open(content: string, language = 'yaml'): Promise<vscode.TextDocument> {
  return vscode.workspace.openTextDocument({ content, language });
}

async function replace(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  const at = document.getText().indexOf(from);
  assert.ok(at >= 0, from);
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(at), document.positionAt(at + from.length));
  edit.replace(document.uri, range, to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

const web = (namespace: string) =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: ${namespace}\nspec:\n  ports:\n  - port: 80\n`;

suite('lenses above manifests', () => {
  test("above each Service of a snapshot's objects, resolved when seen", async () => {
    const document = await vscode.workspace.openTextDocument(sampleUri(services));
    const resolved = await lensesOf(document.uri, 3);
    assert.equal(resolved.length, 3, JSON.stringify(resolved));
    const kinds = document.getText().match(/^ {2}kind: Service$/gm)?.length ?? 0;
    const lenses = await lensesOf(document.uri, 1000);
    const tops = lenses.filter(([line]) => document.lineAt(line).text === '- apiVersion: v1');
    assert.equal(tops.length, kinds);
    const web = document.positionAt(document.getText().indexOf('name: web\n')).line;
    const [, title] = lenses.find(([line]) => line > web - 6 && line < web) ?? [];
    assert.match(title ?? '', /Trace service \| 10\.101\.18\.6 \| 2\/2 endpoints \| iptables$/);
  });

  test('one for each of several ports', async () => {
    const document = await vscode.workspace.openTextDocument(sampleUri(services));
    const lenses = await lensesOf(document.uri, 1000);
    const port = lenses.find(([, title]) => title.includes('Trace dns 53/UDP'));
    assert.ok(port);
    assert.match(document.lineAt(port[0]).text, /^ {4}- name: dns$/);
  });

  test("above the explorer's own document of a cluster's Services", async () => {
    const folder = sampleUri('kubernetes-1.36-ipvs').fsPath;
    const key = clusterKey({ id: `snapshot:${folder}`, title: 'kubernetes-1.36-ipvs' });
    const uri = vscode.Uri.from({ scheme, path: `/${key}/objects/services.yaml` });
    const document = await vscode.workspace.openTextDocument(uri);
    const lenses = await lensesOf(document.uri, 1000);
    assert.ok(lenses.some(([, title]) => / \| 2\/2 endpoints \| ipvs \w+$/.test(title)));
  });

  test('untitled: no current context, a cluster may be chosen', async () => {
    const document = await open(web('default'));
    const lenses = await lensesOf(document.uri, 10);
    assert.deepEqual(lenses, [[0, 'No cluster: choose one']]);
  });

  test('templates, patches and other kinds have none', async () => {
    for (const text of [
      web('"{{ .Release.Namespace }}"'),
      'kind: ConfigMap\nmetadata: {name: web}\n',
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: NodePort}\n',
      'a: [b\n',
    ]) {
      const document = await open(text);
      assert.deepEqual(await lensesOf(document.uri, 10), [], text);
    }
  });

  test('a broken document keeps its lens while it is typed, the others theirs', async () => {
    const document = await open(`${web('a')}---\n${web('b')}---\n${web('c')}`);
    const lines = async () => (await lensesOf(document.uri, 10)).map(([line]) => line);
    assert.deepEqual(await lines(), [0]);
    await replace(document, 'namespace: a', 'namespace: "a');
    assert.deepEqual(await lines(), [0]);
  });

  test('JSON', async () => {
    const text = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { ports: [{ port: 80 }] },
    });
    const document = await open(text, 'json');
    assert.equal((await lensesOf(document.uri, 10)).length, 1);
  });
});
