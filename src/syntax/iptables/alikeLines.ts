import type { LineParser, LineSyntax, SyntaxNode } from '../treeSitter';

/*
 * A dump of 5,000 Services has 160,000 lines of some twenty kinds, which differ in addresses, numbers,
 * hashes and quoted texts alone:
 *
 *     -A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" ...
 *     -A KUBE-SERVICES -d 10.96.7.9/32 -p tcp -m comment --comment "shop/cart:http cluster IP" ...
 *
 * The grammar knows such a word as a whole, whatever is in it: lines of one kind have one tree, whose
 * nodes begin and end with the same words.
 */

/** A longer line is rarely like another. */
const longest = 600;

/** Kinds that are kept: a dump has some twenty, each with other programs' rules some hundreds. */
const most = 2000;

/** A tree by words: node `i` begins at boundary `starts[i]` and ends at `ends[i]`. */
interface Shape {
  readonly nodes: readonly SyntaxNode[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Parses one line of each kind; what cannot be told by its words goes to `parser` each time. */
export function parseAlike(parser: LineParser): LineParser {
  let shapes = new Map<string, Shape | undefined>();
  return {
    parse(text) {
      const kind = kindOf(text);
      if (!kind) return parser.parse(text);
      const known = shapes.get(kind.key);
      if (known) return syntaxOf(known, kind.bounds);
      const syntax = parser.parse(text);
      if (!shapes.has(kind.key)) {
        if (shapes.size >= most) shapes = new Map();
        shapes.set(kind.key, shapeOf(syntax, kind.bounds));
      }
      return syntax;
    },
  };
}

interface LineKind {
  /** The words, those of which only the form counts as their form. */
  readonly key: string;
  /** Where word `i` begins, at `2 * i`, and ends, at `2 * i + 1`. */
  readonly bounds: readonly number[];
}

/** The kind of an `-A` line as iptables-save prints it, one blank between words; else undefined. */
function kindOf(text: string): LineKind | undefined {
  if (text.length > longest || !/^(?:\[\d+:\d+\] )?-A [^\t\n\v\f\r]+$/.test(text)) return undefined;
  let key = '';
  const bounds: number[] = [];
  for (let at = 0; at <= text.length;) {
    const quoted = text.charCodeAt(at) === quote;
    const end = quoted ? quotedEnd(text, at) : wordEnd(text, at);
    if (end <= at) return undefined;
    key += quoted ? '" ' : `${formOf(text.slice(at, end))} `;
    bounds.push(at, end);
    at = end + 1;
  }
  return { key, bounds };
}

const quote = 0x22;

function wordEnd(text: string, at: number): number {
  const end = text.indexOf(' ', at);
  return end < 0 ? text.length : end;
}

/** Behind the second quote where a blank or the line's end follows; -1 where it is no plain string. */
function quotedEnd(text: string, at: number): number {
  const end = text.indexOf('"', at + 1) + 1;
  const plain = end > 0 && (end === text.length || text[end] === ' ');
  return plain && !text.slice(at, end).includes('\\') ? end : -1;
}

/** Each is one token of the grammar, wherever it stands. No word begins with a quote, so none is a name of these. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/^\d{1,5}$/, '"number'],
  [/^\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/, '"address'],
  [/^\d+\.\d+\.\d+\.\d+:\d+$/, '"endpoint'],
  [/^\d+\.\d+$/, '"decimal'],
  [/^\[\d+:\d+\]$/, '"counters'],
  [/^\[[0-9a-f:]+\]:\d+$/, '"endpoint of IPv6'],
];

const hashed = /^(KUBE-[A-Z]+-)[A-Z0-9]{16}$/;
const hexadecimal = /^(?:[0-9a-f]|::)[0-9a-f:]*(?:\/\d+)?$/;

function formOf(word: string): string {
  if (word.startsWith('KUBE-')) {
    const prefix = hashed.exec(word)?.[1];
    return prefix === undefined ? word : `"${prefix}`;
  }
  if (!/^[0-9a-f[:]/.test(word)) return word;
  if (word.includes('::') && hexadecimal.test(word)) return '"address';
  return forms.find(([form]) => form.test(word))?.[1] ?? word;
}

/**
 * undefined where a node begins or ends within a word, as the string of `--comment="a b"` does, or
 * something is wrong with the line.
 */
function shapeOf({ nodes, hasError }: LineSyntax, bounds: readonly number[]): Shape | undefined {
  if (hasError) return undefined;
  const boundary = new Map(bounds.map((at, i) => [at, i]));
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { start, end } of nodes) {
    const [from, to] = [boundary.get(start), boundary.get(end)];
    if (from === undefined || to === undefined) return undefined;
    starts.push(from);
    ends.push(to);
  }
  return { nodes, starts, ends };
}

function syntaxOf({ nodes, starts, ends }: Shape, bounds: readonly number[]): LineSyntax {
  return {
    nodes: nodes.map(({ type, parent }, i) => ({
      type,
      start: bounds[starts[i]!]!,
      end: bounds[ends[i]!]!,
      parent,
    })),
    hasError: false,
  };
}
