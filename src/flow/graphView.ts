import * as vscode from 'vscode';
import { isCancelled } from '../cluster/error';
import type { FlowFinding } from '../core/flow/flowFindings';
import type { SourceRange } from '../core/source';
import { setting } from '../workspace/setting';
import { labelOf, offeredNodes, offeredServices } from './choices';
import { exportGraph } from './exporting';
import { LiveCounters } from './live';
import { itemsAt, rangesOf } from './locate';
import { serviceGone } from './problems';
import type { ImageFormat, ItemRef, PanelState } from './protocol';
import { Requests } from './requests';
import type { Revealer } from './reveal';
import type { Absence, FlowAnswer, FlowSource } from './source';
import type { PanelView, ViewHost, ViewMessage } from './view';

/** The flow graph of one node. */
export class GraphView implements PanelView {
  readonly loadsAnew = true;
  private answer: FlowAnswer | undefined;
  private findings: readonly FlowFinding[] = [];
  private uri: vscode.Uri | undefined;
  /** Of a Service port that is absent: fetches the node's dumps again. */
  private fetch: Absence['fetch'];
  private readonly renders = new Requests<string>();
  private readonly live: LiveCounters;
  /** Why the counters are no longer read, for the page that comes back. */
  private ended: string | undefined;

  constructor(
    private readonly host: ViewHost,
    private readonly source: FlowSource,
    private readonly revealer: Revealer,
  ) {
    this.live = new LiveCounters((message) => host.post(message));
  }

  dispose(): void {
    this.live.stop();
    this.renders.end(new Error(vscode.l10n.t('The panel was closed.')));
  }

  title(service: string): string {
    return vscode.l10n.t('Flow: {0}', labelOf(service));
  }

  async load(state: PanelState, _asked: boolean, token: vscode.CancellationToken): Promise<void> {
    const { service, node, ping } = state;
    const uri = (this.uri = vscode.Uri.parse(state.uri, true));
    if (this.live.isOn) this.ended = vscode.l10n.t('Live ended: the graph was drawn anew.');
    this.live.stop();
    try {
      const [answer, services] = await Promise.all([
        this.source.graph({ uri, service, node, ping }, token),
        this.source.services(uri, token),
      ]);
      if (token.isCancellationRequested) return;
      this.answer = answer;
      this.findings = [];
      if (!answer) {
        const shown = node === undefined ? uri : vscode.Uri.parse(node, true);
        const { reason, fetch } = await this.source.absence(shown, service);
        if (token.isCancellationRequested) return;
        this.fetch = fetch;
        this.host.post(serviceGone(service, reason, fetch !== undefined));
        return;
      }
      this.host.post({
        type: 'graph',
        graph: answer.graph,
        services: offeredServices(services, service),
        nodes: answer.comparable ? offeredNodes(answer.nodes, answer.node) : answer.nodes,
        state: { ...state, node: answer.node },
        heat: setting('flow.counterHeat', false),
        live: answer.live !== undefined,
      });
      void this.find(answer, token);
      if (this.ended !== undefined) this.host.post({ type: 'live', on: false, text: this.ended });
      this.ended = undefined;
    } catch (error) {
      if (!token.isCancellationRequested) this.answer = undefined;
      throw error;
    }
  }

  /** The graph does not wait for what is wrong: of many Services that takes some seconds. */
  private async find(answer: FlowAnswer, token: vscode.CancellationToken): Promise<void> {
    try {
      const findings = await answer.findings(token);
      if (token.isCancellationRequested) return;
      this.findings = findings;
      const shown = findings.map(({ finding: { severity, code, message }, nodes, edges }) => ({
        severity,
        code,
        message,
        nodes,
        edges,
      }));
      this.host.post({ type: 'findings', findings: shown });
    } catch (error) {
      if (!isCancelled(error))
        this.host.log.warn(`Findings of ${answer.graph.title}: ${String(error)}`);
    }
  }

  async services() {
    const { token } = new vscode.CancellationTokenSource();
    return this.uri ? this.source.services(this.uri, token) : [];
  }

  async fetchAgain(): Promise<void> {
    await this.fetch?.();
  }

  openNode(node: string): Promise<void> {
    return this.host.show({ node });
  }

  async handle(message: ViewMessage): Promise<void> {
    switch (message.type) {
      case 'describe':
        return this.describe(message.request, message.kind, message.ids);
      case 'reveal':
        return this.reveal(message.item, message.how);
      case 'export':
        return this.export();
      case 'live':
        return this.setLive(message.on);
      case 'rendered': {
        const { request, data, error } = message;
        this.renders.answer(request, data ?? new Error(error));
        return;
      }
      case 'overview':
        return;
    }
  }

  hidden(): void {
    if (!this.live.isOn) return;
    // The page that is shown again is a new one: it is told then.
    this.ended = vscode.l10n.t('Live ended: the panel was hidden.');
    this.live.stop();
  }

  private async setLive(on: boolean): Promise<void> {
    const open = this.answer?.live;
    if (on && open) await this.live.start(open);
    else this.live.stop();
  }

  highlight(uri: vscode.Uri, line: number): void {
    if (!this.answer) return;
    const { graph, original } = this.answer;
    const items = itemsAt(graph, { source: uri.toString(), line }, original);
    if (items.nodes.length + items.edges.length > 0) {
      this.host.post({ type: 'highlight', ...items });
    }
  }

  private async reveal(item: ItemRef, how: 'open' | 'peek'): Promise<void> {
    const ranges = this.rangesOf(item);
    const [first] = ranges;
    if (!first) return;
    const { revealer } = this;
    const { column } = this.host;
    await (how === 'peek' ? revealer.peek(ranges, column) : revealer.open(first, column));
  }

  private rangesOf(item: ItemRef): readonly SourceRange[] {
    if (!this.answer) return [];
    const { graph, original } = this.answer;
    if (item.kind !== 'finding') return rangesOf(graph, item).map(original);
    const finding = this.findings[item.at]?.finding;
    if (!finding) return [];
    return [finding, ...(finding.related ?? [])].map(({ range }) => original(range));
  }

  private async describe(request: number, kind: 'node' | 'edge', ids: readonly string[]) {
    const { answer } = this;
    if (!answer) return;
    const ranges = ids.flatMap((id) => rangesOf(answer.graph, { kind, id }));
    this.host.post({ type: 'details', request, details: await answer.describe(ranges) });
  }

  private async export(): Promise<void> {
    if (!this.answer || !this.uri) return;
    const folder = vscode.Uri.joinPath(this.uri, '..');
    await exportGraph(this.answer.graph, folder, (format) => this.render(format));
  }

  private render(format: ImageFormat): Promise<string> {
    return this.renders.ask((request) => this.host.post({ type: 'render', request, format }));
  }
}
