import * as vscode from 'vscode';
import * as explorer from './explorer';
import * as flow from './flow';
import { flowSource } from './flow/dumpSource';
import { overviewSource } from './flow/overview/source';
import * as language from './language';
import * as manifest from './manifest';
import * as packetTrace from './packetTrace';
import * as whatIf from './whatIf';
import { DumpFiles } from './workspace/clusters/dumpFiles';
import { nodeStates } from './workspace/clusters/nodeStates';
import { Sources } from './workspace/clusters/sources';
import { ClusterFindings } from './workspace/findings/clusterFindings';
import { DumpDocuments } from './workspace/dumpDocuments';
import { MarkdownPages } from './workspace/markdownPages';
import { NftDocuments } from './workspace/nftDocuments';
import { NodeFolders } from './workspace/nodeFolders';
import { NodesOfFiles } from './workspace/nodesOfFiles';
import { withoutSecretsIn } from './workspace/log';
import { PastedDumps } from './workspace/pastedDumps';
import { PreviewFiles } from './workspace/previewFiles';
import { lazyNftGrammar, lazyParser } from './workspace/parser';

/** Of samples/, the one that comes with the extension. */
const sample = 'samples/kubernetes-1.36-iptables';

/** Wires the features together; each registers itself. No network, nothing heavy here. */
export function register(context: vscode.ExtensionContext): void {
  const log = withoutSecretsIn(
    vscode.window.createOutputChannel('Kube-Proxy Inspector', { log: true }),
  );
  const parser = lazyParser(context.extensionUri);
  const documents = new DumpDocuments(parser);
  const listings = new NftDocuments();
  const pasted = new PastedDumps(context.workspaceState);
  const named = new NodesOfFiles(context.workspaceState);
  const folders = new NodeFolders(documents, listings, pasted, named);
  const sources = new Sources(context.workspaceState, log, context.asAbsolutePath(sample), named);
  const files = new DumpFiles(sources);
  const states = nodeStates(parser);
  const findings = new ClusterFindings(states, log);
  context.subscriptions.push(log, documents, listings, pasted, named, folders, sources, files);
  context.subscriptions.push(findings);
  const grammar = lazyNftGrammar(context.extensionUri);
  const pages = new MarkdownPages(context.extensionUri);
  context.subscriptions.push(pages);
  language.register(context, { documents, listings, folders, pasted, pages, parser, grammar }, log);
  explorer.register(context, { sources, files, states, findings }, log);
  const previews = new PreviewFiles();
  context.subscriptions.push(previews);
  const flows = flowSource(folders, { dumps: documents, listings }, files, previews);
  flow.register(context, flows, overviewSource(flows, folders, sources, files, states), log);
  packetTrace.register(context, folders, log);
  whatIf.register(context, { folders, previews, pages, parser }, log);
  manifest.register(context, { folders, sources, files, states, findings }, log);
}
