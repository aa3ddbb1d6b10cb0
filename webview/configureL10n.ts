import * as l10n from '@vscode/l10n';
import { setListLanguage } from '../src/core/list';

/*
 * The first import of main.ts: the page knows no vscode.l10n, so the extension host writes the
 * bundle of the display language into it (src/flow/html.ts).
 */
const bundle = document.body.dataset['l10n'];
if (bundle !== undefined && bundle !== '{}') {
  l10n.config({ contents: bundle });
  setListLanguage(document.documentElement.lang);
}
