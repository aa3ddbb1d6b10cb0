import * as vscode from 'vscode';
import * as explorer from './explorer';
import * as flow from './flow';
import { flowSource } from './flow/dumpSource';
import * as language from './language';
import { DumpDocuments } from './workspace/dumpDocuments';
import { NodeFolders } from './workspace/nodeFolders';
import { lazyParser } from './workspace/parser';

/** Wires the features together; each registers itself. No network, nothing heavy here. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Kube-Proxy Inspector', { log: true });
  const parser = lazyParser(context.extensionUri);
  const documents = new DumpDocuments(parser);
  const folders = new NodeFolders(documents);
  context.subscriptions.push(log, documents, folders);
  language.register(context, documents, folders, parser, log);
  explorer.register(context, log);
  flow.register(context, flowSource(folders), log);
}
