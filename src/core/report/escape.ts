/** Texts of dumps and objects are not ours: no markup, link or HTML of theirs is one in Markdown. */
export function escapeMarkdown(text: string): string {
  return escapeSentence(text).replaceAll('`', '\\`');
}

/** The same of our own sentences with such texts in them: our code spans stay. */
export function escapeSentence(text: string): string {
  return text.replace(/[\\*_[\]<>#|~!]/g, '\\$&').replace(/\r?\n/g, ' ');
}
