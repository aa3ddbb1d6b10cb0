import type * as vscode from 'vscode';
import type { DumpFiles } from '../workspace/clusters/dumpFiles';
import type { NodeStates } from '../workspace/clusters/nodeStates';
import type { Sources } from '../workspace/clusters/sources';
import type { ClusterFindings } from '../workspace/findings/clusterFindings';
import type { NodeFolders } from '../workspace/nodeFolders';
import { ClusterChoice } from './clusterChoice';
import { registerLenses } from './lens';
import { registerProxyConfig } from './proxyConfig';

/** What the lenses and findings of manifests are told from. */
export interface ManifestWorld {
  readonly folders: NodeFolders;
  readonly sources: Sources;
  readonly files: DumpFiles;
  readonly states: NodeStates;
  readonly findings: ClusterFindings;
}

/** What manifests in YAML and JSON have to do with a cluster and its kube-proxy. */
export function register(
  extension: vscode.ExtensionContext,
  { folders, sources, files, states, findings }: ManifestWorld,
  log: vscode.LogOutputChannel,
): void {
  const choice = new ClusterChoice(sources, extension.workspaceState);
  extension.subscriptions.push(
    choice,
    ...registerProxyConfig(folders, choice, files, log),
    ...registerLenses(choice, states, findings, files, log),
  );
}
