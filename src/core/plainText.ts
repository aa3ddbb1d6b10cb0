/**
 * A text of a dump for a file, a terminal or a ticket: in one line, without what would do something
 * there. Control characters (ESC among them) and lone surrogates make SVG invalid, and signs that turn the
 * direction of writing (U+202E) make a text look like another one: each becomes U+FFFD, a line break a blank.
 */
export function plainText(text: string): string {
  return text
    .replaceAll(/[\r\n\t\u2028\u2029]+/g, ' ')
    .replaceAll(
      /[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/gu,
      '\ufffd',
    );
}
