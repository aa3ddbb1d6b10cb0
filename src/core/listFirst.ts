import * as l10n from '@vscode/l10n';
import { list } from './list';

/** The first of them, and how many others there are: `a, b and 3 more`. */
export function listFirst(items: readonly string[], most: number): string {
  const more = items.length - most;
  return list(more > 0 ? [...items.slice(0, most), l10n.t`${more} more`] : items);
}
