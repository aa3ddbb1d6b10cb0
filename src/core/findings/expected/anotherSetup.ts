import * as l10n from '@vscode/l10n';
import type { Check } from '../check';
import { expectedFindings } from './agreements';

/** Where most Service ports differ, it is the setup that is not this node's. */
export const anotherSetup: Check = {
  code: 'rules-of-another-setup',
  severity: 'information',
  title: l10n.t('most rules are not those of the configuration at hand'),
  find: (context) => expectedFindings(context, 'rules-of-another-setup'),
};
