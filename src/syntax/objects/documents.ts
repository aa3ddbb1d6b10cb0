import { nextLine, splitDocuments } from '../yaml/split';

/** A piece of a YAML text that can be parsed for itself. */
export interface YamlPiece {
  readonly text: string;
  /** The text's line on which it begins, from 0. */
  readonly line: number;
  /** An item of a list, or what is left of the list around its items (`kind: ServiceList`). */
  readonly role: 'document' | 'item' | 'list';
}

/**
 * Cuts YAML into its documents, and those at the items of a list as kubectl prints it, so that a large
 * file can be parsed with pauses, and a broken object does not cost the others. The list around the
 * items comes after them.
 */
export function* yamlPieces(text: string): Generator<YamlPiece> {
  let line = 0;
  let counted = 0;
  for (const { start, end } of splitDocuments(text)) {
    const begin = start + contentOf(text.slice(start, end));
    for (; counted < begin; counted = nextLine(text, counted)) line++;
    yield* documentPieces(text.slice(begin, end), line);
  }
}

const ignored = /[^\S\n]*(?:#[^\n]*)?(?:\n|$)/y;
const marker = /\uFEFF?---[^\S\n]*(?:#[^\n]*)?(?:\n|$)/y;

/** What stands above a document's own first line, and a `---` there, is no part of it. */
function contentOf(document: string): number {
  let at = 0;
  while (at < document.length && matchesAt(ignored, document, at)) at = nextLine(document, at);
  return matchesAt(marker, document, at) ? nextLine(document, at) : 0;
}

/** @param first the text's line on which the document begins */
function* documentPieces(document: string, first: number): Generator<YamlPiece> {
  const items = itemsLine(document);
  const from = items === undefined ? document.length : nextLine(document, items);
  const indent = indentAt(document, from);
  if (items === undefined || indent === undefined) {
    yield { text: withoutMargin(document, 0), line: first, role: 'document' };
    return;
  }
  let line = first;
  for (let at = 0; at < from; at = nextLine(document, at)) line++;
  let at = from;
  while (document.startsWith(`${indent}- `, at)) {
    const start = at;
    const own = line;
    do {
      at = nextLine(document, at);
      line++;
    } while (at < document.length && isInside(document, at, indent.length));
    // The item's own dash becomes a blank, so that it stands as a document.
    const text = withoutMargin(document.slice(start, at), indent.length + 2);
    yield { text, line: own, role: 'item' };
  }
  const around = document.slice(0, items) + document.slice(at);
  yield { text: withoutMargin(around, 0), line: first, role: 'list' };
}

const itemsKey = /items:[^\S\n]*(?:\n|$)/y;

/** Where the line `items:` begins that has nothing before it. */
function itemsLine(document: string): number | undefined {
  if (matchesAt(itemsKey, document, 0)) return 0;
  for (let at = 0; ;) {
    at = document.indexOf('\nitems:', at) + 1;
    if (at === 0) return undefined;
    if (matchesAt(itemsKey, document, at)) return at;
  }
}

const dash = /( *)- /y;

function indentAt(document: string, at: number): string | undefined {
  dash.lastIndex = at;
  return dash.exec(document)?.[1];
}

const blankLine = /[^\S\n]*(?:\n|$)/y;

/** Blank, or further in than the dashes of the list. */
function isInside(document: string, at: number, indent: number): boolean {
  return document.startsWith(' '.repeat(indent + 1), at) || matchesAt(blankLine, document, at);
}

function withoutMargin(text: string, width: number): string {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  return lines.map((line) => line.slice(width)).join('\n');
}

function matchesAt(expression: RegExp, text: string, at: number): boolean {
  expression.lastIndex = at;
  return expression.test(text);
}
