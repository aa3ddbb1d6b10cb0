import * as vscode from 'vscode';
import { mostNodes, offeredNodes, offeredServices } from '../choices';
import { clusterGone, needsRequests } from '../problems';
import type { FromWebview, PanelState } from '../protocol';
import type { PanelView, ViewHost, ViewMessage } from '../view';
import type { OverviewNodes, OverviewSource } from './nodes';
import type { Overview } from './overview';

type Message = Extract<FromWebview, { type: 'overview' }>;

/** The table of all nodes. */
export class OverviewView implements PanelView {
  /** `Overview` listens to its nodes itself, and reads those alone that changed. */
  readonly loadsAnew = false;
  private overview: Overview | undefined;
  private nodes: OverviewNodes | undefined;

  constructor(
    private readonly host: ViewHost,
    private readonly overviews: OverviewSource,
  ) {}

  dispose(): void {
    this.overview?.dispose();
    this.overview = undefined;
  }

  title(service: string): string {
    return vscode.l10n.t('All nodes: {0}', service);
  }

  async load(state: PanelState, asked: boolean, token: vscode.CancellationToken): Promise<void> {
    this.dispose();
    const { host } = this;
    const uri = vscode.Uri.parse(state.uri, true);
    if (!asked && (await this.overviews.asks(uri))) {
      host.post(needsRequests());
      return;
    }
    const nodes = (this.nodes = await this.overviews.open(uri));
    if (!nodes) {
      host.post(clusterGone());
      return;
    }
    const [{ Overview }, { overviewHost }] = await Promise.all([
      import('./overview'),
      import('./host'),
    ]);
    if (token.isCancellationRequested) return;
    const own = overviewHost({ post: host.post.bind(host), log: host.log });
    const overview = (this.overview = new Overview(nodes, state.service, own));
    const [services] = await Promise.all([nodes.services(), overview.list()]);
    if (token.isCancellationRequested) return;
    // The rows that follow are sent after this.
    overview.begin();
    const { lines } = overview;
    const choices = lines.slice(0, mostNodes).map(({ node }) => ({ id: node, label: node }));
    host.post({
      type: 'overview',
      lines,
      services: offeredServices(services, state.service),
      nodes: offeredNodes(choices),
      canFetch: nodes.fetch !== undefined,
      progress: overview.progress,
      state,
    });
  }

  async services() {
    return (await this.nodes?.services()) ?? [];
  }

  async openNode(node: string): Promise<void> {
    const dump = (await this.nodes?.dump(node))?.toString();
    if (dump !== undefined) {
      await this.host.show({ uri: dump, node: dump, overview: undefined });
    }
  }

  async handle(message: ViewMessage): Promise<void> {
    if (message.type === 'overview') await this.act(message);
  }

  /** No line of a dump stands in the table. */
  highlight(): void {
    return;
  }

  /** Reading goes on: its rows are there when the panel is seen again. */
  hidden(): void {
    return;
  }

  private async act({ action, node }: Message): Promise<void> {
    switch (action) {
      case 'open':
        if (node !== undefined) await this.openNode(node);
        return;
      case 'fetch':
        return this.overview?.fetch(node);
      case 'stop':
        this.overview?.stop();
        return;
      case 'resume':
        this.overview?.resume();
    }
  }
}
