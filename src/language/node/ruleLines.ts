import { formatAddress, type Address } from '../../core/address';
import type { SourceRange } from '../../core/source';
import type { Lines } from '../../syntax/textLines';
import { escapeRegExp } from '../../core/escapeRegExp';

/** A line of rules, with its text. */
export interface RuleLine {
  readonly text: string;
  /** The name or address in it. */
  readonly range: SourceRange;
}

/** What to look for in rules. */
export interface Sought {
  /** Any line without this text is passed over. */
  readonly text: string;
  /** With the flag `g`. */
  readonly pattern: RegExp;
}

/** Rules that look up, fill or empty a set. */
export function soughtSet(name: string): Sought {
  const quoted = escapeRegExp(name);
  return {
    text: name,
    pattern: new RegExp(`(?<=(?:match|add|del|map)-set "?)${quoted}(?=["\\s]|$)`, 'g'),
  };
}

/** Rules that name an address, and no network around it. */
export function soughtAddress(address: Address): Sought {
  const text = formatAddress(address);
  const pattern =
    address.family === 4
      ? `(?<![\\d.])${escapeRegExp(text)}(?:/32)?(?![\\d./])`
      : `(?<![\\da-f:.])${escapeRegExp(text)}(?:/128)?(?![\\da-f:./])`;
  return { text, pattern: new RegExp(pattern, 'g') };
}

/** The lines of a dump of rules that name what is sought; may be left at every `yield`. */
export function* ruleLines(
  source: string,
  lines: Lines,
  { text, pattern }: Sought,
): Generator<undefined, readonly RuleLine[]> {
  const found: RuleLine[] = [];
  for (let line = 0; line < lines.count; line++) {
    const own = lines.line(line);
    if (line % 64 === 63) yield;
    // A comment's # is no rule; a declaration names no set and no address.
    if (!own.includes(text) || /^\s*[#:]/.test(own)) continue;
    for (const { index, 0: whole } of own.matchAll(pattern)) {
      const range = { source, line, start: index, end: index + whole.length };
      found.push({ text: own, range });
      break;
    }
  }
  return found;
}
