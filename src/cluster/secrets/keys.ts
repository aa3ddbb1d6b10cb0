/**
 * Leaves PEM blocks out, whole or cut: one that does not end, the rest of one that does not begin, and
 * lines from the middle of one, as a log holds them that was turned over within a key.
 */
export function withoutKeys(text: string): string {
  const whole = text.replace(
    /-----? ?BEGIN [^-]+-----?[\s\S]*?(-----? ?END [^-]+-----?|$)/g,
    'PEM (left out)',
  );
  return withoutMiddles(withoutRests(whole)).replace(putty, '$1(left out)\n');
}

/** PuTTY's own files. */
const putty = /\b(Private-Lines: \d{1,4}\r?\n|Private-MAC: )(?:[A-Za-z0-9+/=]{1,64}(?:\r?\n|$))+/gm;

/** What stands before an end without a beginning, as far as it is base64 and line ends. */
function withoutRests(text: string): string {
  const ends = /-----? ?END [^-\n]{0,40}-----?/g;
  let kept = '';
  let done = 0;
  for (const { 0: found, index } of text.matchAll(ends)) {
    if (!found.includes('PRIVATE')) continue;
    let start = index;
    while (start > done && isOfKey(text, start - 1)) start--;
    kept += `${text.slice(done, start)}PEM (left out)`;
    done = index + found.length;
  }
  return kept + text.slice(done);
}

/** Base64, a line's end, also one that is written `\n`. */
function isOfKey(text: string, at: number): boolean {
  return /[A-Za-z0-9+/=\r\n\\]/.test(text[at]!);
}

/** Lines as long as those of a PEM block; a digest of that length has no capital letters. */
function withoutMiddles(text: string): string {
  return text.replace(/^[A-Za-z0-9+/]{64}\r?$/gm, (line) =>
    /[a-z]/.test(line) && /[A-Z]/.test(line) && /\d/.test(line) ? 'PEM (left out)' : line,
  );
}
