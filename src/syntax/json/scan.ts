const [quote, comma, backslash] = [34, 44, 92];
const [openingBracket, closingBracket, openingBrace, closingBrace] = [91, 93, 123, 125];

/** Past the blanks of JSON (RFC 8259, section 2). */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/**
 * Where a member of an array or of an object (`"key": value`) ends that begins at `from` or behind blanks: behind
 * its closing bracket, else at what follows it. It is for JSON.parse to say whether it is one.
 *
 * @returns -1 where it does not end before `most`
 */
export function memberEnd(text: string, from: number, most = text.length): number {
  const until = Math.min(most, text.length);
  let depth = 0;
  for (let at = from; at < until; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = stringEnd(text, at + 1);
      if (at < 0) return -1;
    } else if (code < openingBracket) {
      if (depth === 0 && code === comma) return at;
    } else if (code === openingBrace || code === openingBracket) depth++;
    else if (code === closingBrace || code === closingBracket) {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    }
  }
  return -1;
}

/** The place of the quote that ends a string; -1 where none does. */
export function stringEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (before >= from && text.charCodeAt(before) === backslash) before--;
    if ((at - before) % 2 === 1) return at;
  }
  return -1;
}
