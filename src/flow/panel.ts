import * as vscode from 'vscode';
import { errorText } from '../cluster/error';
import type { Successor } from '../workspace/clusters/dumpFiles';
import { labelOf, searchServices } from './choices';
import { GraphView } from './graphView';
import { pageHtml } from './html';
import type { OverviewSource } from './overview/nodes';
import { OverviewView } from './overview/overviewView';
import { failed } from './problems';
import type { ProblemAction } from './problems';
import { allNodes, isFromWebview } from './protocol';
import type { FromWebview, PanelState, ToWebview } from './protocol';
import type { Revealer } from './reveal';
import type { FlowSource, ServiceChoice } from './source';
import type { PanelView, ViewHost } from './view';

/** What a panel needs of its surroundings. */
export interface PanelWorld {
  readonly extension: vscode.ExtensionContext;
  readonly source: FlowSource;
  readonly overviews: OverviewSource;
  readonly revealer: Revealer;
  readonly log: vscode.LogOutputChannel;
  /** Asks for a Service port; undefined when the user gives up. */
  chooseService(services: Promise<readonly ServiceChoice[]>): Promise<string | undefined>;
  /** Another Service port was chosen in a panel. */
  chosen(panel: FlowPanel, state: PanelState): Promise<void>;
}

/** While the user types, the graph waits for this many milliseconds of rest. */
const rest = 300;

/** One webview panel: what is shown in it is its view's. */
export class FlowPanel {
  private readonly disposables: vscode.Disposable[] = [];
  private loading = new vscode.CancellationTokenSource();
  private waiting: NodeJS.Timeout | undefined;
  private ready = false;
  private asked = false;
  private view: PanelView;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private current: PanelState,
    private readonly world: PanelWorld,
  ) {
    const { extension, source } = world;
    const media = vscode.Uri.joinPath(extension.extensionUri, 'dist', 'webview');
    const { webview } = panel;
    this.view = this.viewOf(current);
    webview.options = { enableScripts: true, localResourceRoots: [media] };
    this.disposables.push(
      webview.onDidReceiveMessage((message: unknown) => this.receive(message)),
      source.onDidChange((uri) => {
        if (this.concerns(uri)) this.reloadSoon();
      }),
      source.onDidCapture((successor) => this.follow(successor)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
        const line = selections[0]?.active.line;
        if (line !== undefined && panel.visible) {
          this.view.highlight(textEditor.document.uri, line);
        }
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('kubeProxyInspector.flow')) this.reloadSoon();
      }),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.view.hidden();
      }),
      panel.onDidDispose(() => this.dispose()),
    );
    panel.iconPath = vscode.Uri.joinPath(extension.extensionUri, 'media', 'icon.png');
    webview.html = pageHtml({
      cspSource: webview.cspSource,
      nonce: crypto.randomUUID(),
      script: webview.asWebviewUri(vscode.Uri.joinPath(media, 'main.js')).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(media, 'main.css')).toString(),
      // That of the texts: lists and dates are written as it does.
      language: vscode.l10n.bundle ? vscode.env.language : 'en',
      title: vscode.l10n.t('Flow graph'),
      texts: vscode.l10n.bundle,
    });
  }

  get state(): PanelState {
    return this.current;
  }

  get onDidDispose(): vscode.Event<void> {
    return this.panel.onDidDispose;
  }

  reveal(): void {
    this.panel.reveal(undefined, false);
  }

  /**
   * Shows another Service port, or the same one anew.
   *
   * @param asked False where VS Code restores the panel: then no cluster is asked.
   */
  async show(state: PanelState, asked = true): Promise<void> {
    if (Boolean(state.overview) !== Boolean(this.current.overview)) {
      this.view.dispose();
      this.view = this.viewOf(state);
    }
    this.current = state;
    this.asked = asked;
    this.panel.title = this.view.title(state.service);
    if (this.ready) await this.load();
  }

  private viewOf(state: PanelState): PanelView {
    const { source, revealer, overviews, log } = this.world;
    const { panel } = this;
    const host: ViewHost = {
      log,
      get column() {
        return panel.viewColumn;
      },
      post: (message) => this.post(message),
      show: (change) => this.show({ ...this.current, ...change }),
    };
    return state.overview
      ? new OverviewView(host, overviews)
      : new GraphView(host, source, revealer);
  }

  /** Also a file beside those that the graph stands on may tell more of their node. */
  private concerns(uri: vscode.Uri): boolean {
    const folder = folderOf(uri);
    const { uri: own, node = own } = this.current;
    return [own, node].some((text) => folderOf(vscode.Uri.parse(text)) === folder);
  }

  /** Goes on to a newer capture of the node that is shown, in place. */
  private follow(successor: Successor): void {
    const { uri, node } = this.current;
    const newer = (text: string) => successor(vscode.Uri.parse(text, true))?.toString();
    const [newUri, newNode] = [newer(uri), node === undefined ? undefined : newer(node)];
    if (newUri === undefined && newNode === undefined) return;
    this.current = { ...this.current, uri: newUri ?? uri, node: newNode ?? node };
    this.reloadSoon();
  }

  private reloadSoon(): void {
    if (!this.view.loadsAnew) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => void this.load(), rest);
  }

  /** Gets what the view shows, or says why there is nothing; a later load cancels this one. */
  private async load(): Promise<void> {
    clearTimeout(this.waiting);
    this.loading.cancel();
    const loading = (this.loading = new vscode.CancellationTokenSource());
    const { token } = loading;
    const { uri, service } = this.current;
    this.post({ type: 'busy', text: vscode.l10n.t('Tracing {0}…', labelOf(service)) });
    try {
      await this.view.load(this.current, this.asked, token);
    } catch (error) {
      if (token.isCancellationRequested) return;
      this.world.log.error(`Flow graph of ${service} in ${uri}:`, error as Error);
      this.post(failed(error));
    } finally {
      loading.dispose();
    }
  }

  private receive(message: unknown): void {
    if (!isFromWebview(message)) {
      this.world.log.warn('The flow panel sent a message that is not understood.');
      return;
    }
    void this.handle(message).catch((error: unknown) => {
      this.world.log.error('Flow graph:', error as Error);
      const text = errorText(error);
      void vscode.window.showErrorMessage(vscode.l10n.t('Flow graph: {0}', text));
    });
  }

  private async handle(message: FromWebview): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.ready = true;
        return this.load();
      case 'choose':
        return message.what === 'node' ? this.chooseNode(message.id) : this.choose(message.id);
      case 'pin':
        this.current = { ...this.current, pinned: message.pinned };
        this.post({ type: 'pinned', pinned: message.pinned });
        return;
      case 'ping':
        return this.show({ ...this.current, ping: message.on });
      case 'action':
        return this.act(message.id as ProblemAction);
      case 'failed':
        this.world.log.error(`The flow panel's page: ${message.message}`);
        return;
      default:
        return this.view.handle(message);
    }
  }

  private async choose(id: string): Promise<void> {
    const { world, current } = this;
    const searched = id === searchServices;
    const service = searched ? await world.chooseService(this.view.services()) : id;
    // Given up: the chooser must show again what the panel shows.
    if (service === undefined || service === current.service) return this.load();
    await world.chosen(this, { ...current, service, entry: undefined });
  }

  private async chooseNode(id: string): Promise<void> {
    if (id === allNodes) return this.show({ ...this.current, overview: true });
    return this.view.openNode(id);
  }

  private async act(action: ProblemAction): Promise<void> {
    switch (action) {
      case 'retry':
      case 'ask':
        this.asked = true;
        return this.load();
      case 'fetch':
        return this.fetchAgain();
      case 'choose':
        return this.choose(searchServices);
      case 'open':
        await vscode.window.showTextDocument(vscode.Uri.parse(this.current.uri));
        return;
      case 'log':
        this.world.log.show();
    }
  }

  /** Also where that fails or brings nothing newer, the page has to say what there is. */
  private async fetchAgain(): Promise<void> {
    this.post({ type: 'busy', text: vscode.l10n.t('Fetching the dumps again…') });
    try {
      await this.view.fetchAgain?.();
    } finally {
      await this.load();
    }
  }

  private post(message: ToWebview): void {
    void this.panel.webview.postMessage(message);
  }

  private dispose(): void {
    clearTimeout(this.waiting);
    this.loading.cancel();
    this.view.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }
}

/** The folder that a file lies in; an untitled text is its own. */
function folderOf(uri: vscode.Uri): string {
  const path =
    uri.scheme === 'untitled' ? uri.path : uri.path.slice(0, uri.path.lastIndexOf('/') + 1);
  return uri.with({ path, query: '' }).toString();
}
