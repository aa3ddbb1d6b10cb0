import * as vscode from 'vscode';
import { registerCommand } from '../../workspace/command';
import type { ExplorerContext } from '../context';

/** What the user set of the view; the tree's world reads it. */
export interface ViewState {
  filter: string;
  sort: 'name' | 'problems';
}

/** Refresh, filter, sort, and the way to the kubeconfig's setting. */
export function registerView(context: ExplorerContext, state: ViewState): vscode.Disposable[] {
  const { provider, sources, view, log } = context;
  const filter = (text: string) => {
    state.filter = text.trim().toLowerCase();
    view.message = state.filter === '' ? undefined : vscode.l10n.t('Filter: {0}', text.trim());
    void vscode.commands.executeCommand(
      'setContext',
      'kubeProxyInspector.filtered',
      state.filter !== '',
    );
    provider.redraw();
  };
  return [
    registerCommand(log, 'kubeProxyInspector.refreshExplorer', () => {
      provider.stop();
      sources.refresh();
    }),
    registerCommand(log, 'kubeProxyInspector.filterExplorer', () => askFilter(state, filter)),
    registerCommand(log, 'kubeProxyInspector.clearFilter', () => filter('')),
    registerCommand(log, 'kubeProxyInspector.sortExplorer', () => {
      state.sort = state.sort === 'name' ? 'problems' : 'name';
      const message =
        state.sort === 'name'
          ? vscode.l10n.t('Services are sorted by name.')
          : vscode.l10n.t('Services with endpoints that are not ready come first.');
      vscode.window.setStatusBarMessage(message, 3000);
      provider.redraw();
    }),
    registerCommand(log, 'kubeProxyInspector.selectKubeconfig', async () => {
      await vscode.commands.executeCommand(
        'workbench.action.openSettings',
        'kubeProxyInspector.kubeconfig',
      );
    }),
  ];
}

/** The tree follows each key; Escape brings back what was before. */
function askFilter(state: ViewState, filter: (text: string) => void): void {
  const before = state.filter;
  const box = vscode.window.createInputBox();
  box.value = before;
  box.placeholder = vscode.l10n.t('Name, namespace, address or port; empty shows all');
  let accepted = false;
  let timer: NodeJS.Timeout | undefined;
  box.onDidChangeValue((text) => {
    clearTimeout(timer);
    timer = setTimeout(() => filter(text), 150);
  });
  box.onDidAccept(() => {
    accepted = true;
    clearTimeout(timer);
    filter(box.value);
    box.hide();
  });
  box.onDidHide(() => {
    clearTimeout(timer);
    if (!accepted) filter(before);
    box.dispose();
  });
  box.show();
}
