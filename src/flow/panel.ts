import * as vscode from 'vscode';
import type { FlowGraph } from '../core/flow/graph';
import type { Successor } from '../workspace/clusters/dumpFiles';
import { setting } from '../workspace/clusters/settings';
import { exportGraph } from './exporting';
import { pageHtml } from './html';
import { itemsAt, rangesOf } from './locate';
import { failed, serviceGone } from './problems';
import type { ProblemAction } from './problems';
import type { OverviewSource } from './overview/nodes';
import { mostNodes, PanelOverview } from './overview/panelOverview';
import { allNodes, isFromWebview } from './protocol';
import type { Choice, FromWebview, ImageFormat, ItemRef, PanelState, ToWebview } from './protocol';
import type { Revealer } from './reveal';
import type { FlowAnswer, FlowSource, ServiceChoice } from './source';

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

/** Above this the chooser offers to search instead: thousands of options would block the page. */
const mostServices = 100;
/** The id of the option that leads to the search. */
const searchServices = '';
/** While the user types, the graph waits for this many milliseconds of rest. */
const rest = 300;

/** One webview panel and the Service port in it. */
export class FlowPanel {
  private readonly disposables: vscode.Disposable[] = [];
  private readonly renders = new Map<
    number,
    { resolve(data: string): void; reject(error: Error): void }
  >();
  private lastRender = 0;
  private answer: FlowAnswer | undefined;
  private loading = new vscode.CancellationTokenSource();
  private waiting: NodeJS.Timeout | undefined;
  private ready = false;
  private readonly overview: PanelOverview;
  private asked = false;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private current: PanelState,
    private readonly world: PanelWorld,
  ) {
    const { extension, source } = world;
    const media = vscode.Uri.joinPath(extension.extensionUri, 'dist', 'webview');
    const { webview } = panel;
    this.overview = new PanelOverview({
      overviews: world.overviews,
      log: world.log,
      post: (message) => this.post(message),
      offered,
      open: (dump) => this.showGraph(dump.toString()),
    });
    webview.options = { enableScripts: true, localResourceRoots: [media] };
    this.disposables.push(
      webview.onDidReceiveMessage((message: unknown) => this.receive(message)),
      source.onDidChange((uri) => {
        if (this.concerns(uri)) this.reloadSoon();
      }),
      source.onDidCapture((successor) => this.follow(successor)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
        const line = selections[0]?.active.line;
        if (line !== undefined) this.highlight(textEditor.document.uri, line);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        const ours = event.affectsConfiguration('kubeProxyInspector.flow');
        if (ours && !this.current.overview) this.reloadSoon();
      }),
      panel.onDidDispose(() => this.dispose()),
    );
    panel.iconPath = vscode.Uri.joinPath(extension.extensionUri, 'media', 'icon.png');
    webview.html = pageHtml({
      cspSource: webview.cspSource,
      nonce: crypto.randomUUID(),
      script: webview.asWebviewUri(vscode.Uri.joinPath(media, 'main.js')).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(media, 'main.css')).toString(),
      language: vscode.env.language,
      title: vscode.l10n.t('Flow graph'),
      texts: vscode.l10n.bundle,
    });
  }

  get state(): PanelState {
    return this.current;
  }

  private get graph(): FlowGraph | undefined {
    return this.answer?.graph;
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
    this.current = state;
    this.asked = asked;
    this.panel.title = state.overview
      ? vscode.l10n.t('All nodes: {0}', state.service)
      : vscode.l10n.t('Flow: {0}', state.service);
    if (this.ready) await this.load();
  }

  /** Also a file beside those that the graph stands on may tell more of their node. */
  private concerns(uri: vscode.Uri): boolean {
    // An overview sees to its own changes.
    if (this.current.overview) return false;
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
    if (!this.current.overview) this.reloadSoon();
  }

  private reloadSoon(): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => void this.load(), rest);
  }

  /** Gets the graph and shows it, or why there is none; a later load cancels this one. */
  private async load(): Promise<void> {
    this.loading.cancel();
    const loading = (this.loading = new vscode.CancellationTokenSource());
    const { token } = loading;
    const { source, log } = this.world;
    const { uri: uriText, service, node } = this.current;
    this.overview.dispose();
    this.post({ type: 'busy', text: vscode.l10n.t('Tracing {0}…', service) });
    try {
      if (this.current.overview) {
        this.answer = undefined;
        await this.overview.load(this.current, this.asked, token);
        return;
      }
      const uri = vscode.Uri.parse(uriText, true);
      const [answer, services] = await Promise.all([
        source.graph({ uri, service, node }, token),
        source.services(uri, token),
      ]);
      if (token.isCancellationRequested) return;
      this.answer = answer;
      if (!answer) {
        this.post(serviceGone(service));
        return;
      }
      this.post({
        type: 'graph',
        graph: answer.graph,
        services: offered(services, service),
        nodes: offeredNodes(answer),
        state: { ...this.current, node: answer.node },
        heat: setting('flow.counterHeat', false),
      });
    } catch (error) {
      if (token.isCancellationRequested) return;
      this.answer = undefined;
      log.error(`Flow graph of ${service} in ${uriText}:`, error as Error);
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
      const text = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(vscode.l10n.t('Flow graph: {0}', text));
    });
  }

  private async handle(message: FromWebview): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.ready = true;
        return this.load();
      case 'describe':
        return this.describe(message.request, message.kind, message.ids);
      case 'reveal':
        return this.revealItem(message.item, message.how);
      case 'choose':
        return this.choose(message.what, message.id);
      case 'pin':
        this.current = { ...this.current, pinned: message.pinned };
        this.post({ type: 'pinned', pinned: message.pinned });
        return;
      case 'export':
        return this.export();
      case 'overview':
        return this.overview.handle(message);
      case 'action':
        return this.act(message.id as ProblemAction);
      case 'rendered': {
        const render = this.renders.get(message.request);
        this.renders.delete(message.request);
        if (message.data === undefined) render?.reject(new Error(message.error));
        else render?.resolve(message.data);
        return;
      }
      case 'failed':
        this.world.log.error(`The flow panel's page: ${message.message}`);
    }
  }

  private async revealItem(item: ItemRef, how: 'open' | 'peek'): Promise<void> {
    const ranges = this.graph ? rangesOf(this.graph, item) : [];
    const [first] = ranges;
    if (!first) return;
    const { revealer } = this.world;
    const column = this.panel.viewColumn;
    await (how === 'peek' ? revealer.peek(ranges, column) : revealer.open(first, column));
  }

  private async describe(request: number, kind: 'node' | 'edge', ids: readonly string[]) {
    const { answer, graph } = this;
    if (!answer || !graph) return;
    const ranges = ids.flatMap((id) => rangesOf(graph, { kind, id }));
    this.post({ type: 'details', request, details: await answer.describe(ranges) });
  }

  private async choose(what: 'service' | 'node', id: string): Promise<void> {
    const { world, current } = this;
    if (what === 'node') return this.chooseNode(id);
    const uri = vscode.Uri.parse(current.uri);
    const services = () =>
      current.overview
        ? this.overview.services()
        : world.source.services(uri, new vscode.CancellationTokenSource().token);
    const service = id === searchServices ? await world.chooseService(services()) : id;
    // Given up: the chooser must show again what the panel shows.
    if (service === undefined || service === current.service) return this.load();
    await world.chosen(this, { ...current, service, entry: undefined });
  }

  private async chooseNode(id: string): Promise<void> {
    const { current } = this;
    if (id === allNodes) return this.show({ ...current, overview: true });
    if (current.overview)
      return this.overview.handle({ type: 'overview', action: 'open', node: id });
    return this.show({ ...current, node: id });
  }

  private showGraph(dump: string): Promise<void> {
    return this.show({ ...this.current, uri: dump, node: dump, overview: undefined });
  }

  private async act(action: ProblemAction): Promise<void> {
    switch (action) {
      case 'retry':
      case 'ask':
        this.asked = true;
        return this.load();
      case 'choose':
        return this.choose('service', searchServices);
      case 'open':
        await vscode.window.showTextDocument(vscode.Uri.parse(this.current.uri));
        return;
      case 'log':
        this.world.log.show();
    }
  }

  private async export(): Promise<void> {
    if (!this.graph) return;
    const folder = vscode.Uri.joinPath(vscode.Uri.parse(this.current.uri), '..');
    await exportGraph(this.graph, folder, (format) => this.render(format));
  }

  private render(format: ImageFormat): Promise<string> {
    const request = ++this.lastRender;
    return new Promise((resolve, reject) => {
      this.renders.set(request, { resolve, reject });
      this.post({ type: 'render', request, format });
    });
  }

  private highlight(uri: vscode.Uri, line: number): void {
    if (!this.graph || !this.panel.visible) return;
    const items = itemsAt(this.graph, uri.toString(), line);
    if (items.nodes.length + items.edges.length > 0) this.post({ type: 'highlight', ...items });
  }

  private post(message: ToWebview): void {
    void this.panel.webview.postMessage(message);
  }

  private dispose(): void {
    clearTimeout(this.waiting);
    this.loading.cancel();
    this.overview.dispose();
    for (const { reject } of this.renders.values()) {
      reject(new Error(vscode.l10n.t('The panel was closed.')));
    }
    for (const disposable of this.disposables) disposable.dispose();
  }
}

/** The folder that a file lies in; an untitled text is its own. */
function folderOf(uri: vscode.Uri): string {
  const path =
    uri.scheme === 'untitled' ? uri.path : uri.path.slice(0, uri.path.lastIndexOf('/') + 1);
  return uri.with({ path, query: '' }).toString();
}

/** What the chooser offers: the one shown is always in it, also a packet, which no dump lists. */
function offered(services: readonly Choice[], current: string): readonly Choice[] {
  const choices = services.map(({ id, label }) => ({ id, label }));
  const shown = choices.find(({ id }) => id === current) ?? { id: current, label: current };
  if (choices.length > mostServices) {
    const search = vscode.l10n.t('Search all {0}…', choices.length);
    return [shown, { id: searchServices, label: search }];
  }
  return choices.includes(shown) ? choices : [shown, ...choices];
}

/** The nodes to choose from, and the table of all where there are others. */
function offeredNodes({ nodes, node, comparable }: FlowAnswer): readonly Choice[] {
  if (!comparable) return nodes;
  const shown = nodes.length > mostNodes ? nodes.filter(({ id }) => id === node) : nodes;
  return [{ id: allNodes, label: vscode.l10n.t('All nodes') }, ...shown];
}
