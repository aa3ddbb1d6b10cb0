import type { Check } from '../check';
import { expectedFindings } from './agreements';

/** Masquerading, marks, hooks and forwarding: what no Service asks for. */
export const nodeRulesDiffer: Check = {
  code: 'node-rules-differ',
  severity: 'warning',
  title: 'rules that every node has are not as kube-proxy writes them',
  find: (context) => expectedFindings(context, 'node-rules-differ'),
};
