import * as vscode from 'vscode';
import { toValue } from '../../core/yamlNode';
import type { DumpFiles } from '../../workspace/clusters/dumpFiles';
import type { ClusterChoice } from '../clusterChoice';
import type { Manifests } from '../manifests';
import { chooseNode } from '../nodeChoice';
import { readManifest } from './readManifest';

/** The argument of "Preview flow". */
export interface PreviewArgument {
  /** The manifest's document. */
  readonly uri: string;
  readonly namespace: string;
  readonly service: string;
}

/** Asks for the flow of a Service with all that its document says of it, on the node the user picks. */
export async function preview(
  choice: ClusterChoice,
  manifests: Manifests,
  files: DumpFiles,
  { uri, namespace, service }: PreviewArgument,
): Promise<void> {
  const place = vscode.Uri.parse(uri, true);
  const chosen = await choice.of(place);
  if (!chosen) return;
  choice.allow(chosen.cluster);
  const manifest = await manifests.of(await vscode.workspace.openTextDocument(place));
  const objects = (manifest?.objects ?? []).flatMap((object) => {
    const named = readManifest(object);
    if (named?.service !== service || (named.namespace ?? namespace) !== namespace) return [];
    const value = toValue(object.root) as { readonly metadata?: object };
    return [{ ...value, kind: named.kind, metadata: { ...value.metadata, namespace } }];
  });
  const dump = await chooseNode(chosen.cluster, files);
  if (!dump) return;
  await vscode.commands.executeCommand('kubeProxyInspector.previewFlow', {
    uri: dump.toString(),
    objects,
    service: `${namespace}/${service}`,
  });
}
