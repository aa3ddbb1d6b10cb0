import './l10n';
import type * as vscode from 'vscode';

/**
 * All else is read once the texts' language is known: where the bundle is split, files that several parts
 * import run before the code of the entry that comes first in the source.
 */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const features = await import('./features');
  features.register(context);
}
