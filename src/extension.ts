import * as vscode from 'vscode';
import * as explorer from './explorer';
import * as flow from './flow';
import { flowSource } from './flow/dumpSource';
import * as language from './language';
import { DumpDocuments } from './workspace/dumpDocuments';
import { NodeFiles } from './workspace/nodeFiles';
import { lazyParser } from './workspace/parser';

/** Wires the features together; each registers itself. No network, nothing heavy here. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Kube-Proxy Inspector', { log: true });
  const parser = lazyParser(context.extensionUri);
  const documents = new DumpDocuments(parser);
  context.subscriptions.push(log, documents);
  language.register(context, documents, parser);
  explorer.register(context, log);
  flow.register(context, flowSource(new NodeFiles(documents)), log);
}
