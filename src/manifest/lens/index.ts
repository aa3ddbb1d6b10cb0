import * as vscode from 'vscode';
import type { Sources } from '../../workspace/clusters/sources';
import { manifestSelector, Manifests } from '../manifests';
import { ClusterChoice } from './clusterChoice';
import { registerCommands } from './commands';
import { Facts } from './facts';
import { ManifestLenses } from './provider';
import { lensKinds } from './readManifest';

/** Lenses above Services and their endpoints: the way into the flow graph, and what the cluster has. */
export function registerLenses(
  { workspaceState }: vscode.ExtensionContext,
  sources: Sources,
  log: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const manifests = new Manifests(lensKinds);
  const choice = new ClusterChoice(sources, workspaceState);
  const lenses = new ManifestLenses(manifests, choice, new Facts());
  return [
    manifests,
    choice,
    lenses,
    vscode.languages.registerCodeLensProvider(manifestSelector, lenses),
    ...registerCommands(choice, log),
  ];
}
