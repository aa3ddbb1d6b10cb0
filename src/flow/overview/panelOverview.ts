import * as vscode from 'vscode';
import type { Choice, FromWebview, PanelState, ToWebview } from '../protocol';
import { allNodes } from '../protocol';
import { clusterGone, needsRequests } from '../problems';
import type { OverviewNodes, OverviewSource } from './nodes';
import type { Overview } from './overview';

type Message = Extract<FromWebview, { type: 'overview' }>;

/** What an overview needs of its panel. */
export interface OverviewHost {
  readonly overviews: OverviewSource;
  readonly log: vscode.LogOutputChannel;
  post(message: ToWebview): void;
  /** What the chooser offers, the one shown among them. */
  offered(services: readonly Choice[], current: string): readonly Choice[];
  /** Shows the graph of a node by one of its dumps. */
  open(dump: vscode.Uri): Promise<void>;
}

/** The table of all nodes in a panel, as long as the panel shows it. */
export class PanelOverview implements vscode.Disposable {
  private overview: Overview | undefined;
  private nodes: OverviewNodes | undefined;

  constructor(private readonly host: OverviewHost) {}

  dispose(): void {
    this.overview?.dispose();
    this.overview = undefined;
  }

  /** The Service ports to choose from. */
  services() {
    return this.nodes?.services() ?? Promise.resolve([]);
  }

  /**
   * Shows the table; rejects when the nodes can't be listed.
   *
   * @param asked The user asked for it: a panel that VS Code restores sends no requests by itself.
   */
  async load(state: PanelState, asked: boolean, token: vscode.CancellationToken): Promise<void> {
    this.dispose();
    const { host } = this;
    const uri = vscode.Uri.parse(state.uri, true);
    if (!asked && (await host.overviews.asks(uri))) {
      host.post(needsRequests());
      return;
    }
    const nodes = (this.nodes = await host.overviews.open(uri));
    if (!nodes) {
      host.post(clusterGone());
      return;
    }
    const { Overview } = await import('./overview');
    if (token.isCancellationRequested) return;
    const overview = (this.overview = new Overview(nodes, state.service, host.post, host.log));
    const [services] = await Promise.all([nodes.services(), overview.list()]);
    if (token.isCancellationRequested) return;
    // The rows that follow are sent after this.
    overview.begin();
    const { lines } = overview;
    host.post({
      type: 'overview',
      lines,
      services: host.offered(services, state.service),
      nodes: [
        { id: allNodes, label: vscode.l10n.t('All nodes') },
        ...lines.slice(0, mostNodes).map(({ node }) => ({ id: node, label: node })),
      ],
      canFetch: nodes.fetch !== undefined,
      progress: overview.progress,
      state,
    });
  }

  async handle({ action, node }: Message): Promise<void> {
    switch (action) {
      case 'open':
        if (node !== undefined && this.nodes) await this.host.open(await this.nodes.dump(node));
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

/** Above this the chooser leads to the table only: thousands of options would block the page. */
export const mostNodes = 100;
