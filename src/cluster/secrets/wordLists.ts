import { indexOrEnd, isQuote, skip, skipBlanks, type Part } from './parts';
import type { ValueReader } from './valueReader';

/**
 * The words of each list that may be a command: `["mysql", "-px"]`, `[mysql, -px]`, and below each other
 * `- mysql` and `- -px`. Quotes are no part of a word.
 */
export function* wordLists(text: string): Generator<readonly Part[]> {
  let at = 0;
  for (const { index } of text.matchAll(/\[|^[ \t]*- /gm)) {
    if (index < at) continue;
    const list = text[index] === '[' ? inBrackets(text, index + 1) : belowEachOther(text, index);
    at = list.end;
    if (list.words.length > 1) yield list.words;
  }
}

interface WordList {
  readonly words: readonly Part[];
  /** How far the text was read. */
  readonly end: number;
}

function inBrackets(text: string, from: number): WordList {
  const words: Part[] = [];
  let at = skip(text, from, ' \t\r\n');
  for (;;) {
    const word = wordAt(text, at, /[^\s,[\]{}"'\\]{1,4096}/y);
    if (!word) break;
    words.push(word.inside);
    at = skip(text, word.end, ' \t\r\n');
    if (text[at] !== ',') break;
    at = skip(text, at + 1, ' \t\r\n');
  }
  return { words, end: at };
}

/** Items of YAML at one depth; one that is more than a word ends the list. */
function belowEachOther(text: string, from: number): WordList {
  const words: Part[] = [];
  const depth = text.slice(from, skipBlanks(text, from));
  let at = from;
  while (text.startsWith(`${depth}- `, at)) {
    const start = skipBlanks(text, at + depth.length + 2);
    const word = wordAt(text, start, /[^\s"'[{|>&*!%#`@,][^\s]{0,4096}/y);
    const end = indexOrEnd(text, '\n', word?.end ?? start);
    if (!word || text.slice(word.end, end).trim() !== '')
      return { words, end: Math.max(at, start) };
    words.push(word.inside);
    at = Math.min(end + 1, text.length);
  }
  return { words, end: at };
}

/** `plain`: how a word without quotes looks, sticky. */
function wordAt(
  text: string,
  at: number,
  plain: RegExp,
): { readonly inside: Part; readonly end: number } | undefined {
  const sign = skip(text, at, '\\');
  if (sign - at < 4 && isQuote(text[sign])) {
    const quote = text.slice(at, sign + 1);
    const start = sign + 1;
    let end = start;
    while (end < text.length && text[end] !== '\n' && !text.startsWith(quote, end)) {
      end += quote === '"' && text[end] === '\\' ? 2 : 1;
    }
    const isClosed = text.startsWith(quote, end);
    return isClosed ? { inside: { start, end }, end: end + quote.length } : undefined;
  }
  plain.lastIndex = at;
  if (!plain.test(text)) return undefined;
  return { inside: { start: at, end: plain.lastIndex }, end: plain.lastIndex };
}

/** Reads values of a list's words: each ends where its word does. */
export function readerOfWords(
  text: string,
  words: readonly Part[],
): Pick<ValueReader, 'text' | 'valueAt'> {
  let i = 0;
  return {
    text,
    valueAt(at) {
      while (i < words.length && words[i]!.end < at) i++;
      const end = words[i]?.end ?? at;
      return end > at ? { start: at, end } : undefined;
    },
  };
}
