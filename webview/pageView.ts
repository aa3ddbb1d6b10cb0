import { isPanelState } from '../src/flow/protocol';
import type { FromWebview, PanelState, ToWebview } from '../src/flow/protocol';

declare function acquireVsCodeApi(): {
  postMessage(message: FromWebview): void;
  setState(state: PanelState): void;
  getState(): unknown;
};

/** What the host says to a view; all else concerns the page. */
export type ViewMessage = Exclude<ToWebview, { type: 'busy' | 'problem' | 'pinned' }>;

/** The graph of one node, or the table of all nodes: one of them is shown. */
export interface PageView {
  /** Takes what is its own, and passes over what is the other's. */
  receive(message: ViewMessage): void;
  /** What is shown goes away: the other view comes, or a problem. */
  leave(): void;
}

/** What a view needs of the page. */
export interface Page {
  post(message: FromWebview): void;
  /** What VS Code keeps over a reload of the page: the one copy there is. */
  state(): PanelState | undefined;
  keep(state: PanelState): void;
}

/** May be called once: VS Code hands its API out one time only. */
export function connectPage(): Page {
  const vscode = acquireVsCodeApi();
  return {
    post: (message) => vscode.postMessage(message),
    keep: (state) => vscode.setState(state),
    state() {
      const state = vscode.getState();
      return isPanelState(state) ? state : undefined;
    },
  };
}

/** What was chosen in the page stays over an update, and over a reload. */
export function withOwnChoices(page: Page, state: PanelState): PanelState {
  const own = page.state();
  if (own?.service !== state.service) return state;
  const { entry, groupBy, heat, sort, unfolded } = own;
  return { ...state, entry, groupBy, heat, sort, unfolded };
}
