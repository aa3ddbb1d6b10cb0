import * as vscode from 'vscode';
import { withLateProgress } from '../../workspace/clusters/progress';
import { registerCommand } from '../../workspace/command';
import type { DumpFiles } from '../../workspace/clusters/dumpFiles';
import type { Manifests } from '../manifests';
import { preview, type PreviewArgument } from './preview';
import type { ClusterChoice } from '../clusterChoice';
import { samePort } from './lensText';
import { commands, type TraceArgument } from './provider';

/** What the lenses do when they are clicked. */
export function registerCommands(
  choice: ClusterChoice,
  manifests: Manifests,
  files: DumpFiles,
  log: vscode.LogOutputChannel,
): vscode.Disposable[] {
  return [
    registerCommand(log, commands.trace, (argument) => trace(choice, argument as TraceArgument)),
    registerCommand(log, commands.preview, (argument) =>
      preview(choice, manifests, files, argument as PreviewArgument),
    ),
    registerCommand(log, commands.show, async (uri) => {
      const chosen = await choice.of(vscode.Uri.parse(String(uri), true));
      if (chosen) choice.allow(chosen.cluster);
    }),
    registerCommand(log, commands.choose, async () => {
      await choice.choose();
    }),
  ];
}

async function trace(choice: ClusterChoice, argument: TraceArgument): Promise<void> {
  const chosen = await choice.of(vscode.Uri.parse(argument.uri, true));
  if (!chosen) return;
  const { cluster } = chosen;
  choice.allow(cluster);
  const { namespace } = argument;
  const title = vscode.l10n.t('Looking for {0} in {1}', argument.service, cluster.title);
  const { items, partial } = await withLateProgress(title, (signal) =>
    cluster.list('services', { signal }),
  );
  const service = items.find(
    ({ metadata }) => metadata.namespace === namespace && metadata.name === argument.service,
  );
  if (!service) {
    const name = `${namespace}/${argument.service}`;
    throw new Error(
      [vscode.l10n.t('{0} has no Service {1}.', cluster.title, name), partial ?? '']
        .join(' ')
        .trim(),
    );
  }
  const { port: wanted } = argument;
  const port = wanted && samePort(wanted, service);
  await vscode.commands.executeCommand('kubeProxyInspector.explorer.traceService', {
    target: port ? { kind: 'port', cluster, service, port } : { kind: 'service', cluster, service },
  });
}
