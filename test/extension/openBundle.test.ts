import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { dropController } from '../../src/explorer/dropping';
import { clusterKey } from '../../src/workspace/clusters/dumpUri';
import { tarGzOf } from '../cluster/bundle/archives';
import { closeSnapshot, sampleUri, until } from './samples';

suite('evidence at hand: support bundles', () => {
  let folder: string;
  let archive: string;

  suiteSetup(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    const sample = sampleUri('kubernetes-1.36-iptables/node-a').fsPath;
    archive = join(folder, 'dumps.tar.gz');
    const dump = (name: string) => readFileSync(join(sample, name));
    const files = {
      'dumps/node-a/iptables-save.txt': dump('iptables-save.txt'),
      'dumps/node-a/ip-addr.txt': dump('ip-addr.txt'),
    };
    writeFileSync(archive, await tarGzOf(files));
  });
  suiteTeardown(async () => {
    await closeSnapshot(archive);
    rmSync(folder, { recursive: true });
  });

  test('"Open Bundle" on an archive, as its menu calls it: its dumps can be read', async () => {
    await vscode.commands.executeCommand(
      'kubeProxyInspector.openBundle',
      vscode.Uri.file(archive),
      [vscode.Uri.file(archive)],
    );
    const cluster = clusterKey({ id: `snapshot:${archive}`, title: 'dumps.tar.gz' });
    const uri = vscode.Uri.from({
      scheme: 'kube-proxy-dump',
      path: `/${cluster}/nodes/node-a/iptables-save.txt`,
    });
    const text = await until('the dump of the bundle', async () => {
      const document = await Promise.resolve(vscode.workspace.openTextDocument(uri)).catch(
        () => undefined,
      );
      return document?.getText();
    });
    assert.match(text, /^:KUBE-SERVICES - /m);
  });

  test('what is dropped on the view is opened, one after the other; other schemes are not', async () => {
    const opened: string[] = [];
    const controller = dropController((uri) => Promise.resolve(opened.push(uri.fsPath)));
    const data = new vscode.DataTransfer();
    const other = 'https://example.com/x.tar.gz';
    const list = [vscode.Uri.file(archive).toString(), other, '# a comment', ''].join('\r\n');
    data.set('text/uri-list', new vscode.DataTransferItem(list));
    const token = new vscode.CancellationTokenSource().token;
    await controller.handleDrop?.(undefined, data, token);
    assert.deepEqual(opened, [archive]);
  });
});
