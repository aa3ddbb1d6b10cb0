import * as vscode from 'vscode';
import type { Family } from '../core/address';
import { withEdited, type Edited } from '../core/expected/edited';
import { inputOfNode } from '../core/expected/nodeInput';
import { formatServicePortName } from '../core/kubeproxy/names';
import { indexObjects } from '../core/objects/objectIndex';
import { lackText } from '../core/report/setupNotes';
import { kindOf } from '../syntax/dumps/kinds';
import { dumpKind } from '../syntax/dumps/recognize';
import { readObject } from '../syntax/objects/readObject';
import { fileNamesIn, parentOf, readText } from '../workspace/files';
import { runInSlices } from '../workspace/slices';
import type { WhatIfWorld } from './world';

/** The argument of `kubeProxyInspector.previewFlow`. */
interface Asked {
  /** A dump of the node. */
  readonly uri: string;
  /** Services and EndpointSlices as a manifest has them, as plain values with their namespace. */
  readonly objects: readonly unknown[];
  /** `shop/cart`: the one to draw. */
  readonly service: string;
}

/** "Preview flow": the graph of a Service as it would be with edited objects. */
export async function showPreview(
  { folders, parser, previews }: WhatIfWorld,
  argument: unknown,
): Promise<void> {
  const { uri, objects: values, service } = argument as Asked;
  const dump = vscode.Uri.parse(uri, true);
  const edited = values.flatMap((value): Edited[] => {
    const object = readObject(value);
    return object?.kind === 'Service' || object?.kind === 'EndpointSlice' ? [object] : [];
  });
  const title = vscode.l10n.t('Working out the rules');
  const location = vscode.ProgressLocation.Window;
  const shown = await vscode.window.withProgress({ location, title }, async () => {
    const { expectedNode } = await import('../syntax/expected/expectedNode');
    const { state, objects } = await folders.of(dump);
    if (!objects) throw new Error(lackText('services'));
    const { objects: after, notes } = withEdited(objects, edited);
    const indexed = indexObjects(after);
    const of = await runInSlices(inputOfNode(state, indexed));
    if (typeof of === 'string') throw new Error(lackText(of));
    const { input } = of;
    const families = ([4, 6] as const).filter((family) =>
      state.interfaces?.some(({ addresses }) =>
        addresses.some(({ address, scope }) => address.family === family && scope === 'global'),
      ),
    );
    const made = await runInSlices(expectedNode(state, input, await parser(), families));
    const own = [...made.servicePorts.values()]
      .flat()
      .filter(({ name }) => `${name.namespace}/${name.name}` === service);
    if (own.length === 0) {
      throw new Error(vscode.l10n.t('kube-proxy would write no rules for {0}.', service));
    }
    const files = new Map<string, string | vscode.Uri>();
    for (const name of await fileNamesIn(parentOf(dump))) {
      if (!isKept(name)) continue;
      const file = vscode.Uri.joinPath(dump, '..', name).with({ query: dump.query });
      files.set(
        `${state.name}/${name}`,
        await withDummy(name, file, made.dummyAddresses, families),
      );
    }
    for (const [name, text] of made.files) files.set(`${state.name}/${name}`, text);
    const folder = previews.add(files, [
      vscode.l10n.t(
        'Preview: rules as kube-proxy 1.{0} would write them for the edited objects. Nothing of it is in force.',
        input.release,
      ),
      ...notes,
    ]);
    const [name = ''] = [...made.files.keys()].sort((a, b) => rank(a) - rank(b));
    return { uri: vscode.Uri.joinPath(folder, state.name, name), ports: own };
  });
  const ids = [
    ...new Set(
      shown.ports.map(
        ({ name, protocol }) => `${formatServicePortName(name)}/${protocol.toUpperCase()}`,
      ),
    ),
  ];
  const picked =
    ids.length === 1
      ? ids[0]
      : await vscode.window.showQuickPick(ids, {
          placeHolder: vscode.l10n.t('Which Service port?'),
        });
  if (picked === undefined) return;
  await vscode.commands.executeCommand('kubeProxyInspector.traceService', {
    uri: shown.uri.toString(),
    service: picked,
  });
}

/** The file, or in ipvs mode its text with kube-ipvs0 as it would be. */
async function withDummy(
  name: string,
  file: vscode.Uri,
  addresses: readonly string[] | undefined,
  families: readonly Family[],
): Promise<vscode.Uri | string> {
  const kind = dumpKind(name, '');
  if (!addresses || (kind !== 'ip-addr' && kind !== 'ip-route')) return file;
  const { withAddresses, withRoutes } = await import('../syntax/expected/dummyDevice');
  const change = kind === 'ip-addr' ? withAddresses : withRoutes;
  return change(await readText(file), addresses, families);
}

function rank(name: string): number {
  return name.startsWith('nft') ? 0 : name.startsWith('iptables') ? 1 : 2;
}

/** All but rules and the sets that they ask: addresses, routes, sysctls, configuration. */
function isKept(name: string): boolean {
  const part = kindOf(dumpKind(name, ''))?.part;
  return part !== 'rules' && part !== 'nftables' && part !== 'sets' && part !== 'IPVS';
}
