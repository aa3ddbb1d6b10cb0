import * as l10n from '@vscode/l10n';
import type { Check } from '../check';
import { expectedFindings } from './agreements';

/** Masquerading, marks, hooks and forwarding: what no Service asks for. */
export const nodeRulesDiffer: Check = {
  code: 'node-rules-differ',
  severity: 'warning',
  title: l10n.t('rules that every node has are not as kube-proxy writes them'),
  find: (context) => expectedFindings(context, 'node-rules-differ'),
};
