import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { clusterKey, scheme } from '../../src/workspace/clusters/dumpUri';
import { sampleUri } from './samples';

const services = 'kubernetes-1.36-iptables/objects/services.yaml';

/**
 * The lenses of a document by line, from 0; those that are known, and `count` that are resolved. One
 * that is still asking is asked again: reading a node takes as long as the machine needs.
 */
async function lensesOf(uri: vscode.Uri, count: number): Promise<[number, string][]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
    count,
  );
  const titles = lenses
    .map(({ range, command }): [number, string] => [range.start.line, command?.title ?? ''])
    .sort(([a], [b]) => a - b);
  return titles.some(([, title]) => title.includes('| asking ')) ? lensesOf(uri, count) : titles;
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

  test('while somebody types: a broken document keeps its lens, the others theirs', async () => {
    const path = sampleUri('kubernetes-1.36-iptables/objects/typed.yaml').path;
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.from({ scheme: 'untitled', path }),
    );
    const edit = new vscode.WorkspaceEdit();
    const text = [web('default'), web('other'), web('default')].join('---\n');
    edit.insert(document.uri, new vscode.Position(0, 0), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
    const found = /Trace service \| 10\.101\.18\.6 \| 2\/2 endpoints \| iptables/;
    const titles = async (...expected: [number, RegExp][]) => {
      // "Preview flow" comes once it is known that the cluster has it not like this.
      const all = await lensesOf(document.uri, 10);
      const lenses = all.filter(([, title]) => !title.includes('Preview flow'));
      assert.equal(lenses.length, expected.length, JSON.stringify(lenses));
      expected.forEach(([line, title], i) => {
        assert.equal(lenses[i]?.[0], line);
        assert.match(lenses[i]?.[1] ?? '', title);
      });
    };
    const missing = /^other\/web is not in the cluster$/;
    await titles([0, found], [9, missing], [18, found]);
    await replace(document, 'namespace: other', 'namespace: "other\n');
    await titles([0, found], [9, missing], [19, found]);
    await replace(document, 'port: 80', 'port: 8080');
    await titles([0, /differs from the cluster: port 8080 → 80$/], [9, missing], [19, found]);
    await replace(document, '"other\n', 'default');
    await titles([0, /differs/], [9, found], [18, found]);
  });

  test('a large document has lenses from its beginning on, in the end for all', async () => {
    const text = Array.from({ length: 1500 }, (_, i) => web(`ns-${i}`)).join('---\n');
    const path = sampleUri('kubernetes-1.36-iptables/objects/large.yaml').path;
    const uri = vscode.Uri.from({ scheme: 'untitled', path });
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
    const first = await lensesOf(document.uri, 2000);
    assert.deepEqual(first[0], [0, 'ns-0/web is not in the cluster']);
    for (let tries = 0; (await lensesOf(document.uri, 2000)).length < 1500; tries++) {
      assert.ok(tries < 100, 'all in the end');
    }
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
