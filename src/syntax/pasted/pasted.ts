import { linesOf } from '../lines';
import { hasOddCharacters, plainCharacters } from './characters';
import { mayBeNumbered, withoutLineNumbers } from './lineNumbers';
import { hasMargins, withoutMargins } from './margins';
import { unwrapped } from './wrapping';

/** Nobody pastes more by hand, in characters. */
const mostPasted = 4 << 20;

/**
 * A dump as the command printed it, from the text that reached us: out of a ticket, a mail, a web page
 * or a terminal, with colours, quotes, line numbers, fences, an indentation, or cut at the terminal's
 * width. Every line keeps its number; its columns move by what stood before it.
 *
 * @returns the same text where nothing of that is in it, and where it is too long to be pasted
 */
export function pastedText(text: string): string {
  if (text.length > mostPasted) return text;
  const odd = hasOddCharacters(text);
  let lines: readonly string[] = [...linesOf(text)];
  const before = lines;
  if (odd) lines = lines.map(plainCharacters);
  const plain = odd ? lines.join('\n') : text;
  if (hasMargins(plain)) lines = withoutMargins(lines);
  if (mayBeNumbered(plain)) lines = withoutLineNumbers(lines);
  lines = unwrapped(lines);
  if (lines === before) return text;
  const changed = lines.some((line, i) => line !== before[i]);
  return changed ? `${lines.join('\n')}\n` : text;
}
