import * as vscode from 'vscode';
import { confirm } from '../../workspace/confirm';
import { checkedNode } from '../../workspace/findings/checkedNode';
import { setting } from '../../workspace/setting';
import type { ViewHost } from '../view';
import type { OverviewHost } from './overview';

/** VS Code for the overview of a panel. */
export function overviewHost({ post, log }: Pick<ViewHost, 'post' | 'log'>): OverviewHost {
  return {
    post,
    warn: (message) => log.warn(message),
    parallelNodes: () => setting('fetch.parallelNodes', 8),
    agrees,
    async findings(state, objects, token) {
      return (await checkedNode(state, objects, token)).findings;
    },
  };
}

function agrees(nodes: number): Promise<boolean> {
  return confirm(
    vscode.l10n.t('Fetch the dumps of {0} nodes?', nodes),
    vscode.l10n.t(
      'On each node some twenty commands that only read are run in a pod of kube-proxy. It can be stopped at any time; what was fetched stays.',
    ),
    vscode.l10n.t('Fetch'),
  );
}
