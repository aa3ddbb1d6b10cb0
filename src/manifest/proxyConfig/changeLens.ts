import * as vscode from 'vscode';
import { toValue } from '../../core/yamlNode';
import type { DumpFiles } from '../../workspace/clusters/dumpFiles';
import { registerCommand } from '../../workspace/command';
import type { ClusterChoice } from '../clusterChoice';
import { isPast, manifestSelector } from '../manifests';
import { chooseNode } from '../nodeChoice';
import type { ProxyConfigs } from './configs';
import { nodesNear } from './places';

const command = 'kubeProxyInspector.manifest.whatChanges';

/** "What changes": above a configuration, how packets would fare with it on a node. */
export function changeLens(
  configs: ProxyConfigs,
  choice: ClusterChoice,
  files: DumpFiles,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const provider: vscode.CodeLensProvider = {
    async provideCodeLenses(document) {
      if (isPast(document)) return [];
      const found = (await configs.of(document)) ?? [];
      return found.map(({ range }, i) => {
        const { line } = document.positionAt(range.start);
        return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
          title: `$(diff) ${vscode.l10n.t('What changes')}`,
          tooltip: vscode.l10n.t(
            'Which packets fare differently with this configuration than with the one in use',
          ),
          command,
          arguments: [{ uri: document.uri.toString(), index: i }],
        });
      });
    },
  };
  const ask = async ({ uri, index }: { readonly uri: string; readonly index: number }) => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true));
    const config = (await configs.of(document))?.[index];
    const dump = config && (await dumpFor(document.uri));
    if (!dump) return;
    await vscode.commands.executeCommand('kubeProxyInspector.whatChanges', {
      uri: dump.toString(),
      config: JSON.stringify(toValue(config.root)),
      ...(document.isDirty && { document: document.uri.toString() }),
    });
  };
  /** Of a node near the file, else of the manifest's cluster. */
  const dumpFor = async (uri: vscode.Uri) => {
    const near = uri.scheme === 'untitled' ? [] : await nodesNear(uri);
    if (near.length === 1) return near[0]!.dump;
    const cluster = (await choice.of(uri))?.cluster;
    if (cluster) return chooseNode(cluster, files);
    if (near[0]) return near[0].dump;
    throw new Error(
      vscode.l10n.t(
        'No node to compare with: lay the configuration beside its dumps, or choose a cluster.',
      ),
    );
  };
  return vscode.Disposable.from(
    vscode.languages.registerCodeLensProvider(manifestSelector, provider),
    registerCommand(log, command, (argument) => ask(argument as { uri: string; index: number })),
  );
}
