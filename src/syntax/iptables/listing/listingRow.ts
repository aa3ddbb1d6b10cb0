import type { LineSyntax } from '../../treeSitter';
import type { Value } from '../ruleLine';

/** One row of `iptables -L`, by its columns. */
export interface ListingRow {
  readonly text: string;
  readonly packets: Value | undefined;
  readonly bytes: Value | undefined;
  readonly target: Value | undefined;
  readonly protocol: Value;
  /** `--`, `-f` or `!f`. */
  readonly fragment: Value | undefined;
  /** Only with -v. */
  readonly inInterface: Value | undefined;
  readonly outInterface: Value | undefined;
  readonly source: Value;
  readonly destination: Value;
  /** What follows; a comment is one word. */
  readonly words: readonly Value[];
}

/** The row that the tree shows; undefined when the line is none. */
export function readListingRow(text: string, { nodes }: LineSyntax): ListingRow | undefined {
  const row = nodes.findIndex(({ type }) => type === 'listing_rule');
  if (row < 0) return undefined;
  const parts = nodes.filter(({ parent }) => parent === row);
  const values = parts.map(({ start, end }) => ({ text: text.slice(start, end), start, end }));
  const find = (type: string) => values[parts.findIndex((part) => part.type === type)];
  const interfaces = values.filter((_, i) => parts[i]!.type === 'interface');
  const addresses = parts.flatMap(({ type }, i) => (type === 'address' ? [i] : []));
  const [source, destination] = addresses.map((i) => values[i]);
  const protocol = find('protocol');
  if (!source || !destination || !protocol) return undefined;
  if (nodes.some(({ type, start }) => type === 'ERROR' && start < destination.end))
    return undefined;
  return {
    text,
    packets: find('packets'),
    bytes: find('bytes'),
    target: find('target'),
    protocol,
    fragment: find('fragment'),
    inInterface: interfaces[0],
    outInterface: interfaces[1],
    source,
    destination,
    words: wordsBehind(text, destination.end),
  };
}

/** Split at blanks; a comment between slash and star is one word. */
function wordsBehind(text: string, from: number): Value[] {
  const words: Value[] = [];
  const blank = /\s|$/g;
  /** The end of the comment at `start`: the first that a blank or the line's end follows. */
  const commentEnd = (start: number): number => {
    let end = text.indexOf('*/', start + 2);
    while (end >= 0 && end + 2 < text.length && !/\s/.test(text[end + 2]!)) {
      end = text.indexOf('*/', end + 2);
    }
    return end < 0 ? -1 : end + 2;
  };
  let comments = true;
  for (let start = from; ;) {
    while (start < text.length && /\s/.test(text[start]!)) start++;
    if (start >= text.length) return words;
    let end = -1;
    if (comments && text.startsWith('/*', start)) {
      end = commentEnd(start);
      // No comment ends behind this place, so no later one has to be looked for.
      comments = end >= 0;
    }
    if (end < 0) {
      blank.lastIndex = start;
      end = blank.exec(text)!.index;
    }
    words.push({ text: text.slice(start, end), start, end });
    start = end;
  }
}
