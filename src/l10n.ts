import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { setListLanguage } from './core/list';

/**
 * Of extension.ts alone, before it reads anything else. core, which knows no VS Code, makes its texts with
 * @vscode/l10n, some of them when a module is read: they are in the user's language. The command line sets
 * no bundle, and so speaks English.
 */
if (vscode.l10n.bundle) {
  l10n.config({ contents: vscode.l10n.bundle });
  setListLanguage(vscode.env.language);
}
