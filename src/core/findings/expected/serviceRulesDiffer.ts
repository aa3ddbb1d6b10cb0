import * as l10n from '@vscode/l10n';
import type { Check } from '../check';
import { expectedFindings } from './agreements';

/** Rules against what objects and configuration ask for, where no other check tells the same. */
export const serviceRulesDiffer: Check = {
  code: 'service-rules-differ',
  severity: 'warning',
  title: l10n.t("a Service's rules are not what kube-proxy writes for it"),
  find: (context) => expectedFindings(context, 'service-rules-differ'),
};
