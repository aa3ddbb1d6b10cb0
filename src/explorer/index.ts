import * as vscode from 'vscode';
import { registerCompare } from './commands/compare';
import { registerDumps } from './commands/dumps';
import { registerSample } from './commands/sample';
import { registerSnapshots } from './commands/snapshots';
import { registerTrace } from './commands/trace';
import { registerWhatIsWrong } from './commands/whatIsWrong';
import { registerView, type ViewState } from './commands/view';
import { dumpsOf } from '../workspace/clusters/dumpsOf';
import { scheme } from '../workspace/clusters/dumpUri';
import type { DumpFiles } from '../workspace/clusters/dumpFiles';
import type { NodeStates } from '../workspace/clusters/nodeStates';
import type { Sources } from '../workspace/clusters/sources';
import type { ClusterFindings } from '../workspace/findings/clusterFindings';
import { runInSlices } from '../workspace/slices';
import { registerBadges } from './badges';
import type { ExplorerContext } from './context';
import { registerKubernetesExtension } from './kubernetesExtension';
import { dropController } from './dropping';
import { ExplorerProvider } from './provider';
import type { TreeWorld } from './tree/node';

/** What the view needs from around it. */
export interface ExplorerWorld {
  readonly sources: Sources;
  readonly files: DumpFiles;
  readonly states: NodeStates;
  readonly findings: ClusterFindings;
}

/** The view "Kube-Proxy": clusters, their Services and Nodes. No request before it is opened. */
export function register(
  extension: vscode.ExtensionContext,
  { sources, files, states, findings }: ExplorerWorld,
  log: vscode.LogOutputChannel,
): void {
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
    nodeState: states,
    nodeRelease: async (state) => {
      const { releaseOf } = await import('../core/kubeproxy/release/judge');
      return runInSlices(releaseOf(state));
    },
    nodeFindings: async (cluster, dumps) => (await findings.ofNode(cluster, dumps)).findings,
    clusterFindings: (cluster) => findings.of(cluster),
    knownFindings: (cluster) => findings.known(cluster),
  };
  const provider = new ExplorerProvider(sources, world, log);
  const view = vscode.window.createTreeView('kubeProxyInspector.explorer', {
    treeDataProvider: provider,
    showCollapseAll: true,
    canSelectMany: true,
    dragAndDropController: dropController((dropped) =>
      vscode.commands.executeCommand('kubeProxyInspector.openBundle', dropped),
    ),
  });
  const context: ExplorerContext = { sources, provider, view, files, log };
  extension.subscriptions.push(
    provider,
    view,
    findings.onDidChange(() => provider.redrawSoon()),
    registerBadges(),
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
    registerSample(context),
    ...registerSnapshots(context),
    ...registerTrace(context),
    ...registerWhatIsWrong(context),
    registerCompare(context),
    registerKubernetesExtension(context),
  );
}
