/** Objects of the API nest about ten deep; each level of a text of nothing but brackets costs 40 bytes. */
const deepest = 500;

const backslash = 92;
const quote = 34;
/** `[` and `{`, `]` and `}` differ in this bit alone. */
const curly = 32;
const opening = 123;
const closing = 125;

/**
 * Counts the brackets of JSON that comes in pieces: `[` a hundred million times, which gzip makes 100 kB
 * of, would take some gigabytes to parse. Lines of JSON may follow one another.
 *
 * @param tooDeep what is thrown then
 * @returns to be called with each piece
 */
export function nestingLimit(tooDeep: () => Error): (part: Uint8Array) => void {
  let depth = 0;
  let inText = false;
  let escaped = false;
  return (part) => {
    for (let i = 0; i < part.length; i++) {
      const byte = part[i]!;
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inText = false;
      } else if (byte === quote) inText = true;
      else if ((byte | curly) === closing) depth--;
      else if ((byte | curly) === opening && ++depth > deepest) throw tooDeep();
    }
  };
}
