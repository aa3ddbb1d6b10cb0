import * as l10n from '@vscode/l10n';
import type { SourceRange } from '../../core/source';

/** A piece of a line of text. Plain strings may hold hostile text from a dump: they are escaped. */
export type Span =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  | { readonly quiet: string }
  | { readonly link: SourceRange; readonly text: string };

/** A paragraph, or a list. */
export type Block = readonly Span[] | { readonly items: readonly (readonly Span[])[] };

/** What a hover shows, and for which columns of the line. */
export interface HoverContent {
  readonly start: number;
  readonly end: number;
  readonly blocks: readonly Block[];
}

export const code = (text: string): Span => ({ code: text });
export const strong = (text: string): Span => ({ strong: text });
export const quiet = (text: string): Span => ({ quiet: text });

/** `line 12`, as a link to it. */
export function lineLink(range: SourceRange, text = l10n.t`line ${range.line + 1}`): Span {
  return { link: range, text };
}

/** At most `most` items, then how many more there are. */
export function shortList<T>(
  items: readonly T[],
  toSpans: (item: T) => readonly Span[],
  most = 8,
): Block {
  const shown = items.slice(0, most).map(toSpans);
  const more = items.length - shown.length;
  return { items: more > 0 ? [...shown, [quiet(l10n.t`and ${more} more`)]] : shown };
}
