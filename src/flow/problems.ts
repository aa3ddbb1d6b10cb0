import * as vscode from 'vscode';
import { errorText } from '../cluster/error';
import type { ToWebview } from './protocol';

type Problem = Extract<ToWebview, { type: 'problem' }>;

/** The buttons of a `problem`, by id. */
export type ProblemAction = 'retry' | 'ask' | 'fetch' | 'choose' | 'open' | 'log';

function problem(title: string, detail: string, ...actions: readonly ProblemAction[]): Problem {
  const labels: Readonly<Record<ProblemAction, string>> = {
    retry: vscode.l10n.t('Try Again'),
    ask: vscode.l10n.t('List the Nodes'),
    fetch: vscode.l10n.t('Fetch the Dumps Again'),
    choose: vscode.l10n.t('Choose a Service'),
    open: vscode.l10n.t('Open the Dump'),
    log: vscode.l10n.t('Show Log'),
  };
  return {
    type: 'problem',
    title,
    detail,
    actions: actions.map((id) => ({ id, label: labels[id] })),
  };
}

/**
 * @param reason why, as far as the dumps tell
 * @param live the node can be asked again
 */
export function serviceGone(service: string, reason: string, live: boolean): Problem {
  return problem(
    vscode.l10n.t('The dump has no Service port {0}', service),
    reason,
    ...(live ? (['fetch'] as const) : []),
    'choose',
    'open',
  );
}

/** The overview of a cluster that answers now, restored with the window. */
export function needsRequests(): Problem {
  return problem(
    vscode.l10n.t('The nodes are not listed yet'),
    vscode.l10n.t('To list them, the cluster has to be asked.'),
    'ask',
  );
}

export function clusterGone(): Problem {
  return problem(
    vscode.l10n.t('The cluster is no longer open'),
    vscode.l10n.t(
      'Its context is not in the kubeconfig any more, or its snapshot was closed. Open it again in the view Kube-Proxy.',
    ),
    'retry',
    'log',
  );
}

export function failed(error: unknown): Problem {
  return problem(
    vscode.l10n.t('The flow graph could not be drawn'),
    errorText(error),
    'retry',
    'log',
  );
}
