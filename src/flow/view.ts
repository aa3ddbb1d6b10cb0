import type * as vscode from 'vscode';
import type { FromWebview, PanelState, ToWebview } from './protocol';
import type { ServiceChoice } from './source';

/** What the page says to the one view that it shows; all else concerns the panel. */
export type ViewMessage = Extract<
  FromWebview,
  { type: 'describe' | 'reveal' | 'export' | 'rendered' | 'overview' | 'live' }
>;

/** What a panel shows: the graph of one node, or the table of all nodes. */
export interface PanelView extends vscode.Disposable {
  /** Dumps, captures and settings that change are a reason to load anew; else it sees to them itself. */
  readonly loadsAnew: boolean;
  /** The title of the panel's tab. */
  title(service: string): string;
  /**
   * Gets what the state names and sends it to the page, or why there is nothing to see.
   *
   * @param asked The user asked for it: a panel that VS Code restores sends no requests by itself.
   * @throws what the dumps' or the cluster's reader throws
   */
  load(state: PanelState, asked: boolean, token: vscode.CancellationToken): Promise<void>;
  /** The Service ports to choose from. */
  services(): Promise<readonly ServiceChoice[]>;
  /** Shows the graph of a node that the chooser or the table named. */
  openNode(id: string): Promise<void>;
  /** Fetches the dumps in which something is absent again; whoever shows them goes on to the newer ones. */
  fetchAgain?(): Promise<void>;
  /** Messages of the other view, that came too late, are nothing to it. */
  handle(message: ViewMessage): Promise<void>;
  /** The cursor stands on a line of a text. */
  highlight(uri: vscode.Uri, line: number): void;
  /** Nobody sees the panel any more: what goes on for it ends. */
  hidden(): void;
}

/** What a view needs of its panel. */
export interface ViewHost {
  readonly log: vscode.LogOutputChannel;
  readonly column: vscode.ViewColumn | undefined;
  post(message: ToWebview): void;
  /** Shows something else in the panel. */
  show(change: Partial<PanelState>): Promise<void>;
}
