import * as vscode from 'vscode';
import { registerDumps } from './commands/dumps';
import { registerSnapshots } from './commands/snapshots';
import { registerTrace } from './commands/trace';
import { registerView, type ViewState } from './commands/view';
import { dumpsOf, type ExplorerContext } from './context';
import { scheme } from './dumpUri';
import { DumpFiles } from './files';
import { registerKubernetesExtension } from './kubernetesExtension';
import { ExplorerProvider } from './provider';
import { Sources } from './sources';
import type { TreeWorld } from './tree/node';

/** The view "Kube-Proxy": clusters, their Services and Nodes. No request before it is opened. */
export function register(extension: vscode.ExtensionContext, log: vscode.LogOutputChannel): void {
  const sources = new Sources(extension.workspaceState, log);
  const state: ViewState = { filter: '', sort: 'name' };
  const world: TreeWorld = {
    l10n: vscode.l10n,
    get filter() {
      return state.filter;
    },
    get sort() {
      return state.sort;
    },
    now: () => Date.now(),
    fetchDumps: (cluster, node) => dumpsOf(cluster, node),
  };
  const provider = new ExplorerProvider(sources, world, log);
  const files = new DumpFiles(sources);
  const view = vscode.window.createTreeView('kubeProxyInspector.explorer', {
    treeDataProvider: provider,
    showCollapseAll: true,
  });
  const context: ExplorerContext = { sources, provider, view, files, log };
  extension.subscriptions.push(
    sources,
    provider,
    view,
    vscode.workspace.registerFileSystemProvider(scheme, files, {
      isReadonly: true,
      isCaseSensitive: true,
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('kubeProxyInspector.kubeconfig')) sources.refresh();
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => sources.refresh()),
    ...registerView(context, state),
    ...registerDumps(context),
    ...registerSnapshots(context),
    ...registerTrace(context),
    registerKubernetesExtension(context),
  );
}
