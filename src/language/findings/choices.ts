import * as vscode from 'vscode';
import { byName } from '../../core/byName';
import { programmed } from '../../core/kubeproxy/programmed';
import { serviceName } from '../../core/kubeproxy/serviceId';
import { lastPart, parentOf } from '../../workspace/files';
import type { NodeFolders } from '../../workspace/nodeFolders';
import { nodesBeside } from '../../workspace/nodesBeside';
import { runInSlices } from '../../workspace/slices';
import type { Asked } from './asked';

/** The nodes whose dumps lie beside a dump's, together. */
export async function withNodesBeside(dump: vscode.Uri, folders: NodeFolders): Promise<Asked> {
  const nodes = await nodesBeside(dump, folders.named);
  if (nodes.length < 2) return { uris: [dump] };
  const title = lastPart(parentOf(parentOf(dump)));
  return { uris: nodes.map(({ uri }) => uri), title };
}

/**
 * Asks for one of the Services that a dump's node has; on all nodes that lie beside.
 *
 * @returns undefined where the user chose none, or none is to be chosen
 */
export async function serviceOfDump(
  dump: vscode.Uri,
  folders: NodeFolders,
): Promise<Asked | undefined> {
  const { state, objects } = await folders.of(dump);
  const { ports } = await runInSlices(programmed(state, objects?.services));
  const names = [...new Set(ports.map(({ service }) => serviceName(service)))].sort(byName);
  if (names.length === 0) {
    const message = vscode.l10n.t('The dumps of {0} show no Service.', state.name);
    void vscode.window.showInformationMessage(message);
    return undefined;
  }
  const placeHolder = vscode.l10n.t('What is wrong with which Service?');
  const service = await vscode.window.showQuickPick(names, { placeHolder });
  if (service === undefined) return undefined;
  const nodes = await withNodesBeside(dump, folders);
  const { title } = nodes;
  return {
    ...nodes,
    service,
    ...(title === undefined ? {} : { title: vscode.l10n.t('{0} in {1}', service, title) }),
  };
}
