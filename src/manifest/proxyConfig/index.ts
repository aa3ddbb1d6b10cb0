import * as vscode from 'vscode';
import type { DumpFiles } from '../../workspace/clusters/dumpFiles';
import type { NodeFolders } from '../../workspace/nodeFolders';
import type { ClusterChoice } from '../clusterChoice';
import { manifestSelector } from '../manifests';
import { ProxyConfigs } from './configs';
import { showConfigFindings } from './findings';
import { configHoverProvider } from './hover';
import { changeLens } from './changeLens';
import { ConfigNodes } from './nodes';

/** What can be said of KubeProxyConfiguration, by itself and in kube-proxy's ConfigMap. */
export function registerProxyConfig(
  folders: NodeFolders,
  choice: ClusterChoice,
  files: DumpFiles,
  log: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const configs = new ProxyConfigs();
  const nodes = new ConfigNodes(folders, choice, files, log);
  return [
    configs,
    vscode.languages.registerHoverProvider(manifestSelector, configHoverProvider(configs, nodes)),
    changeLens(configs, choice, files, log),
    showConfigFindings(configs, nodes, folders),
  ];
}
