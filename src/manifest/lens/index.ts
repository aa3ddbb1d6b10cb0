import * as vscode from 'vscode';
import type { NodeStates } from '../../workspace/clusters/nodeStates';
import type { ClusterFindings } from '../../workspace/findings/clusterFindings';
import type { DumpFiles } from '../../workspace/clusters/dumpFiles';
import { manifestSelector, Manifests } from '../manifests';
import type { ClusterChoice } from '../clusterChoice';
import { registerCommands } from './commands';
import { Facts } from './facts';
import { ManifestLenses } from './provider';
import { lensKinds } from './readManifest';

/** Lenses above Services and their endpoints: the way into the flow graph, and what the cluster has. */
export function registerLenses(
  choice: ClusterChoice,
  states: NodeStates,
  findings: ClusterFindings,
  files: DumpFiles,
  log: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const manifests = new Manifests(lensKinds);
  const lenses = new ManifestLenses(manifests, choice, new Facts(states), findings);
  return [
    manifests,
    lenses,
    vscode.languages.registerCodeLensProvider(manifestSelector, lenses),
    ...registerCommands(choice, manifests, files, log),
  ];
}
