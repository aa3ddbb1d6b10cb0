import * as vscode from 'vscode';
import { errorText } from '../cluster/error';
import { dumpAtHand } from '../workspace/dumpAtHand';
import type { OverviewSource } from './overview/nodes';
import { askPacket } from './packetInput';
import { FlowPanel } from './panel';
import type { PanelWorld } from './panel';
import { isPanelState } from './protocol';
import type { PanelState } from './protocol';
import { Revealer } from './reveal';
import type { FlowSource, ServiceChoice } from './source';

const viewType = 'kubeProxyInspector.flow';

/** The argument of `kubeProxyInspector.traceService`; all of it may be left out. */
export interface TraceServiceArgument {
  /** The dump; without it, the one in the active editor. */
  readonly uri?: vscode.Uri | string;
  /** The Service port (`serviceId` of src/core/flow); without it, the user is asked. */
  readonly service?: string;
}

/** The flow graph: the commands "Trace Service" and "Trace Packet", and their panels. */
export function register(
  extension: vscode.ExtensionContext,
  source: FlowSource,
  overviews: OverviewSource,
  log: vscode.LogOutputChannel,
): void {
  const revealer = new Revealer();
  const panels = new Set<FlowPanel>();

  const find = ({ uri, service }: PanelState, but?: FlowPanel) =>
    [...panels].find(
      (panel) => panel !== but && panel.state.uri === uri && panel.state.service === service,
    );

  const add = async (webviewPanel: vscode.WebviewPanel, state: PanelState, asked = true) => {
    const panel = new FlowPanel(webviewPanel, state, world);
    panels.add(panel);
    panel.onDidDispose(() => panels.delete(panel));
    await panel.show(state, asked);
  };

  const create = (state: PanelState) =>
    add(vscode.window.createWebviewPanel(viewType, state.service, vscode.ViewColumn.Beside), state);

  /** Reveals the Service's panel, or takes the one that is not pinned, or opens a new one. */
  const open = async (state: PanelState) => {
    const same = find(state);
    if (same) {
      same.reveal();
      const { overview } = state;
      if (overview !== same.state.overview) await same.show({ ...same.state, overview });
      return;
    }
    const free = [...panels].find((panel) => !panel.state.pinned);
    if (!free) return create(state);
    free.reveal();
    await free.show(state);
  };

  const world: PanelWorld = {
    extension,
    source,
    overviews,
    revealer,
    log,
    chooseService,
    async chosen(panel, state) {
      const same = find(state, panel);
      if (same) same.reveal();
      else if (panel.state.pinned) await create({ ...state, pinned: false });
      else await panel.show(state);
    },
  };

  const servicePortOf = (uri: vscode.Uri) => {
    const searching = new vscode.CancellationTokenSource();
    const services = source.services(uri, searching.token);
    return chooseService(services).finally(() => {
      searching.cancel();
      searching.dispose();
    });
  };

  const traceService = async (uri: vscode.Uri, named: string | undefined) => {
    const service = named ?? (await servicePortOf(uri));
    if (service !== undefined) await open({ uri: uri.toString(), service, pinned: false });
  };

  const compareNodes = async (uri: vscode.Uri, named: string | undefined) => {
    const service = named ?? (await servicePortOf(uri));
    if (service === undefined) return;
    await open({ uri: uri.toString(), service, pinned: false, overview: true });
  };

  const tracePacket = async (uri: vscode.Uri, named: string | undefined) => {
    const packet = named ?? (await askPacket(source.packets(uri)));
    if (packet !== undefined) await open({ uri: uri.toString(), service: packet, pinned: false });
  };

  const onDump = (trace: (uri: vscode.Uri, named: string | undefined) => Promise<void>) => {
    return async (argument: unknown) => {
      const { uri: given, service } = argumentOf(argument);
      const uri = given ?? (await dumpAtHand());
      if (!uri) return;
      try {
        await trace(uri, service);
      } catch (error) {
        log.error(`Trace in ${uri.toString()}:`, error as Error);
        const showLog = vscode.l10n.t('Show Log');
        const text = errorText(error);
        const message = vscode.l10n.t('The trace failed: {0}', text);
        if ((await vscode.window.showErrorMessage(message, showLog)) === showLog) log.show();
      }
    };
  };

  extension.subscriptions.push(
    revealer,
    vscode.commands.registerCommand('kubeProxyInspector.traceService', onDump(traceService)),
    vscode.commands.registerCommand('kubeProxyInspector.compareNodes', onDump(compareNodes)),
    vscode.commands.registerCommand('kubeProxyInspector.tracePacket', onDump(tracePacket)),
    vscode.window.registerWebviewPanelSerializer(viewType, {
      async deserializeWebviewPanel(webviewPanel: vscode.WebviewPanel, state: unknown) {
        // A state of another version: nothing to go by.
        if (isPanelState(state)) await add(webviewPanel, state, false);
        else webviewPanel.dispose();
      },
    }),
  );
}

/** From the palette there is no argument, from the editor's menu its URI, from a lens ours. */
function argumentOf(argument: unknown): { uri?: vscode.Uri; service?: string } {
  if (argument instanceof vscode.Uri) return { uri: argument };
  if (typeof argument !== 'object' || argument === null) return {};
  const { uri, service } = argument as TraceServiceArgument;
  return {
    uri: typeof uri === 'string' ? vscode.Uri.parse(uri, true) : uri,
    service: typeof service === 'string' ? service : undefined,
  };
}

async function chooseService(
  services: Promise<readonly ServiceChoice[]>,
): Promise<string | undefined> {
  const items = services.then((found) => (found.length > 0 ? found.map(itemOf) : [noServices()]));
  const picked = await vscode.window.showQuickPick<ServiceItem>(items, {
    title: vscode.l10n.t('Trace Service'),
    placeHolder: vscode.l10n.t('Which Service port?'),
    matchOnDescription: true,
  });
  await items;
  return picked?.id;
}

type ServiceItem = vscode.QuickPickItem & { readonly id: string | undefined };

function itemOf({ id, label, description, detail }: ServiceChoice): ServiceItem {
  return { id, label, description, detail };
}

function noServices(): ServiceItem {
  return {
    id: undefined,
    label: vscode.l10n.t('This dump has no Service of kube-proxy'),
    detail: vscode.l10n.t(
      'It needs the rules as kube-proxy wrote them: the table nat of iptables-save with KUBE-SERVICES and its chains, or the tables kube-proxy of nft list ruleset.',
    ),
  };
}
