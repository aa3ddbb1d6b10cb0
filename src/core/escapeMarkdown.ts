import { plainText } from './plainText';

/*
 * Texts of dumps and objects are not ours: no markup, link or HTML of theirs is one in Markdown, and
 * no line break ends a list or begins a heading.
 */

/** For Markdown that is only seen rendered: every ASCII punctuation character (CommonMark 2.4). */
export function escapeMarkdown(text: string): string {
  return plainText(text).replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

/** For a page that is also read, or pasted, as it is written: what would be markup there. */
export function escapeReadable(text: string): string {
  return escapeSentence(text).replaceAll('`', '\\`');
}

/** The same of our own sentences with such texts in them: our code spans stay. */
export function escapeSentence(text: string): string {
  return plainText(text).replace(/[\\*_[\]<>#|~!]/g, '\\$&');
}
